"""Force after nerve grafts, which was measured: what every row of a posterior has to meet.

Force transducers, 16 patients with grafts of the upper limb (acnpsearch 28092805, abstract read):
a median of 32 % of the other side. Which nerves, delays and gaps they had is not told; those below
are an assumption.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from tinel.cohort.crew import shared
from tinel.course import follow, state_at
from tinel.evidence import Parameters
from tinel.exam.limb import Limb
from tinel.exam.tests.strength import force_fraction
from tinel.lesion import laceration
from tinel.nerve import build
from tinel.nerve.library import parameters
from tinel.progress import Progress, silent
from tinel.treatment import plan
from tinel.twins import Patient, Twins

Floats = NDArray[np.float64]

MEASURED_percent = 32.0
WITHIN_percent = 10.0  # points, by what the choice of nerves leaves open
YEARS_3 = 1100.0  # days
TWINS = 80
# nerve, landmark of the injury, muscles
ARMS = (
    ("radial", "spiral groove", ("extensor carpi radialis", "extensor digitorum communis")),
    ("axillary", "quadrilateral space", ("deltoid",)),
    ("musculocutaneous", "axilla", ("biceps",)),
    ("ulnar", "wrist", ("first dorsal interosseous",)),
    ("median", "wrist", ("abductor pollicis brevis",)),
)
DELAYS_AND_GAPS = ((30.0, 40.0), (120.0, 60.0), (240.0, 80.0))  # days, mm


def forces(numbers: Parameters, day: float, gap_mm: float, n_twin: int = TWINS) -> Floats:
    """Fractions of the healthy force three years after a graft, of every muscle and twin.

    Args:
        numbers: in use.
        day: of the graft.
        gap_mm: its length.
        n_twin: twins of each nerve.
    """
    person = Patient(age=30, sex="male", height_cm=175)
    step = {"treatment": "graft", "day": day, "gap_mm": gap_mm}
    found = []
    for name, place, muscles in ARMS:
        twins = Twins(person, range(n_twin), parameters=numbers)
        nerve = build(name, side="right", twins=twins)
        mark = next(m for m in nerve.landmarks if m.name == place)
        cut = laceration.make(nerve, mark.branch, site_mm=mark.position_mm, fraction=1.0)
        course = follow(nerve, cut, plan("graft", [step], numbers))
        state = state_at(course, day + YEARS_3)
        limb = Limb(nerve, cut, state, conducts=state.joined)
        found += [force_fraction(limb, muscle) for muscle in muscles]
    return np.concatenate(found)


def median_percent(values: Sequence[float], keys: Sequence[str]) -> float:
    """Median force of all arms, in percent of the other side.

    Args:
        values: of the numbers that a row sets.
        keys: of those numbers.
    """
    numbers = parameters().replace(dict(zip(keys, values, strict=True)))
    each = [forces(numbers, day, gap_mm) for day, gap_mm in DELAYS_AND_GAPS]
    return 100.0 * float(np.median(np.concatenate(each)))


def met(percent: float) -> bool:
    """Whether a median force is the one that was measured.

    Example:
        >>> met(38.0), met(45.0)
        (True, False)
    """
    return abs(percent - MEASURED_percent) <= WITHIN_percent


def medians_percent(
    rows: Floats, keys: Sequence[str], workers: int = 1, progress: Progress = silent
) -> Floats:
    """``median_percent`` of every row, ``(n_row,)``.

    Args:
        rows: ``(n_row, n_key)``.
        keys: of the numbers.
        workers: processes; 1 for none beside this one.
        progress: called after each row.
    """
    each = partial(median_percent, keys=tuple(keys))
    items = [tuple(row) for row in rows.tolist()]
    once = list(dict.fromkeys(items))
    progress(0, len(once), "force after grafts")
    found: dict[tuple[float, ...], float] = {}
    alone = ((one, each(one)) for one in once)
    for one, percent in shared(each, once, workers, lambda _: None) if workers > 1 else alone:
        found[one] = percent
        progress(len(found), len(once), "force after grafts")
    return np.array([found[one] for one in items])
