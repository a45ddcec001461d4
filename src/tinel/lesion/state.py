"""What an injury leaves behind, per twin and per fibre."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tinel.nerve.anatomy import Nerve

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int_]


@dataclass(frozen=True)
class Lesion:
    """An injury at one place; made from a cause, never typed in as a result.

    Shapes: ``(n_twin,)`` for ``site_mm`` (proximal end), ``length_mm``, ``pressure_mmHg``
    (lasting scar pressure, 0 where none stays) and ``onset_d`` (day the scar begins to press);
    ``(n_fibre,)`` for ``present``; ``(n_twin, n_fibre)`` for the rest: ``lamellae_left`` (fraction
    of the sheath left right after the injury, 1 healthy), ``cut_d`` (day the axon breaks from the
    injury itself, inf for never), ``sunderland_grade`` (of the tube where the axon breaks: 2 tube
    whole, 3 endoneurium lost, 4 perineurium lost, 5 trunk divided; 0 or 1 where the axon stands)
    ``susceptibility`` (local per common pressure above the threshold of harm: more on outer and
    larger fibres), ``paranode_opening`` (0 closed and healthy, 1 open along the injured stretch,
    right after the injury) and ``block_d`` (day on which a block without any harm to sheath or axon
    has cleared, 0 for none). ``struck_d``, ``(n_twin,)``, is the day of what happened at once, 0
    where that is day 0: before it nothing of it is there. A lesion through which no fibre runs
    hurts nothing; see ``none``. ``beyond`` is a second injury farther from the cord, on fibres that
    run through this one too; None where there is none. See ``joining.both``.
    """

    cause: str
    branch: str
    site_mm: Floats
    length_mm: Floats
    pressure_mmHg: Floats
    onset_d: Floats
    present: Bools
    lamellae_left: Floats
    cut_d: Floats
    sunderland_grade: Ints
    susceptibility: Floats
    paranode_opening: Floats
    block_d: Floats
    struck_d: Floats
    beyond: Lesion | None = None

    @property
    def sites(self) -> tuple[Lesion, ...]:
        """This injury and, where there is one, that beyond it; the nearest to the cord first."""
        return (self,) if self.beyond is None else (self, self.beyond)

    @property
    def first_cut_d(self) -> Floats:
        """Day on which an injury itself first breaks each axon anywhere, ``(n_twin, n_fibre)``."""
        return self.cut_d if self.beyond is None else np.minimum(self.cut_d, self.beyond.cut_d)

    @property
    def hurts(self) -> Bools:
        """Whether it may hurt any fibre, leaving out what lies beyond it, ``(n_twin,)``."""
        fibres = (
            np.isfinite(self.cut_d)
            | (self.lamellae_left < 1.0)
            | (self.paranode_opening > 0.0)
            | (self.block_d > 0.0)
            | ((self.pressure_mmHg[:, None] > 0.0) & (self.susceptibility > 0.0))
        )
        return np.asarray((fibres & self.present).any(axis=1))

    def counted(self, count: Callable[[Lesion], Floats]) -> Floats:
        """What is counted over the axons that run through the injury, ``(..., n_twin)``.

        Of two injuries over those of the one nearer to the cord, which are the others' too, unless
        it hurts nothing in that person.

        Args:
            count: over the axons of one place.
        """
        if self.beyond is None:
            return count(self)
        return np.where(self.hurts, count(self), count(self.beyond))

    @property
    def first_struck_d(self) -> Floats:
        """Day of what happened at once, ``(n_twin,)``: of two that hurt, of the first."""
        if self.beyond is None:
            return self.struck_d
        first = np.min([np.where(s.hurts, s.struck_d, np.inf) for s in self.sites], axis=0)
        return np.where(np.isfinite(first), first, self.struck_d)

    @classmethod
    def none(cls, nerve: Nerve) -> Lesion:
        """A lesion that hurts nothing, such as that of the healthy side."""
        shape = nerve.fibres.diameter_um.shape
        per_twin = np.zeros(shape[0])
        return cls(
            cause="none",
            branch=next(b.name for b in nerve.branches if b.parent is None),
            site_mm=per_twin,
            length_mm=per_twin,
            pressure_mmHg=per_twin,
            onset_d=per_twin,
            present=np.zeros(shape[1], bool),
            lamellae_left=np.ones(shape),
            cut_d=np.full(shape, np.inf),
            sunderland_grade=np.zeros(shape, dtype=np.int_),
            susceptibility=np.ones(shape),
            paranode_opening=np.zeros(shape),
            block_d=np.zeros(shape),
            struck_d=per_twin,
        )
