"""Open release: a surgeon frees the nerve from its scar."""

from __future__ import annotations

from tinel.treatment.plan import Intervention
from tinel.treatment.step import Step, Treatment, bound, check_fields, days

SAYS = (
    "Takes most of the scar's pressure away; how much was never measured, and scar may return. "
    "After hip replacement 75 % of released sciatic palsies improved (81 patients) against 33 % "
    "without (93), but surgeons chose whom to operate on, so the difference is biased and is not "
    "used as an effect size. It frees axons that stand or wait at the scar; it does not join cut "
    "ones. The operation itself can hurt the nerve; that risk is not modelled."
)


def relief(day: float, which: str, name: str = "neurolysis") -> Intervention:
    """The release of pressure on a day, at its value or at an end of its range.

    Example:
        >>> relief(180.0, "value").pressure_factor
        0.2
    """
    return Intervention(
        name=name,
        day=day,
        pressure_factor=bound("treatment.neurolysis.pressure_factor", which, more_helps=False),
        recurrence_d=bound("treatment.neurolysis.recurrence", which, more_helps=True),
    )


def read(step: Step) -> Treatment:
    """Release on a day: ``{"day": 180}``.

    Raises:
        TinelError: unknown field, no day, or an illegal value.

    Example:
        >>> read({"treatment": "neurolysis", "day": 180}).value[0].day
        180.0
    """
    check_fields(step, ("day", "days"))
    on = days(step)
    return Treatment(
        value=tuple(relief(day, "value") for day in on),
        low=tuple(relief(day, "low") for day in on),
        high=tuple(relief(day, "high") for day in on),
        evidence_grade="assumption",
        says=SAYS,
        evidence=("treatment.neurolysis.pressure_factor", "treatment.neurolysis.recurrence"),
    )
