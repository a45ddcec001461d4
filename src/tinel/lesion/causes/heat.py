"""Heat of a coagulating instrument, of bone cement or a burn: block first, then death of axons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from tinel.declare import Field
from tinel.declare.kinds import takes_only_its_kinds
from tinel.evidence import Parameters
from tinel.lesion.cause import Cause
from tinel.lesion.place import Place, per_twin, whole
from tinel.lesion.state import Floats, Lesion
from tinel.nerve.anatomy import Nerve

TEMPERATURE = Field(
    "temperature_C", "temperature of the nerve", "prior", "degC", 20, 120, needed=True
)
# Doses are told as minutes at this temperature: a convention, which no measurement could change.
TOLD_AT_C = 43.0
SECONDS = Field("seconds", "how long it lasted", "prior", "s", 0, 86400, needed=True)


@takes_only_its_kinds
def make(
    nerve: Nerve,
    branch: str,
    *,
    site_mm: ArrayLike,
    length_mm: ArrayLike,
    temperature_C: ArrayLike,
    seconds: ArrayLike,
) -> Lesion:
    """A stretch of nerve heated for some time.

    Args:
        nerve, branch, site_mm, length_mm: as in ``place.whole``.
        temperature_C: of the nerve itself, 20 to 120 degC.
        seconds: how long, 0 to 86400 s.

    Returns:
        A lesion with block that clears within weeks and, at doses some thirty times higher, axons
        that broke; the tubes of the hottest are lost.

    Raises:
        TinelError: a number outside its range, or as ``place.whole``.

    Source:
        ``lesion.heat.*``: rat and rabbit sciatic nerve.

    Example:
        >>> from tinel import nerve
        >>> from tinel.twins import Patient, Twins
        >>> few = Twins(Patient(age=40, sex="female", height_cm=170), range(2))
        >>> arm = nerve.build("ulnar", side="left", twins=few)
        >>> at = {"site_mm": 400.0, "length_mm": 5.0, "seconds": 45.0}
        >>> warm, hot = (make(arm, "ulnar trunk", temperature_C=t, **at) for t in (50.0, 65.0))
        >>> bool(np.isinf(warm.cut_d).mean() > 0.95), bool(np.isfinite(hot.cut_d).mean() > 0.5)
        (True, True)
    """
    parameters, twins = nerve.twins.parameters, nerve.twins
    healthy = whole("heat", nerve, branch, site_mm, length_mm)
    n_twin, n_fibre = nerve.n_twin, healthy.present.size
    hot = per_twin("temperature_C", temperature_C, n_twin, 20, 120, "°C")[:, None]
    lasted = per_twin("seconds", seconds, n_twin, SECONDS.least, SECONDS.most, "s")[:, None]
    dose = minutes_at_43(hot, lasted, parameters)

    def beyond(of: str) -> Any:
        draw = twins.normal(f"lesion.heat.{of}", n_fibre)
        spread = parameters[f"lesion.heat.{of}_spread"]
        return healthy.present & (dose > parameters[f"lesion.heat.{of}"] * np.exp(spread * draw))

    lasts = parameters["lesion.heat.clearing"] * np.exp(
        parameters["lesion.heat.clearing_spread"] * twins.normal("lesion.heat.clearing", n_fibre)
    )
    cut = beyond("axon")
    return replace(
        healthy,
        cut_d=np.where(cut, 0.0, np.inf),
        sunderland_grade=np.where(cut, np.where(beyond("tube"), 3, 2), 0),
        block_d=np.where(beyond("block"), lasts, 0.0),
    )


def minutes_at_43(temperature_C: ArrayLike, seconds: ArrayLike, parameters: Parameters) -> Floats:
    """Minutes at 43 degC that would do the same; the arguments broadcast.

    Example:
        >>> minutes_at_43([43.0, 45.0], [60.0, 720.0], Parameters.of_evidence()).tolist()
        [1.0, 48.0]
    """
    above = np.asarray(temperature_C, np.float64) - TOLD_AT_C
    dose: Floats = np.asarray(seconds, np.float64) / 60.0
    dose = dose * parameters["lesion.heat.factor_per_degree"] ** above
    return dose


def _injure(place: Place, values: Mapping[str, Any], nerve: Nerve) -> Lesion:
    return make(
        nerve,
        place.branch,
        site_mm=place.site_mm,
        length_mm=place.length_mm,
        temperature_C=values["temperature_C"],
        seconds=values["seconds"],
    )


HEAT = Cause(
    name="heat",
    text="Heat at the nerve: of an instrument, of bone cement, of a burn.",
    phrase="heat at the nerve",
    source="rat and rabbit sciatic nerve, 43 to 60 °C: lesion.heat.*",
    fields=(TEMPERATURE, SECONDS),
    other_names=("cautery", "burn"),
    injure=_injure,
    length_mm=5.0,
)
