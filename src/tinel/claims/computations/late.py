"""What still comes back late, and what muscle can do after waiting."""

from __future__ import annotations

import numpy as np

from tinel.claims.computations.growth import SUTURE
from tinel.claims.computations.people import (
    FEW,
    OF_TWINS,
    MONTH_d,
    YEAR_d,
    adults,
    band,
    counted,
    course,
    cut,
    force_percent,
    mrc,
)
from tinel.claims.computed import Computed
from tinel.course.fading import Fading
from tinel.evidence import Parameters
from tinel.lesion.causes import crush

LIFT, SPREAD = "extensor digitorum communis", "abductor digiti minimi"


def full_after_months(parameters: Parameters) -> Computed:
    """Twins still weak after three months that reach full strength by eighteen."""
    nerve = adults(parameters, "radial")
    hurt = crush.make(nerve, "radial trunk", site_mm=375.0)
    grades = mrc(course(nerve, hurt), LIFT, [3 * MONTH_d, 18 * MONTH_d])
    weak = grades[:, 0] < 5.0
    value, low, high = counted(grades[weak, 1] >= 5.0)
    what = "radial nerve crushed, still weak at 3 months, nothing done: at full strength at 18"
    return Computed(what, value, "% of twins", low, high, "95 % interval", int(weak.sum()))


def muscle_left(parameters: Parameters, months: str) -> Computed:
    """What a muscle can still come to if its first axon comes after some months."""
    fading = Fading.of(np.array([True]), parameters)
    value = 100.0 * float(fading.lasting(float(months) * MONTH_d)[0])
    what = f"force that a muscle can still come to when its axons come after {months} months"
    return Computed(what, value, "% of healthy")


def repaired_after(parameters: Parameters, months: str, earlier: str) -> Computed:
    """Twins with useful strength when a cut nerve is sutured after some months.

    Args:
        parameters: the numbers in use.
        months: until the suture.
        earlier: months until an earlier suture, named beside it.
    """
    nerve = adults(parameters, "ulnar")
    hurt = cut(nerve, "wrist")
    useful = {}
    for each in (months, earlier):
        day = float(each) * MONTH_d
        sewn = course(nerve, hurt, {"treatment": "repair", "day": day})
        useful[each] = mrc(sewn, SPREAD, [day + 3 * YEAR_d])[:, 0] >= 3.0
    value, low, high = counted(useful[months])
    what = (
        f"ulnar nerve cut at the wrist and sutured after {months} months: hand muscle at M3 or "
        f"better three years later (sutured after {earlier} months: "
        f"{counted(useful[earlier])[0]:.0f} %)"
    )
    return Computed(what, value, "% of twins", low, high, "95 % interval", FEW)


def sutured(parameters: Parameters) -> Computed:
    """Twins with good strength two years after a suture at the wrist."""
    nerve = adults(parameters, "ulnar")
    sewn = course(nerve, cut(nerve, "wrist"), SUTURE)
    value, low, high = counted(mrc(sewn, SPREAD, [2 * YEAR_d])[:, 0] >= 4.0)
    what = "ulnar nerve sutured on day 1: hand muscle at M4 or M5 after two years"
    return Computed(what, value, "% of twins", low, high, "95 % interval", FEW)


def second_year(parameters: Parameters) -> Computed:
    """Force gained in the second year after a suture at the elbow."""
    nerve = adults(parameters, "ulnar")
    sewn = course(nerve, cut(nerve, "medial epicondyle"), SUTURE)
    force = force_percent(sewn, SPREAD, [YEAR_d, 2 * YEAR_d])
    value, low, high = band(force[:, 1] - force[:, 0])
    what = "ulnar nerve sutured at the elbow: force of a hand muscle gained in the second year"
    return Computed(what, value, "points of 100", low, high, OF_TWINS, FEW)
