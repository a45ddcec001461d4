"""What a drug does to channels, in the numbers that voltage clamp gives."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tinel.cable.membranes.channels import SODIUM
from tinel.cable.membranes.receptor import free_share

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Drug:
    """A blocker, one molecule per channel.

    Two actions, which multiply. Plain block, at once and at any potential, leaves the share
    1 / (1 + c / plain_uM). Binding to inactivated sodium channels (``receptor``) comes and goes
    with its own rates, and makes block grow with firing and depolarisation.

    Args:
        name: short name.
        currents: names of the currents it blocks (``channels``).
        plain_uM: concentration of half block without inactivation, above 0.
        inactivated_uM: dissociation constant of inactivated sodium channels, above 0; ``inf``
            for a drug without that action.
        unbinding_per_s: rate at which it leaves them; 0 for a drug without that action.
        source: where the numbers come from, and at which temperature.

    Raises:
        ValueError: a constant out of range, or half of a use-dependent action.

    Example:
        >>> drug = Drug("x", ("naf", "nap"), 400.0, 20.0, 2.0, "made up")
        >>> drug.plain_share(400.0), drug.half_block_uM(1.0)
        (0.5, 400.0)
    """

    name: str
    currents: tuple[str, ...]
    plain_uM: float
    inactivated_uM: float = np.inf
    unbinding_per_s: float = 0.0
    source: str = ""

    def __post_init__(self) -> None:
        if not (self.plain_uM > 0 and self.inactivated_uM > 0 and self.unbinding_per_s >= 0):
            raise ValueError(f"{self.name}: constants must be above 0, unbinding_per_s 0 or more")
        if np.isfinite(self.inactivated_uM) != (self.unbinding_per_s > 0):
            raise ValueError(f"{self.name}: inactivated_uM and unbinding_per_s go together")
        if self.use_dependent and self.currents != SODIUM:
            raise ValueError(f"{self.name}: the receptor is that of {SODIUM}, not {self.currents}")

    @property
    def use_dependent(self) -> bool:
        """Whether it binds to inactivated channels."""
        return self.unbinding_per_s > 0

    def plain_share(self, concentration_uM: float | Floats) -> float | Floats:
        """Share of the conductance that plain block leaves, shaped as the concentration.

        Raises:
            ValueError: a concentration that is negative or not finite.
        """
        _check("concentration_uM", concentration_uM, np.inf)
        return 1.0 / (1.0 + concentration_uM / self.plain_uM)

    def rates_per_ms(self, concentration_uM: float | Floats) -> tuple[Floats, Floats]:
        """Binding to inactivated channels and unbinding, 1/ms, shaped as the concentration.

        Raises:
            ValueError: a concentration that is negative or not finite.
        """
        _check("concentration_uM", concentration_uM, np.inf)
        c = np.asarray(concentration_uM, dtype=float)
        off = self.unbinding_per_s / 1000.0
        return off / self.inactivated_uM * c, np.full(c.shape, off)

    def share(self, concentration_uM: float | Floats, h: float | Floats) -> float | Floats:
        """Share of the conductance left when block has settled, ``h`` not inactivated.

        Args:
            concentration_uM: 0 or more, any shape.
            h: 0 to 1, a shape that broadcasts with it.

        Raises:
            ValueError: a concentration or ``h`` outside its range.
        """
        _check("h", h, 1.0)
        kc, off = self.rates_per_ms(concentration_uM)
        bound = free_share(h, kc, off) if self.use_dependent else 1.0
        return self.plain_share(concentration_uM) * bound

    def half_block_uM(self, h: float) -> float:
        """Concentration that halves the conductance when block has settled, ``h`` in 0 to 1.

        Raises:
            ValueError: ``h`` outside 0 to 1.
        """
        _check("h", h, 1.0)
        a, b = 1.0 / self.plain_uM, (1.0 - h) / self.inactivated_uM
        # (1 + a c) (1 + b c) = 2
        return 2.0 / (a + b + float(np.sqrt((a + b) ** 2 + 4.0 * a * b)))

    def time_ms(self, concentration_uM: float, h: float) -> float:
        """Time constant with which binding settles at a clamped potential.

        Args:
            concentration_uM: 0 or more.
            h: share of channels not inactivated at that potential, 0 to 1.

        Raises:
            ValueError: an argument outside its range, or a drug whose block is plain only.
        """
        if not self.use_dependent:
            raise ValueError(f"{self.name}: plain block has no time constant; unbinding_per_s is 0")
        _check("h", h, 1.0)
        kc, off = self.rates_per_ms(concentration_uM)
        return 1.0 / float(kc * (1.0 - h) + off)


def _check(name: str, given: float | Floats, most: float) -> None:
    a = np.asarray(given, dtype=float)
    if not np.all((a >= 0) & (a <= most) & np.isfinite(a)):
        legal = "0 to 1" if most == 1 else "finite, 0 or more"
        raise ValueError(f"{name} is {given}; legal: {legal}")
