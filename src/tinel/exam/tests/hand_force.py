"""Grip and key pinch as forces of the whole hand.

Both are the force of a healthy hand of that age and sex, less what each weak muscle of the nerve
takes from it. A muscle stands for those of its nerve that are not listed; the other nerves of the
arm are healthy.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tinel.evidence import Parameters
from tinel.exam import supply
from tinel.exam.examination import Visit
from tinel.exam.grading import GRAVITY_m_per_s2
from tinel.exam.laboratory import Laboratory
from tinel.exam.limb import Floats, Limb
from tinel.exam.measure import NOT_ABSENT, NOTHING, Measure, percent
from tinel.exam.measurement import Value
from tinel.exam.test import Test
from tinel.nerve.anatomy import Nerve, Target
from tinel.twins import Twins

HAND = "hand"
KINDS = ("grip", "pinch")


def losses(nerve: Nerve, kind: str, parameters: Parameters) -> dict[str, str]:
    """The key of what each muscle of a nerve takes from ``grip`` or ``pinch``, by its name."""
    keys = {t.name: f"strength.{kind}_loss.{t.name.replace(' ', '_')}" for t in nerve.targets}
    return {name: key for name, key in keys.items() if key in parameters.numbers}


def hand(nerve: Nerve) -> Sequence[Target]:
    """The hand as a whole, where a muscle of the nerve closes it; none otherwise."""
    parameters = nerve.twins.parameters
    if nerve.limb != "arm" or not any(losses(nerve, kind, parameters) for kind in KINDS):
        return ()
    end = max(t.path_mm for t in nerve.targets)
    return (Target(HAND, HAND, nerve.branches[0].name, end, end),)


def healthy_kg(twins: Twins, kind: str) -> Floats:
    """Force of a healthy hand, kg, ``(n_twin,)``.

    Args:
        twins: of one age and sex; each draws how strong it is.
        kind: ``grip`` or ``pinch``.

    Source:
        Dodds et al. 2014, doi:10.1371/journal.pone.0113637; the course with age is theirs in
        outline, its figures are assumed.

    Example:
        >>> from tinel.twins import Patient
        >>> man = Twins(Patient(age=35, sex="male", height_cm=180), range(500))
        >>> round(float(np.median(healthy_kg(man, "grip"))))
        51
    """
    age = twins.patient.age
    full, kept, decline = (
        twins.each(f"strength.hand.{key}")
        for key in ("full_years", "decline_from_years", "decline_per_year")
    )
    by_age = np.minimum(age / full, 1.0) - decline * np.maximum(age - kept, 0.0)
    spread = twins.each(f"strength.{kind}.between_people")
    person = np.exp(spread * twins.normal("exam.hand_force", 1)[:, 0])
    peak = twins.each(f"strength.{kind}.{twins.patient.sex}_kg")
    return peak * person * np.maximum(by_age, 0.0)


def hand_fraction(limb: Limb, kind: str) -> Floats:
    """Grip or pinch as a fraction of the healthy one, ``(n_twin,)``, 0 to 1."""
    left = np.ones(limb.nerve.n_twin)
    for muscle, key in losses(limb.nerve, kind, limb.parameters).items():
        left -= limb.nerve.twins.each(key) * (1.0 - supply.right(limb, muscle))
    return np.clip(left, 0.0, 1.0)


def hand_force(limb: Limb, subject: Target, laboratory: Laboratory) -> tuple[Value, ...]:
    """Grip and pinch of the hand, in kg and as a percentage of the healthy force."""
    values: list[Value] = []
    for kind in KINDS:
        left = hand_fraction(limb, kind)
        force_kg = left * healthy_kg(limb.nerve.twins, kind)
        values += [
            Value(kind, "kg", force_kg),
            Value(f"{kind} fraction", "% of healthy", 100 * left),
        ]
    return tuple(values)


def sentence(kg: Sequence[float], healthy: Sequence[float]) -> str:
    """One sentence on grip and pinch beside the healthy hand, all in kg.

    Example:
        >>> sentence([20.4, 5.0], [30.6, 7.5])
        'Grip 20 kg (200 N), 67 % of the other hand; key pinch 5.0 kg (49 N), 67 %.'
    """
    of_grip, of_pinch = (f"{100 * a / b:.0f} %" for a, b in zip(kg, healthy, strict=True))
    grip_N, pinch_N = (force * GRAVITY_m_per_s2 for force in kg)
    return (
        f"Grip {kg[0]:.0f} kg ({grip_N:.0f} N), {of_grip} of the other hand; "
        f"key pinch {kg[1]:.1f} kg ({pinch_N:.0f} N), {of_pinch}."
    )


def sentences(subject: Target, visits: Sequence[Visit], other_side: Visit) -> list[str]:
    """One sentence per visit; empty where the hand was not tested."""
    healthy = [other_side.examination.value(HAND, kind) for kind in KINDS]
    said = []
    for visit in visits:
        found = [visit.examination.value(HAND, kind) for kind in KINDS]
        whole = [x for x in found if x is not None], [x for x in healthy if x]
        said.append(sentence(*whole) if [len(part) for part in whole] == [2, 2] else "")
    return said


TEST = Test(
    name="grip and pinch",
    other_names=("grip strength", "dynamometry"),
    text="Measure grip and key pinch with a dynamometer.",
    source="blocks of one nerve in healthy people, and Dodds et al. 2014; see strength.grip_loss",
    subjects=hand,
    examine=hand_force,
    interpret=sentences,
    title="Grip and pinch",
    shown=KINDS,
    measures=tuple(
        measure
        for kind in KINDS
        for measure in (
            Measure(
                kind, "kg", 0, 200, (f"{kind} strength",), (), NOTHING, kind == "grip",
                states=NOT_ABSENT,
            ),
            percent(f"{kind} fraction", "% of healthy", most=300),
        )
    ),
)  # fmt: skip
