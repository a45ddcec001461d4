"""The outline of an arm, a leg or head and neck, stretched straight along the way its nerves take.

A drawing aid only: nothing is computed from it. Lengths are ways from the spinal cord in mm at
a body height of 170 cm, so that a nerve's own landmarks fall where they belong.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_HEIGHT_cm = 170.0
# way from the cord, half width
_LEG = np.array(
    [
        (60, 120), (160, 150), (240, 158), (330, 140), (400, 112), (530, 94), (640, 70),
        (710, 62), (780, 66), (870, 70), (980, 52), (1090, 38), (1150, 38), (1200, 46),
        (1260, 50), (1300, 36), (1320, 8),
    ],
    dtype=float,
)  # fmt: skip
_HEAD = np.array(
    [
        (0, 78),
        (60, 84),
        (110, 80),
        (160, 64),
        (200, 52),
        (280, 56),
        (340, 84),
        (420, 96),
        (520, 88),
    ],
    dtype=float,
)
_ARM = np.array(
    [
        (40, 62), (140, 92), (200, 86), (280, 64), (390, 54), (480, 46), (530, 50), (580, 52),
        (660, 40), (720, 32), (770, 44), (820, 46), (870, 34), (905, 10),
    ],
    dtype=float,
)  # fmt: skip


def outline(limb: str, height_cm: float) -> tuple[Floats, Floats]:
    """Ways from the cord and half widths of the limb a nerve runs in, each ``(n_point,)`` in mm."""
    shape = {"arm": _ARM, "leg": _LEG, "head": _HEAD}[limb]
    scaled = shape * height_cm / _HEIGHT_cm
    return scaled[:, 0], scaled[:, 1]
