"""An injury that came some days after the operation: a bleed, an infection, a late pressure."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from tinel.lesion.state import Floats, Lesion


def later(lesion: Lesion, days: Floats) -> Lesion:
    """The same injury, some days after day 0.

    Args:
        lesion: of a cause that acts at once.
        days: from the operation to the injury, 0 or more, ``(n_twin,)``.

    Example:
        >>> from tinel import lesion, nerve
        >>> from tinel.twins import Patient, Twins
        >>> few = Twins(Patient(age=40, sex="female", height_cm=170), range(2))
        >>> arm = nerve.build("ulnar", side="left", twins=few)
        >>> cut = lesion.laceration.make(arm, "ulnar trunk", site_mm=400.0, fraction=1.0)
        >>> late = later(cut, np.array([3.0, 10.0]))
        >>> late.cut_d.min(axis=1).tolist(), late.struck_d.tolist()
        ([3.0, 10.0], [3.0, 10.0])
    """
    return replace(
        lesion,
        cut_d=lesion.cut_d + days[:, None],
        block_d=np.where(lesion.block_d > 0.0, lesion.block_d + days[:, None], 0.0),
        struck_d=lesion.struck_d + days,
    )
