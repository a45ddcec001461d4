"""A piece of another nerve sewn into the gap: two suture lines and a longer way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from math import exp
from typing import Any

import numpy as np

from tinel.declare import Field
from tinel.evidence import Parameters
from tinel.treatment import neurolysis
from tinel.treatment.plan import Intervention
from tinel.treatment.repair import across
from tinel.treatment.treatment import DAY, Treatment, helped
from tinel.twins import Floats

SAYS = (
    "Bridges a gap that cannot be closed by suture. Axons cross two suture lines, so fewer enter "
    "the way beyond, more of them a wrong one, and fewer the longer the gap: of peroneal grafts "
    "64 % did well below 6 cm and 11 % above 12 cm (28 series). Nerves differ widely: of high "
    "grafts 67 % in the radial nerve, 55 % in the tibial, 15 % in the ulnar and 14 % in the "
    "peroneal gave useful strength (393 grafts); here they differ by the way to the muscle and by "
    "where axons go, not by a number of their own. The injured piece is cut out, with whatever "
    "axons still stood in it, and the skin that the donor nerve served stays numb. Without it a "
    "divided nerve recovers nothing."
)


def astray(parameters: Parameters) -> dict[int, float | Floats]:
    """Chance that an axon enters a tube at random at one suture line or the other, by grade.

    The two lines are alike and do not know of each other.

    Source:
        Rat, double label: 42 % of peroneal motor axons were back in their nerve after suture and
        25 % after a graft (de Ruiter et al. 2008); chance alone would give about 37 %.

    Example:
        >>> published = Parameters.of_evidence().replace({"course.misdirection.grade5": 0.6})
        >>> round(astray(published)[5], 2)
        0.84
    """
    once = {grade: parameters[f"course.misdirection.grade{grade}"] for grade in (4, 5)}
    return {grade: 1.0 - (1.0 - chance) ** 2 for grade, chance in once.items()}


def _effect(
    values: Mapping[str, Any], parameters: Parameters, which: str
) -> tuple[Intervention, ...]:
    length = helped(parameters, "treatment.graft.length_constant", which, more_helps=True)
    steepness = parameters["treatment.graft.length_steepness"]
    ratio = -((values["gap_mm"] / length) ** steepness)
    chance = (
        helped(parameters, "treatment.repair.passage", which, more_helps=True)
        * helped(parameters, "treatment.graft.second_line", which, more_helps=True)
        * (exp(ratio) if isinstance(ratio, float) else np.exp(ratio))
    )
    return tuple(
        replace(
            # the surgeon frees the nerve too
            neurolysis.relief(day, parameters, which, name="graft"),
            passage=across(chance, parameters),
            spread=parameters["treatment.repair.spread"],
            misdirection=astray(parameters),
            delay_d=helped(parameters, "treatment.graft.delay", which, more_helps=False),
            resects=values["resect"],
            joins_ends=True,
            gap_mm=values["gap_mm"],
            graft_mm=values["gap_mm"],
        )
        for day in values["on_days"]
    )


GRAFT = Treatment(
    name="graft",
    text="A piece of another nerve sewn into a gap that suture cannot close.",
    source="two suture lines: monkey, PMC6784932; length: an assumption",
    fields=(
        DAY,
        Field("gap_mm", "gap bridged by the graft", "number", "mm", 1, 300, needed=True),
        Field("resect", "whether standing axons are cut out too", "yes or no", default=True),
    ),
    other_names=("nerve graft",),
    effect=_effect,
    says=SAYS,
    evidence_grade="assumption",
    operation=True,
)
