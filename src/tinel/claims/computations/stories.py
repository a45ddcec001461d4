"""The article's two stories: what waiting does, and what its treatment adds in the program."""

from __future__ import annotations

import numpy as np

from tinel.case import Case
from tinel.claims.computations.people import counted, joined_percent, mrc, room, story
from tinel.claims.computed import Computed
from tinel.cohort.person import courses, injure, plans
from tinel.evidence import Parameters
from tinel.exam.examination import examine
from tinel.exam.tests.touch import FILAMENT, healthy_marking

N_TWIN, N_WAITING = 50, 100
TREATED_d, ENDED_d, LAST_d = 180.0, 545.0, 730.0  # first injection, a year after it, horizon
FOOT, HAND = "tibialis anterior", "dorsal ulnar hand skin"
STRONG = 4.0  # MRC grade from which a foot lifts against resistance, without a brace


def tanya_waits(parameters: Parameters) -> Computed:
    """Twins of Tanya with a weak foot at six months whose foot is strong a year later."""
    case = _with(parameters, "tanya", N_WAITING)
    person = injure(case, range(N_WAITING))
    waiting = courses(person, plans(case, person.nerve.twins.parameters)[:1])[0]
    grades = mrc(waiting, FOOT, [TREATED_d, ENDED_d])
    weak = grades[:, 0] < STRONG
    value, low, high = counted(grades[weak, 1] >= STRONG)
    what = (
        "twins of the first story whose foot is weak (below M4) at 6 months: M4 or better a year "
        "later, untreated"
    )
    return Computed(what, value, "% of twins", low, high, "95 % interval", int(weak.sum()))


def ivy_waits(parameters: Parameters) -> Computed:
    """Twins of Ivy with numb skin in the second week that feel normally within the year."""
    case = _with(parameters, "ivy", N_WAITING)
    person = injure(case, range(N_WAITING))
    waiting = courses(person, plans(case, person.nerve.twins.parameters)[:1])[0]
    place = room(person.nerve)
    felt = []
    for day in (14.0, 365.0):
        limb = place.limb(waiting, day)
        seen = examine(limb, place, ["touch"]).of(HAND, FILAMENT)
        assert seen is not None
        felt.append(seen.values <= healthy_marking(limb.nerve))
    numb = ~felt[0]
    value, low, high = counted(felt[1][numb])
    what = "twins of the second story with numb skin in week 2: normal touch at a year, untreated"
    return Computed(what, value, "% of twins", low, high, "95 % interval", int(numb.sum()))


def adds(parameters: Parameters, arm: str) -> Computed:
    """What an arm of the first story adds to waiting: axons that lead home after two years.

    The interval is that of the ends of what the treatment might do; the mean over twins is given,
    because the middle twin may gain nothing while some gain much.

    Args:
        parameters: the numbers in use.
        arm: a word of the arm's name.
    """
    case = _with(parameters, "tanya")
    person = injure(case, range(N_TWIN))
    every = plans(case, person.nerve.twins.parameters)
    waiting = next(p for p in every if not p.interventions)
    chosen = next(p for p in every if arm in p.name)
    least, most = chosen.low or chosen, chosen.high or chosen
    natural, *three = (
        joined_percent(followed, LAST_d)
        for followed in courses(person, [waiting, chosen, least, most])
    )
    value, low, high = (float(np.mean(treated - natural)) for treated in three)
    what = (
        f"first story, {chosen.name}: axons back at their muscle or skin after two years, more "
        "than waiting"
    )
    ends = "mean at the ends of what it might do"
    return Computed(what, value, "points of 100", min(low, high), max(low, high), ends, N_TWIN)


def platelets(parameters: Parameters) -> Computed:
    """What platelets add to the injections of the second story: axons that lead home."""
    case = _with(parameters, "ivy")
    person = injure(case, range(N_TWIN))
    arms = {p.name: p for p in plans(case, person.nerve.twins.parameters)}
    fluid = arms["four hydrodissections without platelets"]
    both = arms["four hydrodissections with platelets"]
    without, *three = (
        joined_percent(followed, LAST_d)
        for followed in courses(person, [fluid, both, both.low or both, both.high or both])
    )
    value, low, high = (float(np.mean(treated - without)) for treated in three)
    what = "second story, platelets in the fluid: axons back at their skin after two years, more"
    ends = "mean at the ends of what both might do"
    return Computed(what, value, "points of 100", min(low, high), max(low, high), ends, N_TWIN)


def _with(parameters: Parameters, name: str, n_twin: int = N_TWIN) -> Case:
    case = story(name).with_run(None, n_twin)
    changed = parameters.changed
    return case.with_parameters(dict(changed)) if changed else case
