"""A limb on the day of an examination: the nerve, its lesion, and what conducts."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from tinel.course.state import NerveState
from tinel.evidence import Parameters
from tinel.lesion.state import Lesion
from tinel.nerve.anatomy import Fibres, Nerve

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

_PER_FIBRE = (
    "present",
    "lamellae_left",
    "cut_d",
    "sunderland_grade",
    "susceptibility",
    "paranode_opening",
    "block_d",
)
_NOT_PER_FIBRE = ("day", "unit_growth", "readiness")


@dataclass(frozen=True)
class Limb:
    """A nerve with its lesion in its state of one day.

    Args:
        nerve: with the twins whose nerve it is.
        lesion: what is hurt; on the healthy side one that hurts nothing.
        state: what stands, conducts and has grown on the day.
        conducts: which fibres an impulse from the spinal cord gets through to their target,
            ``(n_twin, n_fibre)``.
    """

    nerve: Nerve
    lesion: Lesion
    state: NerveState
    conducts: Bools

    @property
    def parameters(self) -> Parameters:
        """The numbers behind these twins."""
        return self.nerve.twins.parameters

    def row(self, target: str) -> int:
        """Place of a target among the nerve's targets."""
        return [t.name for t in self.nerve.targets].index(self.nerve.target(target).name)

    def fibres_of(self, target: str) -> Bools:
        """Which fibres run to a target, ``(n_fibre,)``."""
        return np.asarray(self.nerve.fibres.target == self.row(target))

    def only(self, target: str) -> Limb:
        """The same limb, reduced to the fibres of one target."""
        which, f = self.fibres_of(target), self.nerve.fibres
        fibres = Fibres(**{n.name: getattr(f, n.name)[..., which] for n in fields(Fibres)})
        lesion = replace(
            self.lesion, **{name: getattr(self.lesion, name)[..., which] for name in _PER_FIBRE}
        )
        per_fibre = [n.name for n in fields(NerveState) if n.name not in _NOT_PER_FIBRE]
        state = replace(self.state, **{n: getattr(self.state, n)[:, which] for n in per_fibre})
        nerve = replace(self.nerve, fibres=fibres)
        return Limb(nerve, lesion, state, self.conducts[:, which])


def limb_on(nerve: Nerve, lesion: Lesion, state: NerveState, block: Floats) -> Limb:
    """The limb on the day of ``state``.

    Args:
        nerve: healthy anatomy of the twins.
        lesion: what is hurt.
        state: from ``course.state_at``.
        block: fraction of lamellae at which each fibre fails at the lesion,
            ``(n_twin, n_fibre)``, from ``conduction_time.block_fractions``.
    """
    passes = ~lesion.present | ~state.intact | (state.lamellae_left >= block)
    return Limb(nerve, lesion, state, state.joined & passes)


def healthy(nerve: Nerve) -> Limb:
    """The limb of the other side: every fibre whole, and a lesion that hurts nothing."""
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
    return limb_on(nerve, Lesion.none(nerve), state, np.zeros(shape))
