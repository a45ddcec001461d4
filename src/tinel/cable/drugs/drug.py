"""What a drug does to channels, in the numbers that voltage clamp gives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tinel.cable.membranes.channels import SODIUM
from tinel.cable.membranes.constants import Constants
from tinel.cable.membranes.receptor import free_fraction
from tinel.declare.offer import Offer
from tinel.errors import TinelError
from tinel.evidence import Parameters

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Action:
    """The action of a blocker, one molecule per channel.

    Two actions, which multiply. Plain block, at once and at any potential, leaves the fraction
    1 / (1 + c / plain_uM). Binding to inactivated sodium channels (``receptor``) comes and goes
    with its own rates, and makes block grow with firing and depolarisation.

    Args:
        plain_uM: concentration of half block without inactivation, above 0.
        inactivated_uM: dissociation constant of inactivated sodium channels, above 0; ``inf``
            for a drug without that action.
        unbinding_per_s: rate at which it leaves them; 0 for a drug without that action.

    Raises:
        TinelError: a constant out of range, or half of a use-dependent action.

    Example:
        >>> action = Action(400.0, 20.0, 2.0)
        >>> action.plain_fraction(400.0), action.half_block_uM(1.0)
        (0.5, 400.0)
    """

    plain_uM: float
    inactivated_uM: float = np.inf
    unbinding_per_s: float = 0.0

    def __post_init__(self) -> None:
        _positive("plain_uM", self.plain_uM, self.plain_uM > 0)
        _positive("inactivated_uM", self.inactivated_uM, self.inactivated_uM > 0)
        if not self.unbinding_per_s >= 0:
            raise TinelError(f"unbinding_per_s is {self.unbinding_per_s:g} (allowed: 0 or more)")
        if np.isfinite(self.inactivated_uM) != (self.unbinding_per_s > 0):
            raise TinelError(
                "inactivated_uM and unbinding_per_s go together",
                advice="give a finite dissociation constant and a rate above 0, or neither",
            )

    @property
    def use_dependent(self) -> bool:
        """Whether it binds to inactivated channels."""
        return self.unbinding_per_s > 0

    def plain_fraction(self, concentration_uM: float | Floats) -> float | Floats:
        """Fraction of the conductance that plain block leaves, shaped as the concentration.

        Raises:
            TinelError: a concentration that is negative or not finite.
        """
        _check("concentration_uM", concentration_uM, np.inf)
        return 1.0 / (1.0 + concentration_uM / self.plain_uM)

    def rates_per_ms(self, concentration_uM: float | Floats) -> tuple[Floats, Floats]:
        """Binding to inactivated channels and unbinding, 1/ms, shaped as the concentration.

        Raises:
            TinelError: a concentration that is negative or not finite.
        """
        _check("concentration_uM", concentration_uM, np.inf)
        c = np.asarray(concentration_uM, dtype=float)
        off = self.unbinding_per_s / 1000.0
        return off / self.inactivated_uM * c, np.full(c.shape, off)

    def fraction(self, concentration_uM: float | Floats, h: float | Floats) -> float | Floats:
        """Fraction of the conductance left when block has settled, ``h`` not inactivated.

        Args:
            concentration_uM: 0 or more, any shape.
            h: 0 to 1, a shape that broadcasts with it.

        Raises:
            TinelError: a concentration or ``h`` outside its range.
        """
        _check("h", h, 1.0)
        kc, off = self.rates_per_ms(concentration_uM)
        bound = free_fraction(h, kc, off) if self.use_dependent else 1.0
        return self.plain_fraction(concentration_uM) * bound

    def half_block_uM(self, h: float) -> float:
        """Concentration that halves the conductance when block has settled, ``h`` in 0 to 1.

        Raises:
            TinelError: ``h`` outside 0 to 1.
        """
        _check("h", h, 1.0)
        a, b = 1.0 / self.plain_uM, (1.0 - h) / self.inactivated_uM
        # (1 + a c) (1 + b c) = 2
        return 2.0 / (a + b + float(np.sqrt((a + b) ** 2 + 4.0 * a * b)))

    def time_ms(self, concentration_uM: float, h: float) -> float:
        """Time constant with which binding settles at a clamped potential.

        Args:
            concentration_uM: 0 or more.
            h: fraction of channels not inactivated at that potential, 0 to 1.

        Raises:
            TinelError: an argument outside its range, or a drug whose block is plain only.
        """
        if not self.use_dependent:
            raise TinelError("plain block has no time constant: unbinding_per_s is 0")
        _check("h", h, 1.0)
        kc, off = self.rates_per_ms(concentration_uM)
        return 1.0 / float(kc * (1.0 - h) + off)


def plain(c: Constants) -> Action:
    """Plain block alone, from a drug's numbers in the evidence.

    Example:
        >>> plain(Constants("engine.drugs.x", (("plain_uM", 400.0),))).plain_uM
        400.0
    """
    return Action(plain_uM=c["plain_uM"])


def _check(name: str, given: float | Floats, most: float) -> None:
    a = np.asarray(given, dtype=float)
    if not np.all((a >= 0) & (a <= most) & np.isfinite(a)):
        allowed = "0 to 1" if most == 1 else "finite, 0 or more"
        raise TinelError(f"{name} is {given} (allowed: {allowed})")


def _positive(name: str, given: float, fine: bool) -> None:
    if not fine:
        raise TinelError(f"{name} is {given:g} (allowed: above 0)")


@dataclass(frozen=True, kw_only=True)
class Drug(Offer):
    """A drug that blocks channels; each is made at module level in a file of its own.

    Args:
        currents: names of the currents it blocks (``Membrane.currents``).
        made_of: its action; or how to make it from the drug's numbers in the evidence
            (``engine.drugs`` and the drug's name), so that they can be changed.

    Raises:
        TinelError: a drug for the sodium receptor that blocks other currents.

    Example:
        >>> drug = Drug(name="x", text="Made up.", currents=SODIUM, made_of=Action(400.0))
        >>> drug.action().plain_fraction(400.0)
        0.5
    """

    currents: tuple[str, ...]
    made_of: Action | Callable[[Constants], Action]

    def action(self, parameters: Parameters | None = None) -> Action:
        """What it does, by these parameters or as published."""
        if isinstance(self.made_of, Action):
            made = self.made_of
        else:
            made = self.made_of(Constants.of(f"engine.drugs.{self.name}", parameters))
        if made.use_dependent and self.currents != SODIUM:
            given = f"{self.name} blocks {', '.join(self.currents)}"
            raise TinelError(f"{given} (allowed with a receptor: {', '.join(SODIUM)})")
        return made
