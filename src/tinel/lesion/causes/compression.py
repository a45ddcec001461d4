"""Hours of pressure on day 0: a retractor, a cuff, a swollen wound. None of it lasts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from tinel.declare import Field
from tinel.declare.kinds import takes_only_its_kinds
from tinel.evidence import Parameters
from tinel.lesion import sheath, susceptibility
from tinel.lesion.cause import Cause
from tinel.lesion.place import Place, per_twin, whole
from tinel.lesion.state import Floats, Lesion
from tinel.nerve.anatomy import Nerve

PRESSURE = Field(
    "acute_pressure_mmHg", "pressure while it lasted", "prior", "mmHg", 0, 3000, needed=True
)
HOURS = Field("hours", "how long it pressed", "prior", "hours", 0, 48, needed=True)


@takes_only_its_kinds
def make(
    nerve: Nerve,
    branch: str,
    *,
    site_mm: ArrayLike,
    length_mm: ArrayLike,
    pressure_mmHg: ArrayLike,
    hours: ArrayLike,
) -> Lesion:
    """Pressure on the nerve for some hours: sheath lost and axons cut on day 0, tubes whole.

    The block that comes from lack of blood alone clears within a day and is not kept: the first
    day that can be examined is the one after.

    Args:
        nerve, branch, site_mm, length_mm: as in ``place.whole``.
        pressure_mmHg: pressure on the nerve itself, 0 to 3000 mmHg. A cuff on the skin presses
            the nerve beneath with less.
        hours: how long, 0 to 48 hours.

    Returns:
        A lesion with thinned sheaths and some broken axons, whose tubes are whole.

    Raises:
        TinelError: a number outside its range, or as ``place.whole``.

    Example:
        >>> from tinel import lesion, nerve
        >>> from tinel.twins import Patient, Twins
        >>> few = Twins(Patient(age=40, sex="female", height_cm=170), range(2))
        >>> arm = nerve.build("ulnar", side="left", twins=few)
        >>> hurt = lesion.compression.make(arm, "ulnar trunk", site_mm=400.0, length_mm=30.0,
        ...                                pressure_mmHg=200.0, hours=2.0)
        >>> bool(hurt.lamellae_left[:, hurt.present].mean() < 0.5)
        True
    """
    healthy = whole("acute compression", nerve, branch, site_mm, length_mm)
    present, parameters = healthy.present, nerve.twins.parameters
    pressure = per_twin(
        "pressure_mmHg", pressure_mmHg, nerve.n_twin, PRESSURE.least, PRESSURE.most, "mmHg"
    )
    held = per_twin("hours", hours, nerve.n_twin, HOURS.least, HOURS.most, "hours")
    relative = susceptibility.of(nerve)
    threshold = parameters["lesion.compression.threshold"]
    dose = strength_mmHg(
        susceptibility.local_mmHg(relative, pressure[:, None], threshold),
        held[:, None],
        parameters,
    )
    draw = nerve.twins.normal("lesion.compression.axon", present.size)
    breaks_at = parameters["lesion.compression.axon_half"] * np.exp(
        parameters["lesion.compression.axon_spread"] * draw
    )
    cut = present & (dose > breaks_at)
    return replace(
        healthy,
        lamellae_left=np.where(present, sheath_after(dose, parameters), 1.0),
        cut_d=np.where(cut, 0.0, np.inf),
        sunderland_grade=np.where(cut, 2, 0),
        susceptibility=relative,
    )


def strength_mmHg(
    pressure_local_mmHg: ArrayLike, hours: ArrayLike, parameters: Parameters
) -> Floats:
    """Overpressure that would do the same in 2 hours, mmHg; the arguments broadcast.

    Example:
        >>> strength_mmHg([40.0, 200.0], 2.0, Parameters.of_evidence()).tolist()
        [0.0, 160.0]
    """
    over = np.maximum(
        np.asarray(pressure_local_mmHg, np.float64) - parameters["lesion.compression.threshold"],
        0.0,
    )
    times = np.asarray(hours, np.float64) / parameters["lesion.compression.reference_hours"]
    strength: Floats = over * times ** parameters["lesion.compression.hours_exponent"]
    return strength


def sheath_after(strength: Floats, parameters: Parameters) -> Floats:
    """Fraction of the lamellae left right after a compression of that strength (mmHg over 2 h).

    Example:
        >>> left = sheath_after(np.array([10.0, 160.0, 360.0]), Parameters.of_evidence())
        >>> [round(float(x), 2) for x in left]
        [0.99, 0.16, 0.03]
    """
    return sheath.lamellae_left(strength, "lesion.compression.sheath_", parameters)


def _injure(place: Place, values: Mapping[str, Any], nerve: Nerve) -> Lesion:
    return make(
        nerve,
        place.branch,
        site_mm=place.site_mm,
        length_mm=place.length_mm,
        pressure_mmHg=values["acute_pressure_mmHg"],
        hours=values["hours"],
    )


COMPRESSION = Cause(
    name="compression",
    text="Pressure on the nerve for some hours on day 0.",
    phrase="pressure on the nerve",
    source="rabbit nerve under a cuff (Rydevik & Nordborg 1980): lesion.compression.*",
    fields=(PRESSURE, HOURS),
    other_names=("acute compression", "pressure"),
    injure=_injure,
)
