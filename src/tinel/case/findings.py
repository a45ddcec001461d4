"""The sections [[finding]] of a case: each as the simulated measurement that it is set against.

Names are checked against what the tests declare and the nerve has; nobody is examined for that. A
finding in the words of older files (a number, its unit and its quantity) that names something
unknown is kept and shown, and a note says that it is not used. Any other is refused.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from math import isfinite
from typing import TYPE_CHECKING, NoReturn

from tinel.case.finding_day import ends, in_words
from tinel.case.finding_event import read_events
from tinel.case.finding_picture import SIDE_RATIO, measure_meant, site_meant, value_meant
from tinel.case.finding_place import (
    OnNerve,
    nerves_meant,
    on_nerve,
    site_of,
    subject_and_site,
    subjects_of,
)
from tinel.case.finding_value import Told, told
from tinel.case.observed import Observed
from tinel.case.schema import Finding
from tinel.declare.offer import named
from tinel.declare.quantity import NotAllowedError, number, shown, shown_day
from tinel.errors import TinelError, suggest
from tinel.exam.measure import Measure
from tinel.exam.test import Subject, Test, known_tests
from tinel.nerve.anatomy import Study
from tinel.nerve.naming import by_name, plain

if TYPE_CHECKING:
    from tinel.case.case import Case

FORCE_UNIT, NUMB, SIGN = "% of healthy", "numb area", "Tinel's sign"
INJURY = ("injury", "site of the injury", "lesion", "site")
MISSPELT = 0.8  # likeness above which an unknown word is taken for a slip of the pen

_OF_SKIN = re.compile(r"([0-9.]+)\s*%\s+of\s+(?:the\s+)?(?:.*\s)?(?:skin|patch|area)", re.I)
_ALONG = re.compile(
    r"(?:tinel(?:'s sign)?\s+)?(?:at\s+(?=[0-9]))?(?:(?P<way>[0-9.]+\s*[a-z]+)\s+)?"
    r"(?P<side>at|below|beyond|distal to|above|proximal to)?\s*(?:the\s+)?(?P<mark>.+)",
    re.IGNORECASE,
)


class UnknownError(TinelError):
    """A name that a finding uses and nothing has; ``close`` where it is nearly a known one."""

    def __init__(self, problem: TinelError, given: str, allowed: Sequence[str]) -> None:
        super().__init__(problem.message, problem.where, problem.advice)
        near = get_close_matches(plain(given), [plain(one) for one in allowed], 1, MISSPELT)
        self.close = bool(near)


def read_findings(
    case: Case, on: Sequence[OnNerve], tests: Mapping[str, Test]
) -> tuple[list[list[Observed]], list[str]]:
    """What was found on each nerve of a case, and notes on what is not used.

    Args:
        case: checked, with its sections ``finding``.
        on: its nerve and those beside it.
        tests: by name.

    Raises:
        TinelError: a name, value, unit, day or side that is not allowed, with file and field.
    """
    found: list[list[Observed]] = [[] for _ in on]
    notes = []
    for i, finding in enumerate(case.finding, 1):
        where = f"finding[{i}]"
        try:
            _check_day(finding, case.run.horizon_days)
            k, one = _read(finding, on, dict(tests), where)
        except UnknownError as problem:
            if problem.close or not _in_older_words(finding):
                place = f"{case.source.path.name}: {where}.{problem.where}"
                raise TinelError(problem.message, place, problem.advice) from None
            notes.append(f"{where} is kept and shown, not used: {problem.message}")
        except TinelError as problem:
            place = f"{case.source.path.name}: {where}.{problem.where or 'value'}"
            raise TinelError(problem.message, place, problem.advice) from None
        else:
            if one is None:
                notes.append(f"{where} was not tested, so it is left out")
            else:
                found[k].append(one)
    return found, notes


def _in_older_words(finding: Finding) -> bool:
    told_here = (finding.quantity, finding.unit)
    newer = finding.nerve or finding.site or finding.side != "affected"
    return all(told_here) and not newer and not isinstance(finding.value, str)


def _check_day(finding: Finding, horizon_days: float) -> None:
    last = ends(finding.day)[1]
    if last > horizon_days:
        told_late = f"day {shown_day(last)} is after the forecast ends, on day {horizon_days:g}"
        raise UnknownError(
            TinelError(told_late, "day", "raise run.horizon_days or drop the finding"), "", ()
        )


def _read(
    finding: Finding, on: Sequence[OnNerve], tests: dict[str, Test], where: str
) -> tuple[int, Observed | None]:
    """The number of the nerve, and what was found there; None where nothing was tested."""
    test = _test(finding.test, tests)
    problems: list[TinelError] = []
    for k in nerves_meant(finding.nerve, on):
        try:
            return k, _on_nerve(finding, on[k], tests, test, where)
        except TinelError as problem:
            if problem.where not in ("place", "site", "test"):
                raise
            problems.append(problem)
    raise problems[0]


def _test(given: str, tests: Mapping[str, Test]) -> Test:
    """The test of a name, whose measures are known."""
    by_word = {plain(w): t for t in tests.values() for w in (*t.other_names, t.name)}
    if plain(given) in by_word:
        test = by_word[plain(given)]
    else:
        try:
            test, _ = named(tests, given, "test", "test")
        except TinelError as problem:
            raise UnknownError(problem, given, list(by_word)) from None
    if not test.measures:
        told_none = TinelError(f"{test.name} states no measures, so it takes no findings", "test")
        raise UnknownError(told_none, "", ())
    return test


def _on_nerve(
    finding: Finding, on: OnNerve, tests: dict[str, Test], test: Test, where: str
) -> Observed | None:
    place = finding.place or ""
    if test.name == SIGN:
        return _tinel_sign(finding, on, test, where)
    if test.without_pictures is not None:
        return _of_pictures(finding, on, test, where)
    try:
        test, subject, site = subject_and_site(tests, test, on.nerve, place, finding.site or "")
    except TinelError as problem:
        allowed = [w for one in subjects_of(test, on.nerve) for w in (one.name, *one.other_names)]
        raise UnknownError(problem, place, allowed) from None
    measure = measure_of(test, subject, finding.quantity or "", finding.value)
    value = _value(finding, measure, subject)
    site = site_of(subject, on.nerve, site, measure)
    return _made(finding, on, where, test, subject.name, site, measure, value)


def measure_of(test: Test, subject: Subject, quantity: str, value: object) -> Measure:
    """The quantity that a finding means: the one it names, or the usual one of its value.

    Raises:
        UnknownError: no such quantity, or none is named and no one is usual.
    """
    measures = [m for m in test.measures if not _of_other_kind(m, subject)]
    word = " ".join(str(value).split()).casefold()
    if not quantity:
        usual = [m for m in measures if m.usual]
        if "% of" in word and "side" in word and usual and usual[0].levels:
            usual = [m for m in measures if m.unit == FORCE_UNIT] or usual
        saying = [m for m in measures if isinstance(value, str) and m.means(word)]
        only = usual[:1] or (saying if len(saying) == 1 else [])
        if not only:
            missing = TinelError(f"{test.name} has several quantities, and none is named",
                                 "quantity", _listed(measures))  # fmt: skip
            raise UnknownError(missing, "", ())
        found = only[0]
    else:
        try:
            found = _by_quantity(measures, quantity)
        except TinelError as problem:
            names = [w for m in measures for w in (m.quantity, *m.other_names)]
            raise UnknownError(problem, quantity, names) from None
    # 4- and 4+ stand on a finer scale of the same name
    finer = [m for m in measures if m.quantity.startswith(f"{found.quantity} with")]
    if finer and isinstance(value, str) and _needs_finer(word, found, finer[0]):
        return finer[0]
    return found


def _needs_finer(word: str, coarse: Measure, finer: Measure) -> bool:
    parts = re.split(r"\s+to\s+|[<>=\s]+", word)
    return any(finer.means(part) and not coarse.means(part) for part in (word, *parts))


def _of_other_kind(measure: Measure, subject: Subject) -> bool:
    """Whether it is measured in mV where a nerve's response is in µV, or the reverse."""
    if not isinstance(subject, Study):
        return False
    other = "mV" if subject.kind == "sensory" else "µV"
    both = measure.unit.startswith(other)
    return both and measure.quantity in ("amplitude", "area", "peak-to-peak amplitude")


