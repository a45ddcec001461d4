"""An answer made from the data of the other rooms, at the time it is asked."""

from __future__ import annotations

import re
from functools import cache

from tinel.ask.answer import Answer, Point, Said, Source
from tinel.ask.question import Question, findings
from tinel.claims import claim, compute, facts
from tinel.errors import TinelError, suggest
from tinel.evidence.number import Number
from tinel.nerve.library import parameters
from tinel.referral.rules import sources as guidance
from tinel.risk.event import Event
from tinel.risk.match import find
from tinel.risk.phrases import count_text, percent_text
from tinel.risk.procedure import Procedure
from tinel.symptom.crps import KNOWN, shown
from tinel.treatment.pain import Remedy, remedy
from tinel.treatment.pain.library import trials

_PLACE = re.compile(r"\{number:([^}]+)\}")
MOST_TRIALS = 2
SYNDROME = "syndrome"  # a fact that room symptom holds, one for each of the criteria


def filled(question: Question) -> Answer:
    """The answer to a question, with every figure from where it is kept.

    Raises:
        TinelError: it names a number, fact, claim, operation or remedy that is not there.

    Example:
        >>> from tinel.ask.question import questions
        >>> heals = next(q for q in questions() if q.id == "ever-heal")
        >>> "mm/day" in filled(heals).text
        True
    """
    numbers = [_number(key) for key in _PLACE.findall(question.answer)]
    points = [_fact(key) for key in question.facts]
    points += [p for name in question.risks for p in risk_points(find(name).procedure)[:2]]
    points += [remedy_point(remedy(name)) for name in question.treatments]
    points += [_computed(key) for key in question.computed]
    return Answer(
        id=question.id,
        question=question.question,
        text=_PLACE.sub(lambda match: _amount(_number(match[1])), question.answer),
        points=tuple(points),
        said=tuple(said(key) for key in question.claims),
        thin=question.thin,
        related=(
            *(f'tinel risk "{name}"' for name in question.risks),
            *((f"tinel claims {' | '.join(question.claims)}",) if question.claims else ()),
        ),
        extra=tuple(_source(number) for number in numbers),
    )


def said(key: str) -> Said:
    """What the article says, by the id of a claim."""
    one = claim(key)
    return Said(one.id, one.quote, one.verdict)


def risk_points(procedure: Procedure) -> list[Point]:
    """The largest study of an operation, and the largest of what lasted."""
    lasting = [e for e in procedure.events if e.kind == "lasting"]
    early = [e for e in procedure.events if e.kind != "lasting"]
    return [_event(max(group, key=_size), procedure) for group in (early, lasting) if group]


def remedy_point(one: Remedy) -> Point:
    """What a remedy does for pain, with the trials that count."""
    used = [trials()[key] for key in (one.counts, one.in_general, one.most_from) if key]
    used = (used or list(one.trials))[:MOST_TRIALS]
    return Point(
        f"{one.name[0].upper()}{one.name[1:]}: {one.answer}",
        tuple(dict.fromkeys(Source(f"{t.key}, {t.source}", t.read) for t in used)),
    )


@cache
def _computed(key: str) -> Point:
    found = compute(claim(key))
    if found is None:
        raise TinelError(f"claim {key} has no computation", advice="see tinel claims")
    return Point(f"Computed here: {found.sentence}.", ())


def _syndrome() -> Point:
    """How often one group of people had the pain syndrome, by criteria."""
    first = next(one for one in KNOWN if one.count is not None)
    group = [one for one in KNOWN if one.source == first.source]
    told = "; ".join(f"{shown(one)} % ({one.criteria.split(';')[0]})" for one in group)
    return Point(f"After {first.after}, by criteria: {told}.", (Source(first.source, first.read),))


def _fact(key: str) -> Point:
    if key == SYNDROME:
        return _syndrome()
    if key in facts():
        one = facts()[key]
        return Point(_sentence(one.sentence), (Source(one.source, one.read),))
    if key in findings():
        other = findings()[key]
        return Point(_sentence(other.text), (Source(other.source, other.read),))
    if key in guidance():
        basis = guidance()[key]
        title = f"{basis.title}, {basis.address}"
        return Point(_sentence(basis.says), (Source(title, basis.read),))
    raise TinelError(f"no fact is called '{key}'", advice=suggest(key, findings()))


def _event(event: Event, procedure: Procedure) -> Point:
    count = count_text(event)
    when = f", {event.follow_up}" if event.follow_up else ""
    told = (
        f"{procedure.name}: {event.subject}{when}: {percent_text(event)}"
        f"{f', {count}' if count else ''} ({event.looked_for_how})"
    )
    return Point(_sentence(told), (Source(event.source.reference, event.source.read),))


def _size(event: Event) -> int:
    return event.figure.denominator or 0


def _number(key: str) -> Number:
    every = parameters().numbers
    if key not in every:
        raise TinelError(f"no number is called '{key}'", advice="see tinel evidence")
    return every[key]


def _amount(number: Number) -> str:
    between = "" if number.low is None else f" ({number.low:g} to {number.high:g})"
    return f"{number.value:g} {number.unit}{between}"


def _source(number: Number) -> Source:
    return Source(number.source, number.evidence_grade)


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}{'' if text.endswith('.') else '.'}"
