"""Where a scanner is uneven: brightness, and the frequency at which fat is suppressed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from tinel.evidence import Parameters
from tinel.imaging.plane import Grid

LOW_ORDERS = ((1, 0), (0, 1), (2, 0), (1, 1), (0, 2))


@dataclass(frozen=True)
class Unevenness:
    """Slow changes over a picture, as coefficients of ``LOW_ORDERS``.

    Args:
        bias: of the logarithm of brightness.
        shift_Hz: of the frequency, at 3 T.
    """

    bias: tuple[float, ...]
    shift_Hz: tuple[float, ...]


def draw(rng: np.random.Generator, width_mm: float, parameters: Parameters) -> Unevenness:
    """One scan's unevenness over a picture of some width; less over a smaller one.

    Example:
        >>> rng = np.random.default_rng(1)
        >>> len(draw(rng, 120.0, Parameters.of_evidence()).bias)
        5
    """
    size = width_mm / parameters.scalar("mri.scanner.shift_over_mm")
    scale = np.array([size ** (i + j) for i, j in LOW_ORDERS])
    # the five terms have about this standard deviation together over the square
    scale /= np.sqrt(2 * 1 / 3 + 2 * 4 / 45 + 1 / 9)
    bias, shift = rng.standard_normal((2, len(LOW_ORDERS)))
    return Unevenness(
        tuple(parameters.scalar("mri.scanner.bias") * scale * bias),
        tuple(parameters.scalar("mri.scanner.shift_Hz") * scale * shift),
    )


def _map(coefficients: tuple[float, ...], shape: tuple[int, ...]) -> Grid:
    down, across = (np.linspace(-1, 1, n, dtype=np.float32) for n in shape)
    total = np.zeros(shape, np.float32)
    for factor, (i, j) in zip(coefficients, LOW_ORDERS, strict=True):
        # even terms are measured from their mean
        rows = down**i - (1 / 3 if i == 2 else 0)
        columns = across**j - (1 / 3 if j == 2 else 0)
        total += np.float32(factor) * rows[:, None] * columns[None, :]
    return total


def brightness(uneven: Unevenness, shape: tuple[int, ...]) -> Grid:
    """Factor on the signal of every pixel, above 0."""
    return np.exp(_map(uneven.bias, shape))


def fat_kept(
    uneven: Unevenness, shape: tuple[int, ...], field_T: float, parameters: Parameters
) -> Grid:
    """Part of the fat's signal that a saturation pulse leaves, per pixel, 0 to 1.

    Shift, width of the pulse and distance of fat from water all go with the field, so that only
    their ratio matters.
    """
    shift = np.abs(_map(uneven.shift_Hz, shape))
    half = parameters.scalar("mri.scanner.saturation_Hz")
    edge = parameters.scalar("mri.scanner.saturation_edge_Hz")
    left = np.float32(parameters.scalar("mri.scanner.fat_left"))
    return np.asarray(left + (1 - left) * expit((shift - half) / edge), np.float32)
