"""What twins would show of the quantities that findings are set against."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from tinel.case import Case
from tinel.cohort.person import courses, injure, plans
from tinel.course import state_at
from tinel.errors import TinelError
from tinel.exam.block import Block
from tinel.exam.examination import Visit, examine
from tinel.exam.laboratory import Laboratory
from tinel.exam.limb import Floats, Limb, healthy
from tinel.exam.measurement import Measurement
from tinel.exam.reference_limits import limit_of
from tinel.exam.test import Test, known_tests
from tinel.infer.term import Column, Term

Label = tuple[str, str, str]  # subject, site, quantity
CHUNK = 50


@dataclass(frozen=True, order=True)
class Session:
    """One test on one day; day -1 is the healthy side.

    Args:
        day: after the injury.
        test: its name.
        site, quantity: of a test of pictures, what is asked for: each takes as long as another
            test. Empty for all.
    """

    day: float
    test: str
    site: str = ""
    quantity: str = ""


@dataclass(frozen=True)
class Seen:
    """What a session shows of some twins.

    Args:
        labels: subject, site and quantity of each column.
        units: of each column.
        values: ``(n_twin, n_label)``; nan for an absent response, infinite for not felt.
    """

    labels: tuple[Label, ...]
    units: tuple[str, ...]
    values: Floats

    def column(self, column: Column) -> Floats:
        """One column, ``(n_twin,)``; an empty site means the first there is.

        Raises:
            TinelError: the test measures no such thing.
        """
        for k, (subject, site, quantity) in enumerate(self.labels):
            if (subject, quantity) == (column.subject, column.quantity) and (
                column.site in ("", site)
            ):
                return np.asarray(self.values[:, k])
        where = f" at {column.site}" if column.site else ""
        told = f"{column.test} measures no {column.quantity} of {column.subject}{where}"
        raise TinelError(told, "finding", "tinel exam CASE shows what each test measures")


def sessions_of(columns: Sequence[Column]) -> tuple[Session, ...]:
    """The sessions that columns come from, each once, sorted."""
    return tuple(sorted({_session(column) for column in columns}))


def columns_of(seen: Mapping[Session, Seen], columns: Sequence[Column]) -> Floats:
    """The columns of some sessions, ``(n_twin, n_column)``."""
    return np.stack([seen[_session(column)].column(column) for column in columns], axis=1)


def _session(column: Column) -> Session:
    day = -1.0 if column.day is None else column.day
    if column.test in _one_by_one():
        return Session(day, column.test, column.site, column.quantity)
    return Session(day, column.test)


@cache
def _one_by_one() -> frozenset[str]:
    """The tests of which no picture is made of twins, but each value is asked for."""
    return frozenset(t.name for t in known_tests().values() if t.without_pictures is not None)


def chunks_of(n: int) -> list[range]:
    """The twins ``0`` to ``n - 1`` in parts that are examined at once.

    Example:
        >>> chunks_of(120)
        [range(0, 50), range(50, 100), range(100, 120)]
    """
    return [range(k, min(k + CHUNK, n)) for k in range(0, n, CHUNK)]


def joined(parts: Sequence[Mapping[Session, Seen]]) -> dict[Session, Seen]:
    """The same sessions of several parts, one below the other."""
    return {
        session: Seen(seen.labels, seen.units, np.concatenate([p[session].values for p in parts]))
        for session, seen in parts[0].items()
    }


def simulate_all(
    case: Case,
    n: int,
    laboratory: Laboratory,
    sessions: Sequence[Session],
    tell: Callable[[int], None] = lambda done: None,
) -> dict[Session, Seen]:
    """Examine the twins ``0`` to ``n - 1``, chunk by chunk; otherwise as ``simulate``.

    Args:
        case, laboratory, sessions: as in ``simulate``.
        n: how many.
        tell: called with the number of twins examined so far, 0 first.
    """
    parts = []
    for twins in chunks_of(n):
        tell(twins.start)
        parts.append(simulate(case, twins, laboratory, sessions))
    tell(n)
    return joined(parts)


def simulate(
    case: Case, twins: range, laboratory: Laboratory, sessions: Sequence[Session]
) -> dict[Session, Seen]:
    """Examine some twins of a case as it was treated.

    Args:
        case: whose twins; chosen ones where it has some.
        twins: their numbers.
        laboratory: from ``exam.laboratory.set_up`` for its nerve.
        sessions: tests and days.
    """
    return _simulate(case, twins, laboratory, sessions)[0]


def streams_of(case: Case, laboratory: Laboratory, sessions: Sequence[Session]) -> tuple[str, ...]:
    """The draws of one number per twin that those sessions need, by stream; arguments as above."""
    return _simulate(case, range(2), laboratory, sessions)[1]


def _simulate(
    case: Case, twins: range, laboratory: Laboratory, sessions: Sequence[Session]
) -> tuple[dict[Session, Seen], tuple[str, ...]]:
    person = injure(case, twins)
    of_twins = person.nerve.twins.parameters
    done = next(p for p in plans(case, of_twins) if p.name == case.done)
    (course,) = courses(person, [done])
    block = Block.of(person.nerve, person.lesion, laboratory.conduction)
    found: dict[Session, Seen] = {}
    for day in sorted({s.day for s in sessions}):
        if day < 0:
            limb = healthy(person.nerve, person.lesion)
        else:
            state = state_at(course, day)
            limb = block.limb(person.nerve, person.lesion, state, done.interventions, course)
        for session in [s for s in sessions if s.day == day]:
            measured = _measured(limb, laboratory, session)
            labels = tuple((m.subject, m.site, m.quantity) for m in measured)
            values = [m.values for m in measured]
            shape = (len(twins), len(labels))
            units = tuple(m.unit for m in measured)
            found[session] = Seen(labels, units, np.reshape(np.stack(values, 1), shape))
    return found, person.nerve.twins.traits_drawn()


def _measured(limb: Limb, laboratory: Laboratory, session: Session) -> Sequence[Measurement]:
    test = laboratory.tests.get(session.test)
    if test is None or test.without_pictures is None:
        return examine(limb, laboratory, [session.test]).measurements
    if session.day < 0:  # the sides of a person differ in the size of their nerves
        other = "left" if limb.nerve.side == "right" else "right"
        limb = replace(limb, nerve=replace(limb.nerve, side=other))
    return [
        Measurement(test.name, _subject(test, limb), v.site, v.quantity, v.unit, v.values)
        for v in test.without_pictures(limb, session.site, session.quantity)
    ]


def _subject(test: Test, limb: Limb) -> str:
    return test.subjects(limb.nerve)[0].name


def bounded(
    terms: Sequence[Term], case: Case, laboratory: Laboratory
) -> tuple[tuple[Term, ...], tuple[str, ...]]:
    """The terms with the end of normal where they need one, and sentences on those without any.

    Args:
        terms: of the case's findings.
        case, laboratory: whose.
    """
    needy = [t for t in terms if t.seen.state in ("normal", "reduced")]
    if not needy:
        return tuple(terms), ()
    limb = healthy(injure(replace(case, chosen=None), range(1)).nerve)
    tests = list(dict.fromkeys(t.seen.test for t in needy))
    visit = Visit(0.0, limb, examine(limb, laboratory, tests), laboratory.limits)
    kept: list[Term] = []
    left_out: list[str] = []
    for term in terms:
        o = term.seen
        if o.state not in ("normal", "reduced"):
            kept.append(term)
            continue
        measured = visit.examination.of(o.subject, o.quantity, o.site)
        bound = None if measured is None else limit_of(measured, visit)[1]
        if bound is None:
            left_out.append(f"{o.where} is not used: no limit says what is normal ({o.text})")
        else:
            kept.append(replace(term, bound=(bound.value, bound.lower)))
    return tuple(kept), tuple(left_out)
