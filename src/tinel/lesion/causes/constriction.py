"""Scar that presses for months: it thins the sheath first and breaks axons last."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from numpy.typing import ArrayLike

from tinel.declare import Field
from tinel.declare.kinds import takes_only_its_kinds
from tinel.lesion import susceptibility
from tinel.lesion.cause import Cause
from tinel.lesion.place import Place, per_twin, whole
from tinel.lesion.state import Lesion
from tinel.nerve.anatomy import Nerve

PRESSURE = Field(
    "pressure_mmHg", "lasting pressure of the scar", "prior", "mmHg", 0, 1000, needed=True
)
ONSET = Field(
    "onset_days", "day on which the scar begins to press", "prior", "days", 0, 3650, needed=True
)


@takes_only_its_kinds
def make(
    nerve: Nerve,
    branch: str,
    *,
    site_mm: ArrayLike,
    length_mm: ArrayLike,
    pressure_mmHg: ArrayLike,
    onset_d: ArrayLike = 0.0,
) -> Lesion:
    """Scar round the nerve. On the day it begins nothing is lost yet; time does the rest.

    What happens at a pressure is a threshold, not a bore: narrowing alone does not starve an
    axon, and adhesion below 20 to 30 mmHg does no harm however long it lasts.

    Args:
        nerve, branch, site_mm, length_mm: as in ``place.whole``.
        pressure_mmHg: lasting pressure on the nerve, 0 to 1000 mmHg.
        onset_d: day on which it begins to press, 0 to 3650 days.

    Returns:
        A lesion with the scar's pressure and onset, and no loss on day 0.

    Raises:
        TinelError: a number outside its range, or as ``place.whole``.

    Example:
        >>> from tinel import lesion, nerve
        >>> from tinel.twins import Patient, Twins
        >>> few = Twins(Patient(age=40, sex="female", height_cm=170), range(2))
        >>> arm = nerve.build("ulnar", side="left", twins=few)
        >>> scar = lesion.constriction.make(arm, "ulnar trunk", site_mm=400.0, length_mm=30.0,
        ...                                 pressure_mmHg=80.0)
        >>> scar.pressure_mmHg.tolist(), float(scar.lamellae_left.min())
        ([80.0, 80.0], 1.0)
    """
    n_twin = nerve.n_twin
    return replace(
        whole("constriction by scar", nerve, branch, site_mm, length_mm),
        pressure_mmHg=per_twin(
            "pressure_mmHg", pressure_mmHg, n_twin, PRESSURE.least, PRESSURE.most, "mmHg"
        ),
        onset_d=per_twin("onset_d", onset_d, n_twin, ONSET.least, ONSET.most, "days"),
        susceptibility=susceptibility.of(nerve),
    )


def _injure(place: Place, values: Mapping[str, Any], nerve: Nerve) -> Lesion:
    return make(
        nerve,
        place.branch,
        site_mm=place.site_mm,
        length_mm=place.length_mm,
        pressure_mmHg=values["pressure_mmHg"],
        onset_d=values["onset_days"],
    )


CONSTRICTION = Cause(
    name="scar constriction",
    text="Scar round the nerve that goes on pressing.",
    phrase="scar round the nerve",
    source="thresholds from rabbit and human nerve: lesion.sheath.*, lesion.axon.*",
    fields=(PRESSURE, ONSET),
    other_names=("constriction", "scar"),
    injure=_injure,
    at_once=False,
    begins="onset_days",
)
