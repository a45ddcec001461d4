"""The twins that computations on claims share, and what is read off them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from tinel.case import Case, parse
from tinel.course import Course, follow, state_at
from tinel.evidence import Count, Parameters
from tinel.exam.laboratory import Laboratory
from tinel.exam.tests.strength import force_fraction, graded
from tinel.lesion import Lesion, laceration
from tinel.nerve import Nerve, build
from tinel.treatment import Plan, plan
from tinel.twins import Patient, Twins

Floats = NDArray[np.float64]

FEW = 20
SEED = 1
ADULT = Patient(age=40, sex="female", height_cm=170)
OF_TWINS = "90 % of twins"
MONTH_d = 365.25 / 12
YEAR_d = 365.25


def adults(parameters: Parameters, name: str, n_twin: int = FEW) -> Nerve:
    """The healthy nerve of some adult twins."""
    return build(name, side="left", twins=Twins(ADULT, range(n_twin), SEED, parameters))


def cut(nerve: Nerve, landmark: str, fraction: float = 1.0) -> Lesion:
    """A cut through a fraction of the nerve at a landmark."""
    place = nerve.landmark(landmark)
    return laceration.make(nerve, place.branch, site_mm=place.position_mm, fraction=fraction)


def steps(nerve: Nerve, *given: dict[str, object]) -> Plan:
    """A plan of these steps, by the numbers of the nerve's twins; waiting for none."""
    return plan("arm", list(given), nerve.twins.parameters)


def course(nerve: Nerve, lesion: Lesion, *given: dict[str, object]) -> Course:
    """The course under these steps; of waiting for none."""
    return follow(nerve, lesion, steps(nerve, *given))


def joined_percent(followed: Course, day: float) -> Floats:
    """Axons of the injured part that lead to their own target on a day, %, ``(n_twin,)``."""
    state, fibres = state_at(followed, day), followed.nerve.fibres
    weight = np.where(followed.lesion.present, fibres.weight, 0.0)
    home = state.joined & state.right & (state.destination == fibres.target)
    found: Floats = 100.0 * (home @ weight) / weight.sum()
    return found


def force_percent(followed: Course, muscle: str, days: Sequence[float]) -> Floats:
    """Force of a muscle over its healthy force, %, ``(n_twin, n_day)``."""
    place = room(followed.nerve)
    return np.stack([100.0 * force_fraction(place.limb(followed, d), muscle) for d in days], axis=1)


def mrc(followed: Course, muscle: str, days: Sequence[float]) -> Floats:
    """MRC grade of a muscle, ``(n_twin, n_day)``."""
    place, grades = room(followed.nerve), []
    for day in days:
        limb = place.limb(followed, day)
        grades.append(graded(limb, muscle, force_fraction(limb, muscle)))
    return np.stack(grades, axis=1)


def band(values: Floats) -> tuple[float, float, float]:
    """Median with 5th and 95th percentile."""
    low, middle, high = np.quantile(values, [0.05, 0.5, 0.95])
    return float(middle), float(low), float(high)


def counted(which: NDArray[np.bool_]) -> tuple[float, float | None, float | None]:
    """Percentage of twins with its exact interval; nan where there are none."""
    if not which.size:
        return float("nan"), None, None
    count = Count(int(which.sum()), which.size)
    return count.percent, *count.interval_percent


@cache
def story(name: str) -> Case:
    """One of the article's two stories as a case."""
    file = resources.files("tinel.claims").joinpath("data", "stories", f"{name}.toml")
    return parse(file.read_text(encoding="utf-8"), f"{name}.toml")


def room(nerve: Nerve) -> Laboratory:
    """What strength and touch need of a laboratory: the table of conduction."""
    from tinel.cable.conduction.table import conduction

    parameters = nerve.twins.parameters
    above = parameters.scalar("exam.temperature.nerve_above_skin_C")
    temperature_C = nerve.twins.patient.limb_temperature_c + above
    return Laboratory(temperature_C, conduction(temperature_C, parameters))
