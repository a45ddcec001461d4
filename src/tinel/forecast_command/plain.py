"""A forecast in plain words: what is hurt, what comes back, what would change the plan."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from tinel.declare.quantity import shown_day
from tinel.forecast.first_sign import STOPS
from tinel.forecast.forecast import Forecast
from tinel.forecast.goals import AS_BEFORE, FULL, GRIP, PROTECTIVE, USEFUL_3, USEFUL_4
from tinel.forecast.probability import Chance
from tinel.forecast.recovery import DAYS_OF_A_MONTH, Row
from tinel.forecast.when_to_operate import Operated

LIKELY, UNLIKELY = 2 / 3, 1 / 3
LEAST_TWINS = 5.0
_SMALL = 0.05  # a difference that plain words leave out
_LEAST_CHANGED = 3.0  # twins
_LEAST_RECOVERING = 10
CLASSES = {
    "neurapraxia": "the sheath of fibres is hurt and their axons stand (neurapraxia)",
    "axonotmesis": "axons are broken and their tubes stand (axonotmesis)",
    "neurotmesis": "axons and tubes are torn (neurotmesis)",
}
GOALS = {
    USEFUL_3: "{} moves against gravity",
    USEFUL_4: "{} moves against resistance",
    FULL: "{} has full strength",
    PROTECTIVE: "{} feels enough for protection",
    AS_BEFORE: "{} feels as before",
    GRIP: "the {} grips usefully",
}


def percent(p: float) -> str:
    """A chance as percent; ``not known`` for nan.

    Example:
        >>> percent(0.123), percent(0.999), percent(0.0)
        ('12 %', '>99 %', '0 %')
    """
    if p != p:
        return "not known"
    if 0.99 < p < 1:
        return ">99 %"
    return "<1 %" if 0 < p < 0.01 else f"{100 * p:.0f} %"


def interval(one: Chance) -> str:
    """A chance with its interval in percent, e.g. ``45 % (8 to 88)``."""
    return f"{percent(one.probability)} ({100 * one.low:.0f} to {100 * one.high:.0f})"


def hurt(forecast: Forecast) -> Iterator[str]:
    """Sentences on the injury, nerve by nerve."""
    for nerve in forecast.injury:
        seddon = [c for c in nerve.classes if c.system == "Seddon" and c.probability > 0]
        if nerve.unhurt > LIKELY or not seddon:
            yield f"{nerve.nerve}: no fibre was hurt in {percent(nerve.unhurt)} of the twins."
            continue
        ranked = sorted(seddon, key=lambda c: -c.probability)
        told = "; ".join(f"{CLASSES[c.name]}: {percent(c.probability)}" for c in ranked)
        lost = nerve.axons_lost
        yield (
            f"{nerve.nerve}, most of what is hurt: {told}. Axons broken by day "
            f"{shown_day(max(nerve.day, forecast.as_of_day))}: {percent(lost.mean)} "
            f"({100 * lost.low:.0f} to {100 * lost.high:.0f} between twins)."
        )


def returns(forecast: Forecast) -> Iterator[str]:
    """Sentences on what is still to come back as was done, and on what arms change."""
    asked = [r for r in forecast.recovery if r.arm == forecast.done and r.given_not_by is not None]
    if forecast.done != forecast.waiting:
        yield f"After '{forecast.done}', which the case says was done:"
    by_goal: dict[tuple[str, str], dict[str, list[Row]]] = {}
    for row in asked:
        by_goal.setdefault((row.nerve, row.target), {}).setdefault(row.goal, []).append(row)
    there = list[str]()
    for goals in by_goal.values():
        met = [g for g, rows in goals.items() if _few_without(rows[-1].chance, forecast)]
        done = [g for g in met if g not in (FULL, AS_BEFORE)]
        there += [_goal(goals[done[-1]][-1])] if done else []
        rows = _told(goals, met)
        if rows:
            yield f"{_goal(rows[-1])}: {_when(rows)}"
    if there:
        yield f"Already there in nine of ten twins or more, or too few to say: {'; '.join(there)}."
    if not asked:
        yield "No twin misses any goal."
    yield from _arms(forecast)


def _few_without(one: Chance, forecast: Forecast) -> bool:
    """Whether so few twins are without a goal today that their chance says little."""
    least = max(0.1 * forecast.effective_sample_size, LEAST_TWINS)
    return one.effective_twins < least


def _told(goals: Mapping[str, list[Row]], met: Sequence[str]) -> list[Row]:
    """Of the goals of one target, the one that a sentence is about; none where all are met."""
    left = {g: rows for g, rows in goals.items() if g not in (*met, FULL, AS_BEFORE)}
    if {USEFUL_3, USEFUL_4} <= left.keys() and not left[USEFUL_4][-1].chance.probability > UNLIKELY:
        return left[USEFUL_3]
    return list(left.values())[-1] if left else []


def change(forecast: Forecast) -> Iterator[str]:
    """Sentences on the day by which a sign should have come, and on when to operate."""
    said = False
    by = " by themselves" if forecast.done == forecast.waiting else ""
    stops = [s for s in forecast.no_sign_by if s.of_recovering == STOPS[-1]]
    known = sorted((s for s in stops if s.n_recovering >= _LEAST_RECOVERING), key=lambda s: s.day)
    for stop in known[:3]:
        said = True
        then = (
            f"Of those without one then, {percent(stop.recover_without)} still get there."
            if stop.recover_without == stop.recover_without
            else "No twin is without one then."
        )
        yield (
            f"No first sign in {stop.target} by day {shown_day(stop.day)}: of the twins that "
            f"reach {stop.goal}{by}, {percent(stop.of_recovering)} have shown one by "
            f"then. {then}"
        )
    for told in _operations(forecast.operated):
        said = True
        yield told
    for test in forecast.next_tests[:1]:
        said = True
        yield (
            f"{test.test[:1].upper()}{test.test[1:]} on day {shown_day(test.day)} would settle "
            f"most: {percent(test.narrowing)} of what is open on average; it needs {test.needs}."
        )
    if not said:
        yield "Nothing found: too few twins are still to recover, and no operation is usual."


def _goal(row: Row) -> str:
    name = GOALS.get(row.goal, row.goal + " for {}").format(row.target)
    return name[:1].upper() + name[1:]


def _when(rows: Sequence[Row]) -> str:
    """How likely by the last day, and by when it becomes likely."""
    last = rows[-1]
    p, by = last.chance.probability, f"{interval(last.chance)} by {_month(last.by_day)}"
    if p < LIKELY:
        return f"{'unlikely' if p <= UNLIKELY else 'open'}, {by}."
    first = next(r for r in rows if r.chance.probability >= LIKELY)
    early = "" if first is last else f"{interval(first.chance)} by {_month(first.by_day)}, "
    return f"likely, {early}{by}."


def _month(day: float) -> str:
    return f"month {day / DAYS_OF_A_MONTH:.0f}"


def _arms(forecast: Forecast) -> Iterator[str]:
    last = max((d.by_day for d in forecast.differences), default=0.0)
    for arm in dict.fromkeys(r.arm for r in forecast.recovery if r.arm != forecast.waiting):
        at_end = [d for d in forecast.differences if (d.arm, d.by_day) == (arm, last)]
        found = [d for d in at_end if abs(d.better - d.worse) >= _SMALL]
        best = sorted(found, key=lambda d: -abs(d.better - d.worse))[:3]
        if best:
            told = "; ".join(
                f"{d.target}, {d.goal}: {100 * (d.better - d.worse):+.0f} points "
                f"({100 * d.low:+.0f} to {100 * d.high:+.0f})"
                for d in best
            )
            yield f"'{arm}' against waiting in the same twins, by {_month(last)}: {told}."
        else:
            yield f"'{arm}' changes no goal by more than 5 points against waiting."


def _operations(operated: Sequence[Operated]) -> Iterator[str]:
    """The goals for which an operation matters most, at most three."""
    told = list[tuple[float, str]]()
    for target, goal in dict.fromkeys((one.target, one.goal) for one in operated):
        wait, *done = (one for one in operated if (one.target, one.goal) == (target, goal))
        if goal in (FULL, AS_BEFORE) or wait.chance.effective_twins < LEAST_TWINS:
            continue
        gain = max(abs(one.chance.probability - wait.chance.probability) for one in done)
        if gain < _SMALL or gain * wait.chance.effective_twins < _LEAST_CHANGED:
            continue
        first, last = done[0], done[-1]
        days = f"on day {shown_day(first.on_day or 0.0)} {interval(first.chance)}"
        if last is not first:
            days += f", on day {shown_day(last.on_day or 0.0)} {interval(last.chance)}"
        text = (
            f"{first.operation} or waiting, for {target}, {goal} by day {shown_day(wait.by_day)}, "
            f"where it is not there today: waiting {interval(wait.chance)}; operated {days}."
        )
        told.append((-gain, text))
    yield from (text for _, text in sorted(told)[:3])
    if operated and not told:
        name = next(one.operation for one in operated if one.operation)
        yield f"{name} on other days changes no goal in more than a few of the twins tried."
