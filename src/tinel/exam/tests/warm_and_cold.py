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
from tinel.exam.measure import Measure
from tinel.exam.measurement import Value
from tinel.exam.per_twin import of_first
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


def sentence(found: dict[str, float], other: dict[str, float], sides: dict[str, float]) -> str:
    """One sentence on cold and warmth by limits, beside the other side; inf where not felt.

    Args:
        found, other: threshold of each of ``SENSES``, °C of change.
        sides: by how much the two sides of a healthy person may differ, °C.

    Example:
        >>> sides = {"cold": 7.2, "warm": 6.8}
        >>> sentence({"cold": 6.2, "warm": math.inf}, {"cold": 1.1, "warm": 4.0}, sides)
        'Cold from a fall of 6.2 °C (other side 1.1), normal; warmth not felt (other side 4.0).'
        >>> sentence({"cold": 9.9, "warm": 5.0}, {"cold": 1.1, "warm": 4.0}, sides)[:57]
        'Cold from a fall of 9.9 °C (other side 1.1), reduced; war'
    """
    said = []
    for sense, (name, change) in zip(SENSES, (("cold", "fall"), ("warmth", "rise")), strict=True):
        here, there = found[sense], other[sense]
        beside = f"other side {there:.1f}" if math.isfinite(there) else "nor on the other side"
        if math.isinf(here):
            said.append(f"{name} not felt ({beside})")
            continue
        reduced = here - there > sides[sense]
        word = "reduced" if reduced else "normal"
        said.append(f"{name} from a {change} of {here:.1f} °C ({beside}), {word}")
    text = "; ".join(said)
    return f"{text[0].upper()}{text[1:]}."


def sentences(skin: Target, visits: Sequence[Visit], other_side: Visit) -> list[str]:
    """One sentence per visit; empty where nobody tested."""
    said = []
    for visit in visits:
        found, other = _found(visit, skin), _found(other_side, skin)
        known = len(found) == len(other) == len(SENSES)
        p = visit.limb.parameters
        sides = {sense: of_first(p, f"bedside.{sense}.side_C") for sense in SENSES}
        said.append(sentence(found, other, sides) if known else "")
    return said


def _found(visit: Visit, skin: Target) -> dict[str, float]:
    values = {s: visit.examination.value(skin.name, quantity(s, LIMITS)) for s in SENSES}
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
    measures=tuple(
        Measure(quantity(sense, method), UNIT, 0, 50)
        for sense in SENSES
        for method in (LIMITS, LEVELS)
    ),
)
