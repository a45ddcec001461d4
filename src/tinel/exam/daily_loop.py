"""The loop over twins, fibres and days behind ``daily``; compiled, and not to be called as it is.

What it finds for each fibre and day is what ``course.state_at`` says of it, ``exam.limb.limb_on``
of the impulse and ``symptom`` of what fires; only sums over fibres leave it.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from tinel.course.growth import tip_mm
from tinel.course.sheath import regrown, thinned
from tinel.symptom.neuroma import rise


def run(day: Any, fibre: Any, fate: Any, lesion: Any, sheath: Any, person: Any, total: Any) -> None:
    """Add the fibres of all twins to the sums of each day.

    Args:
        day: days, rising, ``(n_day,)``.
        fibre, fate, lesion, sheath, person: see ``daily_arrays``.
        total: arrays of zeros that are filled.
    """
    n_twin, n_fibre = fate.cut_d.shape
    n_day = day.size
    # of what stays as it is from a day on, only that day is added to, and summed up at the end
    still, home = np.zeros(n_day), np.zeros(n_day)
    firing, answering = np.zeros(n_day), np.zeros(n_day)
    for i in range(n_twin):
        early, late, clock = person.silent_d[i], person.active_d[i], person.clock[i]
        length, reference = person.rate_length_mm[i], person.reference_mm[i]
        site = lesion.site_mm[i]
        beyond, fires_from = site + lesion.length_mm[i], -1.0
        still[:], home[:] = 0.0, 0.0
        for j in range(n_fibre):
            target, here, cut = fibre.target[j], fibre.present[j], fate.cut_d[i, j]
            weight, sensory = fibre.weight[j], fibre.sensory[j]
            own, lost = fate.own_fraction[i, j], fate.junction_fails_d[i, j]
            broken = np.searchsorted(day, cut)
            silent = np.searchsorted(day, lost)
            back = max(np.searchsorted(day, fate.arrive_d[i, j]), broken)
            for k in range(min(silent, back)):
                total.stands[i, target, k] += own
            if broken < n_day:
                total.broken[i, target, broken] += fibre.axons[j]

            # while it stands
            holds = min(silent, broken)
            for k in range(holds):
                total.joined[i, k] += weight
            damaged = here and (
                lesion.opening[i, j] > 0.0 or lesion.block_d[i, j] > 0.0 or sheath.hurt[i, j]
            )
            if not damaged and (not here or sheath.closed[i, j] <= 1.0):
                for k in range(holds):
                    total.conducting[i, k] += weight
                    total.working[i, target, k] += own
            else:
                opened = sheath.opened[i, j]
                for k in range(broken):
                    step, since = sheath.step[i, k], sheath.since_d[i, k]
                    start, end = sheath.start[step, i, j], sheath.target[step, i, j]
                    left = start
                    if start >= end:
                        left = thinned(start, end, since, person.loss_d[i])
                    elif sheath.rested[i, step]:
                        left = regrown(start, end, since, person.growth_d[i] * sheath.pace[i, j])
                    struck = lesion.struck_d[i]
                    opening = 0.0
                    if lesion.opening[i, j] > 0.0 and day[k] >= struck:
                        slow = person.paranode_d[i] * sheath.pace[i, j]
                        opening = lesion.opening[i, j] * np.exp(-(day[k] - struck) / slow)
                    block = sheath.closed[i, j]
                    if opened >= 0:
                        last = sheath.rise.shape[0] - 1
                        place = min(max(opening, 0.0), 1.0) * last
                        low = min(int(place), last - 1)
                        below, above = sheath.rise[low, opened], sheath.rise[low + 1, opened]
                        block = block * np.exp(below + (place - low) * (above - below))
                    ionic = struck <= day[k] < lesion.block_d[i, j]
                    total.damaged[i, k] += sensory * max(1.0 - left, opening)
                    if k < holds and left >= block and not ionic:
                        total.conducting[i, k] += weight
                        total.working[i, target, k] += own

            # once it is back
            end = fate.destination[i, j]
            if back < n_day:
                right, first = fate.right[i, j], fate.first_fraction[i, j]
                if right:
                    total.own[i, end, back] += first
                else:
                    total.astray[i, end, back] += first
                if right and end == target:
                    home[back] += weight

            # its tip, from the day on which it breaks
            if not here or broken >= n_day:
                continue
            start, stall, ends = fate.start_d[i, j], fate.stall_d[i, j], fate.ends_mm[i, j]
            begin = lesion.cut_d[i, j]
            if not np.isfinite(begin):
                begin = lesion.struck_d[i]
            torn = sensory != 0.0 and fate.torn[i, j]
            if torn and begin != fires_from:
                fires_from = begin
                for k in range(n_day):
                    held_d = max(day[k] - begin, 0.0) / clock
                    firing[k], answering[k] = rise(held_d, early, late), min(held_d / early, 1.0)
            total.ahead_count[i, broken] += 1.0
            # until it sets out it stays where it is
            leaves = max(np.searchsorted(day, start, side="right"), broken)
            from_mm, rate = fate.from_mm[i, j], fate.rate_mm_per_day[i, j]
            grew, tip = 0.0, tip_mm(from_mm, 0.0, rate, length, reference)
            front = min(tip, ends)
            ahead = max(front - site, 0.0)
            if leaves == n_day:
                still[broken] += ahead
            else:
                for k in range(broken, leaves):
                    total.ahead[i, k] += ahead
            if torn and front <= beyond:
                for k in range(broken, min(leaves, back)):
                    total.torn_firing[i, k] += sensory * firing[k]
                    total.torn_early[i, k] += sensory * answering[k]
            for k in range(leaves, n_day):
                grows_d = max(min(day[k], stall) - start, 0.0)
                if grows_d != grew and not (grew > 0.0 and tip >= ends):
                    grew = grows_d
                    tip = tip_mm(from_mm, grew, rate, length, reference)
                front = min(tip, ends)
                if k >= back and tip >= ends:  # where it stays
                    still[k] += max(front - site, 0.0)
                    break
                total.ahead[i, k] += max(front - site, 0.0)
                if sensory == 0.0 or k >= back:
                    continue
                if day[k] < stall and tip < ends:
                    total.growing[i, k] += sensory
                elif torn and front <= beyond:
                    total.torn_firing[i, k] += sensory * firing[k]
                    total.torn_early[i, k] += sensory * answering[k]
        summed_up(still)
        summed_up(home)
        summed_up(total.ahead_count[i])
        for target in range(total.broken.shape[1]):
            summed_up(total.broken[i, target])
            summed_up(total.own[i, target])
            summed_up(total.astray[i, target])
        for k in range(n_day):
            total.ahead[i, k] += still[k]
            total.joined[i, k] += home[k]
            total.conducting[i, k] += home[k]


def summed_up(values: Any) -> None:
    """Each day with all before it; compiled."""
    for k in range(1, values.size):
        values[k] += values[k - 1]