def _by_quantity(measures: Sequence[Measure], quantity: str) -> Measure:
    for one in measures:
        if plain(quantity) in map(plain, (one.quantity, *one.other_names)):
            return one
    allowed = [one.quantity for one in measures]
    unknown = f"no quantity of the test is called {shown(quantity)}"
    raise TinelError(unknown, "quantity", suggest(quantity, allowed))


def _listed(measures: Sequence[Measure]) -> str:
    return f"allowed: {', '.join(one.quantity for one in measures)}"


def _value(finding: Finding, measure: Measure, subject: Subject) -> Told | None:
    given = finding.value
    if isinstance(given, str) and measure.quantity.startswith(NUMB):
        part = _OF_SKIN.fullmatch(given.strip())
        if part:
            return _of_skin(part[1], given, subject)
    return told(given, measure, finding.unit or "")


def _of_skin(percent: str, given: str, subject: Subject) -> Told:
    """A part of a patch of skin as an area."""
    whole = 0.0 if isinstance(subject, Study) else subject.width_mm * subject.length_mm
    if not whole:
        unknown = f"the size of {subject.name} is not known, so {shown(given)} is no area"
        raise NotAllowedError(unknown, "write the area, such as '12 cm2'")
    area = number(f"{percent} %", "%", 0, 100) / 100 * whole
    return Told("value", area, area)


