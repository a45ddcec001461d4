"""Interpretation of a conduction study in one plain sentence, by a laboratory's rules.

Block, dispersion and slowing are named by the published criterion that a segment meets
(``block_criteria``). Two facts carry most of the rest. A broken axon goes on conducting beyond the
injury for days, so an early study cannot tell block from axon loss. And a study says nothing about
a stretch it does not stimulate across: beyond a high injury it looks normal until the broken axons
have died.
"""

from __future__ import annotations

from collections.abc import Sequence

from tinel.exam.block_criteria import BY_SIZE, EFNS, Met
from tinel.exam.examination import Visit
from tinel.exam.over_time import over_time
from tinel.exam.per_twin import of_first
from tinel.exam.side_comparison import side_fraction
from tinel.exam.signs import Signs, falls_silent_d, settled_d, signs
from tinel.nerve.anatomy import Study


def conduction_sentences(study: Study, visits: Sequence[Visit], other_side: Visit) -> list[str]:
    """One sentence per visit on a conduction study."""
    seen = [signs(study, visit, other_side) for visit in visits]
    said = []
    for k, s in enumerate(seen):
        blocked = s.place == "across" and _drop(s)
        said.append(("" if blocked else over_time(s, seen[:k])) or conduction(s))
    return said


def conduction(s: Signs) -> str:
    """One sentence on one conduction study.

    Example:
        >>> print(conduction(Signs("motor", 10, "across", 9.0, 10.0, 4.0, kept_percent=5)))
        Block: the response beyond the injury is kept (90 % of the other side), but from above \
the injury only 5 % of it comes through (against the other side).
        >>> print(conduction(Signs("motor", 1, "above", 9.0, 10.0, 4.0, mrc_grade=0)))
        Cannot tell block from axon loss yet: the muscle is weak (MRC 0) and the response kept \
(90 % of the other side), but a broken axon still conducts beyond the injury for days and no site \
lies above it; broken axons fall silent between day 2 and day 7, and a study after that can tell.
    """
    if not s.other > 0:
        return "No response on either side, so this study says nothing about the injury."
    side = f"{s.side_percent:.0f} % of the other side"
    if s.place in ("elsewhere", "beyond"):
        why = (
            "these fibres do not run through the injury"
            if s.place == "elsewhere"
            else "the injury lies beyond the recording electrode"
        )
        found = "Reduced" if s.reduced else _size(s)
        return f"{found} ({side}), and no test of the injury: {why}."
    if s.place == "below":
        return _from_above_only(s, side)
    return _early(s, side) if s.day < settled_d(s.kind, s.parameters) else _late(s, side)


def shows_block(s: Signs) -> bool:
    """Whether a study shows a block, or one that is possible, if its axons are alive.

    Args:
        s: from ``signs.signs``; on an early day axon loss looks the same.
    """
    if s.place == "across":
        return _drop(s) or _possible(s)
    return s.place == "above" and s.weak and not s.reduced and _force_missing(s)


def _from_above_only(s: Signs, side: str) -> str:
    alike = "every site lies above the injury, where block and axon loss look the same"
    if s.amplitude <= 0:
        return f"No response comes through the injury; {alike}."
    if s.reduced:
        return f"Reduced ({side}); {alike}."
    slow = ", but slowed" if s.slow else ""
    if s.doubtful:
        return f"{_small(s, side)}{slow}."
    if s.slow:
        return f"Most fibres conduct through the injury ({side}), but slowed."
    return (
        f"Most fibres conduct through the injury ({side}); latency and velocity over it, which "
        f"lasting pressure slows before it breaks axons, are within their limits."
    )


def _early(s: Signs, side: str) -> str:
    first, last = falls_silent_d(s.kind, s.parameters)
    when = (
        f"broken axons fall silent between day {first} and day {last}, and a study after that can "
        f"tell"
    )
    yet = "a broken axon still conducts beyond the injury for days"
    if s.amplitude <= 0:
        return (
            f"No response beyond the injury: the axons there have fallen silent, as broken ones do "
            f"between day {first} and day {last}; so next to none of them is whole."
        )
    if s.reduced:
        return (
            f"Axons beyond the injury have begun to fall silent ({side}); how many will do so is "
            f"not yet known; {when}."
        )
    if s.place == "across" and (_drop(s) or _possible(s)):
        return (
            f"Cannot tell block from axon loss yet: the response is kept beyond the injury "
            f"({side}) and {_through(s)} from above it{_by(s)}, but {yet}; {when}."
        )
    if s.doubtful and not s.weak:
        return f"{_small(s, side)}; {when}{_slowed(s)}."
    if s.place == "above" and s.mrc_grade is not None and not s.weak:
        return f"Nothing abnormal so far ({side}), and full strength{_slowed(s)}."
    if s.place == "above":
        muscle = f"the muscle is weak (MRC {s.mrc_grade:g}) and " if s.weak else ""
        verb = "" if s.weak else " is"
        return (
            f"Cannot tell block from axon loss yet: {muscle}the response{verb} kept ({side}), "
            f"but {yet} and no site lies above it; {when}."
        )
    return f"Nothing abnormal so far ({side}), across the injury too{_slowed(s)}."


