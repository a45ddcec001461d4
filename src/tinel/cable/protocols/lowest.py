"""Lowest amplitude that excites, whatever the largest asked and wherever upper block begins.

The one search of all protocols; where something else than exciting is looked for (block), read that
for it.

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

from tinel.cable.solvers.status import Status
from tinel.errors import TinelError

Floats = NDArray[np.float64]
Ints = NDArray[np.int_]
Bools = NDArray[np.bool_]
Fires = Callable[[Ints, Floats], tuple[Bools, Bools, Ints]]

RUNGS, SILENT, DECADES = 8, 2, 12  # rungs per decade, decades without a crossing, most decades
DIVIDED = 8  # parts of a rung in which a narrow band is looked for


@dataclass(frozen=True)
class Lowest:
    """Per problem ``(n,)``: the lowest exciting ``amplitude`` (nan for none), the lowest ladder
    amplitude ``crossing`` that crosses the level at all (nan for none), and ``status`` (values of
    ``Status``)."""

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
    largest: Floats | float,
    tolerance: float = 2e-3,
    at_once: int = 128,
    quiet: Floats | None = None,
) -> Lowest:
    """Lowest amplitude at which each of ``count`` problems excites.

    Args:
        fires: given problems and amplitudes, both ``(n_row,)``, says for each whether the level
            is crossed at any node, whether a spike travels, and a ``Status``: not finite; no
            threshold, for a spike that stopped on the way; what to say if this is the threshold
            (too long a step, an end that fires first); else ok.
        largest: amplitude up to which to look, above 0; one number or ``(count,)``.
        tolerance: half-width of the last bracket as a fraction of the threshold, 1e-6 to 0.1.
        at_once: rows that cost no more than one.
        quiet: amplitudes from which to climb, that probably cross nothing, ``(count,)``, nan
            where none is known.

    Raises:
        TinelError: an argument outside its range.

    Example:
        >>> def fires(which, a):  # excites from 0.005, is blocked from 0.06 on
        ...     return a >= 0.004, (a >= 0.005) & (a < 0.06), np.zeros(len(a), int)
        >>> [float(lowest(fires, 1, largest=x).amplitude[0].round(4)) for x in (0.1, 100.0, 1e5)]
        [0.005, 0.005, 0.005]
    """
    top = np.broadcast_to(np.asarray(largest, float), count)
    if not np.all((top > 0) & np.isfinite(top)):
        raise TinelError(f"largest is {largest} (allowed: finite, above 0)")
    if not 1e-6 <= tolerance <= 0.1:
        raise TinelError(f"tolerance is {tolerance:g} (allowed: 1e-6 to 0.1)")
    everyone, already, status = np.arange(count), np.zeros(count, bool), np.full(count, -1)

    def asked(grids: dict[int, Floats]) -> dict[int, tuple[Bools, Bools, Ints]]:
        # every problem's own amplitudes in one run, the first of which also goes without stimulus;
        # where something else crosses, exciting counts
        which = np.repeat(list(grids), [len(g) for g in grids.values()]).astype(int)
        amplitude = np.concatenate([np.zeros(0), *grids.values()])
        still = count if np.any(status < 0) else 0
        which, amplitude = np.append(everyone[:still], which), np.append(np.zeros(still), amplitude)
        told = fires(which, amplitude)
        crossed, excited = np.asarray(told[0], bool), np.asarray(told[1], bool)
        said = np.asarray(told[2], int)
        if still:
            already[:] = crossed[:still] & ~excited[:still]
            spontaneous = np.where(excited[:still], Status.ALREADY, Status.OK)
            failed = said[:still] == Status.NOT_FINITE
            status[:] = np.where(failed, Status.NOT_FINITE, spontaneous)
        crossed = np.where(already[which], excited, crossed | excited)
        ends = np.cumsum([still, *(len(g) for g in grids.values())])[:-1]
        each = zip(*(np.split(a, ends)[1:] for a in (crossed, excited, said)), strict=True)
        return {k: (c, e.astype(bool), s) for k, (c, e, s) in zip(grids, each, strict=True)}

    low = np.full(count, np.nan) if quiet is None else np.array(quiet, float)
    silent = np.where(np.isnan(low), 1.0, 0.0)  # what is given is no more than a place to begin
    if count and np.all(low >= top):
        asked({})
    _go_down(asked, status, low, top)
    ladders = _climb(asked, status, low, top, at_once)
    ladders = {k: rungs for k, rungs in ladders.items() if status[k] == Status.OK}
    for k, rungs in ladders.items():
        rungs.low *= float(silent[k])
    ladders |= _divided_again(asked, ladders)
    amplitude, crossing = np.full((2, count), np.nan)
    brackets: dict[int, tuple[float, float]] = {}
    for k, rungs in ladders.items():
        first, foot, size = rungs.first, rungs.foot, len(rungs.grid)
        crossing[k] = rungs.grid[foot] if foot < size else np.nan
        if np.any(rungs.said[:first] == Status.NOT_FINITE):
            status[k] = Status.NOT_FINITE
        elif first == size:
            stopped = np.any(rungs.said == Status.NO_THRESHOLD)
            status[k] = Status.NO_THRESHOLD if foot == size or stopped else Status.CROSSES
        else:
            status[k] = rungs.said[first]
            brackets[k] = (rungs.grid[first - 1] if first else rungs.low), rungs.grid[first]
    _narrow(asked, brackets, status, tolerance, at_once)
    for k, (below, above) in brackets.items():
        if status[k] != Status.NOT_FINITE:
            amplitude[k], crossing[k] = (below + above) / 2, min(crossing[k], above)
    return Lowest(amplitude, crossing, status)


Asked = Callable[[dict[int, Floats]], dict[int, tuple[Bools, Bools, Ints]]]


def _go_down(asked: Asked, status: Ints, low: Floats, top: Floats) -> None:
    # writes into ``low`` amplitudes below which nothing crosses; ``status`` is -1 until known
    silent = np.zeros(len(low), int)
    for decade in range(DECADES):
        unknown = np.flatnonzero(np.isnan(low) & (status <= Status.OK)).tolist()
        if not unknown:
            return
        amplitude = top * 10.0**-decade
        found = asked({k: amplitude[k : k + 1] for k in unknown})
        for k, (crossed, _, said) in found.items():
            loud = crossed[0] or said[0] == Status.NOT_FINITE  # what is not finite may be anything
            silent[k] = 0 if loud else silent[k] + 1
            if silent[k] == SILENT:
                low[k] = amplitude[k] * 10.0 ** (SILENT - 1)
    low[:] = np.where(np.isnan(low), top * 10.0**-DECADES, low)


def _climb(asked: Asked, status: Ints, low: Floats, top: Floats, at_once: int) -> dict[int, _Rungs]:
    ladders: dict[int, _Rungs] = {}
    for k in range(len(low)):
        none = np.zeros(0)
        ladders[k] = _Rungs(float(low[k]), none, none > 0, none > 0, none.astype(int))
    going = [k for k in ladders if low[k] < top[k] and status[k] <= Status.OK]
    for k in set(ladders) - set(going):  # nothing crosses at the largest
        ladders[k].low = 0.0
        ladders[k] = _Rungs(0.0, *_quiet_rung(float(top[k])))
    while going:
        more = max(RUNGS, min(8 * RUNGS, at_once // len(going)))
        grids = {}
        for k in going:
            done = len(ladders[k].grid)
            rungs = low[k] * 10.0 ** (np.arange(done + 1, done + more + 1) / RUNGS)
            below = rungs[rungs < top[k] * (1 - 1e-9)]
            grids[k] = below if len(below) == more else np.append(below, top[k])
        for k, answer in asked(grids).items():
            one = ladders[k]
            grown = (one.grid, one.crossed, one.excited, one.said)
            pairs = zip(grown, (grids[k], *answer), strict=True)
            ladders[k] = _Rungs(one.low, *(np.concatenate(p) for p in pairs))
        going = [
            k for k in going
            if not ladders[k].excited.any()
            and ladders[k].grid[-1] < top[k]
            and status[k] <= Status.OK
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
            said = np.where(np.any(before == Status.NOT_FINITE), Status.NOT_FINITE, said)
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
            if status[k] != Status.NOT_FINITE and high - low > 2 * tolerance * high
        ]  # fmt: skip

    while left := wide():
        inner = max(1, min(15, at_once // len(left)))
        steps = np.arange(1, inner + 1) / (inner + 1)
        grids = {k: brackets[k][0] + (brackets[k][1] - brackets[k][0]) * steps for k in left}
        for k, (_, excited, said) in asked(grids).items():
            at, (low, high) = _first(excited), brackets[k]
            if np.any(said[:at] == Status.NOT_FINITE):
                status[k] = Status.NOT_FINITE
                continue
            if at < inner:
                status[k] = said[at]
            brackets[k] = (
                float(grids[k][at - 1]) if at else low,
                float(grids[k][at]) if at < inner else high,
            )


def _first(yes: Bools) -> int:
    # index of the first yes, the length for none
    return int(np.argmax(yes)) if np.any(yes) else len(yes)
