"""The forecast of one patient: what is hurt, what comes back by when, and what would change it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from tinel.forecast.applicability import Banner, applicability
from tinel.forecast.base_rates import BaseRate, base_rates
from tinel.forecast.first_sign import NoSignBy, Sign, no_sign_by, signs
from tinel.forecast.goals import GRIP
from tinel.forecast.informed import Informed, informed
from tinel.forecast.injury import HurtNerve, hurt_nerve
from tinel.forecast.model_error import ModelError, model_error
from tinel.forecast.next_tests import NextTest
from tinel.forecast.patient_twins import PatientTwins
from tinel.forecast.recovery import Difference, Row, recovery
from tinel.forecast.when_to_operate import Operated
from tinel.infer.fit import Surprise


@dataclass(frozen=True)
class Forecast:
    """A forecast, or why none is given.

    Args:
        as_of_day: today; nothing later was used.
        last_day: the last day computed.
        waiting: name of the arm in which nothing is done.
        done: name of the arm that was carried out, or is planned; ``waiting`` where none was.
        findings_used: how many findings of the patient it rests on; 0 for the story alone.
        effective_sample_size: how many independent twins it is from.
        fits: whether story and findings agree; where not, everything from ``informed`` to
            ``next_tests`` is empty.
        reasons: sentences; empty where all is well.
        contradictions: how well each finding agrees with the twins, the worst first.
        left_out: sentences on findings that were not used.
        informed: what the findings narrow, and what they leave as it was, of the first nerve.
        injury: what is hurt, nerve by nerve.
        recovery: chances by goal, arm and day; no grip where several nerves are hurt.
        differences: what each arm changes against waiting in the same twins.
        signs: when a first sign is expected, and by which test.
        no_sign_by: by which day those who recover have shown one.
        operated: the outcome against the day of an operation.
        next_tests: which test on which day would settle most.
        base_rates: published counts of the nerves, the nearest first.
        applicability: where it leaves what the program was compared with.
        model_error: how far the program was off before, by nerve, left alone and treated.
    """

    as_of_day: float
    last_day: float
    waiting: str
    done: str
    findings_used: int
    effective_sample_size: float
    fits: bool
    reasons: tuple[str, ...]
    contradictions: tuple[Surprise, ...]
    left_out: tuple[str, ...]
    informed: tuple[Informed, ...]
    injury: tuple[HurtNerve, ...]
    recovery: tuple[Row, ...]
    differences: tuple[Difference, ...]
    signs: tuple[Sign, ...]
    no_sign_by: tuple[NoSignBy, ...]
    operated: tuple[Operated, ...]
    next_tests: tuple[NextTest, ...]
    base_rates: tuple[BaseRate, ...]
    applicability: tuple[Banner, ...]
    model_error: tuple[ModelError, ...]


def forecast(
    twins: PatientTwins,
    operated: Sequence[Operated] = (),
    tests: Sequence[NextTest] = (),
) -> Forecast:
    """The forecast from a patient's twins.

    Args:
        twins: those of the patient, see ``patient_twins``.
        operated: from ``forecast.when_to_operate``, where that was asked for.
        tests: from ``forecast.next_tests``, likewise.
    """
    day, every = twins.as_of_day, twins.result.by_nerve
    cases = [result.case for result in every.values()]
    beside = twins.result.beside.items()
    # a further nerve has findings of its own, and twins that agree with those
    fits = [twins.fit, *(result.posterior.fit for _, result in beside)]
    surprises = [one for fit in fits for one in fit.surprises]
    sizes = dict.fromkeys(every, twins.effective_sample_size) | {
        name: min(r.posterior.fit.effective_sample_size, float(r.outcomes.n_twin))
        for name, r in beside
    }
    found = Forecast(
        as_of_day=day,
        last_day=twins.result.days[-1],
        waiting=twins.result.waiting,
        done=twins.case.done,
        # an event is told once, though it is set against two days
        findings_used=len({one.where for one in surprises}),
        effective_sample_size=min(sizes.values()),
        fits=all(fit.fits for fit in fits),
        reasons=tuple(reason for fit in fits for reason in fit.reasons),
        contradictions=tuple(sorted(surprises, key=lambda s: s.probability)),
        left_out=tuple(told for r in every.values() for told in r.posterior.left_out),
        informed=(),
        injury=(),
        recovery=(),
        differences=(),
        signs=(),
        no_sign_by=(),
        operated=(),
        next_tests=(),
        base_rates=tuple(rate for case in cases for rate in base_rates(case, day)),
        applicability=tuple(
            banner for case in cases for banner in applicability(case, twins.result.days[-1])
        ),
        model_error=tuple(
            model_error(case.nerve.name, treated) for case in cases for treated in (False, True)
        ),
    )
    if not found.fits:
        return found
    results = list(every.values())
    both = [recovery(result, day, sizes[name]) for name, result in every.items()]
    # a grip is counted with the other nerves of the hand healthy
    asked = both if len(both) == 1 else [(_no_grip(r), _no_grip(d)) for r, d in both]
    return replace(
        found,
        informed=informed(twins.contraction, twins.effective_sample_size),
        injury=tuple(hurt_nerve(result, day) for result in results),
        recovery=tuple(row for rows, _ in asked for row in rows),
        differences=tuple(one for _, differences in asked for one in differences),
        signs=tuple(sign for result in results for sign in signs(result, day)),
        no_sign_by=tuple(stop for result in results for stop in no_sign_by(result, day)),
        operated=tuple(operated),
        next_tests=tuple(tests),
    )


T = TypeVar("T", Row, Difference)


def _no_grip(rows: Sequence[T]) -> tuple[T, ...]:
    return tuple(row for row in rows if row.goal != GRIP)
