"""Where a crossing axon ends: in its own muscle or skin, in another, or nowhere.

An axon that keeps its tube finds its way home. One that crosses a torn stretch may enter a tube
at random: of its own fascicle where the perineurium is whole (up to Sunderland 3), of the whole
trunk otherwise. Tubes of muscles draw motor axons more than their number (preferential motor
reinnervation). A motor axon in skin and a sensory axon in muscle supply nothing.
"""

from __future__ import annotations

import numpy as np

from tinel.course.state import NOWHERE
from tinel.lesion.state import Bools, Floats, Ints, Lesion
from tinel.nerve.anatomy import MOTOR, SENSORY, Nerve


def destinations(nerve: Nerve, lesion: Lesion, sunderland_grade: Ints, astray: Floats) -> Ints:
    """The target each axon would supply if it crossed, ``(n_twin, n_fibre)``.

    Args:
        nerve: the healthy nerve.
        lesion: which fibres run through the injured place.
        sunderland_grade: Sunderland grade of each tube, ``(n_twin, n_fibre)``.
        astray: chance that a crossing axon enters a tube at random, ``(n_twin, n_fibre)``.

    Source:
        Double labels in the rat (de Ruiter 2008); twice as many motor units as by chance in the
        monkey (Madison et al. 1999, PMC6784932).
    """
    fibres, twins = nerve.fibres, nerve.twins
    n_fibre = fibres.target.size
    own = np.broadcast_to(fibres.target, sunderland_grade.shape)
    random = twins.uniform("course.misdirection", n_fibre, 0.0) < astray
    random &= lesion.present[None, :]
    if not random.any():
        return own
    # the draw is cheap, so that of every fibre is made: chunks of twins stay alike
    where = twins.uniform("course.misdirection.where", n_fibre, 0.0)
    preference = np.broadcast_to(
        twins.parameters["course.misdirection.preference"], (len(twins), 1)
    )
    end = np.array(own)
    whole_trunk = np.zeros(n_fibre, int)
    for within, group in (
        (sunderland_grade <= 3, fibres.fascicle),
        (sunderland_grade > 3, whole_trunk),
    ):
        twin, fibre = np.nonzero(random & within)
        if twin.size:
            likely = _tubes(nerve, lesion.present, group, preference)
            table = np.cumsum(likely, axis=-1)
            table = table / np.maximum(table[..., -1:], 1e-300)
            mine = table[twin, fibres.kind[fibre], group[fibre]]
            end[twin, fibre] = (where[twin, fibre, None] >= mine).sum(axis=1)
    end = np.minimum(end, len(nerve.targets) - 1)
    kinds = np.array([MOTOR if t.kind == "motor" else SENSORY for t in nerve.targets])
    return np.where(kinds[end] == fibres.kind, end, NOWHERE)


def _tubes(nerve: Nerve, present: Bools, group: Ints, preference: Floats) -> Floats:
    """Tubes of each target by kind of axon and group, ``(n_twin, 2, n_group, n_target)``."""
    fibres = nerve.fibres
    n_group, n_target = int(group.max()) + 1, len(nerve.targets)
    count = np.zeros((n_group, n_target))
    np.add.at(count, (group, fibres.target), np.where(present, fibres.weight, 0.0))
    motor = np.array([t.kind == "motor" for t in nerve.targets])
    weight = np.broadcast_to(count, (len(preference), 2, n_group, n_target)).copy()
    weight[:, MOTOR] *= np.where(motor, preference, 1.0)[:, None, :]
    return weight
