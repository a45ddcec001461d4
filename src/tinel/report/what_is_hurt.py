"""What is hurt, in words of every day: the fibres, the movements and the skin."""

from __future__ import annotations

import numpy as np

from tinel.declare.quantity import shown_day
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
LEAST_NAMED = 0.05  # of the virtual people; what fewer lose is not named
KINDS = (
    ("neurapraxia", "{} stand but are blocked, and conduct again by themselves"),
    ("axonotmesis", "{} are broken in a tube along which they can grow back"),
    ("neurotmesis", "{} are severed with their tube and need a surgeon to be joined"),
)


def what_is_hurt(result: Result) -> tuple[str, ...]:
    """One sentence on the fibres, and one on what is lost of movement and of touch."""
    return (_fibres(result), *_lost(result))


def _fibres(result: Result) -> str:
    unhurt = class_percent(result, "Seddon", "unhurt")
    # an injury may begin after the first examination
    k = next((k for k in range(unhurt.shape[1]) if (unhurt[:, k] < 100).any()), 0)
    parts = []
    for name, words in KINDS:
        values = class_percent(result, "Seddon", name)[:, k]
        if not values.any():
            continue
        low, high = np.quantile(values, [0.05, 0.95], method="inverted_cdf")
        mean = percent_of(float(values.mean()) / 100)
        parts.append(words.format(mean if low == high else f"{mean} ({low:.0f} to {high:.0f})"))
    day = shown_day(result.case.exam_days[k])
    if not parts:
        return f"On day {day} no nerve fibre is hurt in any virtual person."
    return f"Of 100 nerve fibres at the injury, on day {day}: {'; '.join(parts)}."


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
            share = (result.twins(arm, quantity, name)[:, after:] <= bound).any(axis=1).mean()
            action = (nerve.target(name).action or name).removeprefix("feel touch ")
            found[action] = max(found.get(action, 0.0), float(share))
        worst = sorted(
            ((share, action) for action, share in found.items() if share >= LEAST_NAMED),
            key=lambda pair: -pair[0],
        )
        if worst:
            each = "; ".join(f"{action} {percent_of(s)}" for s, action in worst[:MOST_NAMED])
            more = f"; {len(worst) - MOST_NAMED} more" if len(worst) > MOST_NAMED else ""
            told.append(f"{head}, at worst, of 100 people: {each}{more}.")
    return tuple(told) or ("No part loses its strength or half of its touch.",)
