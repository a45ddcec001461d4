"""Where a crossing axon ends: in its own muscle or skin, in another, or nowhere.

An axon that keeps its tube finds its way home. One that crosses a torn stretch may enter a tube
at random: of its own fascicle where the perineurium is whole (up to Sunderland 3), of the whole
trunk otherwise, or of its own part of a trunk that is two nerves in one coat. A muscle has more
tubes than motor axons, as those of its afferents lead to it too. A motor axon in skin and a sensory
axon in muscle supply nothing.

Most muscles and most skin of a nerve have no table of their own, but their tubes take axons all
the same. As many axons as a followed muscle loses to them come to it from them, so such an axon is
followed as the one that takes its place: in the same target, doing something else there.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from tinel.cable.solvers.compile_cache import compiled, once
from tinel.course.state import NOWHERE
from tinel.lesion.state import Bools, Floats, Ints, Lesion
from tinel.nerve.anatomy import MOTOR, SENSORY, Nerve
from tinel.nerve.way import way

FOLLOWED, FELLOWS, OTHERS = 0, 1, 2  # lists of tubes: see ``_tubes``


def tubes(nerve: Nerve, end: Ints) -> Ints:
    """Row of the fibre in whose tube each axon grows to its target, ``(n_twin, n_fibre)``.

    Its own tube where it goes home; otherwise that of any fibre of the target.

    Args:
        nerve: the healthy nerve.
        end: the target it grows to, from ``destinations``.
    """
    fibres, n_fibre = nerve.fibres, nerve.fibres.target.size
    tube = np.broadcast_to(np.arange(n_fibre), end.shape).copy()
    elsewhere = (end != fibres.target) & (end != NOWHERE)
    if not elsewhere.any():
        return tube
    draw = nerve.twins.uniform("course.misdirection.tube", n_fibre, 0.0)
    for target in np.unique(end[elsewhere]):
        rows, which = np.flatnonzero(fibres.target == target), elsewhere & (end == target)
        tube[which] = rows[np.minimum((draw[which] * rows.size).astype(int), rows.size - 1)]
    return tube


def destinations(
    nerve: Nerve,
    lesion: Lesion,
    sunderland_grade: Ints,
    astray: Floats,
    tube: Ints | None = None,
    before: tuple[Ints, Bools] | None = None,
) -> tuple[Ints, Bools]:
    """The target each axon would supply if it crossed, and whether it is right there.

    Both ``(n_twin, n_fibre)``. An axon is right in its own target, and in a muscle that acts with
    its own.

    Args:
        nerve: the healthy nerve.
        lesion: which fibres run through the injured place.
        sunderland_grade: Sunderland grade of each tube, ``(n_twin, n_fibre)``.
        astray: chance that a crossing axon enters a tube at random, ``(n_twin, n_fibre)``.
        tube: row of the fibre in whose tube it comes, where it has crossed a place before; None for
            its own.
        before: where it would end if it kept that tube, and whether it is right there.

    Source:
        Double labels in the rat (de Ruiter 2008); twice as many motor units as by chance in the
        monkey (Madison et al. 1999, PMC6784932).
    """
    fibres, twins = nerve.fibres, nerve.twins
    n_fibre = fibres.target.size
    own = np.broadcast_to(fibres.target, sunderland_grade.shape)
    stream = "course.misdirection" if tube is None else "course.misdirection.second"
    random = twins.uniform(stream, n_fibre, 0.0) < astray
    if tube is None:
        tube = np.broadcast_to(np.arange(n_fibre), own.shape)
        random &= lesion.present[None, :]
    kept, stays = before or (own, np.ones(own.shape, bool))
    if not random.any():
        return kept, stays
    # the draw is cheap, so that of every fibre is made: chunks of twins stay alike
    where = twins.uniform(f"{stream}.where", n_fibre, 0.0)
    per_unit, preference = (
        np.broadcast_to(twins.parameters[f"course.misdirection.{key}"], (len(twins), 1))
        for key in ("tubes_per_unit", "preference")
    )
    now = np.where(kept == NOWHERE, own, kept)
    column = np.array(now)
    for within, group in (
        (sunderland_grade <= 3, fibres.fascicle),
        (sunderland_grade > 3, _coats(nerve)[fibres.target]),
    ):
        twin, fibre = np.nonzero(random & within)
        if twin.size:
            likely = _tubes(nerve, lesion.present, group, per_unit, preference)
            table = np.cumsum(likely, axis=-1)
            table = table / np.maximum(table[..., -1:], 1e-300)
            row = twin, fibres.kind[fibre], group[tube[twin, fibre]]
            found = np.zeros(twin.size, np.int64)
            _loop()(
                table.reshape(-1, table.shape[-1]),
                np.ravel_multi_index(row, table.shape[:-1]),
                where[twin, fibre],
                found,
            )
            column[twin, fibre] = found
    n_target = len(nerve.targets)
    column = np.minimum(column, 3 * n_target - 1)
    beside, place = np.divmod(column, n_target)
    names = sorted({t.acts_with for t in nerve.targets})
    acts = np.array([names.index(t.acts_with) for t in nerve.targets])
    kinds = np.array([MOTOR if t.kind == "motor" else SENSORY for t in nerve.targets])
    right = (acts[place] == acts[fibres.target]) & (beside < OTHERS)
    end = np.where(beside == FOLLOWED, place, now)
    end = np.where(kinds[place] == fibres.kind, end, NOWHERE)
    return np.where(random, end, kept), np.where(random, right, stays)


def _tubes(
    nerve: Nerve, present: Bools, group: Ints, per_unit: Floats, preference: Floats
) -> Floats:
    """Tubes by kind of axon and group, ``(n_twin, 2, n_group, 3 n_target)``.

    Of each target, then of those beside it that act with it, then of the others beside it.
    """
    fibres = nerve.fibres
    n_group, n_target = int(group.max()) + 1, len(nerve.targets)
    count = np.zeros((n_group, n_target))
    np.add.at(count, (group, fibres.target), np.where(present, fibres.weight, 0.0))
    whole = np.maximum(np.bincount(fibres.target, fibres.weight, n_target), 1e-300)  # or no axon
    beside = [[t.fellow_axons for t in nerve.targets], [t.other_axons for t in nerve.targets]]
    all_tubes = np.concatenate([count, *(count * (n / whole) for n in np.array(beside))], axis=1)
    motor = np.tile([t.kind == "motor" for t in nerve.targets], 3)
    weight = np.broadcast_to(all_tubes, (len(preference), 2, *all_tubes.shape)).copy()
    weight *= np.where(motor, per_unit, 1.0)[:, None, None, :]
    weight[:, MOTOR] *= np.where(motor, preference, 1.0)[:, None, :]
    return weight


def _coats(nerve: Nerve) -> Ints:
    """Which nerve of its own inside the trunk each target belongs to, ``(n_target,)``."""
    apart = [b.name for b in nerve.branches if b.own_sheath]
    steps = [{step.name for step in way(nerve.branches, t)} for t in nerve.targets]
    return np.array([next((k for k, n in enumerate(apart, 1) if n in s), 0) for s in steps])


@once
def _loop() -> Any:
    return compiled(_passed, {})


def _passed(table: Any, row: Any, value: Any, found: Any) -> None:
    # how many columns of its row of a table each value has reached; compiled
    for k in range(row.size):
        for column in range(table.shape[1]):
            found[k] += value[k] >= table[row[k], column]
