"""Hours of pressure on day 0: a retractor, a cuff, a swollen wound. None of it lasts."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from tinel import evidence
from tinel.lesion import place, susceptibility
from tinel.lesion.state import Floats, Lesion
from tinel.nerve.anatomy import Nerve


def make(
    nerve: Nerve,
    branch: str,
    *,
    site_mm: ArrayLike,
    length_mm: ArrayLike,
    pressure_mmHg: ArrayLike,
    hours: ArrayLike,
) -> Lesion:
    """Pressure on the nerve for some hours: sheath lost and axons cut on day 0, tubes whole.

    The block that comes from lack of blood alone clears within a day and is not kept: the first
    day that can be examined is the one after.

    Args:
        nerve, branch, site_mm, length_mm: as in ``place.unhurt``.
        pressure_mmHg: pressure on the nerve itself, 0 to 3000 mmHg. A cuff on the skin presses
            the nerve beneath with less.
        hours: how long, 0 to 48.

    Raises:
        TinelError: a number outside its range, or as ``place.unhurt``.

    Example:
        >>> from tinel import lesion, nerve
        >>> from tinel.twins import Patient, Twins
        >>> few = Twins(Patient(age=40, sex="female", height_cm=170), range(2))
        >>> arm = nerve.build("ulnar", side="left", twins=few)
        >>> hurt = lesion.compression.make(arm, "ulnar trunk", site_mm=400.0, length_mm=30.0,
        ...                                pressure_mmHg=200.0, hours=2.0)
        >>> bool(hurt.lamellae_left[:, hurt.present].mean() < 0.5)
        True
    """
    whole = place.unhurt("acute compression", nerve, branch, site_mm, length_mm)
    present = whole.present
    pressure = place.per_twin("pressure_mmHg", pressure_mmHg, nerve.n_twin, 0.0, 3000.0, "mmHg")
    held = place.per_twin("hours", hours, nerve.n_twin, 0.0, 48.0, "hours")
    feels = susceptibility.of(nerve)
    dose = strength_mmHg(
        susceptibility.local_mmHg(
            feels, pressure[:, None], evidence.value("lesion.compression.threshold")
        ),
        held[:, None],
    )
    draw = nerve.twins.normal("lesion.compression.axon", present.size)
    breaks_at = evidence.value("lesion.compression.axon_half") * np.exp(
        evidence.value("lesion.compression.axon_spread") * draw
    )
    cut = present & (dose > breaks_at)
    return replace(
        whole,
        lamellae_left=np.where(present, sheath_after(dose), 1.0),
        cut_d=np.where(cut, 0.0, np.inf),
        sunderland_grade=np.where(cut, 2, 0),
        susceptibility=feels,
    )


def strength_mmHg(pressure_local_mmHg: ArrayLike, hours: ArrayLike) -> Floats:
    """Overpressure that would do the same in 2 hours, mmHg; the arguments broadcast.

    Example:
        >>> strength_mmHg([40.0, 200.0], 2.0).tolist()
        [0.0, 160.0]
    """
    over = np.maximum(
        np.asarray(pressure_local_mmHg, np.float64)
        - evidence.value("lesion.compression.threshold"),
        0.0,
    )
    times = np.asarray(hours, np.float64) / evidence.value("lesion.compression.reference_hours")
    strength: Floats = over * times ** evidence.value("lesion.compression.hours_exponent")
    return strength


def sheath_after(strength: Floats) -> Floats:
    """Share of the lamellae left right after a compression of that strength (mmHg over 2 h).

    Example:
        >>> [round(float(x), 2) for x in sheath_after(np.array([10.0, 160.0, 360.0]))]
        [0.99, 0.16, 0.03]
    """
    floor = evidence.value("lesion.sheath.floor")
    times = (strength / evidence.value("lesion.compression.sheath_half")) ** evidence.value(
        "lesion.compression.sheath_steepness"
    )
    left: Floats = floor + (1.0 - floor) / (1.0 + times)
    return left
