"""The nerve on one day."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int_]

NOWHERE = -1


@dataclass(frozen=True)
class Second:
    """What a second injury, farther from the cord, is like on a day, ``(n_twin, n_fibre)`` each.

    Args:
        lamellae_left, paranode_opening, ionic_block: as in ``NerveState``, at that place.
        divided: the axon or its stump is broken there.
        stands_before: the axon was never broken at the place nearer to the cord.
        stump_begins: the piece that lost its axon last begins there: it broke there first or at
            both places at once, or was broken there after it had come back.
    """

    lamellae_left: Floats
    paranode_opening: Floats
    ionic_block: Bools
    divided: Bools
    stands_before: Bools
    stump_begins: Bools


@dataclass(frozen=True)
class NerveState:
    """What stands, conducts, grows and supplies muscle and skin on ``day`` (days after the injury).

    All arrays have shape ``(n_twin, n_fibre)``. Of two injuries ``lamellae_left``,
    ``paranode_opening`` and ``ionic_block`` are those of the one nearer to the cord, and ``beyond``
    holds those of the other.

    Args:
        day: days after the injury.
        lamellae_left: fraction of the sheath left at the lesion.
        paranode_opening: 0 to 1, how far the paranodes at the lesion are open.
        ionic_block: the axon is blocked at the lesion without damage (lack of blood).
        intact: the axon was never broken.
        stump_conducts: a broken axon's distal piece still carries impulses.
        torn: the tube of the axon is torn or cut (Sunderland 3 or more) at an injury or operation.
        front_mm: how far from the cord the axon is joined to its cell body (the whole path when
            intact).
        enters_mm: where the axon comes into this nerve, mm from the cord: 0 for its own axons, the
            junction for those of a donor.
        growing: the tip of a broken axon has left the injury and still advances.
        reached: a regrown axon supplies a muscle or skin again, the right one or another.
        maturity: calibre of the regrown piece over that before the injury (1 when intact).
        destination: index of the target that the axon supplies; ``NOWHERE`` for none. An axon in
            another target than its own (``fibres.target``) has been misdirected.
        right: the axon does there what it did before: true in its own target, but for one that
            stands for an axon from elsewhere, and in a muscle that acts with its own.
        territory: fraction of the destination's tissue that the axon holds; over the fibres of one
            destination the sum is at most 1, and 1 when healthy.
        readiness: 0 to 1, what the tissue it holds can still do.
        broken_d: days since the axon broke; 0 where it never did.
        beyond: the second injury; None where there is one.
    """

    day: float
    lamellae_left: Floats
    paranode_opening: Floats
    ionic_block: Bools
    intact: Bools
    stump_conducts: Bools
    torn: Bools
    front_mm: Floats
    enters_mm: Floats
    growing: Bools
    reached: Bools
    maturity: Floats
    destination: Ints
    right: Bools
    territory: Floats
    readiness: Floats
    broken_d: Floats
    beyond: Second | None = None

    @property
    def stands_before(self) -> Bools:
        """The axon was never broken at the injury nearest to the cord, ``(n_twin, n_fibre)``."""
        return self.intact if self.beyond is None else self.beyond.stands_before

    @property
    def junction_works(self) -> Bools:
        """The axon's endings transmit to some target, shape ``(n_twin, n_fibre)``."""
        return self.destination != NOWHERE

    @property
    def joined(self) -> Bools:
        """Axon whole from cell body to some target, shape ``(n_twin, n_fibre)``."""
        return self.intact | self.reached
