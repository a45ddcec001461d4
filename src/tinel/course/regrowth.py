"""Whether a broken axon crosses each site, when it starts, how fast it grows, where it arrives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np

from tinel.course import destination, growth
from tinel.course.crossing import Trying, open_ways, tried, with_odds
from tinel.course.site import Site
from tinel.course.state import NOWHERE
from tinel.lesion.state import Bools, Floats, Ints
from tinel.nerve.anatomy import Nerve
from tinel.treatment.plan import Intervention, Transfer
from tinel.twins import Twins


@dataclass(frozen=True)
class Regrowth:
    """Fate of every broken axon, shape ``(n_twin, n_fibre)``; inf for never.

    ``from_mm`` the place it starts from; ``start_d`` it leaves it; ``rate_mm_per_day`` at the place
    of reference; ``stall_d`` the empty stump ahead stops carrying axons; ``ends_mm`` the place
    beyond which it does not grow, its target or where it gives up; ``destination`` the target it
    grows to (``NOWHERE`` for tissue that it cannot supply); ``right`` whether it does there what
    it did before; ``arrive_d`` it supplies that target;
    ``donor_d`` day on which an axon of a donor was led into its tube (inf where none was). From
    ``since_d`` on, 0 where nothing changed, the fields are those of the donor's axon, or of the
    same axon on its way beyond a second site; ``own`` holds what they were before.
    """

    from_mm: Floats
    start_d: Floats
    rate_mm_per_day: Floats
    stall_d: Floats
    ends_mm: Floats
    destination: Ints
    right: Bools
    arrive_d: Floats
    donor_d: Floats
    since_d: Floats
    own: Regrowth | None = None

    def on(self, day: float) -> Regrowth:
        """The fates as they stand on a day: each only from the day on from which it holds."""
        if self.own is None or not (self.since_d > day).any():
            return self
        return _chosen(self.since_d <= day, self, self.own.on(day))


def regrow(
    nerve: Nerve, sites: Sequence[Site], cut_d: Floats, before: Regrowth | None, spared: Bools
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
    """
    twins, n_fibre = nerve.twins, cut_d.shape[1]
    draw = twins.uniform("course.passage.fibre", n_fibre, 0.0)
    delay, rate = _delay(n_fibre, twins), growth.rates_mm_per_day(n_fibre, twins)
    site = sites[0]
    crossed = tried(Trying.broken(site, draw, delay, rate), site, twins, _age_odds(twins))
    start, grade, from_mm = crossed.start_d, site.sunderland_grade, site.lesion.site_mm[:, None]
    end, right = destination.destinations(nerve, site.lesion, grade, crossed.astray)
    rate = crossed.rate
    for later in sites[1:]:  # those that broke there alone set out from there
        alone = np.isinf(site.cut_d) & np.isfinite(later.cut_d)
        other = tried(Trying.broken(later, draw, delay, rate), later, twins, _age_odds(twins))
        there = destination.destinations(nerve, later.lesion, later.sunderland_grade, other.astray)
        start, rate = np.where(alone, other.start_d, start), np.where(alone, other.rate, rate)
        end, right = np.where(alone, there[0], end), np.where(alone, there[1], right)
        grade = np.where(alone, later.sunderland_grade, grade)
        from_mm = np.where(alone, later.lesion.site_mm[:, None], from_mm)
    reach = growth.reach_mm("course.growth.reach", n_fibre, twins)
    reach = np.where(grade >= 3, reach, np.inf)
    start = np.where(site.lesion.present[None, :], start, np.inf)
    from_mm = np.broadcast_to(from_mm, cut_d.shape)
    grown = _fates(nerve, cut_d, from_mm, start, rate, end, right, reach)
    for later in sites[1:]:
        grown = _through(nerve, grown, cut_d, later)
    if before is not None:
        grown = replace(_chosen(spared, before, grown), own=grown.own)
    for done in sites[0].interventions:
        for transfer in done.transfers:
            grown = _transferred(nerve, grown, cut_d, done, transfer, sites)
    return grown


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


