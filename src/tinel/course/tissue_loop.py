"""The loop over twins, targets and days behind ``follow_tissue``; compiled, and not to be called as
it is."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from tinel.course.fading import Fading
from tinel.course.fading import left as lasting
from tinel.lesion.state import Floats, Ints

# Less silent tissue than this fraction is what rounding leaves, and nobody's to take.
LEAST = 1e-12


class Flow(NamedTuple):
    """What happens on each day of the grid.

    Args:
        days: since the day before, ``(n_day,)``.
        lost: tissue that standing axons leave, ``(n_day, n_twin, n_target)``.
        came, young: size of the regrown axons that come, and that size times how young they are,
            ``(2, n_day, n_twin, n_target)``.
        cut: row of ``kept`` on a day on which regrown axons let go, -1 on others, ``(n_day,)``.
        kept: part of them that stays, ``(n_cut, 2, n_twin, n_target)``.
        pace: factor on the rate of fading, ``(n_day, n_twin, n_target)``.
    """

    days: Floats
    lost: Floats
    came: Floats
    young: Floats
    cut: Ints
    kept: Floats
    pace: Floats


class Kind(NamedTuple):
    """Numbers of each tissue, every array ``(n_twin, n_target)``.

    Args:
        limit: how many times its first size a motor unit may grow to.
        tau_d: time constant of that, days.
        fading: what silence does.
    """

    limit: Floats
    tau_d: Floats
    fading: Fading


class Record(NamedTuple):
    """Arrays that are filled; as in ``Tissue``."""

    sprouted: Floats
    regrown: Floats
    sprouted_can: Floats
    regrown_can: Floats


def run(flow: Any, kind: Any, record: Any) -> None:
    """Follow each twin's tissue of each target through the days."""
    n_day, n_twin, n_target = flow.lost.shape
    for i in range(n_twin):
        for t in range(n_target):
            limit, tau, pace = kind.limit[i, t], kind.tau_d[i, t], flow.pace[:, i, t]
            standing, sprouted, sprouted_can, sprouted_will = 1.0, 0.0, 0.0, 0.0
            held, held_can, held_will = np.zeros(2), np.zeros(2), np.zeros(2)
            number, fresh, wants = np.zeros(2), np.zeros(2), np.zeros(2)
            # days of silence, and what earlier silence left, summed over the silent tissue
            age, left = 0.0, 0.0
            for k in range(n_day):
                days, lost = flow.days[k], flow.lost[k, i, t]
                silent = 1.0 - standing - sprouted - (held[0] + held[1])
                if silent <= LEAST:
                    silent = 0.0
                age += silent * days * pace[k]
                standing = max(standing - lost, 0.0)
                silent, left = silent + lost, left + lost
                # the regrown axons that an operation or a later injury cuts let go
                if flow.cut[k] >= 0:
                    for h in range(2):
                        part = flow.kept[flow.cut[k], h, i, t]
                        silent += (1.0 - part) * held[h]
                        left += (1.0 - part) * held_will[h]
                        number[h], fresh[h], held[h] = (
                            number[h] * part,
                            fresh[h] * part,
                            held[h] * part,
                        )
                        held_will[h], held_can[h] = held_will[h] * part, held_can[h] * part
                # sprouts whose parent has died let go
                gone = max(sprouted - (limit - 1.0) * standing, 0.0)
                stay = (sprouted - gone) / sprouted if sprouted > 0.0 else 1.0
                left += sprouted_will * (1.0 - stay)
                sprouted_can, sprouted_will = sprouted_can * stay, sprouted_will * stay
                sprouted, silent = sprouted - gone, silent + gone
                # muscle that is held fills out again
                fuller = -np.expm1(-days / kind.fading.recovery_d[i, t])
                sprouted_can += (sprouted_will - sprouted_can) * fuller
                # what standing and regrown axons reach for, as far as there is silent tissue
                aged = np.exp(-days / tau)
                for h in range(2):
                    held_can[h] += (held_will[h] - held_can[h]) * fuller
                    fresh[h] = fresh[h] * aged + flow.young[h, k, i, t]
                    number[h] += flow.came[h, k, i, t]
                    wants[h] = max(limit * number[h] - (limit - 1.0) * fresh[h] - held[h], 0.0)
                room = max(min((limit - 1.0) * standing - sprouted, silent), 0.0)
                reach = room * -np.expm1(-days / tau)
                total = reach + (wants[0] + wants[1])
                scale = silent / total if total > silent else 1.0
                reach *= scale
                mean_age = age / silent if silent > LEAST else 0.0
                first = left / silent if silent > LEAST else 1.0
                # what silence leaves in the end, and before atrophy is made up
                fades = kind.fading.rest_d[i, t], kind.fading.fade_d[i, t], kind.fading.floor[i, t]
                will, thin = first * lasting(mean_age, *fades), kind.fading.shrunk[i, t]
                can = will * (thin + (1.0 - thin) * np.exp(-mean_age / kind.fading.shrink_d[i, t]))
                sprouted, taken = sprouted + reach, reach
                sprouted_will += reach * will
                sprouted_can += reach * can
                for h in range(2):
                    more = wants[h] * scale
                    held[h], taken = held[h] + more, taken + more
                    held_will[h] += more * will
                    held_can[h] += more * can
                    record.regrown[h, k, i, t], record.regrown_can[h, k, i, t] = (
                        held[h],
                        held_can[h],
                    )
                record.sprouted[k, i, t], record.sprouted_can[k, i, t] = sprouted, sprouted_can
                age, left = age - taken * mean_age, left - taken * first
