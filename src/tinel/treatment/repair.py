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

# Beyond this no one closes a gap by suture; a graft bridges it.
WIDEST_GAP_MM = 20.0
SAYS = (
    "Joins the ends, so that cut axons may enter tubes beyond the suture; which tube an axon "
    "enters is chance for the most part, so many reach the wrong muscle, or skin. How many enter "
    "was never counted in people: the chance is an assumption. The later it is done the fewer "
    "arrive: of peroneal repairs 44 % did well within 6 months and 12 % after 12 (28 series). "
    "Ends drawn together over a gap are under tension, which rats bear to a threshold and not "
    "beyond it. Without a repair a divided nerve recovers nothing."
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


def under_tension(gap_mm: float, parameters: Parameters, which: str = "value") -> float | Floats:
    """Factor on the chance to cross that drawing the ends together over a gap leaves.

    Args:
        gap_mm: distance of the ends before they are drawn together, 0 to 20 mm.
        parameters: the numbers in use.
        which: ``value``, or ``low`` or ``high`` for the end with the least or most help.

    Source:
        Rat sciatic nerve, gaps of 0, 3, 6 and 9 mm: alike up to 6 mm, far worse at 9
        (PMID 15385776). Where that threshold lies in people is an assumption.

    Example:
        >>> published = Parameters.of_evidence()
        >>> [round(under_tension(gap, published), 2) for gap in (0.0, 10.0, 20.0)]
        [1.0, 0.98, 0.5]
    """
    half = helped(parameters, "treatment.repair.gap_half", which, more_helps=True)
    left: float | Floats = 1.0 / (
        1.0 + (gap_mm / half) ** parameters["treatment.repair.gap_steepness"]
    )
    return left


def _effect(
    values: Mapping[str, Any], parameters: Parameters, which: str
) -> tuple[Intervention, ...]:
    chance = helped(parameters, "treatment.repair.passage", which, more_helps=True)
    chance = chance * under_tension(values["gap_mm"], parameters, which)
    return tuple(
        replace(
            # the surgeon frees the nerve too
            neurolysis.relief(day, parameters, which, name="repair"),
            passage=across(chance, parameters),
            spread=parameters["treatment.repair.spread"],
            delay_d=helped(parameters, "treatment.repair.delay", which, more_helps=False),
            resects=values["resect"],
            joins_ends=True,
            gap_mm=values["gap_mm"],
        )
        for day in values["on_days"]
    )


REPAIR = Treatment(
    name="repair",
    text="Direct suture of a divided nerve.",
    source="an assumption for the chance to cross; tension: rat, PMID 15385776",
    fields=(
        DAY,
        Field(
            "gap_mm",
            "gap that is closed by drawing the ends together",
            "number",
            "mm",
            0,
            WIDEST_GAP_MM,
            default=0.0,
        ),
        Field("resect", "whether standing axons are cut out too", "yes or no", default=False),
    ),
    other_names=("suture", "neurorrhaphy"),
    effect=_effect,
    says=SAYS,
    evidence_grade="assumption",
    operation=True,
)
