"""A quantity of which only a range is known, spread over virtual twins."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# Half the width of a 90 % interval in standard deviations.
_SD_TO_90_PERCENT = 1.6448536269514722


@dataclass(frozen=True)
class Spread:
    """A known value (``low`` equals ``high``) or a stated prior, in ``unit``.

    ``low`` and ``high`` are the ends of a 90 % interval of a lognormal where ``low`` is above 0;
    otherwise the whole of a uniform one. ``why`` gives the reason, empty for a known value, and
    ``symptoms_in_view`` whether the range was set knowing the patient's symptoms. Draws stay inside
    the allowed range ``least`` to ``most``.

    Example:
        >>> Spread(3.0, 3.0, "mm").draw(seed=1, stream=7, twins=range(2)).tolist()
        [3.0, 3.0]
    """

    low: float
    high: float
    unit: str
    why: str = ""
    least: float = -math.inf
    most: float = math.inf
    symptoms_in_view: bool = False

    @property
    def known(self) -> bool:
        """True where there is nothing to draw."""
        return self.low == self.high

    @property
    def median(self) -> float:
        """The value that half of the twins stay below."""
        if self.low > 0:
            return math.sqrt(self.low) * math.sqrt(self.high)
        return (self.low + self.high) / 2

    @property
    def text(self) -> str:
        """The value in words, e.g. ``20 to 60 mm``."""
        value = f"{self.low:g}" if self.known else f"{self.low:g} to {self.high:g}"
        return f"{value} {self.unit}".rstrip()

    def draw(self, seed: int, stream: int, twins: Sequence[int]) -> NDArray[np.float64]:
        """Draw one value per twin, shape ``(len(twins),)``.

        A twin's value depends on ``seed``, ``stream`` and its own number only, so that any
        splitting of the twins over workers gives the same person.

        Args:
            seed: of the run, 0 or more.
            stream: keeps quantities apart that must not move together; see ``stream_of``.
            twins: their numbers, e.g. ``range(200)``.
        """
        import numpy as np

        if self.known:
            return np.full(len(twins), self.low)
        return np.array([self._one(np.random.SeedSequence([seed, stream, t])) for t in twins])

    def at(self, scores: NDArray[np.float64]) -> NDArray[np.float64]:
        """The values that standard normal scores stand for, same shape.

        Example:
            >>> import numpy as np
            >>> Spread(1.0, 4.0, "mm").at(np.array([0.0])).round(6).tolist()
            [2.0]
        """
        import numpy as np
        from scipy.special import ndtr, ndtri

        if self.known:
            return np.full(np.shape(scores), self.low)
        fraction = ndtr(scores)
        if self.low <= 0:
            return np.asarray(self.low + fraction * (self.high - self.low))
        middle, sd = self._normal
        first, last = self._inside
        within = ndtri(np.clip(first + fraction * (last - first), 1e-300, 1 - 1e-16))
        return np.asarray(np.clip(np.exp(middle + sd * within), self.least, self.most))

    def scores(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """The inverse of ``at``: standard normal scores of drawn values, same shape."""
        import numpy as np
        from scipy.special import ndtr, ndtri

        if self.known:
            return np.zeros(np.shape(values))
        if self.low <= 0:
            fraction = (np.asarray(values) - self.low) / (self.high - self.low)
        else:
            middle, sd = self._normal
            first, last = self._inside
            fraction = (ndtr((np.log(values) - middle) / sd) - first) / (last - first)
        return np.asarray(ndtri(np.clip(fraction, 1e-12, 1 - 1e-12)))

    @property
    def _normal(self) -> tuple[float, float]:
        # mean and standard deviation of the logarithm
        low, high = math.log(self.low), math.log(self.high)
        return (low + high) / 2, (high - low) / (2 * _SD_TO_90_PERCENT)

    @property
    def _inside(self) -> tuple[float, float]:
        # fractions of the lognormal that lie below the least and the largest allowed value
        from scipy.special import ndtr

        middle, sd = self._normal
        least = ndtr((math.log(self.least) - middle) / sd) if self.least > 0 else 0.0
        most = ndtr((math.log(self.most) - middle) / sd) if math.isfinite(self.most) else 1.0
        return float(least), float(most)

    def _one(self, sequence: np.random.SeedSequence) -> float:
        import numpy as np

        generator = np.random.default_rng(sequence)
        if self.low <= 0:
            return float(generator.uniform(self.low, self.high))
        middle, sd = self._normal
        # Nine of ten draws lie between low and high, which are allowed, so this ends at once;
        # clipping instead would heap twins up at the limit.
        while True:
            value = float(generator.lognormal(middle, sd))
            if self.least <= value <= self.most:
                return value


def as_table(spread: Spread | None) -> dict[str, float | str | bool] | None:
    """The parts a case file states, for printing a case as data.

    Example:
        >>> as_table(Spread(2.0, 5.0, "mm", "not told"))
        {'low': 2.0, 'high': 5.0, 'unit': 'mm', 'why': 'not told', 'symptoms_in_view': False}
    """
    if spread is None:
        return None
    stated = ("low", "high", "unit", "why", "symptoms_in_view")
    return {name: getattr(spread, name) for name in stated}


def stream_of(name: str) -> int:
    """A fixed stream number for a quantity's name, e.g. ``cause.pressure_mmHg``.

    Example:
        >>> stream_of("cause.pressure_mmHg") == stream_of("cause.pressure_mmHg")
        True
    """
    import zlib

    return zlib.crc32(name.encode())
