"""What pressure, scar, stretch and a cut do to each fibre."""

from tinel.lesion import classify
from tinel.lesion.cause import Cause, known_causes
from tinel.lesion.causes import compression, constriction, laceration, traction
from tinel.lesion.joining import join
from tinel.lesion.place import Place
from tinel.lesion.state import Lesion

__all__ = [
    "Cause",
    "Lesion",
    "Place",
    "classify",
    "compression",
    "constriction",
    "join",
    "known_causes",
    "laceration",
    "traction",
]
