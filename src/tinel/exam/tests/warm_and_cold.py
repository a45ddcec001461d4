"""Warm and cold thresholds, by the method of limits and by the method of levels.

Limits include the time until the button is pressed, which is long for warmth, whose fibres conduct
slowly; levels do not. What is given is the change of temperature that was felt, in °C.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from tinel.exam.examination import Visit
from tinel.exam.laboratory import Laboratory
from tinel.exam.limb import Floats, Limb
from tinel.exam.measurement import Value
from tinel.exam.psychometric import MOST_STIMULI, by_levels, by_limits
from tinel.exam.test import Test, targets
from tinel.exam.thermal import SENSES, person_in
from tinel.nerve.anatomy import Target

LIMITS, LEVELS = "limits", "levels"
UNIT = "°C of change"


def quantity(sense: str, method: str) -> str:
    """Name of what is found, e.g. ``warm threshold (levels)``."""
    return f"{sense} threshold ({method})"


def delay_s(limb: Limb, skin: Target, sense: str) -> Floats:
    """From the moment of a sensation in the skin until a button is pressed, s, ``(n_twin,)``."""
    twins = limb.nerve.twins
    way_s = skin.path_mm / 1000 / twins.each(f"bedside.{sense}.velocity_m_per_s")
    return way_s + twins.each("bedside.limits.response_s")


def _limits(limb: Limb, skin: Target, sense: str, session: str) -> Floats:
    twins, person = limb.nerve.twins, person_in(limb, skin, sense)
    trials = max(round(limb.parameters.scalar("bedside.limits.trials")), 1)
    waits = np.exp(
        twins.each("bedside.limits.session_spread")
        * twins.normal(f"exam.limits.session.{sense}.{session}", 1)[:, 0]
    )
    for_sure = type(person)(person.threshold * waits, person.spread)
    return by_limits(
        for_sure,
        twins.normal(f"exam.limits.{sense}.{session}", trials),
        delay_s=delay_s(limb, skin, sense),
        ramp_per_s=twins.each("bedside.limits.ramp_C_per_s"),
        largest=twins.each(f"bedside.{sense}.range_C"),
    )


def _levels(limb: Limb, skin: Target, sense: str, session: str) -> Floats:
    twins = limb.nerve.twins
    return by_levels(
        person_in(limb, skin, sense),
        twins.uniform(f"exam.levels.{sense}.{session}", MOST_STIMULI),
        first_step=twins.each("bedside.levels.first_step_C"),
        last_step=twins.each("bedside.levels.last_step_C"),
        largest=twins.each(f"bedside.{sense}.range_C"),
    )


def warm_and_cold(limb: Limb, skin: Target, laboratory: Laboratory) -> tuple[Value, ...]:
    """Thresholds of cold and warmth by both methods; inf where none was felt."""
    session = f"{skin.name}.day {limb.state.day:g}"
    return tuple(
        Value(quantity(sense, name), UNIT, method(limb, skin, sense, session))
        for sense in SENSES
        for name, method in ((LIMITS, _limits), (LEVELS, _levels))
    )


def sentence(found: dict[str, float], other: dict[str, float]) -> str:
    """One sentence on cold and warmth by levels, beside the other side; inf where not felt.

    Example:
        >>> sentence({"cold": 6.2, "warm": math.inf}, {"cold": 1.1, "warm": 4.0})
        'Cold is felt from a fall of 6.2 °C (other side 1.1), warmth not at all (other side 4.0).'
    """
    cold, warm = (found[sense] for sense in SENSES)
    beside = [
        f"(other side {other[s]:.1f})" if math.isfinite(other[s]) else "(nor on the other side)"
        for s in SENSES
    ]
    one = "is not felt" if math.isinf(cold) else f"is felt from a fall of {cold:.1f} °C"
    two = "not at all" if math.isinf(warm) else f"from a rise of {warm:.1f} °C"
    return f"Cold {one} {beside[0]}, warmth {two} {beside[1]}."


def sentences(skin: Target, visits: Sequence[Visit], other_side: Visit) -> list[str]:
    """One sentence per visit; empty where nobody tested."""
    said = []
    for visit in visits:
        sides = [_found(visit, skin), _found(other_side, skin)]
        known = all(len(side) == len(SENSES) for side in sides)
        said.append(sentence(*sides) if known else "")
    return said


def _found(visit: Visit, skin: Target) -> dict[str, float]:
    values = {s: visit.examination.value(skin.name, quantity(s, LEVELS)) for s in SENSES}
    return {sense: value for sense, value in values.items() if value is not None}


TEST = Test(
    name="warm and cold",
    other_names=("thermal thresholds", "quantitative sensory testing", "QST"),
    text="Find the least warming and cooling that is felt, by limits and by levels.",
    source="thresholds and slopes of 76 healthy people; Kenshalo 1985 for fewer fibres",
    subjects=targets("sensory"),
    examine=warm_and_cold,
    interpret=sentences,
    title="Warm and cold thresholds",
    shown=tuple(quantity(sense, method) for sense in SENSES for method in (LIMITS, LEVELS)),
    on_request=True,
)
