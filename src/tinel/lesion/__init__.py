"""What pressure, scar, stretch, a cut, a needle, lack of blood and heat do to each fibre."""

from tinel.lesion import classify
from tinel.lesion.cause import Cause, known_causes
from tinel.lesion.causes import (
    compression,
    constriction,
    crush,
    heat,
    injection,
    ischaemia,
    laceration,
    needle,
    tourniquet,
    traction,
)
from tinel.lesion.joining import both, join
from tinel.lesion.place import Place
from tinel.lesion.state import Lesion

__all__ = [
    "Cause",
    "Lesion",
    "Place",
    "both",
    "classify",
    "compression",
    "constriction",
    "crush",
    "heat",
    "injection",
    "ischaemia",
    "join",
    "known_causes",
    "laceration",
    "needle",
    "tourniquet",
    "traction",
]
