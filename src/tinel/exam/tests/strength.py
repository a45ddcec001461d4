"""Strength on the scale of the Medical Research Council (MRC), 0 to 5.

Force is what a muscle does through its own motor axons; what others pull along with it is written
down as co-contraction. A grade is a band of force that depends on the movement and on who
examines, see ``exam.grading``; a band of grade 4 is cut into 4-, 4 and 4+.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from tinel.exam import supply
from tinel.exam.examination import Visit
from tinel.exam.grading import FINER, examiner, finer_grade, finer_name, mrc_grade, synergists
from tinel.exam.laboratory import Laboratory
from tinel.exam.limb import Floats, Limb
from tinel.exam.measure import Measure, percent
from tinel.exam.measurement import Value
from tinel.exam.supply import Supplied
from tinel.exam.test import Test, targets
from tinel.nerve.anatomy import Target

FORCE, FORCE_UNIT = "force", "% of healthy"
MRC_GRADE, MRC_UNIT = "MRC grade", "0 to 5"
FINER_MRC, FINER_UNIT = "MRC grade with 4- and 4+", "0 to 5, in thirds"
CO_CONTRACTION = "co-contraction"
MRC_GRADE_WORDS = {
    "0": "no contraction",
    "1": "a flicker without movement",
    "2": "movement with gravity removed",
    "3": "movement against gravity",
    "4-": "movement against slight resistance",
    "4": "movement against moderate resistance",
    "4+": "movement against strong resistance",
    "5": "full strength as an examiner feels it",
}

MRC_NAMES = ("MRC", "grade", "muscle strength", "strength")
# a sign behind another grade than 4 has no band of its own: it lies between two grades
MRC_WORDS = (
    *((f"{letter}{mrc}", mrc, mrc) for letter in ("m", "mrc ") for mrc in range(6)),
    *((f"{mrc}-", mrc - 1, mrc) for mrc in (1, 2, 3, 5)),
    *((f"{mrc}+", mrc, mrc + 1) for mrc in (1, 2, 3)),
    ("absent", 0, 0), ("none", 0, 0), ("no contraction", 0, 0), ("paralysed", 0, 0),
    ("flicker", 1, 1), ("present", 1, 5), ("reduced", 0, 4), ("weak", 0, 4),
    ("normal", 5, 5), ("full", 5, 5),
)  # fmt: skip
FINER_LEVELS = tuple(sorted({*map(float, range(6)), *FINER}))
FINER_WORDS = tuple(
    (f"{letter}{name}", value, value)
    for letter in ("", "m", "mrc ")
    for value, name in FINER.items()
    if name != "4"
)


def force_fraction(limb: Supplied, muscle: str) -> Floats:
    """Voluntary force of a muscle as a fraction of its healthy force, ``(n_twin,)``, at most 1."""
    return supply.right(limb, muscle)


def graded(limb: Supplied, muscle: str, force: Floats) -> Floats:
    """The MRC grade that each twin's examiner gives a muscle for a force.

    Args:
        limb: whose muscle it is.
        muscle: its name.
        force: fraction of the healthy force, ``(n_twin, ...)``, 0 to 1.
    """
    nerve, movement = limb.nerve, limb.nerve.target(muscle).movement
    others = synergists(nerve.name, muscle, limb.parameters)
    return mrc_grade(force, movement, limb.parameters, examiner(nerve.twins, movement), others)


def strength(limb: Limb, muscle: Target, laboratory: Laboratory) -> tuple[Value, ...]:
    """Force, MRC grade, the same with 4- and 4+, and co-contraction of a muscle."""
    force = force_fraction(limb, muscle.name)
    by = examiner(limb.nerve.twins, muscle.movement)
    others = synergists(limb.nerve.name, muscle.name, limb.parameters)
    finer = finer_grade(force, muscle.movement, limb.parameters, by, others)
    return (
        Value(FORCE, FORCE_UNIT, 100 * force),
        Value(MRC_GRADE, MRC_UNIT, graded(limb, muscle.name, force)),
        Value(FINER_MRC, FINER_UNIT, finer),
        Value(CO_CONTRACTION, FORCE_UNIT, 100 * supply.wrong(limb, muscle.name)),
    )


def sentence(mrc: float, force_percent: Sequence[float]) -> str:
    """One sentence on a muscle's MRC grade, on one day or on several with the same one.

    Args:
        mrc: 0 to 5, with 4- and 4+ as 3.67 and 4.33.
        force_percent: of the healthy force, one for each day.

    Example:
        >>> sentence(3.0, [12.6, 13.4])
        'MRC 3: movement against gravity, with about 13 % of healthy force.'
        >>> sentence(4.0, [65, 74])
        'MRC 4: movement against moderate resistance, with about 65 to 74 % of healthy force.'
        >>> sentence(5.0, [88])
        'MRC 5: full strength as an examiner feels it, with about 88 % of healthy force.'
    """
    name = finer_name(mrc)
    low, high = f"{min(force_percent):.0f}", f"{max(force_percent):.0f}"
    if name == "5" and low == "100":
        return "MRC 5: full strength."
    if name == "0":
        return f"MRC 0: {MRC_GRADE_WORDS[name]}."
    force = low if low == high else f"{low} to {high}"
    return f"MRC {name}: {MRC_GRADE_WORDS[name]}, with about {force} % of healthy force."


def sentences(muscle: Target, visits: Sequence[Visit], other_side: Visit) -> list[str]:
    """One sentence per visit; neighbouring visits with the same MRC grade have the same one."""
    said: list[str] = []
    seen = [
        (v.examination.value(muscle.name, FINER_MRC), v.examination.value(muscle.name, FORCE))
        for v in visits
    ]
    for mrc, run in groupby(seen, key=lambda one: one[0] or 0.0):
        forces = [force or 0.0 for _, force in run]
        said += [sentence(mrc, forces)] * len(forces)
    return said


TEST = Test(
    name="strength",
    other_names=("MRC", "manual muscle testing"),
    text="Grade the strength of each muscle on the MRC scale.",
    source="weight of the limb, and forces measured in graded muscles; see the strength numbers",
    subjects=targets("motor"),
    examine=strength,
    interpret=sentences,
    title="Strength (MRC scale)",
    shown=(MRC_GRADE, FORCE),
    measures=(
        Measure(MRC_GRADE, MRC_UNIT, 0, 5, MRC_NAMES, tuple(range(6)), MRC_WORDS, usual=True),
        Measure(FINER_MRC, FINER_UNIT, 0, 5, (), FINER_LEVELS, FINER_WORDS),
        percent(FORCE, FORCE_UNIT, "power", most=200),
        percent(CO_CONTRACTION, FORCE_UNIT, most=200),
    ),
)
