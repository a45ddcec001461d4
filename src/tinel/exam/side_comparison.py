"""Whether a value is abnormal: by its reference limit and beside the patient's other side.

Laboratories use both. A response below half of the other side's is abnormal whatever its limit. A
limit that the other side breaks too is no sign of the injury. A drop, a longer response or a slower
segment is abnormal by the published criteria that it meets (``block_criteria``).
"""

from __future__ import annotations

from collections.abc import Sequence

from tinel.evidence import Parameters
from tinel.exam.per_twin import of_first
from tinel.exam.reference_limits import Bound


def side_fraction(parameters: Parameters) -> float:
    """Fraction of the other side's response below which a response is called small."""
    return of_first(parameters, "laboratory.limit.side_fraction")


def verdict(
    bound: Bound | None,
    value: float,
    other: float | None,
    small_below: float | None = None,
    criteria: Sequence[str] = (),
) -> tuple[bool | None, str]:
    """Whether a value is abnormal, and by which criterion.

    Args:
        bound: its reference limit, None where none is published.
        value: nan where the response is absent.
        other: the other side's value, None on the healthy side itself.
        small_below: fraction of the other side's value below which it is abnormal whatever the
            limit; None for a quantity that is not compared so.
        criteria: names of the published criteria that the value meets and the other side's not.

    Returns:
        True, False, or None where nothing says what is normal; and ``limit``, ``other side``,
        ``limit and other side``, ``limit broken on both sides`` (which is not abnormal), names of
        criteria, or empty.

    Example:
        >>> verdict(Bound(4.0, lower=True), 5.0, 12.0, small_below=0.5), verdict(None, 8.0, None)
        ((True, 'other side'), (None, ''))
        >>> verdict(Bound(4.0, lower=True), 3.0, 3.5, small_below=0.5)
        (False, 'limit broken on both sides')
    """
    compared = small_below is not None and other is not None and other > 0
    if bound is None and not compared and not criteria:
        return None, ""
    small = compared and value < (small_below or 0.0) * (other or 0.0)
    broken = bound is not None and bound.broken(value)
    alike = broken and bound is not None and other is not None and bound.broken(other)
    rules = (("limit", broken and not alike), ("other side", small))
    found = [*(name for name, holds in rules if holds), *criteria]
    if found:
        return True, " and ".join(found)
    return False, "limit broken on both sides" if alike else ""
