"""Whom to see: two or three lines of the first screen, with what is behind them."""

from __future__ import annotations

from dataclasses import dataclass

from tinel.declare.quantity import shown_day
from tinel.referral.rules import situations
from tinel.referral.steps import NOTE, Referral, Step, next_steps
from tinel.report.figure import Table, table
from tinel.result import Result

MOST_LINES = 3
SHARP = "sharp wound"
NOT_OF_A_LEG = ("airway", "hand after dialysis access")


@dataclass(frozen=True)
class WhomToSee:
    """The first steps in a line each, what is urgent by how soon, and all steps with sources."""

    heading: str
    lines: tuple[tuple[str, str], ...]
    red_flags: tuple[tuple[str, str], ...]
    steps: Table
    sources: Table
    note: str


def whom_to_see(result: Result) -> WhomToSee:
    """The steps of the case on the last day that it states."""
    found = next_steps(result.case)
    basis = {one.id: one for step in found.steps for one in step.basis}
    number = {key: str(k) for k, key in enumerate(basis, 1)}
    rows = [
        [
            step.what,
            step.how_soon,
            step.whom,
            step.first_test,
            f"{step.why} [{', '.join(number[one.id] for one in step.basis)}]",
            "; ".join(step.shown_by),
        ]
        for step in found.steps
    ]
    head = ("situation", "how soon", "whom", "first test", "why", "seen in")
    return WhomToSee(
        heading=f"Whom to see, asked on day {shown_day(found.day)}",
        lines=tuple(_line(step) for step in found.steps[:MOST_LINES]),
        red_flags=_red_flags(found, result.healthy.limb.nerve.limb == "leg"),
        steps=table("Whom to see, how soon, and which test first", head, rows, wide=True),
        sources=table(
            "What is behind it",
            ("number", "source", "address", "read", "says"),
            [[number[k], one.title, one.address, one.read, one.says] for k, one in basis.items()],
        ),
        note=NOTE,
    )


def _red_flags(found: Referral, leg: bool) -> tuple[tuple[str, str], ...]:
    """What would be urgent whatever the case says, by how soon; a sharp wound among it."""
    by_time: dict[str, list[str]] = {}
    elsewhere = {one.what for one in situations() if one.name in NOT_OF_A_LEG} if leg else set()
    for what, how_soon in found.red_flag_list:
        if what in elsewhere:
            continue
        by_time.setdefault(how_soon, []).append(what[0].lower() + what[1:])
    sharp = next(one for one in situations() if one.name == SHARP)
    if sharp.what not in {step.what for step in found.steps}:
        soon = sharp.how_soon.partition(" (")[0]
        by_time.setdefault(soon, []).append(sharp.what[0].lower() + sharp.what[1:])
    return tuple((soon, "; ".join(whats)) for soon, whats in by_time.items())


def _line(step: Step) -> tuple[str, str]:
    whom = f"{step.whom[0].upper()}{step.whom[1:]}"
    return whom, f"{step.how_soon}. {step.what}."