def _through(nerve: Nerve, grown: Regrowth, cut_d: Floats, site: Site) -> Regrowth:
    """The fates once axons whose tube runs on through a farther site have to cross that too.

    A tip that comes there finds the tube as it is then: whole, it grows on as far as a pressure
    lets it; broken, it crosses as at any injury, with draws of its own.
    """
    twins, n_fibre, p = nerve.twins, cut_d.shape[1], nerve.twins.parameters
    at = np.broadcast_to(site.lesion.site_mm[:, None], cut_d.shape)
    tube = destination.tubes(nerve, grown.destination)
    meets = site.lesion.present[tube] & np.isfinite(grown.start_d) & (grown.from_mm < at)
    comes = grown.start_d + growth.days_between(grown.from_mm, at, grown.rate_mm_per_day, p)
    meets &= (comes <= grown.stall_d) & (at <= grown.ends_mm)
    if not meets.any():
        return grown
    # what happened there after the tip had passed breaks the axon again, and it starts anew
    cut = np.take_along_axis(site.cut_d, tube, 1)
    grade = np.take_along_axis(site.sunderland_grade, tube, 1)
    out = np.isfinite(cut)
    ready = np.where(meets, np.maximum(comes, np.where(out, cut, 0.0)), np.inf)
    axons = Trying(
        ready_d=ready,
        broke_d=cut_d,
        out=out,
        sunderland_grade=grade,
        draw=twins.uniform("course.passage.second", n_fibre, 0.0),
        delay_d=_delay(n_fibre, twins, "course.growth.delay.second"),
        rate=growth.rates_mm_per_day(n_fibre, twins),
        tube=tube,
    )
    crossed = tried(axons, site, twins, _age_odds(twins))
    end, right = destination.destinations(
        nerve, site.lesion, grade, crossed.astray, tube, (grown.destination, grown.right)
    )
    reach = growth.reach_mm("course.growth.reach.second", n_fibre, twins)
    reach = np.where(out & (grade >= 3), reach, np.inf)
    gives_up = grown.ends_mm < _path_mm(nerve, grown.destination)
    reach = np.where(gives_up, np.minimum(reach, grown.ends_mm - at), reach)
    rate = np.where(out, crossed.rate, grown.rate_mm_per_day)
    onward = _fates(nerve, cut_d, at, crossed.start_d, rate, end, right, reach)
    stopped = meets & (out | (crossed.start_d > ready))
    waits = replace(
        grown,
        arrive_d=np.where(stopped, np.inf, grown.arrive_d),
        ends_mm=np.where(stopped, at, grown.ends_mm),
    )
    goes = stopped & np.isfinite(crossed.start_d)
    since = np.where(goes, crossed.start_d, 0.0)
    return replace(_chosen(goes, onward, waits), since_d=since, own=waits)


def _path_mm(nerve: Nerve, end: Ints) -> Floats:
    """Way from the cord to the target, ``(n_twin, n_fibre)``.

    One that ends in tissue it cannot supply is followed as far as its own target.
    """
    paths = np.array([t.path_mm for t in nerve.targets])
    path: Floats = paths[np.where(end == NOWHERE, nerve.fibres.target, end)]
    return path


def _fates(
    nerve: Nerve,
    cut_d: Floats,
    from_mm: Floats,
    start_d: Floats,
    rate: Floats,
    end: Ints,
    right: Bools,
    reach_mm: Floats,
) -> Regrowth:
    """Fates of axons that set out from a place on a day, at a rate, for a target."""
    p, twins, fibres = nerve.twins.parameters, nerve.twins, nerve.fibres
    draw = twins.uniform("course.stump", fibres.target.size, p["course.stump.likeness"])
    floor = p["course.stump.floor"]
    clock = p["course.clock.human_over_rat"]
    rest, tau = p["course.stump.rest"] * clock, p["course.stump.tau"] * clock
    # The day on which `waning("stump", ...)` falls below the axon's own draw.
    above = np.maximum((draw - floor) / (1.0 - floor), 1e-300)
    stall = cut_d + np.where(draw > floor, rest - tau * np.log(above), np.inf)
    path = _path_mm(nerve, end)
    ends = np.minimum(from_mm + reach_mm, path)
    there = start_d + growth.days_between(from_mm, ends, rate, p)
    fine = (there <= stall) & (ends >= path) & (end != NOWHERE)
    arrive = np.where(fine, there + p["course.endplate.delay"], np.inf)
    never, always = np.full(cut_d.shape, np.inf), np.zeros(cut_d.shape)
    return Regrowth(from_mm, start_d, rate, stall, ends, end, right, arrive, never, always)


def _transferred(
    nerve: Nerve,
    grown: Regrowth,
    cut_d: Floats,
    done: Intervention,
    transfer: Transfer,
    sites: Sequence[Site],
) -> Regrowth:
    """A donor's axon enters the empty tube of each axon that is not back when it would arrive.

    One led in before a second site comes through it only where the tube there is whole.
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
    fates = _fates(
        nerve,
        cut_d,
        np.broadcast_to(junction, shape),
        np.broadcast_to(start, shape),
        growth.rates_mm_per_day(n_fibre, twins) * ways.growth_rate_factor[:, None],
        np.broadcast_to(nerve.fibres.target, shape),
        np.ones(shape, bool),
        growth.reach_mm("course.transfer.reach", n_fibre, twins),
    )
    take = led & enters & (cut_d <= done.day) & (fates.arrive_d < grown.arrive_d)
    for later in sites[1:]:
        take &= np.isinf(later.cut_d) | (junction >= later.lesion.site_mm[:, None])
    chosen = _chosen(take, fates, grown)
    return replace(
        chosen,
        donor_d=np.where(take, done.day, grown.donor_d),
        since_d=np.where(take, done.day, grown.since_d),
        own=grown,
    )


def _chosen(which: Bools, these: Regrowth, those: Regrowth) -> Regrowth:
    """Fate by fate these where ``which``, else those."""
    arrays = [f.name for f in fields(Regrowth) if f.name != "own"]
    return Regrowth(**{n: np.where(which, getattr(these, n), getattr(those, n)) for n in arrays})
