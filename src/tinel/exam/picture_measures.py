"""What pictures of a nerve, of ultrasound or MR, say of an injury: continuity and gap.

A patient's findings are read against these; see ``case.finding_picture``.
"""

from __future__ import annotations

from tinel.exam.measure import Measure
from tinel.exam.ultrasound_names import GAP, WHOLE

INTERRUPTED, WITH_NEUROMA, CONTINUOUS = 0.0, 0.5, 1.0

_CONTINUITY = (
    ("interrupted", INTERRUPTED, INTERRUPTED),
    ("neuroma in continuity", WITH_NEUROMA, WITH_NEUROMA),
    ("continuous", CONTINUOUS, CONTINUOUS),
    ("in continuity", WITH_NEUROMA, CONTINUOUS),
    ("not interrupted", WITH_NEUROMA, CONTINUOUS),
    ("neuroma-in-continuity", WITH_NEUROMA, WITH_NEUROMA),
    ("discontinuous", INTERRUPTED, INTERRUPTED),
    ("discontinuity", INTERRUPTED, INTERRUPTED),
    ("transected", INTERRUPTED, INTERRUPTED),
    ("cut", INTERRUPTED, INTERRUPTED),
    ("severed", INTERRUPTED, INTERRUPTED),
    ("intact", CONTINUOUS, CONTINUOUS),
)
CONTINUITY = (
    Measure(
        WHOLE,
        "0 or 1",
        INTERRUPTED,
        CONTINUOUS,
        ("continuity", "nerve continuity", "discontinuity"),
        levels=(INTERRUPTED, WITH_NEUROMA, CONTINUOUS),
        words=_CONTINUITY,
    ),
    Measure(
        GAP,
        "mm",
        0.1,
        500.0,
        ("gap", "gap length", "length of the gap", "distance of the ends", "retraction"),
        states=("absent", "present"),
    ),
)
