"""What a remedy does for the pain of an injured nerve, by the trials there are."""

from __future__ import annotations

from tinel.claims.computed import Computed
from tinel.evidence import Parameters
from tinel.treatment.pain import effect


def helps(parameters: Parameters, name: str) -> Computed:
    """Of 100 people in pain after a nerve injury, those that have half of it because of a remedy.

    Where no trial after injuries shows an effect the value is zero, and the range goes from there
    to what is not excluded.

    Args:
        parameters: not used; the figures are those of trials.
        name: of the remedy, with ``_`` for a blank.
    """
    spoken = name.replace("_", " ")
    found = effect(spoken).difference
    what = (
        f"{spoken}, pain after a nerve injury: of 100 people, more that have half the pain than "
        f"on placebo ({found.how})"
    )
    low, high = 100.0 * found.low, 100.0 * found.high
    return Computed(what, 100.0 * found.value, "people", low, high, "range")
