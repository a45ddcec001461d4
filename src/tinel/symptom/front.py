"""The tips of growing axons: few fire by themselves, many answer to a tap (Tinel's sign)."""

from __future__ import annotations

from tinel.lesion.state import Floats
from tinel.symptom.today import Today, each, of_sensory


def unprovoked(today: Today) -> Floats:
    """Fraction of the sensory axons whose growing tips fire by themselves, ``(n_twin,)``."""
    return each(today, "front.spontaneous") * of_sensory(today, today.state.growing)


def answer(today: Today) -> Floats:
    """Fraction of the sensory axons whose growing tips answer to a tap, ``(n_twin,)``."""
    return each(today, "front.mechanosensitive") * of_sensory(today, today.state.growing)
