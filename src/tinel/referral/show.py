"""What a terminal shows of the steps."""

from __future__ import annotations

from textwrap import wrap

from tinel.declare.quantity import shown_day
from tinel.referral.steps import NOTE, Referral, Step

WIDTH = 79


def as_text(referral: Referral) -> str:
    """The first step in one line, then each in full, what would be urgent, and the sources.

    Example:
        >>> from tinel.case import load
        >>> from tinel.referral.steps import next_steps
        >>> print(as_text(next_steps(load("examples/cut.toml"))).splitlines()[0])
        Next: hand, plastic or peripheral nerve surgeon.
    """
    first = referral.steps[0]
    asked = f"Asked on day {shown_day(referral.day)} ({referral.case}, {referral.nerve} nerve)."
    if not referral.day_told:
        asked += " The case states no day; --day N asks for another."
    lines = [f"Next: {first.whom}.", *_wrapped(f"How soon: {first.how_soon}."), *_wrapped(asked)]
    basis = {one.id: one for step in referral.steps for one in step.basis}
    number = {key: str(k) for k, key in enumerate(basis, 1)}
    for place, step in enumerate(referral.steps, 1):
        lines += ["", *_step(place, step, [number[one.id] for one in step.basis])]
    lines += ["", "Urgent, whatever the case says:"] if referral.red_flag_list else []
    for what, soon in referral.red_flag_list:
        lines += _wrapped(f"- {what}: {soon}", 2)
    lines += ["", "Sources:"]
    for key, one in basis.items():
        lines += _wrapped(f"{number[key]}. {one.title}; {one.address} (read: {one.read})", 3)
    return "\n".join([*lines, "", *_wrapped(NOTE)])


def _step(place: int, step: Step, numbers: list[str]) -> list[str]:
    lines = _wrapped(f"{place}. {'URGENT: ' if step.red_flag else ''}{step.what}", 3)
    for head, text in (
        ("how soon", step.how_soon),
        ("whom", step.whom),
        ("first test", step.first_test),
        ("why", f"{step.why} [{', '.join(numbers)}]"),
        ("seen in", "; ".join(step.shown_by)),
    ):
        lines += _wrapped(f"   {head:10} {text}", 14) if text else []
    return lines


def _wrapped(text: str, indent: int = 0) -> list[str]:
    # an address stays whole, so that it can be copied
    return wrap(
        text,
        WIDTH,
        subsequent_indent=" " * indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
