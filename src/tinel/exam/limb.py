"""What an examiner has before them: the nerve, its lesion if any, on one day."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from tinel.course.state import NerveState
from tinel.lesion.state import Lesion
from tinel.nerve.anatomy import Fibres, Nerve

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Limb:
    """A nerve with its lesion (None on the healthy side) in its state of the day."""

    nerve: Nerve
    lesion: Lesion | None
    state: NerveState

    def only(self, target: str) -> Limb:
        """The same limb, reduced to the fibres of one target."""
        names = [t.name for t in self.nerve.targets]
        which = self.nerve.fibres.target == names.index(self.nerve.target(target).name)
        f = self.nerve.fibres
        fibres = Fibres(**{n.name: getattr(f, n.name)[..., which] for n in fields(Fibres)})
        lesion = self.lesion and replace(
            self.lesion,
            **{name: getattr(self.lesion, name)[..., which] for name in _LESION_PER_FIBRE},
        )
        per_fibre = [n.name for n in fields(NerveState) if n.name not in _NOT_PER_FIBRE]
        state = replace(self.state, **{n: getattr(self.state, n)[:, which] for n in per_fibre})
        return Limb(replace(self.nerve, fibres=fibres), lesion, state)


_LESION_PER_FIBRE = ("present", "lamellae_left", "cut_d", "sunderland_grade", "susceptibility")
_NOT_PER_FIBRE = ("day", "unit_growth", "readiness")


def healthy(nerve: Nerve) -> Limb:
    """The limb of the other side: every fibre whole.

    Shapes as in ``NerveState``.
    """
    shape = nerve.fibres.diameter_um.shape
    whole: Bools = np.ones(shape, bool)
    per_target = np.ones((shape[0], len(nerve.targets)))
    state = NerveState(
        day=0.0,
        lamellae_left=np.ones(shape),
        intact=whole,
        stump_conducts=whole,
        junction_works=whole,
        front_mm=np.broadcast_to(nerve.path_mm, shape),
        reached=~whole,
        maturity=np.ones(shape),
        unit_growth=per_target,
        readiness=per_target,
    )
    return Limb(nerve, None, state)