def _made(
    finding: Finding, on: OnNerve, where: str, test: Test, subject: str, site: str,
    measure: Measure, value: Told | None,
) -> Observed | None:  # fmt: skip
    if value is None:
        return None
    side = finding.side
    if side in ("left", "right"):
        side = "affected" if side == on.side else "healthy"
    if side == "healthy" and value.of_other_side:
        both = "a value of the healthy side cannot be a part of the other side"
        raise TinelError(both, "value", "give the number itself")
    first, last = ends(finding.day)
    return Observed(
        where=where,
        text=as_text(finding),
        test=test.name,
        subject=subject,
        site=site,
        quantity=measure.quantity,
        unit=measure.unit,
        first_day=first,
        last_day=last,
        state=value.state,
        low=value.low,
        high=value.high,
        of_other_side=value.of_other_side,
        side=side,
    )


def _of_pictures(finding: Finding, on: OnNerve, test: Test, where: str) -> Observed | None:
    """A finding of ultrasound or MR, which looks at places along the nerve, and at muscles."""
    place, site, quantity = finding.place or "", finding.site or "", finding.quantity or ""
    measure = measure_meant(test, on, place or site, quantity, finding.value)
    measure = measure or measure_of(test, test.subjects(on.nerve)[0], quantity, finding.value)
    try:
        at = site_meant(measure, on, place, site, test)
    except TinelError as problem:
        raise UnknownError(problem, "", ()) from None
    value = value_meant(
        finding.value, measure, finding.unit or "", at, on, plain(quantity) in SIDE_RATIO
    )
    return _made(finding, on, where, test, test.subjects(on.nerve)[0].name, at, measure, value)


