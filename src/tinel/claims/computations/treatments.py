"""What treatments beside an operation change in the program."""

from __future__ import annotations

import numpy as np

from tinel.claims.computations.growth import SUTURE
from tinel.claims.computations.people import (
    FEW,
    OF_TWINS,
    YEAR_d,
    adults,
    band,
    cut,
    force_percent,
    joined_percent,
    steps,
)
from tinel.claims.computed import Computed
from tinel.course import follow, state_at
from tinel.evidence import Parameters
from tinel.lesion.causes import crush

MUSCLE = "abductor digiti minimi"


def speed(parameters: Parameters) -> Computed:
    """How many times faster axons grow when the nerve is stimulated at its suture."""
    first, last = 60.0, 120.0
    nerve = adults(parameters, "ulnar")
    hurt = cut(nerve, "medial epicondyle")
    ways = []
    for more in ([], [{"treatment": "brief electrical stimulation", "day": 1.0}]):
        followed = follow(nerve, hurt, steps(nerve, SUTURE, *more))
        early, late = state_at(followed, first), state_at(followed, last)
        grows = early.growing & late.growing
        way = np.where(grows, late.front_mm - early.front_mm, 0.0).sum(axis=1)
        ways.append(way / np.maximum(grows.sum(axis=1), 1))
    value, low, high = band(ways[1] / ways[0])
    what = "suture with stimulation over suture alone: speed of the growing axons"
    return Computed(what, value, "times", low, high, OF_TWINS, FEW)


def number(parameters: Parameters) -> Computed:
    """How many times more axons come home when the nerve is stimulated at its suture."""
    nerve = adults(parameters, "ulnar")
    hurt = cut(nerve, "medial epicondyle")
    plain, more = (
        joined_percent(follow(nerve, hurt, steps(nerve, SUTURE, *extra)), 3 * YEAR_d)
        for extra in ([], [{"treatment": "brief electrical stimulation", "day": 1.0}])
    )
    value, low, high = band(more / np.maximum(plain, 1e-9))
    what = (
        "suture with stimulation over suture alone: axons back at their muscle or skin after "
        "three years"
    )
    return Computed(what, value, "times", low, high, OF_TWINS, FEW)


def helps(parameters: Parameters, treatment: str, day: str, months: str) -> Computed:
    """Force that a treatment adds after a crush at the elbow; its ends as interval.

    Args:
        parameters: the numbers in use.
        treatment: its name.
        day: on which it begins.
        months: after which the force of a hand muscle is compared.
    """
    nerve = adults(parameters, "ulnar")
    place = nerve.landmark("medial epicondyle")
    hurt = crush.make(nerve, place.branch, site_mm=place.position_mm)
    chosen = steps(nerve, {"treatment": treatment, "day": float(day)})
    least, most = chosen.low or chosen, chosen.high or chosen
    on_day = [float(months) * 30.4]
    natural, *three = (
        force_percent(follow(nerve, hurt, p), MUSCLE, on_day)[:, 0]
        for p in (steps(nerve), chosen, least, most)
    )
    value, low, high = (float(np.mean(treated - natural)) for treated in three)
    what = f"nerve crushed at the elbow, {treatment}: force of the hand at {months} months, gain"
    ends = "mean at the ends of what it might do"
    return Computed(what, value, "points of 100", min(low, high), max(low, high), ends, FEW)
