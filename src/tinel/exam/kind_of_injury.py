"""Block, axon loss or both, by everything that was examined up to a day.

A laboratory reads its tests together. Spontaneous activity at the needle, or a response beyond the
injury that is too small once broken axons have fallen silent, is axon loss. A drop across the
injury while the response beyond it is kept, or force that is missing though that response is not,
is block. One seen earlier still counts after it has cleared, where more comes through than then;
where the response beyond has merely followed, axons that broke were only slow to fall silent.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np

from tinel.exam.examination import Visit
from tinel.exam.interpretation import shows_block
from tinel.exam.needle.reading import FASTEST, FIBRILLATIONS, WAVES, range_of_days
from tinel.exam.per_twin import of_first
from tinel.exam.signs import Signs, settled_d, signs
from tinel.nerve.anatomy import Target

Kind = Literal["block", "axon loss", "mixed", "open", "neither"]


def kind_of_injury(visits: Sequence[Visit], other_side: Visit) -> Kind:
    """The kind of injury that the examinations so far tell.

    Args:
        visits: of the first twin, in order of days, the last on the day of the reading.
        other_side: that twin's healthy side.

    Returns:
        ``open`` where something is abnormal and it is too early to tell block from axon loss.
    """
    every = [_studies(visit, other_side) for visit in visits]
    last, now = visits[-1], every[-1]
    today = list(now.values())
    lost = _fibrillates(last) or any(_lost(s) for s in today)
    blocks_now = any(_can_tell(s) and shows_block(s) for s in today)
    cleared = any(
        _can_tell(s) and shows_block(s) and name in now and _more_comes_through(s, now[name])
        for seen in every[:-1]
        for name, s in seen.items()
    )
    if lost:
        return "mixed" if blocks_now or cleared else "axon loss"
    dropped = any(shows_block(s) for seen in every for s in seen.values())
    if not all(_can_tell(s) for s in today) or _waits_for_needle(last):
        return "block" if blocks_now and not _waits_for_needle(last) else _early(today, dropped)
    return "block" if dropped else "neither"


def _early(today: Sequence[Signs], dropped: bool) -> Kind:
    return "open" if dropped or any(s.weak or s.reduced or s.doubtful for s in today) else "neither"


def _studies(visit: Visit, other_side: Visit) -> dict[str, Signs]:
    nerve, done = visit.limb.nerve, visit.examination.responses
    found = {s.name: signs(s, visit, other_side) for s in nerve.studies if s.name in done}
    useful = {n: s for n, s in found.items() if s.place in ("above", "across") and s.other > 0}
    return useful


def _more_comes_through(then: Signs, now: Signs) -> bool:
    """Whether clearly more comes through the injury than then, as when a block clears."""
    before, after = (
        s.amplitude * np.nan_to_num(s.kept_percent) if s.place == "across" else s.force_percent
        for s in (then, now)
    )
    return bool(before < of_first(now.parameters, "laboratory.limit.side_doubt") * after)


def _can_tell(s: Signs) -> bool:
    return s.day >= settled_d(s.kind, s.parameters)


def _lost(s: Signs) -> bool:
    return _can_tell(s) and s.reduced


def _muscles(visit: Visit) -> list[Target]:
    """The muscles that the needle was in and whose axons run through the injury."""
    limb = visit.limb
    present = limb.lesion.present
    return [
        muscle
        for muscle in limb.nerve.targets
        if visit.examination.of(muscle.name, FASTEST) is not None
        and present[limb.fibres_of(muscle.name)].any()
    ]


def _fibrillates(visit: Visit) -> bool:
    return any(
        (visit.examination.value(muscle.name, name) or 0.0) > 0
        for muscle in _muscles(visit)
        for name in (FIBRILLATIONS, WAVES)
    )


def _waits_for_needle(visit: Visit) -> bool:
    """Whether spontaneous activity may still come in every muscle that the needle was in."""
    muscles = _muscles(visit)
    return bool(muscles) and all(visit.day < range_of_days(visit, m)[1] for m in muscles)
