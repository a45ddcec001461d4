"""Goals of recovery, and on which days each twin meets them.

A goal is met on a day by what an examiner would find that day: a grade of strength, the finest
filament that is felt, or the grip of the whole hand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from tinel.cohort.labelled import Labelled
from tinel.exam.limb import Bools, Floats
from tinel.exam.tests.hand_force import losses
from tinel.exam.tests.strength import FORCE, MRC_GRADE
from tinel.exam.tests.touch import FILAMENT
from tinel.nerve.anatomy import Nerve
from tinel.twins import Twins

USEFUL_3, USEFUL_4, FULL = "useful strength (M3)", "useful strength (M4)", "full strength (M5)"
PROTECTIVE, AS_BEFORE = "protective sensation", "touch as before"
GRIP = "useful grip"
GRADES_OF_GOALS = {USEFUL_3: 3.0, USEFUL_4: 4.0, FULL: 5.0}
BRACES = {  # movement that a brace stands in for, and what the goal is called
    "ankle dorsiflexion": "no foot brace",
    "wrist extension": "no wrist splint",
    "knee extension": "no knee brace",
}


@dataclass(frozen=True)
class Goal:
    """One goal for one muscle, patch of skin, movement or hand.

    Args:
        target: the muscle or the patch of skin, a movement, or ``hand``.
        name: what is to be reached, e.g. ``useful strength (M3)``.
        means: the same as what an examiner finds.
        met: on which of the days of the curves each twin meets it, ``(n_twin, n_day)``.
    """

    target: str
    name: str
    means: str
    met: Bools


Curve = Callable[[str, str], Floats]


def goals_of(
    curves: Labelled,
    nerve: Nerve,
    twins: Twins,
    arm: str,
    bound: str = "",
) -> tuple[Goal, ...]:
    """Every goal of the targets of a nerve, in the order of its targets.

    Args:
        curves: of all twins, see ``cohort.outcomes``.
        nerve: that of the twins, or of one of them.
        twins: the same twins, with their parameters.
        arm: name of a plan.
        bound: empty for the plan itself, ``low`` or ``high`` for an end of its range.

    Raises:
        TinelError: no such arm.
    """

    def curve(quantity: str, target: str) -> Floats:
        return curves.of(arm=arm, bound=bound, quantity=quantity, target=target)

    found = list[Goal]()
    for target in nerve.targets:
        if target.kind == "motor":
            mrc = curve(MRC_GRADE, target.name)
            found += [
                Goal(target.name, name, f"MRC grade {least:g} or better", mrc >= least)
                for name, least in GRADES_OF_GOALS.items()
            ]
        else:
            found += _of_skin(twins, nerve.limb, target.name, curve(FILAMENT, target.name))
    return (*found, *_without_brace(nerve, twins, curve), *_of_hand(nerve, twins, curve))


def _of_skin(twins: Twins, limb: str, skin: str, marking: Floats) -> Iterator[Goal]:
    where = "foot" if limb == "leg" else "hand"
    for name, key in (
        (PROTECTIVE, "skin.s_grade.touched_marking"),
        (AS_BEFORE, f"normal.monofilament.{where}_marking"),
    ):
        finest = twins.each(key)
        means = f"the {np.median(finest):.2f} filament is felt"
        yield Goal(skin, name, means, marking <= finest[:, None])


def _without_brace(nerve: Nerve, twins: Twins, curve: Curve) -> Iterator[Goal]:
    least = twins.each("forecast.no_brace.mrc")
    for movement, name in BRACES.items():
        muscles = [t.name for t in nerve.targets if t.movement == movement]
        if muscles:
            best = np.max([curve(MRC_GRADE, muscle) for muscle in muscles], axis=0)
            means = f"MRC grade {np.median(least):g} or better"
            yield Goal(movement, name, means, best >= least[:, None])


def _of_hand(nerve: Nerve, twins: Twins, curve: Curve) -> Iterator[Goal]:
    takes = losses(nerve, "grip", twins.parameters) if nerve.limb == "arm" else {}
    if not takes:
        return
    useful = twins.each("forecast.grip.useful")
    left = 1.0 - sum(
        twins.each(key)[:, None] * (1.0 - curve(FORCE, muscle) / 100)
        for muscle, key in takes.items()
    )
    means = f"{100 * np.median(useful):.0f} % of the healthy grip"
    yield Goal("hand", GRIP, means, np.asarray(left >= useful[:, None]))
