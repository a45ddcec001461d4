"""Whether a broken axon crosses each site, when it starts, how fast it grows, where it arrives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from tinel.course import destination, growth
from tinel.course.crossing import Trying, open_ways, tried, with_odds
from tinel.course.fate import Regrowth, chosen, fates, spliced
from tinel.course.second import through
from tinel.course.site import Site
from tinel.lesion.state import Bools, Floats
from tinel.nerve.anatomy import Nerve
from tinel.treatment.plan import Intervention, Transfer
from tinel.twins import Twins


def regrow(
    nerve: Nerve,
    sites: Sequence[Site],
    cut_d: Floats,
    before: Regrowth | None,
    spared: Bools,
    from_far: Bools,
) -> Regrowth:
    """Follow every broken axon from the site where it broke to the target it ends in.

    An axon starts on the first day on which the chance to cross exceeds its own uniform draw:
    when it breaks, when the scar's pressure changes, or when an intervention opens the way. The
    odds to cross differ between people and repairs, and fall with age. What changes delay and rate
    does so for axons that have not set out on its day, for the rest of their delay. It arrives
    unless the stump ahead has been empty too long, or, beyond a torn or cut tube, it gives up on
    the way. An axon whose tube runs on through a second site has to cross that too. Donors' axons
    of a transfer enter the tubes of axons that would come later or never. Axons that an operation
    ``spared`` go on as ``before`` it.

    Args:
        nerve: the healthy nerve.
        sites: the injured places, that nearest to the cord first.
        cut_d: day on which each axon first broke, ``(n_twin, n_fibre)``.
        before: fates before the injured piece was cut out; None where it was not.
        spared: axons that this left alone, ``(n_twin, n_fibre)``.
        from_far: axons that it cut at the farther of two places when they had come through the
            nearer one, alike; they set out from there.
    """
    grown = _from(nerve, sites[0], cut_d)
    for far in sites[1:]:
        grown = _of_two(nerve, grown, sites[0], far, cut_d, from_far)
    if before is not None:
        led = from_far & np.isfinite(before.donor_d)  # cut beyond where they were led in
        grown = replace(
            spliced(spared, before, grown),
            donor_d=np.where(spared | led, before.donor_d, grown.donor_d),
            enters_mm=np.where(spared | led, before.enters_mm, grown.enters_mm),
        )
    for done in sites[0].interventions:
        for transfer in done.transfers:
            grown = _transferred(nerve, grown, cut_d, done, transfer, sites)
    return grown


def _from(nerve: Nerve, site: Site, broke_d: Floats) -> Regrowth:
    """The fates of axons that set out from a site, as if there were no other."""
    twins, n_fibre, grade = nerve.twins, broke_d.shape[1], site.sunderland_grade
    axons = Trying(
        ready_d=site.cut_d,
        broke_d=broke_d,
        out=np.isfinite(site.cut_d),
        sunderland_grade=grade,
        draw=twins.uniform("course.passage.fibre", n_fibre, 0.0),
        delay_d=_delay(n_fibre, twins),
        rate=growth.rates_mm_per_day(n_fibre, twins),
    )
    crossed = tried(axons, site, twins, _age_odds(twins))
    end, right = destination.destinations(nerve, site.lesion, grade, crossed.astray)
    reach = growth.reach_mm("course.growth.reach", n_fibre, twins)
    reach = np.where(grade >= 3, reach, np.inf)
    start = np.where(site.lesion.present[None, :], crossed.start_d, np.inf)
    from_mm = np.broadcast_to(site.lesion.site_mm[:, None], broke_d.shape)
    return fates(nerve, broke_d, from_mm, start, crossed.rate, end, right, reach)


def _of_two(
    nerve: Nerve, grown: Regrowth, near: Site, far: Site, cut_d: Floats, from_far: Bools
) -> Regrowth:
    """The fates under two sites, from those of axons that set out from the nearer one.

    What breaks first at the farther one sets out from there, until it breaks at the nearer one.
    """
    twins, n_fibre = nerve.twins, cut_d.shape[1]
    first = (far.cut_d < near.cut_d) | from_far
    there = _from(nerve, far, far.cut_d)
    grown, again = chosen(first, there, grown), first & np.isfinite(near.cut_d) & ~from_far
    if again.any():
        back = there.arrive_d <= near.cut_d
        later = _from(nerve, near, np.where(back, near.cut_d, cut_d))
        since = np.where(again, near.cut_d, 0.0)
        grown = replace(chosen(again, later, grown), since_d=since, own=grown)
    delay = _delay(n_fibre, twins, "course.growth.delay.second")
    return through(nerve, grown, far, delay, _age_odds(twins))


def _age_odds(twins: Twins) -> float | Floats:
    p, age = twins.parameters, twins.patient.age
    years = age - p["course.age.reference_y"]
    factor: float | Floats = np.exp(-p["course.age.crossing_per_y"] * years)
    return factor


def _delay(n_fibre: int, twins: Twins, stream: str = "course.growth.delay") -> Floats:
    p = twins.parameters
    older = np.exp(p["course.age.delay_per_y"] * (twins.patient.age - p["course.age.reference_y"]))
    spread = p["course.growth.delay_spread"] * twins.normal(stream, n_fibre)
    delay: Floats = p["course.growth.delay"] * older * np.exp(spread)
    return delay


def _transferred(
    nerve: Nerve,
    grown: Regrowth,
    cut_d: Floats,
    done: Intervention,
    transfer: Transfer,
    sites: Sequence[Site],
) -> Regrowth:
    """A donor's axon enters the empty tube of each axon that is not back when it would arrive.

    One led in before a second site has to come through that.
    """
    p, twins, shape = nerve.twins.parameters, nerve.twins, cut_d.shape
    led = np.isin(
        nerve.fibres.target, [k for k, t in enumerate(nerve.targets) if t.name in transfer.targets]
    )
    n_fibre = led.size
    ways = open_ways(np.full(len(twins), done.day), sites[0].interventions, p)
    person = np.exp(np.reshape(transfer.spread, (-1, 1)) * twins.normal("course.transfer.twin", 1))
    chance = with_odds(transfer.passage, person * _age_odds(twins) * ways.odds[:, None])
    donors = np.minimum(np.reshape(transfer.donor_fraction, (-1, 1)), 1.0)
    enters = twins.uniform("course.transfer.fibre", n_fibre, 0.0) < chance * donors
    start = done.day + _delay(n_fibre, twins) * ways.delay_factor[:, None] + done.delay_d
    junction = np.maximum(nerve.path_mm[None, :] - transfer.distance_mm, 0.0)
    led_in = fates(
        nerve,
        grown.on(done.day).broke_d,
        np.broadcast_to(junction, shape),
        np.broadcast_to(start, shape),
        growth.rates_mm_per_day(n_fibre, twins) * ways.growth_rate_factor[:, None],
        np.broadcast_to(nerve.fibres.target, shape),
        np.ones(shape, bool),
        growth.reach_mm("course.transfer.reach", n_fibre, twins),
    )
    for far in sites[1:]:
        delay = _delay(n_fibre, twins, "course.growth.delay.second")
        led_in = through(nerve, led_in, far, delay, _age_odds(twins))
    turns = list(led_in.in_turn())
    comes = np.min([np.where(f.arrive_d < end, f.arrive_d, np.inf) for f, end in turns], axis=0)
    take = led & enters & (cut_d <= done.day) & (comes < grown.on(comes).arrive_d)
    for fate, _ in reversed(turns):
        grown = replace(
            chosen(take, fate, grown),
            donor_d=np.where(take, done.day, grown.donor_d),
            enters_mm=np.where(take, junction, grown.enters_mm),
            since_d=np.where(take, np.maximum(fate.since_d, done.day), grown.since_d),
            own=grown,
        )
    return grown