def _tinel_sign(finding: Finding, on: OnNerve, test: Test, where: str) -> Observed | None:
    """How far beyond the injury a tap tingles, from a distance along the limb where one is told."""
    trunk = test.subjects(on.nerve)[0]
    measure = measure_of(test, trunk, finding.quantity or "", finding.value)
    value: Told | None = None
    given = finding.value
    along = _along(given, finding.place) if measure.usual else None
    if along is None:
        value = told(given, measure, finding.unit or "")
    else:
        low, high = _beyond(along, on)
        value = Told("value" if low == high else "range", low, high)
    return _made(finding, on, where, test, trunk.name, "", measure, value)


def _along(given: object, place: str | None) -> tuple[float, str] | None:
    """How far distal of a landmark (mm), and its name; None for a plain value."""
    if not isinstance(given, str):
        return None
    text = " ".join(given.replace("’", "'").split())
    if place and plain(place) != "trunk" and plain(place) not in text.casefold():
        text = f"{text} {place}"
    match = _ALONG.fullmatch(text)
    if not match or not match["side"]:
        return None
    way = number(match["way"], "mm", 0, 2000) if match["way"] else 0.0
    proximal = match["side"].casefold() in ("above", "proximal to")
    return (-way if proximal else way), match["mark"]


def _beyond(along: tuple[float, str], on: OnNerve) -> tuple[float, float]:
    """The same from the upper end of the injury, lowest and highest, mm."""
    if plain(along[1]) in INJURY:
        return (along[0],) * 2 if along[0] >= 0 else _above(-along[0])
    mark = by_name(on.nerve.landmarks, along[1], f"landmark of the {on.nerve.name} nerve")
    at = mark.position_mm + along[0]
    low, high = at - on.site_mm[1], at - on.site_mm[0]
    if high < 0:
        _above(-high)
    return round(max(low, 0.0), 3), round(high, 3)


def _above(mm: float) -> NoReturn:
    told_above = f"that place lies {mm:.0f} mm above the injury"
    raise TinelError(told_above, "value", "Tinel's sign is told at or beyond the injury")


def as_text(finding: Finding) -> str:
    """A finding as its writer wrote it, in one line."""
    what = (finding.test, finding.nerve, finding.place, finding.site, finding.quantity)
    side = () if finding.side == "affected" else (f"{finding.side} side",)
    words = [one for one in (*what, *side, in_words(finding.day)) if one]
    return " ".join(f"{', '.join(words)}: {value_in_words(finding)}".split())


def value_in_words(finding: Finding) -> str:
    """The value with its unit, as written."""
    value = finding.value
    number_or_text = value if isinstance(value, str) else f"{value:.10g}"
    return f"{number_or_text} {finding.unit or ''}".strip()


def with_findings(case: Case) -> Case:
    """The same case with what its sections [[finding]] and [[event]] mean.

    Raises:
        TinelError: as ``read_findings`` and ``read_events``.
    """
    if not case.finding and not case.event:
        return case
    tests = known_tests(case.files)
    on = [on_nerve(one) for one in (case, *case.beside)]
    found, notes = read_findings(case, on, tests)
    happened = read_events(case, on, tests)
    beside = tuple(
        replace(one, observed=tuple(there), events=tuple(then))
        for one, there, then in zip(case.beside, found[1:], happened[1:], strict=True)
    )
    read = replace(case, observed=tuple(found[0]), events=tuple(happened[0]), beside=beside)
    return replace(read, remarks=(*case.remarks, *notes, *_not_said_to_be_done(read)))


def _not_said_to_be_done(case: Case) -> list[str]:
    """A note where findings come after the days of plans, none of which is said to be done."""
    if any(arm.done for arm in case.arm):
        return []
    every = (case, *case.beside)
    days = [o.last_day for one in every for o in one.observed]
    days += [e.by_day if isfinite(e.by_day) else e.not_before_day for c in every for e in c.events]
    late = [arm.name for arm in case.arm if arm.step and arm.first_day < max(days, default=0.0)]
    if not late:
        return []
    return [
        f"findings after the days of '{late[0]}' are set against '{case.done}': write done = true "
        "in the section [[arm]] that was carried out"
    ]
