"""Which assumptions move a forecast most: Morris' method over what a case leaves uncertain.

Every uncertain number that the case reads is varied over its stated range, and every size of the
injury over its prior, one at a time from many starting points (Morris 1991; Campolongo et al.
2007), with the same twins throughout. Nerve, injury, course, strength and touch are computed; no
waveform, so that a number that acts on waveforms alone is not among them, and the conduction table
holds the numbers of the evidence. Numbers of a user's own nerve file stay as they are. Force is
what a muscle has, not its grade: numbers of the grading are varied and do not move it. A number
that changes how many fibres a nerve has draws its fibres anew, so that what it moves holds chance.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tinel.calibration.outcome import Followed, laboratory
from tinel.case import Case, Injury
from tinel.cohort.person import courses, injure, plans
from tinel.declare import Spread
from tinel.errors import TinelError
from tinel.evidence import Parameters
from tinel.exam import supply
from tinel.exam.tests.strength import FORCE
from tinel.progress import Progress, silent

Floats = NDArray[np.float64]

TWINS = 24
TRAJECTORIES = 6
LEVELS = 4
STATED = 5  # assumptions named for each forecast
TOUCH = "touch fibres"


@dataclass(frozen=True)
class Forecast:
    """One number that the case forecasts: the mean over the twins, in percent."""

    arm: str
    target: str
    quantity: str
    day: float


@dataclass(frozen=True)
class Mover:
    """How far one assumption moves a forecast.

    ``points`` is the mean size of the change of the forecast over half of the range, in percentage
    points; ``sd`` how much that differs with the other assumptions.
    """

    forecast: Forecast
    key: str
    low: float
    high: float
    unit: str
    evidence_grade: str
    points: float
    sd: float


@dataclass(frozen=True)
class _Factor:
    key: str
    low: float
    high: float
    unit: str
    evidence_grade: str
    size: bool = False  # of the injury, not a number of the evidence


def sensitivity(
    case: Case,
    n_twin: int = TWINS,
    trajectories: int = TRAJECTORIES,
    seed: int = 1,
    progress: Progress = silent,
) -> list[Mover]:
    """How far each uncertain assumption of a case moves each of its forecasts.

    Args:
        case: whose arms are forecast on the last day of its examinations.
        n_twin: twins, the same for every point.
        trajectories: starting points.
        seed: of the design.
        progress: called after each point.

    Returns:
        For each forecast the assumptions, the strongest first.

    Raises:
        TinelError: nothing in the case is uncertain.
    """
    from SALib.analyze import morris as analyse
    from SALib.sample import morris as sample

    case = replace(case, run=case.run.model_copy(update={"twins": n_twin}))
    day = case.exam_days[-1]
    first, read = _forecast(case, {}, [], day)
    factors = _factors(case, read)
    if not factors:
        raise TinelError("nothing in this case is uncertain", case.where("cause"))
    problem = {
        "num_vars": len(factors),
        "names": [f.key for f in factors],
        "bounds": [[f.low, f.high] for f in factors],
    }
    points = sample.sample(problem, trajectories, num_levels=LEVELS, seed=seed)
    found = np.empty((len(points), len(first)))
    for k, point in enumerate(points):
        values = {f.key: float(v) for f, v in zip(factors, point, strict=True) if not f.size}
        sizes = [(f.key, float(v)) for f, v in zip(factors, point, strict=True) if f.size]
        forecast, _ = _forecast(case, values, sizes, day)
        found[k] = [forecast[name] for name in first]
        progress(k + 1, len(points), "sensitivity")
    movers: list[Mover] = []
    for column, name in enumerate(first):
        result = analyse.analyze(problem, points, found[:, column], num_levels=LEVELS, seed=seed)
        # Morris gives the change over the whole range; half of it is what "unsure" means
        own = [
            Mover(name, f.key, f.low, f.high, f.unit, f.evidence_grade, float(m) / 2, float(s) / 2)
            for f, m, s in zip(factors, result["mu_star"], result["sigma"], strict=True)
        ]
        movers += sorted(own, key=lambda one: -one.points)
    return movers


def strongest(movers: Sequence[Mover], n: int = STATED) -> dict[Forecast, list[Mover]]:
    """The assumptions that move each forecast most.

    Args:
        movers: from ``sensitivity``.
        n: how many for each forecast.
    """
    found: dict[Forecast, list[Mover]] = {}
    for one in movers:
        found.setdefault(one.forecast, []).append(one)
    return {forecast: own[:n] for forecast, own in found.items()}


def _forecast(
    case: Case, values: Mapping[str, float], sizes: Sequence[tuple[str, float]], day: float
) -> tuple[dict[Forecast, float], frozenset[str]]:
    changed = _resized(case, sizes)
    changed = replace(changed, parameters=changed.parameters.replace(values))
    person = injure(changed, range(changed.run.twins))
    used = plans(changed, person.nerve.twins.parameters)
    found: dict[Forecast, float] = {}
    for plan, course in zip(used, courses(person, used), strict=True):
        seen = Followed(person, course, laboratory(changed))
        for name in seen.beyond("motor"):
            force = seen.values("strength", FORCE, [name], day)
            found[Forecast(plan.name, name, FORCE, day)] = float(force.mean())
        for name in seen.beyond("sensory"):
            found[Forecast(plan.name, name, TOUCH, day)] = _touch_percent(seen, name, day)
    return found, person.nerve.twins.parameters.read


def _touch_percent(seen: Followed, name: str, day: float) -> float:
    limb = seen.laboratory.limb(seen.course, day)
    return 100 * float(supply.any(limb, name).mean())


def _factors(case: Case, read: frozenset[str]) -> list[_Factor]:
    sizes = [
        _Factor(f"cause.{name}", size.low, size.high, size.unit, "prior of the case", True)
        for name, size in _sizes(case).items()
        if not size.known
    ]
    numbers = [
        _Factor(key, low, high, n.unit, n.evidence_grade)
        for key in sorted(read)
        if key in case.parameters and key not in case.parameters.changed
        for n in [case.parameters.number(key)]
        for low, high in [_range(case.parameters, key)]
        if low < high
    ]
    return [*sizes, *numbers]


def _range(parameters: Parameters, key: str) -> tuple[float, float]:
    number = parameters.number(key)
    least, most = number.allowed
    if number.low is not None and number.high is not None:
        return max(number.low, least), min(number.high, most)
    return number.value, number.value


def _sizes(case: Case) -> dict[str, Spread]:
    # those of the first injury; a second one stays as it is drawn
    of_first = replace(case.cause, beyond=None).sizes()
    own = {k: v for k, v in of_first.items() if k not in ("site_mm", "length_mm")}
    return {"site_mm": case.place.site_mm, "length_mm": case.place.length_mm, **own}


def _resized(case: Case, sizes: Sequence[tuple[str, float]]) -> Case:
    place, cause = case.place, case.cause
    for key, value in sizes:
        name = key.removeprefix("cause.")
        if name == "site_mm":
            place = replace(place, site_mm=_known(place.site_mm, value))
        elif name == "length_mm":
            place = replace(place, length_mm=_known(place.length_mm, value))
        else:
            cause = _with_size(cause, name, value)
    return replace(case, place=place, cause=cause)


def _with_size(cause: Injury, name: str, value: float) -> Injury:
    def changed(values: Mapping[str, Any]) -> dict[str, Any]:
        return {**values, name: _known(values[name], value)} if name in values else dict(values)

    cause = replace(cause, values=changed(cause.values))
    if cause.acute is not None:
        cause = replace(cause, acute=replace(cause.acute, values=changed(cause.acute.values)))
    return cause


def _known(size: Spread, value: float) -> Spread:
    return replace(size, low=value, high=value)
