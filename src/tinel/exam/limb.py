"""A limb on the day of an examination: the nerve, its lesion, and what conducts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tinel.course import Course
from tinel.course.state import NerveState, Second
from tinel.course.whole import whole_state
from tinel.errors import TinelError
from tinel.evidence import Parameters
from tinel.lesion.state import Lesion
from tinel.nerve.anatomy import Fibres, Nerve
from tinel.symptom import neuroma
from tinel.symptom.today import Sensory, damage, of_sensory
from tinel.treatment.plan import Intervention

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

_LESION_PER_FIBRE = (
    "present",
    "lamellae_left",
    "cut_d",
    "sunderland_grade",
    "susceptibility",
    "paranode_opening",
    "block_d",
)


@dataclass(frozen=True)
class Limb:
    """A nerve with its lesion in its state of one day.

    Args:
        nerve: with the twins whose nerve it is.
        lesion: what is hurt; on the healthy side one that hurts nothing.
        state: what stands, conducts and has grown on the day.
        conducts: which fibres an impulse from the spinal cord gets through to their target,
            ``(n_twin, n_fibre)``.
        interventions: what was or will be done, for those that help with pain alone.
        beside: on the healthy side the other limb's injury, which says where an examiner looks;
            None where nobody says.
        course: how the limb came to that state; None on the healthy side.
    """

    nerve: Nerve
    lesion: Lesion
    state: NerveState
    conducts: Bools
    interventions: tuple[Intervention, ...] = ()
    beside: Lesion | None = None
    course: Course | None = None

    @property
    def parameters(self) -> Parameters:
        """The numbers behind these twins."""
        return self.nerve.twins.parameters

    def row(self, target: str) -> int:
        """Place of a target among the nerve's targets."""
        return self.nerve.row(target)

    @property
    def day(self) -> float:
        """Days after the injury."""
        return self.state.day

    @cached_property
    def sensory(self) -> Sensory:
        """Which sensory axons may fire."""
        damaged, growing = of_sensory(self, damage(self)), of_sensory(self, self.state.growing)
        return Sensory(damaged, growing, *neuroma.progress(self))

    @property
    def broke_mm(self) -> Floats:
        """Where the stump of each axon begins, mm from the cord, ``(n_twin, n_fibre)``.

        Of a whole axon where it would: at the injury, of two at the nearer one that hurts.
        """
        lesion, second = self.lesion, self.state.beyond
        near = np.broadcast_to(lesion.site_mm[:, None], self.state.intact.shape)
        if lesion.beyond is None or second is None:
            return near
        far = lesion.beyond.site_mm[:, None]
        whole = lesion.counted(lambda place: place.site_mm)[:, None]
        broken = np.where(second.stump_begins, far, near)
        return np.where(self.state.intact, whole, broken)

    @property
    def hurt_places(self) -> tuple[Lesion, ...]:
        """The injury; of two, those that hurt anything in the first twin, or the nearer one."""
        if self.lesion.beyond is None:
            return (self.lesion,)
        return tuple(one for one in self.lesion.sites if one.hurts[0]) or (self.lesion,)

    @property
    def sets_out_mm(self) -> Floats:
        """Where a tip of each axon set out, mm from the cord, ``(n_twin, n_fibre)``.

        At the injury nearest to the cord that broke it.
        """
        lesion, second = self.lesion, self.state.beyond
        near = np.broadcast_to(lesion.site_mm[:, None], self.state.intact.shape)
        if lesion.beyond is None or second is None:
            return near
        alone = second.divided & second.stands_before
        return np.where(alone, lesion.beyond.site_mm[:, None], near)

    def broken(self, target: str) -> Floats:
        """Fraction of a target's own axons that were ever broken, ``(n_twin,)``."""
        which = self.fibres_of(target)
        weight = self.nerve.fibres.weight[which]
        return np.asarray(1.0 - self.state.intact[:, which] @ weight / weight.sum())

    def fibres_of(self, target: str) -> Bools:
        """Which fibres run to a target, ``(n_fibre,)``."""
        return np.asarray(self.nerve.fibres.target == self.row(target))

    def supplying(self, target: str) -> Bools:
        """Which axons supply a target, astray ones of others too, ``(n_twin, n_fibre)``."""
        return np.asarray(self.state.destination == self.row(target))

    @property
    def holds(self) -> Floats:
        """What the tissue can do that each axon holds, ``(n_twin, n_fibre)``.

        Over the axons of a healthy target the sum is 1; the impulse is not asked for, see
        ``conducts``.
        """
        return self.state.territory * self.state.readiness

    @cached_property
    def working(self) -> tuple[Floats, Floats]:
        """What of each target works through its own axons, and through others'.

        Two arrays ``(n_twin, n_target)``, 0 to 1; see ``exam.supply``.
        """
        state, target = self.state, self.nerve.fibres.target
        n_target = len(self.nerve.targets)
        holds = np.where(self.conducts, self.holds, 0.0)
        home = state.right & (state.destination == target)
        own = np.where(home, holds, 0.0) @ (target[:, None] == np.arange(n_target)).astype(float)
        twin, fibre = np.nonzero(self.conducts & ~home & (state.destination >= 0))
        place = twin * n_target + state.destination[twin, fibre]
        right = np.where(state.right[twin, fibre], holds[twin, fibre], 0.0)
        wrong = holds[twin, fibre] - right
        moved, astray = (
            np.bincount(place, part, len(holds) * n_target).reshape(-1, n_target)
            for part in (right, wrong)
        )
        return np.minimum(own + moved, 1.0), np.minimum(astray, 1.0)

    def only(self, target: str) -> Limb:
        """The same limb, reduced to the fibres that belong to a target or supply it in any twin."""
        return self.part(self.fibres_of(target) | self.supplying(target).any(axis=0))

    def part(self, fibres: Bools) -> Limb:
        """The same limb, reduced to some of its fibres, ``(n_fibre,)``; it may be none."""
        which = np.flatnonzero(fibres)

        def of(thing: Any, names: Iterable[str]) -> dict[str, Any]:
            return {name: np.take(getattr(thing, name), which, axis=-1) for name in names}

        def hurt(lesion: Lesion) -> Lesion:
            return replace(lesion, **of(lesion, _LESION_PER_FIBRE))

        left = Fibres(**of(self.nerve.fibres, (f.name for f in fields(Fibres))))
        far, there = self.lesion.beyond, self.state.beyond
        lesion = replace(hurt(self.lesion), beyond=far and hurt(far))
        per_fibre = (f.name for f in fields(NerveState) if f.name not in ("day", "beyond"))
        state = replace(self.state, **of(self.state, per_fibre))
        if there is not None:
            second = Second(**of(there, (f.name for f in fields(Second))))
            state = replace(state, beyond=second)
        nerve = replace(self.nerve, fibres=left)
        return Limb(nerve, lesion, state, self.conducts[:, which], self.interventions)


