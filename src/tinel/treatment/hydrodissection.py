"""Fluid injected round the nerve under ultrasound, with or without platelet products."""

from __future__ import annotations

from tinel.treatment.plan import Intervention
from tinel.treatment.step import Step, Treatment, bound, check_fields, days, yes_or_no

SAYS = (
    "No controlled trial has tested it, with or without platelets, for surgical scar round a "
    "nerve, nor with axons or strength as the end. In carpal tunnel trials it changed symptoms "
    "and nerve size for weeks to months, usually not conduction. Scar was back within a week in "
    "rats. So its effect on the scar's pressure and on axons is set to zero here; the range only "
    "shows what a small effect would look like."
)
PLATELETS = (
    " Platelets drive Schwann cells in culture; no trial has measured nerve growth in people."
)


def read(step: Step) -> Treatment:
    """Sessions on given days: ``{"days": [60, 150], "platelets": true}``.

    Changes nothing by default, so the arm equals waiting to the last bit. What it does to pain is
    not part of the course.

    Raises:
        TinelError: unknown field, no days, or an illegal value.

    Example:
        >>> treatment = read({"treatment": "hydrodissection", "days": [60, 150]})
        >>> [i.acts for i in treatment.value], [i.pressure_factor for i in treatment.high]
        ([False, False], [0.8, 0.8])
    """
    check_fields(step, ("day", "days", "platelets"))
    platelets = yes_or_no(step, "platelets", otherwise=False)
    on = days(step)

    def sessions(which: str) -> tuple[Intervention, ...]:
        key = "treatment.hydrodissection"
        # Only relief can fade slower than in the rat; a harm that lingers is not assumed.
        fading = bound(f"{key}.recurrence", "high" if which == "high" else "value", more_helps=True)
        slowing = bound(f"{key}.platelet_slowing", which, more_helps=True) if platelets else 1.0
        return tuple(
            Intervention(
                name="hydrodissection with platelets" if platelets else "hydrodissection",
                day=day,
                pressure_factor=bound(f"{key}.pressure_factor", which, more_helps=False),
                recurrence_d=fading,
                # Sessions do not add up: one course of platelets, one change of growth.
                slowing=slowing if day == on[0] else 1.0,
            )
            for day in on
        )

    return Treatment(
        value=sessions("value"),
        low=sessions("low"),
        high=sessions("high"),
        evidence_grade="assumption",
        says=SAYS + (PLATELETS if platelets else ""),
        evidence=(
            "treatment.hydrodissection.pressure_factor",
            "treatment.hydrodissection.recurrence",
            *(("treatment.hydrodissection.platelet_slowing",) if platelets else ()),
        ),
    )
