"""A piece of another nerve sewn into the gap: two suture lines and a longer way."""

from __future__ import annotations

from dataclasses import replace
from math import exp

from tinel.treatment import neurolysis
from tinel.treatment.plan import Intervention
from tinel.treatment.repair import across
from tinel.treatment.step import Step, Treatment, bound, check_fields, number, yes_or_no

SAYS = (
    "Bridges a gap that cannot be closed by suture. Axons cross two suture lines, so fewer "
    "arrive, and fewer the longer the gap: of peroneal grafts 64 % did well below 6 cm and 11 % "
    "above 12 cm (28 series). The injured piece is cut out, with whatever axons still stood in it."
)


def read(step: Step) -> Treatment:
    """Graft on a day: ``{"day": 120, "gap_mm": 40}``; ``"resect": false`` spares standing axons.

    Raises:
        TinelError: unknown field, no day or gap, or an illegal value.

    Example:
        >>> done = read({"treatment": "graft", "day": 120, "gap_mm": 40}).value[0]
        >>> round(done.passage[5], 2), done.resects
        (0.38, True)
    """
    check_fields(step, ("day", "gap_mm", "resect"))
    on = number(step, "day", 0.0, 7300.0, "days")
    gap = number(step, "gap_mm", 1.0, 300.0, "mm")
    resects = yes_or_no(step, "resect", otherwise=True)
    return Treatment(
        value=(_bridge(on, gap, resects, "value"),),
        low=(_bridge(on, gap, resects, "low"),),
        high=(_bridge(on, gap, resects, "high"),),
        evidence_grade="assumption",
        says=SAYS,
        evidence=(
            "treatment.repair.passage",
            "treatment.graft.second_line",
            "treatment.graft.length_constant",
            "treatment.graft.delay",
            "treatment.neurolysis.pressure_factor",
        ),
    )


def _bridge(day: float, gap_mm: float, resects: bool, which: str) -> Intervention:
    length = bound("treatment.graft.length_constant", which, more_helps=True)
    share = (
        bound("treatment.repair.passage", which, more_helps=True)
        * bound("treatment.graft.second_line", which, more_helps=True)
        * exp(-gap_mm / length)
    )
    return replace(
        neurolysis.relief(day, which, name="graft"),
        passage=across(share),
        delay_d=bound("treatment.graft.delay", which, more_helps=False),
        resects=resects,
    )
