"""What is hurt, in words of every day: the fibres, the movements and the skin."""

from __future__ import annotations

import numpy as np

from tinel.declare.quantity import shown_day
from tinel.exam.limb import Floats
from tinel.report.class_figure import class_percent
from tinel.report.hurt_parts import (
    HALF_OF_TOUCH,
    PARALYSED_MRC,
    first_hurt,
    muscles,
    skins,
)
from tinel.report.number_format import percent_of
from tinel.result import Result

MOST_NAMED = 4
LEAST_RISE = 5.0  # fibres of 100; what breaks later and is less is not spoken of
LEAST_NAMED = 0.05  # of the virtual people; what fewer lose is not named
KINDS = (
    ("neurapraxia", "{} stand but are blocked, and conduct again by themselves"),
    ("axonotmesis", "{} are broken in a tube along which they can grow back"),
    ("neurotmesis", "{} are severed with their tube and need a surgeon to be joined"),
)
SHORT = {"neurapraxia": "blocked", "axonotmesis": "broken", "neurotmesis": "severed"}


def what_is_hurt(result: Result) -> tuple[str, ...]:
    """One sentence on the fibres, and one on what is lost of movement and of touch."""
    return (_fibres(result), *_lost(result))


def _fibres(result: Result) -> str:
    unhurt = class_percent(result, "Seddon", "unhurt")
    # an injury may begin after the first examination
    k = next((k for k in range(unhurt.shape[1]) if (unhurt[:, k] < 100).any()), 0)
    days = [shown_day(day) for day in result.case.exam_days]
    parts, later = [], []
    for name, words in KINDS:
        values = class_percent(result, "Seddon", name)
        if values[:, k].any():
            parts.append(words.format(_spoken(values[:, k])))
        if values[:, -1].mean() - values[:, k].mean() >= LEAST_RISE:
            later.append(f"{_spoken(values[:, -1])} {SHORT[name]}")
    if not parts:
        return f"On day {days[k]} no nerve fibre is hurt in any virtual person."
    where = "at the injury"
    if result.case.cause.beyond is not None:
        where = "at the injuries, each by the worse of the two"
    told = f"Of 100 nerve fibres {where}, on day {days[k]}: {'; '.join(parts)}."
    if later:
        told += f" Left alone, the cause goes on: by day {days[-1]} {' and '.join(later)}."
    return told


def _spoken(values: Floats) -> str:
    """Mean and 90 % of the virtual people, of percentages."""
    low, high = np.quantile(values, [0.05, 0.95], method="inverted_cdf")
    mean = percent_of(float(values.mean()) / 100)
    return mean if low == high else f"{mean} ({low:.0f} to {high:.0f})"


def _lost(result: Result) -> tuple[str, ...]:
    """What is lost at worst while waiting, after the first day on which a fibre is hurt."""
    after, arm, nerve = first_hurt(result), result.waiting, result.healthy.limb.nerve
    told = []
    for head, names, quantity, bound in (
        ("Cannot", muscles(result), "MRC grade", PARALYSED_MRC),
        ("Half of touch lost", skins(result), "touch fibres", HALF_OF_TOUCH),
    ):
        found: dict[str, float] = {}
        for name in names:
            fraction = (result.twins(arm, quantity, name)[:, after:] <= bound).any(axis=1).mean()
            action = (nerve.target(name).action or name).removeprefix("feel touch ")
            found[action] = max(found.get(action, 0.0), float(fraction))
        worst = sorted(
            ((fraction, action) for action, fraction in found.items() if fraction >= LEAST_NAMED),
            key=lambda pair: -pair[0],
        )
        if worst:
            each = "; ".join(f"{action} {percent_of(s)}" for s, action in worst[:MOST_NAMED])
            more = f"; {len(worst) - MOST_NAMED} more" if len(worst) > MOST_NAMED else ""
            told.append(f"{head}, at worst, of 100 people: {each}{more}.")
    return tuple(told) or ("No part loses its strength or half of its touch.",)
