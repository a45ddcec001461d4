"""Axons that stand and fire at the injury, because their sheath or paranodes are damaged there."""

from __future__ import annotations

from tinel.lesion.state import Floats
from tinel.symptom.today import Today, each


def fires(today: Today) -> tuple[Floats, Floats]:
    """Fractions of the sensory axons that fire by themselves, and that answer to pressure.

    Two arrays ``(n_twin,)``, 0 to 1.

    Source:
        Dilley & Bove 2008, J Physiol 586:593: a third of intact axons whose transport stopped
        answer to pressure.
    """
    damaged = today.sensory.damaged
    unprovoked = each(today, "site.spontaneous") * damaged
    return unprovoked, each(today, "site.mechanosensitive") * damaged
