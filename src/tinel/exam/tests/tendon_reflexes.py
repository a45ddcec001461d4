"""Tendon reflexes: absent, reduced or normal, as an examiner sees them.

A reflex needs both ways of its arc, up through the axons of muscle spindles and down through motor
axons. How brisk it is differs between people and fades with age; a person's two sides are alike.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tinel.exam.examination import Visit
from tinel.exam.laboratory import Laboratory
from tinel.exam.limb import Floats, Limb
from tinel.exam.measure import Measure, percent
from tinel.exam.measurement import Value
from tinel.exam.reflex_arc import REFLEXES, arc, reflexes_of
from tinel.exam.test import Test
from tinel.nerve.anatomy import Nerve, Target
from tinel.twins import Twins

REFLEX, REFLEX_UNIT = "tendon reflex", "0 to 2"
ARC, ARC_UNIT = "reflex arc", "% of healthy"
WORDS = {0.0: "absent", 1.0: "reduced", 2.0: "normal"}

REFLEX_WORDS = (*((word, value, value) for value, word in WORDS.items()), ("present", 1, 2))


def of_nerve(nerve: Nerve) -> Sequence[Target]:
    """The reflexes that run through a nerve, each as one target."""
    end = max(t.path_mm for t in nerve.targets)
    branch = nerve.branches[0].name
    return [Target(reflex.name, "reflex", branch, end, end) for reflex, _ in reflexes_of(nerve)]


def briskness(twins: Twins, limb: str) -> Floats:
    """How brisk a person's reflexes are, ``(n_twin,)``; 1 for the median of the young.

    Args:
        twins: of one age.
        limb: ``arm``, ``leg`` or ``head``.

    Example:
        >>> from tinel.twins import Patient
        >>> old = Twins(Patient(age=70, sex="female", height_cm=165), range(400))
        >>> 0.15 < float((briskness(old, "leg") < 0.25).mean()) < 0.3
        True
    """
    decline = twins.each(f"bedside.reflex.{'leg' if limb == 'leg' else 'arm'}_decline")
    older = np.maximum(twins.patient.age - twins.each("bedside.reflex.decline_from_years"), 0.0)
    person = twins.each("bedside.reflex.between_people") * twins.normal("exam.reflex", 1)[:, 0]
    return np.asarray(np.exp(person - decline * older))


def graded(size: Floats, twins: Twins) -> Floats:
    """0 for absent, 1 for reduced, 2 for normal, by the size of the reflex, ``(n_twin,)``."""
    absent, reduced = (
        twins.each(f"bedside.reflex.{key}") for key in ("absent_below", "reduced_below")
    )
    return np.asarray((size >= absent) * 1.0 + (size >= np.maximum(reduced, absent)))


def tendon_reflexes(limb: Limb, subject: Target, laboratory: Laboratory) -> tuple[Value, ...]:
    """What an examiner calls the reflex, and what is left of its arc."""
    twins = limb.nerve.twins
    muscles = next(m for reflex, m in reflexes_of(limb.nerve) if reflex.name == subject.name)
    left = arc(limb, muscles)
    drawn = twins.normal(f"exam.reflex.{subject.name}.day {limb.state.day:g}", 1)[:, 0]
    error = np.exp(twins.each("bedside.reflex.examiner") * drawn)
    size = left * briskness(twins, limb.nerve.limb) * error
    return (Value(REFLEX, REFLEX_UNIT, graded(size, twins)), Value(ARC, ARC_UNIT, 100 * left))


def sentence(name: str, found: float, other: float) -> str:
    """One sentence on a reflex beside the other side's.

    Example:
        >>> sentence("ankle reflex", 0.0, 2.0)
        'Ankle reflex (S1 and S2) absent, on the other side normal.'
        >>> sentence("ankle reflex", 0.0, 0.0)
        'Ankle reflex (S1 and S2) absent on both sides, so this says nothing about the injury.'
        >>> sentence("knee reflex", 2.0, 2.0)
        'Knee reflex (L2 to L4) normal.'
    """
    roots = next(reflex.roots for reflex in REFLEXES if reflex.name == name)
    told = f"{name[:1].upper()}{name[1:]} ({roots}) {WORDS[found]}"
    if found == other:
        if found == 0.0:
            return f"{told} on both sides, so this says nothing about the injury."
        return f"{told} on both sides." if found < 2.0 else f"{told}."
    return f"{told}, on the other side {WORDS[other]}."


def sentences(subject: Target, visits: Sequence[Visit], other_side: Visit) -> list[str]:
    """One sentence per visit; empty where nobody tested."""
    other = other_side.examination.value(subject.name, REFLEX)
    said = []
    for visit in visits:
        found = visit.examination.value(subject.name, REFLEX)
        said.append("" if found is None or other is None else sentence(subject.name, found, other))
    return said


TEST = Test(
    name="tendon reflexes",
    other_names=("deep tendon reflexes", "reflexes", "ankle reflex"),
    text="Tap a tendon and grade what its muscle does: absent, reduced or normal.",
    source="absent ankle reflexes of 9,996 people, and reinnervated muscles of cats and rats",
    subjects=of_nerve,
    examine=tendon_reflexes,
    interpret=sentences,
    title="Tendon reflexes",
    shown=(REFLEX,),
    on_request=True,
    measures=(
        Measure(REFLEX, REFLEX_UNIT, 0, 2, ("reflex",), tuple(WORDS), REFLEX_WORDS, usual=True),
        percent(ARC, ARC_UNIT),
    ),
)
