"""Direct suture of a divided nerve."""

from __future__ import annotations

from dataclasses import replace

from tinel import evidence
from tinel.treatment import neurolysis
from tinel.treatment.plan import Intervention
from tinel.treatment.step import Step, Treatment, bound, check_fields, number, yes_or_no

SAYS = (
    "Opens the way for divided axons; about half of them find a useful tube here, set so that "
    "51.6 % of median and ulnar repairs reach good strength as published (Ruijs 2005). The later "
    "it is done the fewer arrive. Of peroneal repairs 44 % did well within 6 months and 12 % "
    "after 12 (28 series)."
)


def read(step: Step) -> Treatment:
    """Suture on a day: ``{"day": 30}``, with ``"resect": true`` when the injured piece goes.

    Without ``resect`` only axons that are already broken gain. The surgeon frees the nerve too,
    so scar pressure falls as after neurolysis.

    Raises:
        TinelError: unknown field, no day, or an illegal value.

    Example:
        >>> done = read({"treatment": "repair", "day": 30}).value[0]
        >>> done.passage[5], done.resects
        (0.46, False)
    """
    check_fields(step, ("day", "resect"))
    on = number(step, "day", 0.0, 7300.0, "days")
    resects = yes_or_no(step, "resect", otherwise=False)
    return Treatment(
        value=(_suture(on, resects, "value"),),
        low=(_suture(on, resects, "low"),),
        high=(_suture(on, resects, "high"),),
        evidence_grade="assumption",
        says=SAYS,
        evidence=(
            "treatment.repair.passage",
            "treatment.repair.delay",
            "treatment.neurolysis.pressure_factor",
        ),
    )


def _suture(day: float, resects: bool, which: str) -> Intervention:
    share = bound("treatment.repair.passage", which, more_helps=True)
    return replace(
        neurolysis.relief(day, which, name="repair"),
        passage=across(share),
        delay_d=bound("treatment.repair.delay", which, more_helps=False),
        resects=resects,
    )


def across(share: float) -> dict[int, float]:
    """Chance to cross by grade once the ends are joined; a torn tube alone crosses no worse.

    Example:
        >>> across(0.7)[3], across(0.3)[3]
        (0.7, 0.6)
    """
    return {3: max(share, evidence.value("course.passage.grade3")), 4: share, 5: share}
