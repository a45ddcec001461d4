"""What pressure, scar, stretch and a cut do to each fibre."""

from tinel.lesion import classify, compression, constriction, laceration, traction
from tinel.lesion.joining import join
from tinel.lesion.state import Lesion

__all__ = ["Lesion", "classify", "compression", "constriction", "join", "laceration", "traction"]
