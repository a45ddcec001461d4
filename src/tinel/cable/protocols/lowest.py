"""Lowest amplitude that excites, whatever the largest asked and wherever upper block begins.

With the amplitude a stimulus first does nothing, then makes the potential cross the detection level
somewhere, then excites (a spike travels), and may block what it excites, and excite once more.
Exciting needs a crossing, and a crossing has a single foot: below it a fibre answers as a passive
one does, in proportion. So the search goes down from ``largest``, decade by decade, until
``SILENT`` decades in a row show no crossing, and from there climbs in small rungs until it excites;
how far that is does not depend on ``largest``. Where crossing begins on a rung below the first that
excites, all rungs between are divided again: an exciting band may hide there, or what crosses the
level may not excite (no sodium, passive ends).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tinel.cable.protocols.search import CROSSES, TOO_LONG
from tinel.cable.solvers.response import TOO_LONG as TOO_LONG_RUN
from tinel.errors import TinelError

Floats = NDArray[np.float64]
Ints = NDArray[np.int_]
Bools = NDArray[np.bool_]
Fires = Callable[[Ints, Floats], tuple[Bools, Bools, Ints]]

RUNGS, SILENT, DECADES = 8, 2, 12  # rungs per decade, decades without a crossing, most decades
DIVIDED = 8  # parts of a rung in which a narrow band is looked for
NOT_FINITE, STOPPED = 2, 6  # of what ``fires`` says


@dataclass(frozen=True)
class Lowest:
    """Per problem ``(n,)``: the lowest exciting ``amplitude`` (nan for none), the lowest ladder
    amplitude ``crossing`` that crosses the level at all (nan for none), and ``status`` (keys of
    ``search.STATUS``)."""

    amplitude: Floats
    crossing: Floats
    status: Ints


@dataclass
class _Rungs:
    # one problem's amplitudes so far, upwards from ``low``, and what they did
    low: float
    grid: Floats
    crossed: Bools
    excited: Bools
    said: Ints

    @property
    def first(self) -> int:
        return _first(self.excited)

    @property
    def foot(self) -> int:
        return _first(self.crossed)


def lowest(
    fires: Fires,
    count: int,
    *,
    largest: float,
    tolerance: float = 2e-3,
    at_once: int = 128,
    quiet: Floats | None = None,
) -> Lowest:
    """Lowest amplitude at which each of ``count`` problems excites.

    Args:
        fires: given problems and amplitudes, both ``(n_row,)``, says for each whether the level
            is crossed at any node, whether a spike travels, and the status of the run (2 not
            finite, 5 the step is too long, 6 excited but stopped on the way, else fine).
        largest: amplitude up to which to look, above 0.
        tolerance: half-width of the last bracket as a fraction of the threshold, 1e-6 to 0.1.
        at_once: rows that cost no more than one.
        quiet: amplitudes known to cross nothing, ``(count,)``, nan where none is known.

    Raises:
        TinelError: an argument outside its range.

    Example:
        >>> def fires(which, a):  # excites from 0.005, is blocked from 0.06 on
        ...     return a >= 0.004, (a >= 0.005) & (a < 0.06), np.zeros(len(a), int)
        >>> [float(lowest(fires, 1, largest=x).amplitude[0].round(4)) for x in (0.1, 100.0, 1e5)]
        [0.005, 0.005, 0.005]
    """
    if not 0 < largest < np.inf:
        raise TinelError(f"largest is {largest:g} (allowed: finite, above 0)")
    if not 1e-6 <= tolerance <= 0.1:
        raise TinelError(f"tolerance is {tolerance:g} (allowed: 1e-6 to 0.1)")
    everyone = np.arange(count)
    crossed, excited, said = fires(everyone, np.zeros(count))
    already = np.asarray(crossed, bool) & ~np.asarray(excited, bool)

    def asked(grids: dict[int, Floats]) -> dict[int, tuple[Bools, Bools, Ints]]:
        # every problem's own amplitudes in one run; where something else crosses, exciting counts
        which = np.repeat(list(grids), [len(g) for g in grids.values()])
        crossed, excited, said = fires(which, np.concatenate(list(grids.values())))
        crossed = np.where(already[which], excited, np.asarray(crossed, bool) | excited)
        ends = np.cumsum([len(g) for g in grids.values()])[:-1]
        each = zip(*(np.split(np.asarray(a), ends) for a in (crossed, excited, said)), strict=True)
        return {k: (c, np.asarray(e, bool), s) for k, (c, e, s) in zip(grids, each, strict=True)}

    status = np.where(excited, 2, np.where(np.asarray(said) == NOT_FINITE, 3, 0))
    left = np.flatnonzero(status == 0)
    low = np.full(count, np.nan) if quiet is None else np.array(quiet, float)
    _go_down(asked, left, low, largest)
    ladders = _climb(asked, left, low, largest, at_once)
    ladders |= _divided_again(asked, ladders)
    amplitude, crossing = np.full((2, count), np.nan)
    brackets: dict[int, tuple[float, float]] = {}
    for k, rungs in ladders.items():
        first, foot, size = rungs.first, rungs.foot, len(rungs.grid)
        crossing[k] = rungs.grid[foot] if foot < size else np.nan
        if np.any(rungs.said[:first] == NOT_FINITE):
            status[k] = 3
        elif first == size:
            stopped = np.any(rungs.said == STOPPED)
            status[k] = 1 if foot == size or stopped else CROSSES
        else:
            brackets[k] = (rungs.grid[first - 1] if first else rungs.low), rungs.grid[first]
    _narrow(asked, brackets, status, tolerance, at_once)
    for k, (below, above) in brackets.items():
        if status[k] != 3:
            amplitude[k], crossing[k] = (below + above) / 2, min(crossing[k], above)
    return Lowest(amplitude, crossing, status)


Asked = Callable[[dict[int, Floats]], dict[int, tuple[Bools, Bools, Ints]]]


def _go_down(asked: Asked, left: Ints, low: Floats, largest: float) -> None:
    # writes into ``low`` amplitudes below which nothing crosses
    silent = np.zeros(len(low), int)
    for decade in range(DECADES):
        unknown = [int(k) for k in left if np.isnan(low[k])]
        if not unknown:
            return
        amplitude = largest * 10.0**-decade
        found = asked({k: np.array([amplitude]) for k in unknown})
        for k, (crossed, _, said) in found.items():
            loud = crossed[0] or said[0] == NOT_FINITE  # what is not finite may be anything
            silent[k] = 0 if loud else silent[k] + 1
            if silent[k] == SILENT:
                low[k] = amplitude * 10.0 ** (SILENT - 1)
    low[np.isnan(low)] = largest * 10.0**-DECADES


def _climb(
    asked: Asked, left: Ints, low: Floats, largest: float, at_once: int
) -> dict[int, _Rungs]:
    ladders: dict[int, _Rungs] = {}
    for k in left.tolist():
        none = np.zeros(0)
        ladders[k] = _Rungs(float(low[k]), none, none > 0, none > 0, none.astype(int))
    going = [k for k in ladders if low[k] < largest]
    for k in set(ladders) - set(going):  # nothing crosses at the largest
        ladders[k].low = 0.0
        ladders[k] = _Rungs(0.0, *_quiet_rung(largest))
    while going:
        more = max(RUNGS, min(8 * RUNGS, at_once // len(going)))
        grids = {}
        for k in going:
            done = len(ladders[k].grid)
            rungs = low[k] * 10.0 ** (np.arange(done + 1, done + more + 1) / RUNGS)
            below = rungs[rungs < largest * (1 - 1e-9)]
            grids[k] = below if len(below) == more else np.append(below, largest)
        for k, answer in asked(grids).items():
            one = ladders[k]
            grown = (one.grid, one.crossed, one.excited, one.said)
            pairs = zip(grown, (grids[k], *answer), strict=True)
            ladders[k] = _Rungs(one.low, *(np.concatenate(p) for p in pairs))
        going = [
            k for k in going
            if not ladders[k].excited.any() and ladders[k].grid[-1] < largest
        ]  # fmt: skip
    return ladders


def _quiet_rung(largest: float) -> tuple[Floats, Bools, Bools, Ints]:
    no = np.zeros(1, bool)
    return np.array([largest]), no, no, np.zeros(1, int)


def _divided_again(asked: Asked, ladders: dict[int, _Rungs]) -> dict[int, _Rungs]:
    # where crossing begins below the first exciting rung: does a narrow band hide between?
    grids: dict[int, Floats] = {}
    for k, rungs in ladders.items():
        foot, last = rungs.foot, min(rungs.first, rungs.foot + RUNGS, len(rungs.grid))
        if foot >= min(rungs.first, len(rungs.grid)):
            continue
        edges = np.concatenate([[rungs.low], rungs.grid])[foot : last + 1]
        parts = np.arange(DIVIDED) / DIVIDED
        fine = (edges[:-1, None] + np.diff(edges)[:, None] * parts).ravel()[1:]
        grids[k] = np.append(fine, edges[-1])
    found: dict[int, _Rungs] = {}
    for k, (crossed, excited, said) in (asked(grids) if grids else {}).items():
        one = ladders[k]
        if excited.any():
            low = one.grid[one.foot - 1] if one.foot else one.low
            before = one.said[: one.foot]
            said = np.where(np.any(before == NOT_FINITE), NOT_FINITE, said)
            found[k] = _Rungs(float(low), grids[k], crossed, excited, said)
    return found


def _narrow(
    asked: Asked,
    brackets: dict[int, tuple[float, float]],
    status: Ints,
    tolerance: float,
    at_once: int,
) -> None:
    # narrows all brackets together, in place; writes what went wrong into ``status``
    def wide() -> list[int]:
        return [
            k for k, (low, high) in brackets.items()
            if status[k] != 3 and high - low > 2 * tolerance * high
        ]  # fmt: skip

    while left := wide():
        inner = max(1, min(15, at_once // len(left)))
        steps = np.arange(1, inner + 1) / (inner + 1)
        grids = {k: brackets[k][0] + (brackets[k][1] - brackets[k][0]) * steps for k in left}
        for k, (_, excited, said) in asked(grids).items():
            at, (low, high) = _first(excited), brackets[k]
            if np.any(said[:at] == NOT_FINITE):
                status[k] = 3
                continue
            status[k] = TOO_LONG if np.any(said == TOO_LONG_RUN) else 0
            brackets[k] = (
                float(grids[k][at - 1]) if at else low,
                float(grids[k][at]) if at < inner else high,
            )


def _first(yes: Bools) -> int:
    # index of the first yes, the length for none
    return int(np.argmax(yes)) if np.any(yes) else len(yes)
