"""What an axon carries, and how far pressure lets it go on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from tinel.errors import TinelError, suggest
from tinel.evidence import Parameters
from tinel.lesion.state import Floats

CARGOS = ("fast", "slow", "retrograde")


@dataclass(frozen=True)
class Cargo:
    """One kind of cargo, which moves, stops, waits and goes on.

    Each number is one for all, or a column ``(n_twin, 1)`` where twins differ.

    Args:
        name: one of ``CARGOS``; ``retrograde`` runs to the cell body, the others away from it.
        velocity_mm_per_day: of the stream as a whole, stops included.
        moving_fraction: fraction of the cargo that moves at any moment, above 0 and below 1.
        run_mm: mean way between two stops.
        diffusion_mm2_per_day: of waiting cargo.
        loss_per_day: rate at which waiting cargo leaves the stream.
    """

    name: str
    velocity_mm_per_day: float | Floats
    moving_fraction: float | Floats
    run_mm: float | Floats
    diffusion_mm2_per_day: float | Floats
    loss_per_day: float | Floats

    @property
    def motor_mm_per_day(self) -> float | Floats:
        """Velocity while moving."""
        return self.velocity_mm_per_day / self.moving_fraction

    @property
    def off_per_day(self) -> float | Floats:
        """Rate at which moving cargo stops."""
        return self.motor_mm_per_day / self.run_mm

    @property
    def on_per_day(self) -> float | Floats:
        """Rate at which waiting cargo goes on, in an axon that nothing presses."""
        return self.off_per_day * self.moving_fraction / (1.0 - self.moving_fraction)


def cargo(name: str, parameters: Parameters) -> Cargo:
    """A kind of cargo with the numbers in use.

    Raises:
        TinelError: no cargo has that name.

    Example:
        >>> cargo("fast", Parameters.of_evidence()).motor_mm_per_day
        400.0
    """
    if name not in CARGOS:
        raise TinelError(f"no cargo is called '{name}'", advice=suggest(name, list(CARGOS)))
    return Cargo(
        name,
        velocity_mm_per_day=parameters[f"transport.{name}.velocity"],
        moving_fraction=parameters[f"transport.{name}.moving_fraction"],
        run_mm=parameters["transport.run"],
        diffusion_mm2_per_day=parameters["transport.diffusion"],
        loss_per_day=parameters[f"transport.{name}.loss"],
    )


def on_rate_left(pressure_mmHg: ArrayLike, parameters: Parameters) -> Floats:
    """Fraction of the rate at which waiting cargo goes on that a pressure leaves, same shape.

    All of it up to a threshold, less above; the bore of the axon plays no part.

    Args:
        pressure_mmHg: on the axon, 0 or more.
        parameters: the numbers in use.

    Source:
        Rabbit vagus nerve: ``transport.block.threshold``; the shape above it is an assumption.

    Example:
        >>> on_rate_left([0.0, 20.0, 25.0, 60.0], Parameters.of_evidence()).round(3).tolist()
        [1.0, 1.0, 0.5, 0.015]
    """
    pressure = np.asarray(pressure_mmHg, np.float64)
    over = np.maximum(pressure - parameters["transport.block.threshold"], 0.0)
    times = (over / parameters["transport.block.half"]) ** parameters["transport.block.steepness"]
    left: Floats = 1.0 / (1.0 + times)
    return left


def outlasts(pressure_mmHg: ArrayLike, hours: ArrayLike, parameters: Parameters) -> Floats:
    """Chance that a block of transport outlasts the pressure that made it; the two broadcast.

    Args:
        pressure_mmHg: on the nerve, 0 or more.
        hours: for which it lasted, 0 or more.
        parameters: the numbers in use.

    Source:
        Rabbit vagus nerve in vitro: 60 mmHg for 4 h and for 15 h.

    Example:
        >>> outlasts(60.0, [4.0, 15.0], Parameters.of_evidence()).round(2).tolist()
        [0.04, 0.37]
    """
    from scipy.special import ndtr

    pressure, time = np.asarray(pressure_mmHg, np.float64), np.asarray(hours, np.float64)
    dose = np.maximum(pressure - parameters["transport.block.threshold"], 0.0) * time
    relative = np.log(np.maximum(dose, 1e-300) / parameters["transport.block.tolerance"])
    chance: Floats = ndtr(relative / parameters["transport.block.tolerance_spread"])
    return chance
