"""The type of a reference limit: which quantity it bounds, and where normal ends.

Normal ends two standard deviations from the published mean. Amplitudes are spread log-normally
(their published SD would otherwise put the limit near or below zero); latencies and velocities
normally.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tinel.declare.find import found
from tinel.declare.offer import Offer
from tinel.evidence import Number, Parameters
from tinel.exam.per_twin import of_first

if TYPE_CHECKING:
    from tinel.exam.examination import Visit
    from tinel.exam.measurement import Measurement


@dataclass(frozen=True)
class Bound:
    """The largest or smallest normal value.

    Args:
        value: in the unit of the measurement.
        lower: whether normal values lie above it.

    Example:
        >>> Bound(4.2, lower=True).text, Bound(4.2, lower=True).broken(3.0)
        ('≥ 4.2', True)
    """

    value: float
    lower: bool

    @property
    def text(self) -> str:
        """The bound as a table prints it."""
        return f"{'≥' if self.lower else '≤'} {self.value:.3g}"

    def broken(self, value: float) -> bool:
        """Whether a measured value (nan for an absent response) lies on the wrong side."""
        return not (value >= self.value if self.lower else value <= self.value)


def _always(measurement: Measurement, visit: Visit) -> bool:
    return True


@dataclass(frozen=True, kw_only=True)
class ReferenceLimit(Offer):
    """What is normal for one quantity.

    Args:
        quantity: name of the quantity it bounds, as the tests write it.
        bound: ``(measurement, visit)`` to the bound, or None where none is published.
        applies: ``(measurement, visit)`` to whether the value can be compared with it at all.
        beside_other_side: whether a value far below the other side's is abnormal too.

    Example:
        >>> heat = ReferenceLimit(
        ...     name="heat pain threshold", text="Heat that a healthy hand feels as pain.",
        ...     quantity="heat pain", bound=lambda measurement, visit: Bound(48.0, lower=False),
        ... )
        >>> heat.quantity
        'heat pain'
    """

    quantity: str
    bound: Callable[[Measurement, Visit], Bound | None]
    applies: Callable[[Measurement, Visit], bool] = _always
    beside_other_side: bool = False


def reference_limits(files: Sequence[str | Path] = ()) -> dict[str, ReferenceLimit]:
    """Every reference limit by name: those of ``tinel.exam.limits``, then those of own files.

    Example:
        >>> reference_limits()["MRC grade"].quantity
        'MRC grade'
    """
    return found("tinel.exam.limits", ReferenceLimit, files)


def limit_of(measurement: Measurement, visit: Visit) -> tuple[ReferenceLimit | None, Bound | None]:
    """The reference limit of a measurement and its bound; None where there is none.

    Of several limits on one quantity the last that gives a bound is taken, so that a laboratory's
    own file goes before the published values.
    """
    which = [one for one in visit.limits.values() if one.quantity == measurement.quantity]
    for limit in reversed(which):
        bound = limit.bound(measurement, visit)
        if bound is not None:
            return limit, bound
    return (which[-1], None) if which else (None, None)


def two_sd(number: Number | None, parameters: Parameters, lower: bool) -> Bound | None:
    """The bound two standard deviations (``laboratory.limit.sd``) from a published mean."""
    if number is None or number.sd is None:
        return None
    reach = of_first(parameters, "laboratory.limit.sd") * number.sd
    return Bound(number.value - reach if lower else number.value + reach, lower)


def log_lower(number: Number | None, parameters: Parameters) -> Bound | None:
    """The lower bound of a log-normal quantity with a published mean and SD."""
    if number is None or number.sd is None:
        return None
    variance = math.log(1 + (number.sd / number.value) ** 2)
    reach = of_first(parameters, "laboratory.limit.sd") * math.sqrt(variance)
    return Bound(number.value * math.exp(-variance / 2 - reach), lower=True)
