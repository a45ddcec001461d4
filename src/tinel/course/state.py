"""The nerve on one day."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class NerveState:
    """What stands, conducts, grows and answers on ``day`` (days after the injury).

    Shapes ``(n_twin, n_fibre)``: ``lamellae_left`` at the lesion; ``intact`` the axon was never
    broken; ``stump_conducts`` a broken axon's distal piece still carries impulses;
    ``junction_works`` its endings still transmit; ``front_mm`` how far from the cord the axon is
    joined to its cell body (the whole path when intact); ``reached`` a regrown axon has joined
    its target; ``maturity`` 0 to 1, how far the regrown piece has thickened (1 when intact).
    Shapes ``(n_twin, n_target)``: ``unit_growth`` factor by which the joined motor units have
    grown by sprouting; ``readiness`` 0 to 1, what the muscle or skin they innervate can still do
    (all of it, where nothing is innervated).
    """

    day: float
    lamellae_left: Floats
    intact: Bools
    stump_conducts: Bools
    junction_works: Bools
    front_mm: Floats
    reached: Bools
    maturity: Floats
    unit_growth: Floats
    readiness: Floats

    @property
    def joined(self) -> Bools:
        """Axon whole from cell body to target, shape ``(n_twin, n_fibre)``."""
        return self.intact | self.reached
