"""Whether a broken axon crosses the site, when it starts, how fast it grows, where it arrives."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import ArrayLike

from tinel.course import destination, growth
from tinel.course.crossing import open_ways, passage_under, with_odds
from tinel.course.state import NOWHERE
from tinel.evidence import Parameters
from tinel.lesion.lasting_pressure import local_mmHg
from tinel.lesion.state import Bools, Floats, Ints, Lesion
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
    ``donor_d`` day on which an axon of a donor was led into its tube (inf where none was): from
    then on the other fields are the donor's, and ``own`` holds what they were before.
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
    own: Regrowth | None = None

    def on(self, day: float) -> Regrowth:
        """The fates as they stand on a day: a donor's only from its operation on."""
        if self.own is None or not (np.isfinite(self.donor_d) & (self.donor_d > day)).any():
            return self
        return _chosen(self.donor_d <= day, self, self.own.on(day))


def waning(what: str, since_d: ArrayLike, parameters: Parameters) -> Floats:
    """Fraction left of the power to regrow (``axotomy``) or of the stump's to carry (``stump``).

    ``floor + (1 - floor) exp(-t / tau)`` of Gordon et al. 2011, with the rat's ``tau`` stretched
    by ``course.clock.human_over_rat``, which is an assumption. A stump begins to lose it after
    ``course.stump.rest`` only: rats whose nerve was joined at once are the whole in that fit, and
    their stump was empty until axons came.

    Example:
        >>> waning("stump", [0.0, 1e9], Parameters.of_evidence()).round(3).tolist()
        [1.0, 0.16]
    """
    floor = parameters[f"course.{what}.floor"]
    clock = parameters["course.clock.human_over_rat"]
    tau = parameters[f"course.{what}.tau"] * clock
    rest = parameters["course.stump.rest"] * clock if what == "stump" else 0.0
    empty = np.maximum(np.asarray(since_d, np.float64) - rest, 0.0)
    left: Floats = floor + (1.0 - floor) * np.exp(-empty / tau)
    return left


def regrow(
    nerve: Nerve,
    lesion: Lesion,
    cut_d: Floats,
    sunderland_grade: Ints,
    begins_d: Floats,
    pressure_mmHg: Floats,
    interventions: tuple[Intervention, ...],
    before: Regrowth | None,
    spared: Bools,
) -> Regrowth:
    """Follow every broken axon from the site to the target it ends in.

    An axon starts on the first day on which the chance to cross exceeds its own uniform draw:
    when it breaks, when the scar's pressure changes, or when an intervention opens the way. The
    odds to cross differ between people and repairs, and fall with age. What changes delay and rate
    does so for axons that have not set out on its day, for the rest of their delay. It arrives
    unless the stump ahead has been empty too long, or, beyond a torn or cut tube, it gives up on
    the way. Donors' axons of a transfer enter the tubes of axons that would come later or never.
    Axons that an operation ``spared`` go on as ``before`` it.
    """
    twins = nerve.twins
    n_fibre, p = lesion.present.size, twins.parameters
    draw = twins.uniform("course.passage.fibre", n_fibre, 0.0)
    person, age_odds = twins.normal("course.passage.twin", 1), _age_odds(twins)
    delay = _delay(n_fibre, twins)
    rate = growth.rates_mm_per_day(n_fibre, twins)
    start, astray = np.full(cut_d.shape, np.inf), np.zeros(cut_d.shape)
    opened = np.full(cut_d.shape, np.inf)
    for step in range(begins_d.shape[1]):
        begins, ends = begins_d[:, step], np.full(len(twins), np.inf)
        if step + 1 < begins_d.shape[1]:
            ends = begins_d[:, step + 1]
        # An axon that breaks within the step tries when it breaks, not when the step began.
        day = np.maximum(cut_d, begins[:, None])
        trying = np.isinf(start) & np.isfinite(cut_d) & (day < ends[:, None])
        if not trying.any():
            continue
        ways = open_ways(begins, interventions, p)
        waited = np.where(trying, day - np.where(trying, cut_d, 0.0), 0.0)
        chance = np.take_along_axis(ways.chance, sunderland_grade, axis=1)
        spread = np.take_along_axis(ways.spread, sunderland_grade, axis=1)
        chance = with_odds(chance, np.exp(spread * person) * age_odds * ways.odds[:, None])
        chance = chance * waning("axotomy", waited, p)
        if pressure_mmHg[:, step].any():
            local = local_mmHg(lesion, pressure_mmHg[:, step], p)
            chance = chance * passage_under(local, lesion.length_mm[:, None], p)
        now = trying & (draw < chance)
        leaves = day + delay * ways.delay_factor[:, None] + ways.extra_d[:, None]
        start = np.where(now, leaves, start)
        opened = np.where(now, begins[:, None], opened)
        rate = np.where(now, rate * ways.growth_rate_factor[:, None], rate)
        here = np.take_along_axis(ways.misdirection, sunderland_grade, axis=1)
        astray = np.where(now, here, astray)
    for done in sorted(interventions, key=lambda i: i.day):
        if np.all(done.delay_factor == 1.0) and np.all(done.growth_rate_factor == 1.0):
            continue
        # the way was open before, and the axon has not set out yet
        rests = (opened < done.day) & (start > done.day)
        left = (start - done.day) * np.reshape(done.delay_factor, (-1, 1))
        start = np.where(rests, done.day + left, start)
        rate = np.where(rests, rate * np.reshape(done.growth_rate_factor, (-1, 1)), rate)
    end, right = destination.destinations(nerve, lesion, sunderland_grade, astray)
    site = np.broadcast_to(lesion.site_mm[:, None], cut_d.shape)
    reach = growth.reach_mm("course.growth.reach", n_fibre, twins)
    reach = np.where(sunderland_grade >= 3, reach, np.inf)
    inside = lesion.present[None, :]
    start = np.where(inside, start, np.inf)
    grown = _fates(nerve, cut_d, site, start, rate, end, right, reach)
    if before is not None:
        grown = _chosen(spared, before, grown)
    for done in interventions:
        for transfer in done.transfers:
            grown = _transferred(nerve, grown, cut_d, done, transfer, interventions)
    return grown


