"""Reading of a reduced response beside those of earlier days: recovery, or a new loss."""

from __future__ import annotations

from collections.abc import Sequence

from tinel.declare.quantity import shown_day
from tinel.exam.side_comparison import side_fraction
from tinel.exam.signs import Signs, settled_d


def over_time(now: Signs, before: Sequence[Signs]) -> str:
    """One sentence on a reduced response that was kept before, is larger than it was, or is a
    sensory one that has stayed as small.

    Empty elsewhere; days on which broken axons still conduct do not count. A muscle that is as
    strong as then has lost no axons since: regrown ones take muscle over from the sprouts of their
    neighbours and conduct slowly at first.

    Args:
        now: the signs of the day.
        before: those of earlier days.

    Example:
        >>> then = Signs("motor", 180, "above", 10.7, 10.0, 4.0, mrc_grade=5)
        >>> now = Signs("motor", 365, "above", 3.1, 10.0, 4.0, mrc_grade=5)
        >>> print(over_time(now, [then])[:64])
        Smaller than on day 180 (107 % of the other side then, 31 % now)
        >>> over_time(then, [])
        ''
    """
    if now.place not in ("above", "across") or not now.reduced or not now.amplitude > 0:
        return ""
    settled = [s for s in before if settled_d(s.kind, s.parameters) <= s.day < now.day]
    larger = [s for s in settled if not s.reduced and s.amplitude > now.amplitude]
    if not larger:
        return _coming_back(now, settled)
    then = max(larger, key=lambda s: s.amplitude)
    told = (
        f"Smaller than on day {shown_day(then.day)} ({then.side_percent:.0f} % of the other side "
        f"then, {now.side_percent:.0f} % now)"
    )
    if now.kind != "motor":
        return f"{told}: axons have been lost since."
    if now.mrc_grade is None or then.mrc_grade is None:
        return (
            f"{told}: axons lost since, or regrown ones that conduct slowly and spread the "
            f"response; strength, which was not tested, would show which."
        )
    if now.mrc_grade >= then.mrc_grade:
        return (
            f"{told}, though the muscle is no weaker: regrown axons take muscle over from sprouts "
            f"and conduct slowly at first, which spreads the response. No sign of new damage."
        )
    return f"{told}, and the muscle is weaker (MRC {now.mrc_grade:g}): axons have been lost since."


def _coming_back(now: Signs, settled: Sequence[Signs]) -> str:
    """The sentence where the response was much smaller on an earlier day, without response say."""
    if not settled:
        return ""
    then = min(settled, key=lambda s: s.amplitude)
    if not then.amplitude < side_fraction(now.parameters) * now.amplitude:
        return _stays_small(now, settled) if now.kind == "sensory" else ""
    was = f"after {then.side_percent:.0f} %" if then.amplitude > 0 else "after none"
    return (
        f"Coming back: {now.side_percent:.0f} % of the other side, {was} on day "
        f"{shown_day(then.day)}, as axons regrow; what is missing is the old loss."
    )


def _stays_small(now: Signs, settled: Sequence[Signs]) -> str:
    """A sensory response that is as small as it was: what that does not say about feeling."""
    first = settled[0]
    return (
        f"Axon loss, as on day {shown_day(first.day)} ({first.side_percent:.0f} % of the other "
        f"side then, {now.side_percent:.0f} % now): whether axons have come back cannot be told "
        f"from this response, as thin regrown axons are slow and out of step and add little to it."
    )
