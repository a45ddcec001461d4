"""Axons that stand and fire at the injury, because their sheath or paranodes are damaged there."""

from __future__ import annotations

from tinel.lesion.state import Floats
from tinel.symptom.today import Today, damage, each, of_sensory


def unprovoked(today: Today) -> Floats:
    """Fraction of the sensory axons that fire by themselves, ``(n_twin,)``."""
    return each(today, "site.spontaneous") * of_sensory(today, damage(today))


def answer(today: Today) -> Floats:
    """Fraction of the sensory axons that answer to pressure or stretch, ``(n_twin,)``.

    Source:
        Dilley & Bove 2008, J Physiol 586:593: a third of intact axons whose transport stopped.
    """
    return each(today, "site.mechanosensitive") * of_sensory(today, damage(today))
