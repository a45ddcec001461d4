"""The fastest unit that an examiner finds at each of several sites of a muscle.

At each site the needle sees some of the units; the patient pulls until a few of them fire, and the
rate of the fastest is read off a few intervals.
"""

from __future__ import annotations

import numpy as np

from tinel.exam.limb import Floats, Limb
from tinel.exam.needle.pool import Pool, interval_spread
from tinel.exam.needle.recruitment import Units


def fastest_at_sites(limb: Limb, muscle: str, units: Units) -> Floats:
    """Firing rate of the fastest unit in Hz, slowest site first, ``(n_twin, n_site)``.

    Args:
        limb: whose muscle it is.
        muscle: its name.
        units: from ``recruitment.units_of``.

    Returns:
        0 at a site where no unit fires, though the needle was moved until it saw one.
    """
    twins, p = limb.nerve.twins, limb.parameters
    pool, each = Pool.of(twins), limb.nerve.twins.each
    n_site, n_unit = round(p.scalar("needle.recruitment.sites")), units.order.shape[1]
    by_order = np.argsort(units.order, axis=1)

    def ordered(values: Floats) -> Floats:
        return np.take_along_axis(values, by_order, axis=1)

    threshold = pool.threshold(ordered(units.order))
    works = ordered(np.where(units.works, units.at_needle, 0.0))
    unit = twins.uniform(f"needle.seen.{muscle}", n_unit)
    site = twins.uniform(f"needle.site.{muscle}.{limb.state.day:g}", n_site)
    reading = twins.normal(f"needle.rate.{muscle}.{limb.state.day:g}", n_site)
    blur = interval_spread(p) / np.sqrt(each("needle.recruitment.intervals"))[:, None]
    on_screen = each("needle.recruitment.on_screen")[:, None]
    found = np.zeros((len(twins), n_site))
    for k in range(n_site):
        # each unit's draw, shifted: as uniform as the draw, and another at each site
        seen = (unit + site[:, [k]]) % 1.0 < works
        # the needle is moved until it sees a unit: the one it would see next, where it sees none
        nearest = np.argmax(works - (unit + site[:, [k]]) % 1.0, axis=1)
        seen[np.arange(len(seen)), nearest] |= works.max(axis=1, initial=0.0) > 0
        seen &= works > 0
        enough = np.cumsum(seen, axis=1) >= on_screen
        at = enough.argmax(axis=1)[:, None]
        there = np.take_along_axis(threshold, at, axis=1)
        pull = np.where(enough.any(axis=1, keepdims=True), there, pool.most)
        found[:, k] = np.where(seen, pool.rate_Hz(pull, threshold), 0.0).max(axis=1, initial=0.0)
    found *= np.exp(blur * reading)
    return np.sort(found, axis=1)
