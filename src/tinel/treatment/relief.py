"""What a treatment does to pain: whom it helps, beside whom a placebo helps."""

from __future__ import annotations

from dataclasses import dataclass

from tinel.twins import Floats


@dataclass(frozen=True)
class Relief:
    """Shares of people who answer, 0 to 1: they have half the pain or less while it is given.

    A value is one number, or a column ``(n_twin, 1)`` where it differs between twins. Whoever
    answers to a placebo answers to the treatment too, so that ``with_it`` is never below
    ``on_placebo`` unless a trial found harm.

    Args:
        name: what was given.
        with_it: share that answers to the treatment.
        on_placebo: share that answers to a placebo in the same trials.
        ends_d: last day on which it is given, days after the injury; inf for no end.

    Example:
        >>> Relief("a cream", with_it=0.3, on_placebo=0.3).with_it
        0.3
    """

    name: str
    with_it: float | Floats
    on_placebo: float | Floats
    ends_d: float = float("inf")
