"""Sensation as clinics record it: numb area, two points, place of a touch, and the S grade."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from tinel.exam import skin as felt
from tinel.exam import supply
from tinel.exam.examination import Visit
from tinel.exam.laboratory import Laboratory
from tinel.exam.limb import Limb
from tinel.exam.measure import NOTHING, Measure, percent
from tinel.exam.measurement import Value
from tinel.exam.test import Test, targets
from tinel.exam.tests.touch import filament, healthy_marking
from tinel.nerve.anatomy import Target

S_GRADE, S_UNIT = "S grade", "0 to 4"
NUMB = "numb area"
TWO_POINT, TWO_POINT_UNIT = "two points told apart", "mm apart"
TWO_POINT_FOUND = "two points as an examiner finds them"
RIGHT_PLACE = "touch fibres in their right place"
TWO_POINTS_GRADE = 3.5
S_GRADE_WORDS = {
    0.0: "S0: no sensation",
    1.0: "S1: deep pain only",
    2.0: "S2: some pain and touch",
    3.0: "S3: pain and touch, two points are not told apart",
    3.5: "S3+: pain and touch, and the place of a touch in part",
    4.0: "S4: full sensation",
}
S_WORDS = (
    *((text.split(":")[0].lower(), value, value) for value, text in S_GRADE_WORDS.items()),
    ("absent", 0, 0), ("none", 0, 0), ("present", 1, 4), ("normal", 4, 4), ("reduced", 0, 3.5),
)  # fmt: skip
# who maps numb skin presses: cotton wool or a pin, not the finest touch
NUMB_NAMES = {"touch": (), "pain": (), "heat": (), felt.FIRM: ("numb area", "numb skin")}


def sensation(limb: Limb, skin: Target, laboratory: Laboratory) -> tuple[Value, ...]:
    """S grade, numb areas, two points and axons in their right place on a patch of skin."""
    works = felt.felt_fraction(limb, skin)
    finest = filament(works, healthy_marking(limb.nerve), limb.parameters)
    recovered = felt.s_grade(works, finest, felt.spacing(limb, skin), limb.parameters)
    values = [Value(S_GRADE, S_UNIT, recovered)]
    if skin.width_mm and skin.length_mm:
        values += [
            Value(f"{NUMB} ({sense})", "mm²", felt.numb_mm2(limb, skin, sense))
            for sense in felt.SENSES
        ]
    if skin.two_point_mm:
        apart = felt.told_apart_mm(limb, skin)
        twins = limb.nerve.twins
        drawn = twins.normal(f"exam.two_points.{skin.name}.day {limb.state.day:g}", 1)[:, 0]
        found = apart * np.exp(twins.each("bedside.two_points.examiner") * drawn)
        values += [
            Value(TWO_POINT, TWO_POINT_UNIT, apart),
            Value(TWO_POINT_FOUND, TWO_POINT_UNIT, found),
        ]
    return (*values, Value(RIGHT_PLACE, "%", 100 * supply.right(limb, skin.name)))


def sentence(s_grade: float, numb_mm2: float | None, apart_mm: float | None) -> str:
    """One sentence on what a patch of skin feels.

    Args:
        s_grade: 0 to 4, S3+ as 3.5.
        numb_mm2: area without touch; None where the size of the patch is not known.
        apart_mm: least distance of two points told apart, inf for never; None where not tested.

    Example:
        >>> sentence(3.5, 0.0, 9.04)
        'S3+: pain and touch, and the place of a touch in part; two points from 9.0 mm on.'
        >>> sentence(3.0, 110.0, 22.4)  # grade 3 says that two points are not told apart
        'S3: pain and touch, two points are not told apart; numb to touch over 1.1 cm².'
    """
    told = S_GRADE_WORDS[s_grade]
    if numb_mm2 is not None and numb_mm2 >= 1.0:
        told += f"; numb to touch over {numb_mm2 / 100:.1f} cm²"
    if s_grade >= TWO_POINTS_GRADE and apart_mm is not None and math.isfinite(apart_mm):
        told += f"; two points from {apart_mm:.1f} mm on"
    return f"{told}."


def sentences(skin: Target, visits: Sequence[Visit], other_side: Visit) -> list[str]:
    """One sentence per visit."""
    said = []
    for visit in visits:
        recovered, *more = (
            visit.examination.value(skin.name, quantity)
            for quantity in (S_GRADE, f"{NUMB} (touch)", TWO_POINT)
        )
        said.append("" if recovered is None else sentence(recovered, *more))
    return said


TEST = Test(
    name="sensation",
    other_names=("S grade", "two-point discrimination", "numb area"),
    text="Map numb skin, tell two points apart, and grade sensation from S0 to S4.",
    source="Healy et al. 1996, doi:10.1093/brain/119.6.2063; Nolan 1982, Phys Ther 62:965-969",
    subjects=targets("sensory"),
    examine=sensation,
    interpret=sentences,
    title="Sensation (numb area, two points, S grade)",
    shown=(S_GRADE, f"{NUMB} (touch)", TWO_POINT),
    measures=(
        Measure(S_GRADE, S_UNIT, 0, 4, ("S",), tuple(S_GRADE_WORDS), S_WORDS, usual=True),
        *(
            Measure(f"{NUMB} ({sense})", "mm²", 0, 1e6, NUMB_NAMES[sense], (), NOTHING, states=())
            for sense in felt.SENSES
        ),
        Measure(TWO_POINT, TWO_POINT_UNIT, 0, 500, ("two points", "two-point discrimination")),
        Measure(TWO_POINT_FOUND, TWO_POINT_UNIT, 0, 500),
        percent(RIGHT_PLACE),
    ),
)
