"""One term of the likelihood: a finding of the patient set against what twins would show."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tinel.case.observed import Event, Observed
from tinel.evidence import Parameters
from tinel.infer.error import Error, error_of

Floats = NDArray[np.float64]

DAYS_OF_A_RANGE = 3
TOLD, OTHERWISE = 1.0, 0.0
_JUST = 1e-6  # a grade below or above


@dataclass(frozen=True)
class Column:
    """One simulated quantity that findings are set against.

    Args:
        day: of the examination; None for the healthy side.
        test, subject, site, quantity: of the measurement.
    """

    day: float | None
    test: str
    subject: str
    site: str
    quantity: str


@dataclass(frozen=True)
class Term:
    """A finding with its error.

    Args:
        seen: the finding; one of an event says that a level was or was not reached on a day.
        error: of its quantity.
        bound: where normal ends and whether normal lies above it, for ``normal`` and ``reduced``.
    """

    seen: Observed
    error: Error
    bound: tuple[float, bool] | None = None

    @property
    def days(self) -> tuple[float, ...]:
        """The days on which the finding is thought to have been made, all equally likely."""
        first, last = self.seen.first_day, self.seen.last_day
        if first == last:
            return (first,)
        return tuple(round(d, 3) for d in np.linspace(first, last, DAYS_OF_A_RANGE))

    @property
    def columns(self) -> tuple[Column, ...]:
        """What has to be simulated for it: the days, then the healthy side where it is needed."""
        o = self.seen
        what = (o.test, o.subject, o.site, o.quantity)
        healthy = (Column(None, *what),)
        if o.side == "healthy":
            return healthy
        return tuple(Column(day, *what) for day in self.days) + healthy * o.of_other_side

    @property
    def found(self) -> float:
        """What was found: the value, or ``TOLD`` for a finding in words."""
        return self.seen.low if self.seen.state == "value" else TOLD

    def likelihood(self, found: float, shown: Sequence[Floats]) -> Floats:
        """Likelihood of a finding in each twin, ``(n_twin,)``.

        Args:
            found: a value, nan for an absent response; of a finding in words ``TOLD`` or
                ``OTHERWISE``.
            shown: what the twins show in each of ``columns``, ``(n_twin,)`` each.
        """
        each = [self._one(found, true) for true in self._true(shown)]
        return np.asarray(sum(each) / len(each))

    def likelihood_each(self, found: Floats, shown: Sequence[Floats]) -> Floats:
        """Likelihood of a finding of its own in each twin, ``(n_twin,)``.

        Args:
            found: as in ``likelihood``, one per twin.
            shown: as in ``likelihood``.
        """
        result = np.empty(len(found))
        values, which = np.unique(found, return_inverse=True)  # grades and words come many times
        for k, value in enumerate(values):
            here = which == k
            result[here] = self.likelihood(float(value), [column[here] for column in shown])
        return result

    def drawn(self, shown: Sequence[Floats], rng: np.random.Generator) -> Floats:
        """What would be found in each twin, as ``found`` of ``likelihood``, ``(n_twin,)``."""
        every = self._true(shown)
        true = np.stack(every)[rng.integers(0, len(every), len(every[0])), np.arange(len(every[0]))]
        if self.seen.state == "value":
            return self._error.drawn(true, rng)
        return (rng.random(true.shape) < self._one(TOLD, true)).astype(np.float64)

    def _true(self, shown: Sequence[Floats]) -> list[Floats]:
        if not self.seen.of_other_side:
            return list(shown)
        with np.errstate(divide="ignore", invalid="ignore"):
            return [100 * one / shown[-1] for one in shown[:-1]]

    @property
    def _error(self) -> Error:
        return self.error.as_percent_of_other_side() if self.seen.of_other_side else self.error

    def _one(self, found: float, true: Floats) -> Floats:
        error, o = self._error, self.seen
        if o.state == "value":
            return error.absent(true) if math.isnan(found) else error.density(found, true)
        if o.state in ("absent", "present"):
            chance = error.absent(true)
            as_told = chance if o.state == "absent" else 1 - chance
        else:
            as_told = (1 - error.mistaken) * self._inside(true) + error.mistaken * 0.5
        return as_told if found == TOLD else 1 - as_told

    def _inside(self, true: Floats) -> Floats:
        o, error = self.seen, self._error
        if o.state == "range":
            return error.below(o.high + _JUST, true) - error.below(o.low, true)
        assert self.bound is not None, "normal and reduced need a bound"
        end, normal_above = self.bound
        under = error.below(end if normal_above else end + _JUST, true)
        normal = 1 - under if normal_above else under
        return normal if o.state == "normal" else 1 - normal


def terms_of(
    observed: Sequence[Observed],
    events: Sequence[Event],
    parameters: Parameters,
    today: float = math.inf,
) -> tuple[Term, ...]:
    """The terms of a patient's findings as they were known on a day.

    Args:
        observed, events: those of the case.
        parameters: with the table ``finding.error``.
        today: what was found later is left out, and of an event only what was known by then.
    """
    told = [o for o in observed if o.last_day <= today]
    told += [one for event in events for one in _of_event(event, today)]
    return tuple(Term(o, error_of(o.test, o.quantity, o.unit, parameters)) for o in told)


def _of_event(event: Event, today: float) -> list[Observed]:
    # an event is two findings: the level not yet reached on one day, and reached on a later one
    def on(day: float, low: float, high: float) -> Observed:
        return Observed(
            event.where, event.text, event.test, event.subject, event.site, event.quantity,
            event.unit, day, day, "range", low, high, event.of_other_side,
        )  # fmt: skip

    happened = math.isfinite(event.by_day)
    if max(event.not_before_day, event.by_day if happened else 0.0) > today:
        return []  # told later
    found = []
    if event.not_before_day > 0:
        found.append(on(event.not_before_day, -math.inf, event.reaches - 2 * _JUST))
    if happened:
        found.append(on(event.by_day, event.reaches, math.inf))
    return found
