"""Which test on which day would narrow the forecast most.

Each of the patient's twins plays the patient in turn: it is examined with the usual errors, the
others are weighted by how well they agree with what was found, and what is then still open of each
goal is compared with what was open before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tinel.case import Case
from tinel.case.observed import Observed
from tinel.cohort.person import injure
from tinel.exam.laboratory import set_up
from tinel.exam.limb import Floats
from tinel.infer.error import error_of
from tinel.infer.fit import weights_of
from tinel.infer.simulate import Seen, Session, simulate_all
from tinel.infer.term import Term
from tinel.progress import Progress, silent

AFTER_d = (0.0, 7.0, 14.0, 21.0, 28.0, 42.0, 60.0, 90.0, 120.0, 180.0)
PLAYERS = 120
LEAST = 0.05  # a goal that fewer twins reach or miss is as good as settled


@dataclass(frozen=True)
class Candidate:
    """A test that could be next: what is read from it, and what it needs."""

    test: str
    quantities: tuple[str, ...]
    needs: str


CANDIDATES = (
    Candidate("strength", ("MRC grade",), "a hand and a few minutes"),
    Candidate("touch", ("finest filament felt",), "a set of filaments and a few minutes"),
    Candidate("Tinel's sign", ("Tinel's sign beyond the injury",), "a finger and a tape"),
    Candidate("motor conduction", ("amplitude",), "an electrodiagnostic laboratory"),
    Candidate("sensory conduction", ("amplitude",), "an electrodiagnostic laboratory"),
    Candidate(
        "needle EMG", ("fibrillations", "recruitment"), "an electrodiagnostic laboratory; needles"
    ),
)


@dataclass(frozen=True)
class NextTest:
    """A test on a day.

    Args:
        test, needs: of the candidate.
        day: after day 0.
        narrowing: expected fraction of what is open that the test settles, 0 to 1, over all goals.
        of_goal: the same by goal.
    """

    test: str
    needs: str
    day: float
    narrowing: float
    of_goal: Mapping[str, float]


def next_tests(
    case: Case,
    goals: Mapping[str, Floats],
    today: float,
    *,
    after_d: Sequence[float] = AFTER_d,
    candidates: Sequence[Candidate] = CANDIDATES,
    progress: Progress = silent,
) -> tuple[NextTest, ...]:
    """The expected narrowing of each goal by each test on each coming day, the largest first.

    Args:
        case: with the twins of the patient.
        goals: by name, what becomes of each twin: 0 or 1 for a goal missed or met, or a fraction,
            ``(n_twin,)``; one that is as good as settled is left out.
        today: day of the forecast.
        after_d: days after today on which a test could be done.
        candidates: the tests.
        progress: called with how far it is.
    """
    laboratory = set_up(injure(case, range(1)).nerve, files=case.files)
    days = sorted({today + after for after in after_d if today + after > 0})
    known = [one for one in candidates if one.test in laboratory.tests]
    open_goals = {name: goal for name, goal in goals.items() if LEAST <= goal.mean() <= 1 - LEAST}
    if not open_goals or not days:
        return ()
    sessions = [Session(day, one.test) for day in days for one in known]
    n = case.run.twins
    seen = simulate_all(
        case, n, laboratory, sessions, lambda done: progress(done, n, "comparing the next tests")
    )
    rng = np.random.default_rng([case.run.seed, 13])
    open_now = np.array([float(np.var(values)) for values in open_goals.values()])
    found = []
    for session in sessions:
        one = next(c for c in known if c.test == session.test)
        narrowed = narrowing(_terms(one, seen[session], session.day, case), open_goals, rng)
        each = [narrowed[name] for name in open_goals]
        overall = float(np.dot(each, open_now) / max(open_now.sum(), 1e-300))
        found.append(NextTest(one.test, one.needs, session.day, overall, narrowed))
    return tuple(sorted(found, key=lambda one: (-one.narrowing, one.day)))


def narrowing(
    measured: Sequence[tuple[Term, Floats]], goals: Mapping[str, Floats], rng: np.random.Generator
) -> dict[str, float]:
    """Expected fraction of the variance of each goal that measurements settle, 0 to 1.

    Args:
        measured: terms with what the twins show, ``(n_twin,)`` each.
        goals: by name, ``(n_twin,)`` each.
        rng: of the errors and of which twins play the patient.

    Example:
        >>> rng = np.random.default_rng(1)
        >>> narrowing([], {"walks": np.array([0.0, 1.0])}, rng)
        {'walks': 0.0}
    """
    informative = [(term, y) for term, y in measured if not _alike(y)]
    if not informative:
        return dict.fromkeys(goals, 0.0)
    n = len(informative[0][1])
    found = [term.drawn([y], rng) for term, y in informative]
    players = rng.choice(n, min(n, PLAYERS), replace=False)
    left = {name: 0.0 for name in goals}
    for k in players:
        total = np.zeros(n)
        for (term, y), values in zip(informative, found, strict=True):
            total += np.log(term.likelihood(float(values[k]), [y]) + 1e-300)
        others = np.arange(n) != k
        weights = weights_of(total[others])
        for name, goal in goals.items():
            mean = float(weights @ goal[others])
            left[name] += float(weights @ (goal[others] - mean) ** 2) / len(players)
    return {name: _fraction(left[name], float(np.var(goal))) for name, goal in goals.items()}


def _fraction(left: float, before: float) -> float:
    return 0.0 if before <= 1e-12 else float(np.clip(1 - left / before, 0.0, 1.0))


def _alike(y: Floats) -> bool:
    return bool(np.isnan(y).all() or (np.isfinite(y).all() and np.ptp(y) < 1e-9))


def _terms(one: Candidate, seen: Seen, day: float, case: Case) -> list[tuple[Term, Floats]]:
    found = []
    for k, (subject, site, quantity) in enumerate(seen.labels):
        if quantity in one.quantities:
            o = Observed(
                "", "", one.test, subject, site, quantity, seen.units[k], day, day, "value"
            )
            error = error_of(one.test, quantity, seen.units[k], case.parameters)
            found.append((Term(o, error), np.asarray(seen.values[:, k])))
    return found
