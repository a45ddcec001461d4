"""A piece of axon in cells, and what moves between the cells and within one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tinel.course.cargo import Cargo
from tinel.errors import TinelError
from tinel.lesion.state import Floats


@dataclass(frozen=True)
class Stretch:
    """A piece of axon cut into cells of one length, in the direction in which the cargo runs.

    Args:
        length_mm: of the whole piece, above 0.
        open_fraction: what is left of the rate at which waiting cargo goes on, 0 or more,
            ``(n_cell,)``.
        bore: cross-section relative to elsewhere, above 0, ``(n_cell,)``; 1 everywhere where None.
        speed: motor's velocity relative to elsewhere, above 0, ``(n_cell,)``; 1 where None.

    Raises:
        TinelError: fewer than three cells, unlike lengths, or a value out of its range.

    Example:
        >>> Stretch(10.0, np.ones(20)).middle_mm[:2].tolist()
        [0.25, 0.75]
    """

    length_mm: float
    open_fraction: Floats
    bore: Floats | None = None
    speed: Floats | None = None

    def __post_init__(self) -> None:
        n = np.size(self.open_fraction)
        if n < 3 or self.length_mm <= 0:
            told = (
                f"{n} cells on {self.length_mm:g} mm are too few (allowed: 3 or more, above 0 mm)"
            )
            raise TinelError(told, "open_fraction")
        for name, least in (("open_fraction", -1e-300), ("bore", 0.0), ("speed", 0.0)):
            given = getattr(self, name)
            if given is not None and (np.shape(given) != (n,) or not np.all(given > least)):
                raise TinelError("does not hold one positive number for every cell", name)

    @property
    def cell_mm(self) -> float:
        """Length of a cell."""
        return self.length_mm / np.size(self.open_fraction)

    @property
    def middle_mm(self) -> Floats:
        """Middle of every cell, from the end where cargo enters."""
        number = np.arange(np.size(self.open_fraction), dtype=np.float64)
        return (number + 0.5) * self.cell_mm


@dataclass(frozen=True)
class Numbers:
    """A cargo's numbers in a stretch; ``motor``, ``on`` and ``bore`` for every cell."""

    motor: Floats
    on: Floats
    bore: Floats
    off: float
    loss: float
    diffusion: float

    @classmethod
    def of(cls, kind: Cargo, stretch: Stretch) -> Numbers:
        """Those of a cargo whose numbers are one for all twins.

        Raises:
            TinelError: they differ between twins.
        """
        given = (
            kind.motor_mm_per_day,
            kind.on_per_day,
            kind.off_per_day,
            kind.loss_per_day,
            kind.diffusion_mm2_per_day,
        )
        if any(np.size(number) > 1 for number in given):
            told = "the numbers of a cargo cannot differ between twins here"
            raise TinelError(told, kind.name, "give one number for all")
        motor, on, off, loss, diffusion = (float(np.ravel(number)[0]) for number in given)
        ones = np.ones(stretch.open_fraction.size)
        return cls(
            motor=motor * (ones if stretch.speed is None else stretch.speed),
            on=on * stretch.open_fraction,
            bore=ones if stretch.bore is None else stretch.bore,
            off=off,
            loss=loss,
            diffusion=diffusion,
        )

    def longest_step_d(self, cell_mm: float) -> float:
        """Longest step with which no cell gives away more than it holds."""
        narrow = float(self.bore.max() / self.bore.min())
        spreads = 4.0 * self.diffusion * narrow / cell_mm**2
        return 1.0 / max(2.0 * float(self.motor.max()) / cell_mm, spreads)


def motor_flux(moving: Floats, motor: Floats, enters_per_day: float) -> Floats:
    """Flux of moving cargo through every face, ``(n_cell + 1,)``.

    What runs in the cell before a face, and half of its slope where that makes no new peak (van
    Leer's limit): of second order where the cargo is smooth, and never below zero.

    Example:
        >>> motor_flux(np.array([1.0, 2.0, 3.0, 4.0]), np.full(4, 10.0), 5.0).tolist()
        [5.0, 10.0, 25.0, 35.0, 45.0]
    """
    runs = motor * moving
    step = np.diff(runs)
    both = step[:-1] * step[1:]
    slope = np.zeros_like(runs)
    slope[1:-1] = np.where(
        both > 0.0, 2.0 * both / np.where(both > 0.0, step[:-1] + step[1:], 1.0), 0.0
    )
    slope[-1] = np.clip(step[-1], -2.0 * runs[-1], 2.0 * runs[-1])
    return np.concatenate([[enters_per_day], runs + 0.5 * slope])


def moved(
    moving: Floats, waiting: Floats, numbers: Numbers, cell_mm: float, enters_per_day: float
) -> tuple[Floats, Floats, float]:
    """Rates of change by movement between cells, and the flux at the far end.

    What one cell gives to the next, the next receives. Waiting cargo diffuses down its
    concentration, which is its amount over the bore; it does not pass the two ends.
    """
    flux = motor_flux(moving, numbers.motor, enters_per_day)
    thick = waiting / numbers.bore
    face = 0.5 * (numbers.bore[:-1] + numbers.bore[1:]) * numbers.diffusion / cell_mm
    spread = np.concatenate([[0.0], face * (thick[:-1] - thick[1:]), [0.0]])
    return -np.diff(flux) / cell_mm, -np.diff(spread) / cell_mm, float(flux[-1])


def exchanged(numbers: Numbers, step_d: float) -> tuple[Floats, Floats, Floats, Floats]:
    """Shares of moving and waiting cargo that are moving and waiting a step later.

    The exact solution within a cell: moving to moving, waiting to moving, moving to waiting and
    waiting to waiting, each ``(n_cell,)``. What is missing was lost.

    Example:
        >>> calm = Numbers(np.ones(3), np.full(3, 2.0), np.ones(3), 1.0, 0.0, 0.0)
        >>> [float(part[0].round(2)) for part in exchanged(calm, 100.0)]
        [0.67, 0.67, 0.33, 0.33]
    """
    on, off, loss = numbers.on, numbers.off, numbers.loss
    half_sum = 0.5 * (off + on + loss)
    half_gap = 0.5 * (on + loss - off)
    root = np.sqrt(half_gap**2 + on * off)
    # off * loss, over the larger of the two decay rates, is the smaller one without cancellation
    quick = half_sum + root
    slow = off * loss / quick
    late, early = np.exp(-slow * step_d), np.exp(-quick * step_d)
    half, bend = 0.5 * (late + early), 0.5 * (late - early) / root
    return half + half_gap * bend, on * bend, off * bend, half - half_gap * bend