def _age_odds(twins: Twins) -> float | Floats:
    p, age = twins.parameters, twins.patient.age
    years = age - p["course.age.reference_y"]
    factor: float | Floats = np.exp(-p["course.age.crossing_per_y"] * years)
    return factor


def _delay(n_fibre: int, twins: Twins) -> Floats:
    p = twins.parameters
    older = np.exp(p["course.age.delay_per_y"] * (twins.patient.age - p["course.age.reference_y"]))
    spread = p["course.growth.delay_spread"] * twins.normal("course.growth.delay", n_fibre)
    delay: Floats = p["course.growth.delay"] * older * np.exp(spread)
    return delay


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
    # one that ends in tissue it cannot supply is followed as far as its own target
    paths = np.array([t.path_mm for t in nerve.targets])
    path = paths[np.where(end == NOWHERE, fibres.target, end)]
    ends = np.minimum(from_mm + reach_mm, path)
    there = start_d + growth.days_between(from_mm, ends, rate, p)
    fine = (there <= stall) & (ends >= path) & (end != NOWHERE)
    arrive = np.where(fine, there + p["course.endplate.delay"], np.inf)
    never = np.full(cut_d.shape, np.inf)
    return Regrowth(from_mm, start_d, rate, stall, ends, end, right, arrive, never)


def _transferred(
    nerve: Nerve,
    grown: Regrowth,
    cut_d: Floats,
    done: Intervention,
    transfer: Transfer,
    interventions: tuple[Intervention, ...],
) -> Regrowth:
    """A donor's axon enters the empty tube of each axon that is not back when it would arrive."""
    p, twins, shape = nerve.twins.parameters, nerve.twins, cut_d.shape
    led = np.isin(
        nerve.fibres.target, [k for k, t in enumerate(nerve.targets) if t.name in transfer.targets]
    )
    n_fibre = led.size
    ways = open_ways(np.full(len(twins), done.day), interventions, p)
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
    chosen = _chosen(take, fates, grown)
    return replace(chosen, donor_d=np.where(take, done.day, grown.donor_d), own=grown)


def _chosen(which: Bools, these: Regrowth, those: Regrowth) -> Regrowth:
    """Fate by fate these where ``which``, else those."""
    arrays = [f.name for f in fields(Regrowth) if f.name != "own"]
    return Regrowth(**{n: np.where(which, getattr(these, n), getattr(those, n)) for n in arrays})
