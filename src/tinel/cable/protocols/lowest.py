"""Lowest amplitude that excites, whatever the largest asked and wherever upper block begins.

With the amplitude a stimulus first does nothing, then makes the potential cross the detection level
somewhere, then excites (a spike travels), and may block what it excites, and excite once more.
Exciting needs a crossing, and a crossing has a single foot: below it a fibre answers as a passive
one does, in proportion. So the search goes down from ``largest``, decade by decade, until
``SILENT`` decades in a row show no crossing at all; how far that is does not depend on ``largest``.
The lowest exciting amplitude lies between that foot and the lowest exciting rung. Where crossing
begins on a rung below, all rungs between are divided again: an exciting band may hide there, or
what crosses the level may not excite (no sodium, passive ends, an end effect).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tinel.errors import TinelError

Floats = NDArray[np.float64]
Ints = NDArray[np.int_]
Bools = NDArray[np.bool_]
Fires = Callable[[Ints, Floats], tuple[Bools, Bools, Ints]]

RUNGS, SILENT, DECADES = 8, 2, 12  # rungs per decade, decades without a crossing, most decades
DIVIDED = 8  # parts of a rung in which a narrow band is looked for
NOT_FINITE, TOO_LONG = 2, 4  # of what ``fires`` says

STATUS = {
    0: "ok",
    1: "no crossing up to the largest amplitude: raise it",
    2: "already so without the stimulus: it fires spontaneously",
    3: "not finite below the threshold: the step is too long for this fibre; halve dt_ms",
    4: "crosses the level and excites at no amplitude: no excitable membrane there, or blocked",
    5: "the step is too long for this amplitude: use default_step_ms",
}


@dataclass(frozen=True)
class Lowest:
    """Per problem ``(n,)``: the lowest exciting ``amplitude`` (nan for none), the lowest ladder
    amplitude ``crossing`` that crosses the level at all (nan for none), and ``status``."""

    amplitude: Floats
    crossing: Floats
    status: Ints


def lowest(
    fires: Fires, count: int, *, largest: float, tolerance: float = 2e-3, at_once: int = 128
) -> Lowest:
    """Lowest amplitude at which each of ``count`` problems excites.

    Args:
        fires: given problems and amplitudes, both ``(n_row,)``, says for each whether the level
            is crossed at any node, whether a spike travels, and the status of the run (2 not
            finite, 4 the step is too long, else fine). A spike travels where two nodes beyond
            the electrode's reach cross one after the other.
        largest: amplitude up to which to look, above 0.
        tolerance: half-width of the last bracket as a fraction of the threshold, 1e-6 to 0.1.
        at_once: rows that cost no more than one.

    Raises:
        TinelError: an argument outside its range.

    Example:
        >>> def fires(which, a):  # excites from 0.005, is blocked from 0.06 on
        ...     return a >= 0.004, (a >= 0.005) & (a < 0.06), np.zeros(len(a), int)
        >>> [float(lowest(fires, 1, largest=x).amplitude[0].round(4)) for x in (0.1, 100.0, 1e5)]
        [0.005, 0.005, 0.005]
    """
    if not 0 < largest < np.inf:
        raise TinelError(f"largest {largest:g} is out of range (allowed: finite, above 0)")
    if not 1e-6 <= tolerance <= 0.1:
        raise TinelError(f"tolerance {tolerance:g} is out of range (allowed: 1e-6 to 0.1)")

    def asked(which: Ints, grid: Floats) -> tuple[Bools, Bools, Ints]:
        crossed, excited, said = fires(np.repeat(which, grid.shape[1]), grid.ravel())
        excites = np.asarray(excited, bool).reshape(grid.shape)
        crosses = np.asarray(crossed, bool).reshape(grid.shape) | excites
        return crosses, excites, np.asarray(said, int).reshape(grid.shape)

    everyone = np.arange(count)
    amplitude, crossing = np.full(count, np.nan), np.full(count, np.nan)
    status = np.zeros(count, int)
    _, excited, said = asked(everyone, np.zeros((count, 1)))
    status[said[:, 0] == NOT_FINITE] = 3
    status[excited[:, 0]] = 2
    for k, rungs in _ladders(asked, np.flatnonzero(status == 0), largest):
        amplitude[k], crossing[k], status[k] = _sought(asked, k, *rungs, tolerance, at_once)
    return Lowest(amplitude, crossing, status)


Rungs = tuple[Floats, Bools, Bools, Ints]


def _ladders(
    asked: Callable[[Ints, Floats], tuple[Bools, Bools, Ints]], which: Ints, largest: float
) -> list[tuple[int, Rungs]]:
    # rungs of each problem, upwards: down from the largest until decades in a row are silent
    parts: dict[int, list[Rungs]] = {int(k): [] for k in which}
    silent = np.zeros(len(which), int)
    for decade in range(DECADES):
        left = which[silent < SILENT]
        if not len(left):
            break
        rungs = largest * 10.0 ** (-decade - np.arange(RUNGS, dtype=float)[::-1] / RUNGS)
        crossed, excited, said = asked(left, np.broadcast_to(rungs, (len(left), RUNGS)))
        for row, k in enumerate(left):
            parts[int(k)].insert(0, (rungs, crossed[row], excited[row], said[row]))
        # what is not finite may be anything: no silence
        quiet = ~np.any(crossed | (said == NOT_FINITE), axis=1)
        silent[silent < SILENT] = np.where(quiet, silent[silent < SILENT] + 1, 0)
    joined = []
    for k, rungs_of in parts.items():
        a, b, c, d = (np.concatenate(x) for x in zip(*rungs_of, strict=True))
        joined.append((k, (a, b, c, d)))
    return joined


def _sought(
    asked: Callable[[Ints, Floats], tuple[Bools, Bools, Ints]],
    k: int,
    grid: Floats,
    crossed: Bools,
    excited: Bools,
    said: Ints,
    tolerance: float,
    at_once: int,
) -> tuple[float, float, int]:
    # amplitude, crossing and status of one problem from its ladder
    foot = _first(crossed)
    crossing = float(grid[foot]) if foot < len(grid) else np.nan
    first = _first(excited)
    if foot == len(grid):
        return np.nan, crossing, 3 if np.any(said == NOT_FINITE) else 1
    if foot < first:  # crossing begins lower down: does a narrow band hide between?
        edges = np.concatenate([[0.0], grid])[
            max(foot, 0) : min(first, foot + RUNGS, len(grid)) + 1
        ]
        parts = np.linspace(0, 1, DIVIDED, endpoint=False)
        fine = (edges[:-1, None] + np.diff(edges)[:, None] * parts).ravel()[1:]
        fine = np.append(fine, edges[-1])
        _, again, said_of = asked(np.array([k]), fine[None])
        if again.any():
            at = _first(again[0])
            wrong = bool(np.any(said_of[0][:at] == NOT_FINITE))
            low = fine[at - 1] if at else edges[0]
            return _divided(asked, k, low, fine[at], tolerance, at_once, crossing, wrong)
    if first == len(grid):
        return np.nan, crossing, 3 if np.any(said == NOT_FINITE) else 4
    wrong = bool(np.any(said[:first] == NOT_FINITE))
    low = grid[first - 1] if first else 0.0
    return _divided(asked, k, low, grid[first], tolerance, at_once, crossing, wrong)


def _divided(
    asked: Callable[[Ints, Floats], tuple[Bools, Bools, Ints]],
    k: int,
    low: float,
    high: float,
    tolerance: float,
    at_once: int,
    crossing: float,
    wrong: bool,
) -> tuple[float, float, int]:
    too_long = False
    inner = max(1, min(15, at_once))
    while not wrong and high - low > 2 * tolerance * high:
        grid = low + (high - low) * np.arange(1, inner + 2) / (inner + 1)
        _, excited, said = asked(np.array([k]), grid[None, :-1])
        at = _first(excited[0])
        wrong = bool(np.any(said[0][:at] == NOT_FINITE))
        too_long = bool(np.any(said[0] == TOO_LONG))
        low, high = (grid[at - 1] if at else low), grid[at]
    if wrong:
        return np.nan, crossing, 3
    return float((low + high) / 2), min(crossing, float(high)), 5 if too_long else 0


def _first(yes: Bools) -> int:
    # index of the first yes, the length for none
    return int(np.argmax(yes)) if np.any(yes) else len(yes)
