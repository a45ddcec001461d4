"""Axons that meet a second injury on their way, or that it breaks again when it comes later."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from tinel.course import destination, growth
from tinel.course.crossing import Trying, tried
from tinel.course.fate import Regrowth, chosen, fates, path_mm
from tinel.course.site import Site
from tinel.lesion.state import Bools, Floats
from tinel.nerve.anatomy import Nerve


def through(
    nerve: Nerve, grown: Regrowth, site: Site, delay_d: Floats, age_odds: float | Floats
) -> Regrowth:
    """The fates once axons whose tube runs on through a farther site have to cross that too.

    A tip that comes there finds the tube as it is then: whole, it grows on as far as a pressure
    lets it; broken, it crosses as at any injury, with draws of its own. What breaks the tube when
    the tip has come breaks the axon again, and it sets out from there.

    Args:
        nerve: the healthy nerve.
        grown: fates of the axons that broke nearer to the cord, as if the site were not there.
        site: the farther one.
        delay_d: days before an axon leaves a broken tube there, ``(n_twin, n_fibre)``.
        age_odds: factor on the odds to cross.
    """
    p = nerve.twins.parameters
    at = np.broadcast_to(site.lesion.site_mm[:, None], grown.from_mm.shape)
    tube = destination.tubes(nerve, grown.destination)
    meets = site.lesion.present[tube] & np.isfinite(grown.start_d) & (grown.from_mm < at)
    comes = grown.start_d + growth.days_between(grown.from_mm, at, grown.rate_mm_per_day, p)
    meets &= (comes <= grown.stall_d) & (at <= grown.ends_mm)
    cut = np.take_along_axis(site.cut_d, tube, 1)
    axons = Trying(
        ready_d=np.where(meets & (comes < cut), comes, np.inf),
        broke_d=grown.broke_d,
        out=np.zeros(meets.shape, bool),
        sunderland_grade=np.take_along_axis(site.sunderland_grade, tube, 1),
        draw=nerve.twins.uniform("course.passage.second", cut.shape[1], 0.0),
        delay_d=delay_d,
        rate=growth.rates_mm_per_day(cut.shape[1], nerve.twins),
        tube=tube,
    )
    always = np.zeros(cut.shape)
    met = _across(nerve, grown, grown, site, axons, always, age_odds)
    broken = meets & np.isfinite(cut)
    again = broken & (comes < cut)
    back = again & (met.on(cut).arrive_d <= cut)
    axons = replace(
        axons,
        ready_d=np.where(broken, np.maximum(comes, cut), np.inf),
        broke_d=np.where(back, cut, grown.broke_d),
        out=broken,
    )
    return _across(nerve, grown, met, site, axons, np.where(again, cut, always), age_odds)


def _across(
    nerve: Nerve,
    grown: Regrowth,
    met: Regrowth,
    site: Site,
    axons: Trying,
    since_d: Floats,
    age_odds: float | Floats,
) -> Regrowth:
    """The fates of axons that try to cross, held at the site from ``since_d`` until they leave.

    ``grown`` is what they would do if it were not there, ``met`` what they have done up to then.
    """
    twins, n_fibre, out = nerve.twins, axons.out.shape[1], axons.out
    crossed = tried(axons, site, twins, age_odds)
    stopped: Bools = np.isfinite(axons.ready_d) & (out | (crossed.start_d > axons.ready_d))
    if not stopped.any():
        return met
    at = np.broadcast_to(site.lesion.site_mm[:, None], out.shape)
    grade = axons.sunderland_grade
    end, right = destination.destinations(
        nerve, site.lesion, grade, crossed.astray, axons.tube, (grown.destination, grown.right)
    )
    reach = growth.reach_mm("course.growth.reach.second", n_fibre, twins)
    reach = np.where(out & (grade >= 3), reach, np.inf)
    gives_up = grown.ends_mm < path_mm(nerve, grown.destination)
    reach = np.where(gives_up, np.minimum(reach, grown.ends_mm - at), reach)
    rate = np.where(out, crossed.rate, grown.rate_mm_per_day)
    onward = fates(nerve, axons.broke_d, at, crossed.start_d, rate, end, right, reach)
    waits = replace(
        chosen(stopped, grown, met),
        broke_d=np.where(stopped, axons.broke_d, met.broke_d),
        arrive_d=np.where(stopped, np.inf, met.arrive_d),
        ends_mm=np.where(stopped, at, met.ends_mm),
        since_d=np.where(stopped, np.maximum(since_d, grown.since_d), met.since_d),
        own=met,
    )
    goes = stopped & np.isfinite(crossed.start_d)
    since = np.where(goes, crossed.start_d, waits.since_d)
    return replace(chosen(goes, onward, waits), since_d=since, own=waits)
