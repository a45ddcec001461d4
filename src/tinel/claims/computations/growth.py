"""How fast axons grow, and how long the way takes."""

from __future__ import annotations

import numpy as np

from tinel.claims.computations.people import (
    FEW,
    OF_TWINS,
    MONTH_d,
    YEAR_d,
    adults,
    band,
    course,
    cut,
    joined_percent,
)
from tinel.claims.computed import Computed
from tinel.course import Course, arrival, state_at
from tinel.course.growth import days_between, rates_mm_per_day
from tinel.evidence import Parameters
from tinel.lesion.causes import crush

SUTURE = {"treatment": "repair", "day": 1.0}


def in_a_month(parameters: Parameters) -> Computed:
    """Growth of axons in the arm in a month."""
    nerve = adults(parameters, "ulnar")
    rates = rates_mm_per_day(nerve.fibres.diameter_um.shape[1], nerve.twins)
    value, low, high = band(MONTH_d * rates.mean(axis=1))
    what = "growth of axons in the arm in a month (an inch is 25.4 mm)"
    return Computed(what, value, "mm/month", low, high, OF_TWINS, FEW)


def after_four_weeks(parameters: Parameters) -> Computed:
    """Growth from the fourth week on, after a suture at the elbow."""
    first, last = 28.0, 118.0
    nerve = adults(parameters, "ulnar")
    sewn = course(nerve, cut(nerve, "medial epicondyle"), SUTURE)
    early, late = state_at(sewn, first), state_at(sewn, last)
    grows = early.growing & late.growing
    way = np.where(grows, late.front_mm - early.front_mm, 0.0).sum(axis=1)
    value, low, high = band(way / np.maximum(grows.sum(axis=1), 1) / (last - first))
    what = "growth from day 28 to 118 of the axons that cross a suture at the elbow"
    return Computed(what, value, "mm/day", low, high, OF_TWINS, FEW)


def back_to_foot(parameters: Parameters) -> Computed:
    """Years of growth from the spinal cord to the farthest muscle or skin of the foot."""
    nerve = adults(parameters, "sciatic")
    rates = rates_mm_per_day(nerve.fibres.diameter_um.shape[1], nerve.twins).mean(axis=1)
    end_mm = max(target.path_mm for target in nerve.targets)
    years = days_between(0.0, end_mm, rates, nerve.twins.parameters) / YEAR_d
    value, low, high = band(years)
    what = f"growth from the spinal cord to the skin of the foot, {end_mm:.0f} mm"
    return Computed(what, value, "years", low, high, OF_TWINS, FEW)


def to_endplate(parameters: Parameters) -> Computed:
    """Months until the first axons reach a muscle of the hand after suture at the elbow."""
    nerve = adults(parameters, "median")
    sewn = course(nerve, cut(nerve, "antecubital fossa"), SUTURE)
    seen = arrival(sewn)
    days = seen.first_d[:, seen.targets.index("abductor pollicis brevis")]
    known = days[np.isfinite(days)]
    value, low, high = band(known / MONTH_d)
    what = (
        "median nerve sutured at the elbow: until a twentieth of the axons are back in the thumb "
        f"(of {known.size} in {days.size} twins that get there)"
    )
    return Computed(what, value, "months", low, high, OF_TWINS, known.size)


def without_suture(parameters: Parameters) -> Computed:
    """Axons back after two years where a cut nerve is left alone."""
    nerve = adults(parameters, "ulnar")
    return _back(course(nerve, cut(nerve, "wrist")), "ulnar nerve cut at the wrist, left alone")


def crushed(parameters: Parameters) -> Computed:
    """Axons back after two years where the tubes stand and nothing is done."""
    nerve = adults(parameters, "ulnar")
    place = nerve.landmark("wrist")
    hurt = crush.make(nerve, place.branch, site_mm=place.position_mm)
    return _back(course(nerve, hurt), "ulnar nerve crushed at the wrist, left alone")


def _back(followed: Course, words: str) -> Computed:
    value, low, high = band(joined_percent(followed, 2 * YEAR_d))
    what = f"{words}: axons that lead to their own muscle or skin after two years"
    return Computed(what, value, "%", low, high, OF_TWINS, FEW)
