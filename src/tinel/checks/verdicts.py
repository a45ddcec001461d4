"""What was measured beside what was asked before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from tinel.checks.alarms import FITTING
from tinel.checks.all import Checked
from tinel.checks.calibration import Forecasts
from tinel.checks.figure import pooled
from tinel.checks.published import Predicted
from tinel.checks.ranks import LEVELS, histogram, inside
from tinel.checks.sample import TORN
from tinel.checks.scores import scores
from tinel.checks.stories import asked
from tinel.exam.limb import Floats

WEEK_3_d = 21.0


@dataclass(frozen=True)
class Verdict:
    """One figure beside what was asked: ``met`` is None where nothing could be measured."""

    what: str
    measured: str
    asked: str
    met: bool | None


def least_effective() -> float:
    """Effective twins that a simulated patient's forecast needs."""
    return float(asked()["calibration"]["least_effective"])


def strength_goal(one: Forecasts) -> str:
    """The first forecast of strength that is still ahead."""
    ahead = [g for g in one.places if g.startswith("force") and _day(g) > one.known.day]
    return ahead[0]


def places_of(
    found: Iterable[Forecasts],
    goal: str | None = None,
    effective: tuple[float, float] = (0.0, np.inf),
) -> Floats:
    """Where the truth fell, of patients with enough effective twins.

    Args:
        found: forecasts.
        goal: which; the first strength still ahead where left out.
        effective: ends of the effective twins of those taken.
    """
    least, most = max(least_effective(), effective[0]), effective[1]
    each = [
        one.places[goal or strength_goal(one)][(one.effective >= least) & (one.effective < most)]
        for one in found
    ]
    return np.concatenate([np.zeros(0), *each])


def predicted(checked: Checked) -> list[Predicted]:
    """Every predicted finding of the published patients."""
    return [one for _, rows in checked.published if not isinstance(rows, str) for one in rows]


def verdicts(checked: Checked) -> list[Verdict]:
    """Every figure that something was asked of."""
    rows = [_patients(checked), *_coverage(checked), *_ranks(checked), *_sampler(checked)]
    rows += [*_alarms(checked), _published(checked), *_scores(checked)]
    rows += [_second(checked), *_before_week_3(checked)]
    return rows


def _day(goal: str) -> float:
    return float(goal.rsplit(" ", 1)[1])


def _patients(checked: Checked) -> Verdict:
    least = asked()["calibration"]["patients"]
    n = checked.size.patients
    return Verdict("simulated patients", str(n), f"{least} or more", n >= least)


def _coverage(checked: Checked) -> list[Verdict]:
    off_most = asked()["calibration"]["coverage_off_points"]
    places = places_of(checked.forecasts)
    rows = []
    for level in LEVELS:
        n, total = inside(places, level)
        percent = 100 * n / max(total, 1)
        text = f"{level:g} % intervals of strength that hold the truth, all pooled"
        met = abs(percent - level) <= off_most if total else None
        rows.append(Verdict(text, f"{percent:.1f} %", f"within {off_most:g} points", met))
    return rows


def _ranks(checked: Checked) -> list[Verdict]:
    least = asked()["calibration"]["least_p"]
    chances = [
        histogram(each)[2]
        for one in checked.forecasts
        for goal in one.places
        if len(each := places_of([one], goal)) >= 50
    ]
    if not chances:
        return [Verdict("rank histograms", "too few patients", f"p of {least:g} or more", None)]
    n, good = len(chances), sum(p >= least for p in chances)
    # one in a hundred is below 0.01 by chance alone
    return [
        Verdict(
            f"rank histograms with p of {least:g} or more, of {n}",
            f"{100 * good / n:.1f} %",
            "98 % or more",
            good / n >= 0.98,
        )
    ]


def _sampler(checked: Checked) -> list[Verdict]:
    wanted = asked()["calibration"]["sampler_patients"]
    n = len(checked.sampled)
    rows = [Verdict("patients through the sampler", str(n), f"{wanted} or more", n >= wanted)]
    places = np.array([p for one in checked.sampled for p in one.places.values()])
    hit, total = inside(places, 90.0)
    percent, off = 100 * hit / max(total, 1), asked()["calibration"]["coverage_of_part_off_points"]
    met = abs(percent - 90) <= off if total else None
    told = "90 % intervals of the sampler's twins that hold the truth, all goals"
    rows.append(Verdict(told, f"{percent:.1f} %", f"within {off:g} points", met))
    return rows


def _alarms(checked: Checked) -> list[Verdict]:
    limits, rows = asked()["alarm"], []
    for misfit in dict.fromkeys(one.misfit for one in checked.alarms):
        here = [one for one in checked.alarms if one.misfit == misfit]
        n, total = sum(one.alarms for one in here), sum(one.patients for one in here)
        percent = 100 * n / max(total, 1)
        if misfit == FITTING:
            most = limits["most_false_percent"]
            told, want = "false alarms in patients who fit", f"{most:g} % or less (stated 5 %)"
            met = percent <= most
        else:
            least = limits["least_power_percent"]
            told, want, met = f"alarms: {misfit}", f"{least:g} % or more", percent >= least
        rows.append(Verdict(told, f"{percent:.1f} % of {total}", want, met))
    return rows


def _published(checked: Checked) -> Verdict:
    low, high = asked()["published"]["inside_90_percent"]
    every = predicted(checked)
    told = "findings of published patients inside the 90 % predicted from the others"
    if not every:
        return Verdict(told, "no case files", f"{low:g} to {high:g} %", None)
    percent = 100 * sum(one.inside for one in every) / len(every)
    measured = f"{percent:.0f} % of {len(every)}"
    return Verdict(told, measured, f"{low:g} to {high:g} %", low <= percent <= high)


def _scores(checked: Checked) -> list[Verdict]:
    rows = scores(checked.forecasts, least_effective())
    least = asked()["scores"]["least_skill_percent"]
    told = "Brier score better than the base rate of the story, over all forecasts"
    if not rows:
        return [Verdict(told, "too few patients", f"more than {least:g} %", None)]
    n = np.array([one.patients for one in rows], np.float64)
    own = float(n @ np.array([one.brier for one in rows]))
    base = float(n @ np.array([one.base_brier for one in rows]))
    skill = 100 * (1 - own / base) if base > 0 else 0.0
    chances, truth = pooled(checked.forecasts, least_effective())
    mean = f"mean chance {100 * chances.mean():.0f} %, came true {100 * truth.mean():.0f} %"
    return [Verdict(told, f"{skill:.0f} % ({mean})", f"more than {least:g} %", skill > least)]


def _second(checked: Checked) -> Verdict:
    most = asked()["second_route"]["most_standard_errors"]
    told = "largest distance between two routes to the same mean"
    if not checked.agreed:
        return Verdict(told, "not computed", f"{most:g} or less", None)
    worst = max(one.standard_errors for one in checked.agreed)
    return Verdict(told, f"{worst:.1f} standard errors", f"{most:g} or less", worst <= most)


def _before_week_3(checked: Checked) -> list[Verdict]:
    most = asked()["informs"]["most_before_week_3_percent"]
    told = "torn tubes settled by a test up to week 3, of complete injuries"
    rows = [one for one in checked.complete if one.day <= WEEK_3_d]
    if not rows:
        return [Verdict(told, "too few such twins", f"{most:g} % or less", None)]
    worst = max(one.settled_percent[TORN] for one in rows)
    return [Verdict(told, f"{worst:.1f} % at most", f"{most:g} % or less", worst <= most)]
