"""Who answers to a remedy against pain, and to a placebo."""

from __future__ import annotations

import numpy as np

from tinel.lesion.state import Bools, Floats
from tinel.symptom.today import Today, each
from tinel.treatment.relief import Relief
from tinel.twins import Twins


def answers(twins: Twins, relief: Relief, *, placebo: bool = False) -> Bools:
    """Twins who answer to a remedy, ``(n_twin,)``.

    Each has one draw per remedy, the same on placebo, so that whoever answers to the placebo
    answers to a remedy that is no worse.

    Args:
        twins: who is treated.
        relief: what was given.
        placebo: whether a placebo is given in its place.

    Example:
        >>> from tinel.twins import Patient
        >>> few = Twins(Patient(age=40, sex="female", height_cm=170), range(400))
        >>> cream = Relief("a cream", with_it=0.4, on_placebo=0.2)
        >>> with_it, on_placebo = answers(few, cream), answers(few, cream, placebo=True)
        >>> bool((on_placebo <= with_it).all()), round(float(with_it.mean()), 1)
        (True, 0.4)
    """
    below = relief.on_placebo if placebo else relief.with_it
    draw = twins.uniform(f"symptom.relief.{relief.name}", 1)[:, 0]
    return np.asarray(draw < np.broadcast_to(np.ravel(below), len(twins)))


def left(today: Today) -> Floats:
    """Fraction of their pain that is left in each twin by what is given on the day, ``(n_twin,)``.

    Several remedies that a person answers to leave no less than one.
    """
    day, twins = np.asarray(today.day), today.nerve.twins
    answered: Bools = np.zeros(len(twins), bool)
    for done in today.interventions:
        if done.relief is None:
            continue
        during = (done.day <= day) & (day <= done.relief.ends_d)
        if during.any():
            answered = answered | (during & answers(twins, done.relief))
    return np.where(answered, each(today, "relief.left"), 1.0)
