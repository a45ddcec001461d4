"""When each fibre blocks at the lesion, day by day: thin myelin, and paranodes that close again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tinel.course.state import NerveState
from tinel.exam.conduction_time import block_fractions, opened_table
from tinel.exam.limb import Limb, limb_on
from tinel.lesion.state import Lesion
from tinel.nerve.anatomy import Nerve
from tinel.treatment.plan import Intervention

if TYPE_CHECKING:
    from tinel.cable.conduction.table import Conduction
    from tinel.course import Course

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Block:
    """Fractions of lamellae below which fibres block, for every day of a course.

    Args:
        closed: with closed paranodes, ``(n_twin, n_fibre)``.
        opened: fibres whose paranodes the injury opens, ``(n_twin, n_fibre)``.
        rise: of the logarithm at evenly spaced openings from 0 to 1, ``(n_opening, n_opened)``.
        beyond: the same at a second injury farther from the cord; None where there is none.
    """

    closed: Floats
    opened: Bools
    rise: Floats
    beyond: Block | None = None

    @classmethod
    def of(cls, nerve: Nerve, lesion: Lesion, conduction: Conduction) -> Block:
        """The blocks of a lesion at the temperature of the conduction table."""
        far = lesion.beyond
        beyond = None if far is None else cls.of(nerve, far, conduction)
        closed = block_fractions(nerve, lesion, conduction)
        opened = lesion.present & (lesion.paranode_opening > 0)
        if not opened.any():
            return cls(closed, opened, np.zeros((2, 0)), beyond)
        diameter = nerve.fibres.diameter_um
        length = np.broadcast_to(lesion.length_mm[:, None], diameter.shape)
        table = opened_table(conduction, nerve.twins.parameters)
        return cls(closed, opened, table.rises(diameter[opened], length[opened]), beyond)

    def on(self, state: NerveState) -> Floats:
        """The fractions on the day of a state, ``(n_twin, n_fibre)``.

        ``closed`` where nothing is open; above 1 where no sheath conducts.
        """
        return self._at(state.paranode_opening)

    def limb(
        self,
        nerve: Nerve,
        lesion: Lesion,
        state: NerveState,
        interventions: tuple[Intervention, ...] = (),
        course: Course | None = None,
    ) -> Limb:
        """The limb on the day of a state, with what these blocks let through.

        Args:
            nerve, lesion, state, interventions, course: as in ``limb.limb_on``.
        """
        beyond = None
        if self.beyond is not None and state.beyond is not None:
            beyond = self.beyond._at(state.beyond.paranode_opening)
        return limb_on(nerve, lesion, state, self.on(state), interventions, course, beyond)

    def _at(self, opening: Floats) -> Floats:
        if not self.opened.any():
            return self.closed
        steps = len(self.rise) - 1
        place = np.clip(opening[self.opened], 0.0, 1.0) * steps
        low = np.minimum(place.astype(int), steps - 1)
        fibre = np.arange(low.size)
        below, above = self.rise[low, fibre], self.rise[low + 1, fibre]
        block = self.closed.copy()
        block[self.opened] *= np.exp(below + (place - low) * (above - below))
        return block
