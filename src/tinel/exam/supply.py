"""Which axons hold a muscle or a patch of skin, and what of it the will or the brain reaches.

An axon in its own target does what it did before. One from elsewhere holds tissue too: in a muscle
it contracts with another movement, in skin it is felt in the wrong place.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np

from tinel.evidence import Parameters
from tinel.exam.limb import Floats
from tinel.symptom.today import Today


class Supplied(Today, Protocol):
    """A limb as far as its muscles and skin work: ``Limb`` on one day, ``Daily`` on several.

    On several every result has a first axis of days.
    """

    @property
    def parameters(self) -> Parameters:
        """The numbers behind these twins."""

    def row(self, target: str) -> int:
        """Place of a target among the nerve's targets."""

    def broken(self, target: str) -> Floats:
        """Fraction of a target's own axons that were ever broken."""


def right(limb: Supplied, target: str) -> Floats:
    """Fraction of a muscle or of skin that works through its own axons, ``(n_twin,)``, 0 to 1.

    Example:
        >>> from tinel.exam.limb import healthy
        >>> from tinel.nerve import build
        >>> from tinel.twins import Patient, Twins
        >>> two = Twins(Patient(age=40, sex="female", height_cm=170), range(2))
        >>> right(healthy(build("axillary", side="left", twins=two)), "deltoid").round(6).tolist()
        [1.0, 1.0]
    """
    return limb.working[0][..., limb.row(target)]


def wrong(limb: Supplied, target: str) -> Floats:
    """Fraction of a muscle or of skin that works through axons from elsewhere, ``(n_twin,)``."""
    return limb.working[1][..., limb.row(target)]


def any(limb: Supplied, target: str) -> Floats:
    """Fraction of a muscle or of skin that works through any axons, ``(n_twin,)``, 0 to 1."""
    return np.minimum(right(limb, target) + wrong(limb, target), 1.0)


def broken(limb: Supplied, target: str) -> Floats:
    """Fraction of a target's own axons that were ever broken, ``(n_twin,)``; regrown ones too."""
    return limb.broken(target)
