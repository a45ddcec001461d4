"""Transport along an axon with a pressed stretch: what piles up before it, what arrives beyond.

Waiting cargo ``f`` and moving cargo ``m`` per mm of axon (Smith & Simmons 2001):

    df/dt = d/dx (D A d/dx (f / A)) - on open f + off m - loss f
    dm/dt = -d/dx (v m) + on open f - off m

``A`` is the bore relative to elsewhere, ``v`` the motor's velocity, ``open`` what a pressure leaves
of the rate at which waiting cargo goes on. Finite volumes conserve every cargo and keep it above
zero; cells exchange half a step, move a step (second order in space and time, with limited slopes),
and exchange half a step again. Where stops are many within a cell, what remains of the order is the
first, and a front is spread over some cells.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from tinel.course.cargo import Cargo, cargo, on_rate_left
from tinel.course.stretch import Numbers, Stretch, exchanged, moved
from tinel.errors import TinelError
from tinel.evidence import Parameters
from tinel.lesion.state import Floats


@dataclass(frozen=True)
class Carried:
    """Cargo along a stretch on some days, per unit of what enters in a day.

    Shapes: ``days`` ``(n_day,)``; ``moving`` and ``waiting`` ``(n_day, n_cell)``, per mm;
    ``leaves_per_day``, ``left`` and ``lost`` ``(n_day,)``: flux at the far end on that day, and
    what has left and been lost since the start.
    """

    stretch: Stretch
    days: Floats
    moving: Floats
    waiting: Floats
    leaves_per_day: Floats
    left: Floats
    lost: Floats

    @property
    def held(self) -> Floats:
        """Cargo in the whole stretch, ``(n_day,)``."""
        found: Floats = (self.moving + self.waiting).sum(axis=1) * self.stretch.cell_mm
        return found


def carry(
    kind: Cargo,
    stretch: Stretch,
    days: ArrayLike,
    *,
    start: tuple[Floats, Floats] | None = None,
    enters_per_day: float = 1.0,
    finer: int = 1,
) -> Carried:
    """Follow a cargo along a stretch.

    Args:
        kind: the cargo; its numbers must be one for all twins.
        stretch: where it runs.
        days: rising, 0 or more, ``(n_day,)``.
        start: moving and waiting cargo on day 0, each ``(n_cell,)``; empty where None.
        enters_per_day: 0 or more; it enters on motors.
        finer: steps for each of the longest that are allowed, 1 or more.

    Raises:
        TinelError: days that fall, or a cargo whose numbers differ between twins.

    Example:
        >>> fast = cargo("fast", Parameters.of_evidence())
        >>> through = carry(fast, Stretch(30.0, np.ones(60)), [0.0, 1.0])
        >>> round(float(through.leaves_per_day[1]), 2)
        0.98
    """
    times = np.atleast_1d(np.asarray(days, np.float64))
    if (np.diff(times, prepend=0.0) < 0).any():
        raise TinelError("days fall or begin before 0", "days", "give rising days")
    numbers = Numbers.of(kind, stretch)
    longest = numbers.longest_step_d(stretch.cell_mm) / finer
    n = stretch.open_fraction.size
    moving, waiting = (np.zeros(n), np.zeros(n)) if start is None else start
    found, now = _Content(moving, waiting, 0.0, 0.0), 0.0
    every = []
    for day in times:
        steps = int(np.ceil((day - now) / longest - 1e-9))
        if steps:
            step_d = (day - now) / steps
            found = _steps(found, numbers, stretch.cell_mm, enters_per_day, step_d, steps)
        now = float(day)
        flux = moved(found.moving, found.waiting, numbers, stretch.cell_mm, enters_per_day)[2]
        every.append((found, flux))
    return Carried(
        stretch=stretch,
        days=times,
        moving=np.array([c.moving for c, _ in every]),
        waiting=np.array([c.waiting for c, _ in every]),
        leaves_per_day=np.array([flux for _, flux in every]),
        left=np.array([c.left for c, _ in every]),
        lost=np.array([c.lost for c, _ in every]),
    )


@dataclass(frozen=True)
class _Content:
    moving: Floats
    waiting: Floats
    left: float
    lost: float


def _steps(
    start: _Content,
    numbers: Numbers,
    cell_mm: float,
    enters_per_day: float,
    step_d: float,
    steps: int,
) -> _Content:
    half, whole = exchanged(numbers, 0.5 * step_d), exchanged(numbers, step_d)
    m, f, left, lost = start.moving, start.waiting, start.left, start.lost
    for step in range(steps + 1):
        # two halves in a row are one whole
        mm, fm, mf, ff = whole if 0 < step < steps else half
        before = m.sum() + f.sum()
        m, f = mm * m + fm * f, mf * m + ff * f
        lost += (before - m.sum() - f.sum()) * cell_mm
        if step == steps:
            break
        dm, df, out = moved(m, f, numbers, cell_mm, enters_per_day)
        m1, f1 = m + step_d * dm, f + step_d * df
        dm1, df1, out1 = moved(m1, f1, numbers, cell_mm, enters_per_day)
        m, f = 0.5 * (m + m1 + step_d * dm1), 0.5 * (f + f1 + step_d * df1)
        left += 0.5 * step_d * (out + out1)
    return _Content(m, f, left, lost)


def at_rest(kind: Cargo, stretch: Stretch, enters_per_day: float = 1.0) -> tuple[Floats, Floats]:
    """Moving and waiting cargo when nothing changes any more, each ``(n_cell,)``.

    The exact steady state of cargo that does not diffuse; in an axon it hardly does.

    Raises:
        TinelError: a cargo whose numbers differ between twins.

    Example:
        >>> fast = cargo("fast", Parameters.of_evidence())
        >>> moving, waiting = at_rest(fast, Stretch(30.0, np.ones(60)))
        >>> round(float(moving[0] / (moving[0] + waiting[0])), 2)
        0.75
    """
    numbers = Numbers.of(kind, stretch)
    waits = numbers.off / (numbers.on + numbers.loss)
    fades = numbers.loss * waits / numbers.motor * stretch.cell_mm
    before = np.concatenate([[0.0], np.cumsum(fades)[:-1]])
    # mean over a cell of a flux that falls exponentially
    flux = enters_per_day * np.exp(-before) * -np.expm1(-fades) / np.maximum(fades, 1e-300)
    flux = np.where(fades > 0.0, flux, enters_per_day * np.exp(-before))
    moving = flux / numbers.motor
    return moving, waits * moving


def passes(kind: Cargo, open_fraction: ArrayLike, length_mm: ArrayLike) -> Floats:
    """Share of the flux of an axon without pressure that leaves a pressed stretch in the end.

    Waiting cargo leaves the stream at its rate, so that the longer it waits, the less goes on:

        exp(-length / v (loss off / (open on + loss) - loss off / (on + loss))) .

    Args:
        kind: the cargo.
        open_fraction: as in ``Stretch``; broadcasts with ``length_mm``.
        length_mm: of the pressed stretch, 0 or more.

    Source:
        The steady state of the equations above without diffusion.

    Example:
        >>> fast = cargo("fast", Parameters.of_evidence())
        >>> passes(fast, [1.0, 0.1, 0.0], 10.0).round(2).tolist()
        [1.0, 0.93, 0.0]
    """
    open_left = np.asarray(open_fraction, np.float64)
    on, off, loss = kind.on_per_day, kind.off_per_day, kind.loss_per_day
    per_mm = loss * off / kind.motor_mm_per_day
    more = per_mm / (open_left * on + loss) - per_mm / (on + loss)
    found: Floats = np.exp(-np.asarray(length_mm, np.float64) * more)
    return found


def delivered_fraction(
    pressure_mmHg: ArrayLike,
    parameters: Parameters,
    *,
    hours: float = np.inf,
    length_mm: ArrayLike | None = None,
    name: str = "fast",
) -> Floats:
    """Flux beyond a pressed stretch over that of an axon without pressure, same shape as given.

    Args:
        pressure_mmHg: on the axon, 0 or more; the highest along the stretch counts.
        parameters: the numbers in use.
        hours: for which it has pressed; for good where left out.
        length_mm: of the stretch, above 0; ``transport.block.length`` where None.
        name: one of ``fast``, ``slow`` and ``retrograde``.

    Raises:
        TinelError: hours below 0, or no such cargo.

    Example:
        >>> delivered_fraction([20.0, 30.0, 60.0, 90.0, 200.0], Parameters.of_evidence()).round(2)
        array([1.  , 0.97, 0.59, 0.2 , 0.  ])
    """
    if not hours >= 0.0:
        raise TinelError(f"{hours:g} h is out of range (allowed: 0 or more)", "hours")
    kind = cargo(name, parameters)
    open_left = on_rate_left(pressure_mmHg, parameters)
    length = parameters["transport.block.length"] if length_mm is None else length_mm
    if np.isinf(hours):
        return passes(kind, open_left, length)
    rows = [_leaves(kind, o, float(np.ravel(length)[0]), hours) for o in np.unique(open_left)]
    found: Floats = np.interp(open_left, np.unique(open_left), rows)
    return found


def _leaves(
    kind: Cargo, open_fraction: float, length_mm: float, hours: float, n: int = 80
) -> float:
    free = at_rest(kind, Stretch(length_mm, np.ones(n)))
    pressed = Stretch(length_mm, np.full(n, open_fraction))
    day = hours / 24.0
    before = carry(kind, Stretch(length_mm, np.ones(n)), [0.0], start=free).leaves_per_day[0]
    return float(carry(kind, pressed, [day], start=free).leaves_per_day[0] / before)
