"""Lowest amplitudes of whole batches: every round tries several amplitudes of every fibre at once.

A search starts with no stimulus (a fibre that fires then has no threshold), climbs a geometric
ladder to the lowest amplitude that fires, and divides that bracket until it is narrow. Lowest, not
any: strong stimuli may block again what weaker ones excite.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tinel.errors import TinelError

Floats = NDArray[np.float64]
Ints = NDArray[np.int_]

REFUSED, CROSSES, TOO_LONG = 4, 5, 6
STATUS = {
    0: "ok",
    1: "no threshold up to the largest amplitude: raise it, or the fibre is blocked",
    2: "already so without the stimulus: it fires spontaneously (or is blocked, for a block)",
    3: "not finite: the step is too long for this fibre or amplitude; halve dt_ms",
    REFUSED: "refused",
    CROSSES: "crosses the level and excites at no amplitude: the stimulus polarises it, but no "
    "spike travels (no sodium channels, passive ends, or block)",
    TOO_LONG: "the step is too long for this amplitude: leave dt_ms out, or give a shorter one",
}


@dataclass(frozen=True)
class Threshold:
    """Lowest amplitudes.

    Args:
        amplitude: ``(n_fibre,)``, nan where there is none.
        status: keys of ``STATUS``, ``(n_fibre,)``.
        reasons: why fibres were refused, by row.

    Example:
        >>> Threshold(np.array([0.8, np.nan]), np.array([0, 2])).status_text[0]
        'ok'
    """

    amplitude: Floats
    status: Ints
    reasons: Mapping[int, str] = field(default_factory=dict)

    @property
    def status_text(self) -> tuple[str, ...]:
        """What became of each fibre, and what to do about it."""
        return texts(self.status, self.reasons)


def texts(status: Ints, reasons: Mapping[int, str]) -> tuple[str, ...]:
    """Words for each fibre's status, its worst where it has several.

    Example:
        >>> texts(np.array([0, 4]), {1: "too thick"})
        ('ok', 'refused: too thick')
    """
    worst = status.reshape(len(status), -1).max(axis=1).tolist()
    why = (f": {reasons[k]}" if k in reasons else "" for k in range(len(worst)))
    return tuple(STATUS[s] + more for s, more in zip(worst, why, strict=True))


def whole(part: NDArray[Any], good: Ints, count: int) -> NDArray[Any]:
    """Values of good rows among all, nan (status: refused) for the others.

    Example:
        >>> whole(np.array([2.0]), np.array([1]), 2)
        array([nan,  2.])
    """
    if len(good) == count:
        return part
    blank = REFUSED if part.dtype.kind in "iu" else np.nan
    out = np.full((count, *part.shape[1:]), blank, part.dtype)
    out[good] = part
    return out


def search(
    answers: Callable[[Ints, Floats], Ints],
    count: int,
    *,
    largest: Floats | float,
    smallest: Floats | float | None = None,
    steps: int = 16,
    tolerance: float = 2e-3,
    at_once: int = 128,
) -> Threshold:
    """Lowest amplitude at which each of ``count`` problems answers yes.

    Args:
        answers: given problems and amplitudes, both ``(n_row,)``: 1 yes, 0 no, -1 not finite.
        largest: amplitude up to which to look, above 0; one number or ``(count,)``.
        smallest: the ladder's lowest step, by default ``largest`` / 4,000; a threshold below it is
            still found.
        steps: of the ladder, 2 or more; an interval of firing narrower than a step may be missed.
        tolerance: half-width of the last bracket as a fraction of the threshold, 1e-6 to 0.1.
        at_once: rows that cost no more than one; more amplitudes per round where fibres are few.

    Raises:
        TinelError: an argument outside its range.

    Example:
        >>> wanted = np.array([0.3, 7.0, 50.0])
        >>> t = search(lambda k, a: (a >= wanted[k]).astype(int), 3, largest=10.0)
        >>> t.amplitude.round(1), t.status
        (array([0.3, 7. , nan]), array([0, 0, 1]))
    """
    top = np.broadcast_to(np.asarray(largest, float), count)
    foot = top / 4000 if smallest is None else np.broadcast_to(np.asarray(smallest, float), count)
    if not (np.all(foot > 0) and np.all(top > foot) and np.all(np.isfinite(top))):
        raise TinelError("largest or smallest is out of range (allowed: 0 < smallest < largest)")
    if steps < 2:
        raise TinelError(f"steps is {steps} (allowed: 2 or more)")
    if not 1e-6 <= tolerance <= 0.1:
        raise TinelError(f"tolerance is {tolerance:g} (allowed: 1e-6 to 0.1)")

    def first_yes(which: Ints, grid: Floats) -> tuple[Ints, NDArray[np.bool_]]:
        # index of the first yes in each row (its length for none), and rows that went wrong
        said = answers(np.repeat(which, grid.shape[1]), grid.ravel()).reshape(grid.shape)
        yes = said == 1
        first = np.where(yes.any(axis=1), yes.argmax(axis=1), grid.shape[1])
        # what happens at amplitudes above the answer does not matter
        return first, np.any((said < 0) & (np.arange(grid.shape[1]) < first[:, None]), axis=1)

    everyone, status = np.arange(count), np.zeros(count, int)
    ladder = np.concatenate([np.zeros((count, 1)), np.geomspace(foot, top, steps).T], axis=1)
    first, wrong = first_yes(everyone, ladder)
    status[first > steps], status[first == 0], status[wrong] = 1, 2, 3
    low = ladder[everyone, np.clip(first - 1, 0, steps)]
    high = ladder[everyone, np.minimum(first, steps)]
    while len(left := np.flatnonzero((status == 0) & (high - low > 2 * tolerance * high))):
        inner = max(1, min(31, at_once // len(left)))
        width = (high - low)[left, None]
        grid = low[left, None] + width * np.arange(inner + 2) / (inner + 1)
        first, wrong = first_yes(left, grid[:, 1:-1])
        status[left[wrong]] = 3
        row = np.arange(len(left))
        low[left], high[left] = grid[row, first], grid[row, first + 1]
    return Threshold(np.where(status == 0, (low + high) / 2, np.nan), status)
