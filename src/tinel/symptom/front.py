"""The tips of growing axons: few fire by themselves, many answer to a tap (Tinel's sign)."""

from __future__ import annotations

from tinel.lesion.state import Floats
from tinel.symptom.today import Today, each


def fires(today: Today) -> tuple[Floats, Floats]:
    """Fractions of the sensory axons whose tips fire by themselves, and that answer to a tap.

    Two arrays ``(n_twin,)``, 0 to 1.
    """
    growing = today.sensory.growing
    unprovoked = each(today, "front.spontaneous") * growing
    return unprovoked, each(today, "front.mechanosensitive") * growing
