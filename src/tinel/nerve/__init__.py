"""Healthy anatomy: named nerves, landmarks, targets, fascicles and fibre populations."""

from tinel.nerve.anatomy import (
    MOTOR,
    SENSORY,
    Branch,
    Fascicle,
    Fibres,
    Landmark,
    Nerve,
    Study,
    Target,
)
from tinel.nerve.build import build
from tinel.nerve.library import Entry, find, names, parameters, read

__all__ = [
    "MOTOR",
    "SENSORY",
    "Branch",
    "Entry",
    "Fascicle",
    "Fibres",
    "Landmark",
    "Nerve",
    "Study",
    "Target",
    "build",
    "find",
    "names",
    "parameters",
    "read",
]