def _late(s: Signs, side: str) -> str:
    if s.amplitude <= 0:
        return "Axon loss: no response beyond the injury, so next to no axon is alive there."
    block = s.place == "across" and _drop(s)
    possible = s.place == "across" and not block and _possible(s)
    seen = f"{_dispersed(s)}{_slowed(s)}"
    if s.reduced:
        lost = 100 - s.side_percent
        about = f"about {lost:.0f} % of the response is missing" if lost > 0 else "below the limit"
        sprouted = s.day >= of_first(s.parameters, "course.sprouting.tau")
        more = s.kind == "motor" and lost > 0 and sprouted
        hidden = ", and sprouting may hide more" if more else ""
        name = "block" if block else "possible block"
        above = f"; and {name}, as it {_through(s)} from above the injury{_by(s)}"
        also = above if block or possible else ""
        return f"Axon loss: {about} against the other side{hidden}{also}{seen}."
    if block:
        come = "none" if s.kept_percent <= 0 else f"only {s.kept_percent:.0f} %"
        return (
            f"Block: the response beyond the injury is kept ({side}), but from above the injury "
            f"{come} of it comes through{_by(s)}{seen}."
        )
    if possible:
        return (
            f"Possible block: the response beyond the injury is kept ({side}) and {_through(s)} "
            f"from above the injury{_by(s)}{seen}."
        )
    if s.weak and s.place == "above":
        return _weak_yet_normal(s, side)
    if s.weak and s.place == "across":
        return _hidden_loss(s, side)
    if s.doubtful:
        return f"{_small(s, side)}{seen}."
    return f"{_size(s)} ({side}){seen}."


def _small(s: Signs, side: str) -> str:
    """A response inside its limits that is small beside the other side, with a known injury."""
    return (
        f"Inside the limits, but small for a known injury ({side}): a loss of up to "
        f"{100 - s.side_percent:.0f} % may hide there, or the sides differ"
    )


def _size(s: Signs) -> str:
    """Name for a response that is not reduced."""
    if _below(s):
        return "Below the limit of normal on both sides alike"
    return "Size within normal limits" if s.slow or s.of("dispersion") else "Normal"


def _below(s: Signs) -> bool:
    return s.lowest is not None and s.amplitude < s.lowest


def _kept(s: Signs) -> str:
    return "Not reduced against the healthy side" if _below(s) else "Within normal limits"


def _weak_yet_normal(s: Signs, side: str) -> str:
    assert s.mrc_grade is not None
    if _force_missing(s):
        return (
            f"{_kept(s)} beyond the injury ({side}), yet the muscle has only "
            f"{s.force_percent:.0f} % of its strength (MRC {s.mrc_grade:g}): living axons are "
            f"blocked above every stimulation site; strength shows that, this study "
            f"cannot{_slowed(s)}."
        )
    return _hidden_loss(s, side)


def _force_missing(s: Signs) -> bool:
    """Whether the muscle is far weaker than its response is small."""
    return s.force_percent < side_fraction(s.parameters) * s.side_percent


def _hidden_loss(s: Signs, side: str) -> str:
    return (
        f"{_kept(s)} ({side}), though the muscle has {s.force_percent:.0f} % of its "
        f"strength (MRC {s.mrc_grade:g}): a loss of this size hides inside the limits{_slowed(s)}."
    )


def _drop(s: Signs) -> bool:
    drop = of_first(s.parameters, "exam.block.amplitude_drop")
    beside = s.kept_percent < 100 * (1 - drop)
    return s.large and (beside or _definite(s) is not None)


def _definite(s: Signs) -> Met | None:
    """A drop that is block by the criterion of experts and for a response of that size."""
    by_size = {one.segment.name for one in s.criteria if one.criterion is BY_SIZE}
    return next((o for o in s.criteria if o.criterion is EFNS and o.segment.name in by_size), None)


def _possible(s: Signs) -> bool:
    return s.large and (s.of("block") or s.of("possible block")) is not None


def _by(s: Signs) -> str:
    one = _definite(s) or (None if _drop(s) else s.of("block") or s.of("possible block"))
    if one is None:
        return " (against the other side)"
    return f" ({one.segment.name}; {one.criterion.name})"


def _dispersed(s: Signs) -> str:
    one = s.of("dispersion")
    if one is None:
        return ""
    rise = f"duration {100 * one.segment.longer:+.0f} %"
    part = ", so a part of the drop may be cancellation" if _drop(s) or _possible(s) else ""
    return f"; dispersed ({one.segment.name}, {rise}; {one.criterion.name}){part}"


def _through(s: Signs) -> str:
    return "is gone" if s.kept_percent <= 0 else f"falls to {s.kept_percent:.0f} %"


def _slowed(s: Signs) -> str:
    if s.slow and s.place in ("above", "elsewhere"):
        # wholly beside the injury nothing is slowed: the fastest fibres are missing
        return "; slower than its limit, as when the fastest fibres are lost"
    one = s.of("slowing")
    where = f" ({one.segment.name}; {one.criterion.name})" if one else ""
    return f"; conduction is slowed{where}" if s.slow else ""
