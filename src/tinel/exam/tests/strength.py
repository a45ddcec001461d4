"""Strength on the scale of the Medical Research Council (MRC), 0 to 5.

Force is the sum of the motor units that the will reaches, each as large as sprouting has made it
and as strong as its muscle still is; a grade is a band of force, and grade 4 is a very wide one
(MacAvoy and Green 2007).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

import numpy as np

from tinel.evidence import Parameters
from tinel.exam.examination import Visit
from tinel.exam.laboratory import Laboratory
from tinel.exam.limb import Floats, Limb
from tinel.exam.measurement import Value
from tinel.exam.per_twin import beside
from tinel.exam.test import Test, targets
from tinel.nerve.anatomy import Target

FORCE, FORCE_UNIT = "force", "% of healthy"
MRC_GRADE, MRC_UNIT = "MRC grade", "0 to 5"
MRC_GRADE_WORDS = (
    "no contraction",
    "a flicker without movement",
    "movement with gravity removed",
    "movement against gravity",
    "movement against some resistance",
    "full strength",
)


def force_fraction(limb: Limb, muscle: str) -> Floats:
    """Force of a muscle as a fraction of its healthy force, ``(n_twin,)``, at most 1."""
    acts = limb.can(muscle) * limb.conducts[:, limb.fibres_of(muscle)]
    return np.minimum(acts.sum(axis=1), 1.0)


def mrc_grade(force: Floats, parameters: Parameters) -> Floats:
    """The MRC grade of a fraction of healthy force.

    Args:
        force: ``(n_twin, ...)``, 0 to 1.
        parameters: with ``exam.strength.mrc1_force`` to ``mrc5_force``.

    Example:
        >>> mrc_grade(np.array([0.0, 0.05, 0.5, 1.0]), Parameters.of_evidence()).tolist()
        [0.0, 3.0, 4.0, 5.0]
    """
    mrc = np.zeros(force.shape)
    for edge in range(1, 6):
        mrc += force >= beside(parameters, f"exam.strength.mrc{edge}_force", force)
    return mrc


def strength(limb: Limb, muscle: Target, laboratory: Laboratory) -> tuple[Value, ...]:
    """Force and MRC grade of a muscle."""
    force = force_fraction(limb, muscle.name)
    return (
        Value(FORCE, FORCE_UNIT, 100 * force),
        Value(MRC_GRADE, MRC_UNIT, mrc_grade(force, limb.parameters)),
    )


def sentence(mrc: float, force_percent: Sequence[float]) -> str:
    """One sentence on a muscle's MRC grade, on one day or on several with the same one.

    Example:
        >>> sentence(3.0, [4.6, 5.4])
        'MRC 3: movement against gravity, with about 5 % of healthy force.'
        >>> sentence(4.0, [46, 83])
        'MRC 4: movement against some resistance, with about 46 to 83 % of healthy force.'
    """
    words = MRC_GRADE_WORDS[int(mrc)]
    if mrc in (0, 5):
        return f"MRC {mrc:g}: {words}."
    low, high = f"{min(force_percent):.0f}", f"{max(force_percent):.0f}"
    force = low if low == high else f"{low} to {high}"
    return f"MRC {mrc:g}: {words}, with about {force} % of healthy force."


def sentences(muscle: Target, visits: Sequence[Visit], other_side: Visit) -> list[str]:
    """One sentence per visit; neighbouring visits with the same MRC grade have the same one."""
    said: list[str] = []
    graded = [
        (v.examination.value(muscle.name, MRC_GRADE), v.examination.value(muscle.name, FORCE))
        for v in visits
    ]
    for mrc, run in groupby(graded, key=lambda one: one[0] or 0.0):
        forces = [force or 0.0 for _, force in run]
        said += [sentence(mrc, forces)] * len(forces)
    return said


TEST = Test(
    name="strength",
    other_names=("MRC", "manual muscle testing"),
    text="Grade the strength of each muscle on the MRC scale.",
    source="MacAvoy and Green 2007, J Hand Surg 32:149-153; the edges of the grades are assumed",
    subjects=targets("motor"),
    examine=strength,
    interpret=sentences,
    title="Strength (MRC scale)",
    shown=(MRC_GRADE,),
)