def limb_on(
    nerve: Nerve,
    lesion: Lesion,
    state: NerveState,
    block: Floats,
    interventions: tuple[Intervention, ...] = (),
    course: Course | None = None,
    beyond: Floats | None = None,
) -> Limb:
    """The limb on the day of ``state``.

    Args:
        nerve: healthy anatomy of the twins.
        lesion: what is hurt.
        state: from ``course.state_at``.
        block: fraction of lamellae at which each fibre fails at the lesion,
            ``(n_twin, n_fibre)``, from ``block.Block.on``.
        interventions: those of the plan.
        course: from ``course.follow``, whose state it is.
        beyond: the same as ``block`` at a second injury; see ``block.Block.limb``.

    Raises:
        TinelError: the lesion has a second place, and ``beyond`` is None.
    """
    clear = (state.lamellae_left >= block) & ~state.ionic_block
    passes = ~lesion.present | ~state.stands_before | clear
    if lesion.beyond is not None and state.beyond is not None:
        if beyond is None:
            raise TinelError("the block of the second injury is missing", "beyond")
        clear = (state.beyond.lamellae_left >= beyond) & ~state.beyond.ionic_block
        passes = passes & (~lesion.beyond.present | ~state.intact | clear)
    return Limb(nerve, lesion, state, state.joined & passes, interventions, course=course)


def healthy(nerve: Nerve, beside: Lesion | None = None) -> Limb:
    """The limb of the other side: every fibre whole, and a lesion that hurts nothing.

    Args:
        nerve: of the twins.
        beside: the injury of the other limb; None where an examiner does not know of it.
    """
    whole_limb = limb_on(
        nerve, Lesion.none(nerve), whole_state(nerve), np.zeros(nerve.fibres.diameter_um.shape)
    )
    return replace(whole_limb, beside=beside)
