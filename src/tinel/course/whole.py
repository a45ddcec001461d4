"""A nerve to which nothing happened, as a state of day 0."""

from __future__ import annotations

import numpy as np

from tinel.course.state import NerveState
from tinel.course.stays import own_fractions
from tinel.lesion.state import Bools
from tinel.nerve.anatomy import Nerve


def whole_state(nerve: Nerve) -> NerveState:
    """Every axon whole, in its own target.

    Args:
        nerve: of the twins.

    Example:
        >>> from tinel.nerve import build
        >>> from tinel.twins import Patient, Twins
        >>> one = Twins(Patient(age=40, sex="female", height_cm=170))
        >>> bool(whole_state(build("sural", side="left", twins=one)).joined.all())
        True
    """
    shape = nerve.fibres.diameter_um.shape
    whole: Bools = np.ones(shape, bool)
    return NerveState(
        day=0.0,
        lamellae_left=np.ones(shape),
        paranode_opening=np.zeros(shape),
        ionic_block=~whole,
        intact=whole,
        stump_conducts=whole,
        torn=~whole,
        front_mm=np.broadcast_to(nerve.path_mm, shape),
        enters_mm=np.zeros(shape),
        growing=~whole,
        reached=~whole,
        maturity=np.ones(shape),
        destination=np.broadcast_to(nerve.fibres.target, shape),
        right=whole,
        territory=own_fractions(nerve.fibres, len(nerve.targets)),
        readiness=np.ones(shape),
        broken_d=np.zeros(shape),
    )
