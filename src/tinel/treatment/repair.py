"""Direct suture of a divided nerve."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from tinel.declare import Field
from tinel.evidence import Parameters
from tinel.treatment import neurolysis
from tinel.treatment.plan import Intervention
from tinel.treatment.treatment import DAY, Treatment, helped
from tinel.twins import Floats

SAYS = (
    "Opens the way for divided axons; about half of them find a useful tube here, set so that "
    "51.6 % of median and ulnar repairs reach good strength as published (Ruijs 2005). The later "
    "it is done the fewer arrive. Of peroneal repairs 44 % did well within 6 months and 12 % "
    "after 12 (28 series)."
)


def across(chance: float | Floats, parameters: Parameters) -> dict[int, float | Floats]:
    """Chance to cross by Sunderland grade once the ends are joined; a torn tube alone crosses no
    worse.

    Example:
        >>> published = Parameters.of_evidence()
        >>> float(across(0.7, published)[3]), float(across(0.3, published)[3])
        (0.7, 0.6)
    """
    torn_tube = np.maximum(chance, parameters["course.passage.grade3"])
    return {3: torn_tube, 4: chance, 5: chance}


def _effect(
    values: Mapping[str, Any], parameters: Parameters, which: str
) -> tuple[Intervention, ...]:
    chance = helped(parameters, "treatment.repair.passage", which, more_helps=True)
    return tuple(
        replace(
            # the surgeon frees the nerve too
            neurolysis.relief(day, parameters, which, name="repair"),
            passage=across(chance, parameters),
            delay_d=helped(parameters, "treatment.repair.delay", which, more_helps=False),
            resects=values["resect"],
        )
        for day in values["on_days"]
    )


REPAIR = Treatment(
    name="repair",
    text="Direct suture of a divided nerve.",
    source="Ruijs et al. 2005; the chance to cross is calibrated to it",
    fields=(
        DAY,
        Field("resect", "whether standing axons are cut out too", "yes or no", default=False),
    ),
    other_names=("suture", "neurorrhaphy"),
    effect=_effect,
    says=SAYS,
    evidence_grade="assumption",
    evidence=(
        "treatment.repair.passage",
        "treatment.repair.delay",
        "treatment.neurolysis.pressure_factor",
    ),
    operation=True,
)
