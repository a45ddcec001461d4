"""The free parameters: keys, priors and reasons, read from their file."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tinel.errors import TinelError

Floats = NDArray[np.float64]

FILE = Path(__file__).with_name("free.toml")
MOST = 13
SCALES = ("linear", "log")


@dataclass(frozen=True)
class Free:
    """One free parameter; its prior is even from ``low`` to ``high`` on its ``scale``."""

    key: str
    low: float
    high: float
    scale: str
    why: str

    def at(self, fraction: ArrayLike) -> Floats:
        """The values below which these fractions of the prior lie, same shape.

        Example:
            >>> Free("k", 1.0, 100.0, "log", "").at([0.0, 0.5]).round(6).tolist()
            [1.0, 10.0]
        """
        f = np.asarray(fraction, np.float64)
        if self.scale == "log":
            return np.asarray(self.low * (self.high / self.low) ** f)
        return np.asarray(self.low + (self.high - self.low) * f)

    def fraction_of(self, value: ArrayLike) -> Floats:
        """The inverse of ``at``."""
        v = np.asarray(value, np.float64)
        if self.scale == "log":
            return np.asarray(np.log(v / self.low) / np.log(self.high / self.low))
        return np.asarray((v - self.low) / (self.high - self.low))


def free_parameters(file: Path = FILE) -> tuple[Free, ...]:
    """The free parameters in the order of their file.

    Args:
        file: with one table ``[[free]]`` each.

    Raises:
        TinelError: more than 13, a range that does not rise, or an unknown scale.

    Example:
        >>> len(free_parameters()) <= MOST
        True
    """
    found = tuple(Free(**one) for one in tomllib.loads(file.read_text(encoding="utf-8"))["free"])
    if len(found) > MOST:
        raise TinelError(f"{len(found)} free parameters (allowed: up to {MOST})", file.name)
    for one in found:
        if not one.low < one.high or (one.scale == "log" and one.low <= 0):
            told = f"the prior runs from {one.low:g} to {one.high:g} (allowed: rising)"
            raise TinelError(told, f"{file.name}: {one.key}")
        if one.scale not in SCALES:
            told = f"scale is '{one.scale}' (allowed: {', '.join(SCALES)})"
            raise TinelError(told, f"{file.name}: {one.key}")
    return found
