"""Tendon reflexes: which muscle answers, through which roots, and how much of the arc works.

The atlas has no axons of muscle spindles. They are taken to lie among the motor axons of their
muscle and to share their fate, except that a regrown one hardly drives the reflex any more.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tinel.exam import supply
from tinel.exam.limb import Floats, Limb
from tinel.nerve.anatomy import Nerve


@dataclass(frozen=True)
class Reflex:
    """One tendon reflex.

    Args:
        name: as clinics call it.
        roots: of the spinal cord through which it runs.
        muscles: that answer; those of the nerve at hand count.
    """

    name: str
    roots: str
    muscles: tuple[str, ...]


# roots as textbooks give them
REFLEXES = (
    Reflex("biceps reflex", "C5 and C6", ("biceps", "brachialis")),
    Reflex("brachioradialis reflex", "C5 and C6", ("brachioradialis",)),
    Reflex("triceps reflex", "C7 and C8", ("triceps",)),
    Reflex(
        "finger flexor reflex",
        "C8 and T1",
        ("flexor digitorum superficialis", "flexor digitorum profundus"),
    ),
    Reflex("knee reflex", "L2 to L4", ("rectus femoris", "vastus medialis")),
    Reflex("adductor reflex", "L2 to L4", ("adductor longus", "adductor magnus")),
    Reflex("ankle reflex", "S1 and S2", ("gastrocnemius",)),
)


def reflexes_of(nerve: Nerve) -> list[tuple[Reflex, list[str]]]:
    """The reflexes that run through a nerve, each with its muscles there.

    Example:
        >>> from tinel.nerve import build
        >>> from tinel.twins import Patient, Twins
        >>> one = Twins(Patient(age=40, sex="female", height_cm=170))
        >>> [r.name for r, _ in reflexes_of(build("radial", side="left", twins=one))]
        ['brachioradialis reflex', 'triceps reflex']
    """
    there = {target.name for target in nerve.targets}
    found = [(reflex, [m for m in reflex.muscles if m in there]) for reflex in REFLEXES]
    return [(reflex, muscles) for reflex, muscles in found if muscles]


def afferent(limb: Limb, muscle: str) -> Floats:
    """Fraction of a muscle's spindle axons that drive the reflex, ``(n_twin,)``, 0 to 1."""
    own = limb.fibres_of(muscle)
    home = limb.state.destination[:, own] == limb.row(muscle)
    conducts, intact = limb.conducts[:, own] & home, limb.state.intact[:, own]
    regrown = limb.nerve.twins.each("bedside.reflex.regrown_spindle")[:, None]
    return np.asarray(np.where(conducts, np.where(intact, 1.0, regrown), 0.0).mean(axis=1))


def arc(limb: Limb, muscles: list[str]) -> Floats:
    """What is left of a reflex, ``(n_twin,)``, 0 to 1: the way up times the way down.

    Source:
        Both ways carry the reflex one after the other; that it is their product is assumed.
    """
    ways = [afferent(limb, muscle) * supply.right(limb, muscle) for muscle in muscles]
    return np.asarray(np.mean(ways, axis=0))
