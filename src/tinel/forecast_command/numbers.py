"""The numbers of a forecast as tables of text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tinel.declare.quantity import shown_day
from tinel.forecast.forecast import Forecast
from tinel.forecast.probability import Chance
from tinel.forecast.recovery import DAYS_OF_A_MONTH, Row
from tinel.forecast.when_to_operate import Operated
from tinel.forecast_command.plain import LEAST_TWINS, percent

FEW = "few twins"


def numbers(forecast: Forecast) -> Iterator[str]:
    """Lines: chances by arm, goal and date, first signs, days of an operation, earlier errors."""
    not_yet = [row for row in forecast.recovery if row.given_not_by is not None]
    if not_yet:
        yield (
            f"Chance in percent (90 % interval) of those who have not reached the goal on day "
            f"{shown_day(forecast.as_of_day)}"
        )
        yield from _chances(not_yet, forecast)
    yield from _signs(forecast)
    yield from _operated(forecast)
    yield from _tests(forecast)
    yield from _informed(forecast)
    yield ""
    for error in forecast.model_error:
        how = "treated" if error.treated else "left alone"
        off = f"off by {error.off_points:.0f} points (median)"
        own = f"{error.n_figures} published figures of this nerve {how}, {off}"
        none = f"no published figure of this nerve {how}; all nerves {off}"
        yield f"Error of the program, {error.nerve}: {own if error.n_figures else none}."


def _informed(forecast: Forecast) -> Iterator[str]:
    if not forecast.informed:
        return
    told = [one for one in forecast.informed if one.says]
    silent = [one.quantity for one in forecast.informed if not one.says]
    yield ""
    yield "How much narrower the findings make what differs between twins"
    yield from _aligned([[one.quantity, percent(one.narrower)] for one in told])
    sizes = [name for name in silent if name.startswith("cause.")]
    others = f"{len(silent) - len(sizes)} quantities of person and model"
    yield f"  nothing on: {', '.join([*sizes, others])}"


def _chances(rows: Sequence[Row], forecast: Forecast) -> Iterator[str]:
    days = sorted({row.by_day for row in rows})
    tables = {
        arm: [
            [
                f"{target}, {goal}",
                percent(own[0].chance.effective_twins / forecast.effective_sample_size),
                *(_cell(r.chance) for r in own),
            ]
            for (_, target, goal), own in _grouped([r for r in rows if r.arm == arm]).items()
        ]
        for arm in dict.fromkeys([forecast.waiting, *(row.arm for row in rows)])
    }
    head = ["", "not yet", *(f"month {day / DAYS_OF_A_MONTH:.0f}" for day in days)]
    for arm, table in tables.items():
        yield ""
        if arm != forecast.waiting and table == tables[forecast.waiting]:
            yield f"{arm}: as in '{forecast.waiting}'"
        else:
            yield arm
            yield from _aligned([head, *table])


def _grouped(rows: Sequence[Row]) -> dict[tuple[str, str, str], list[Row]]:
    found: dict[tuple[str, str, str], list[Row]] = {}
    for row in rows:
        found.setdefault((row.nerve, row.target, row.goal), []).append(row)
    return found


def _cell(one: Chance) -> str:
    if one.effective_twins < LEAST_TWINS:
        return FEW
    p = percent(one.probability).removesuffix(" %")
    return f"{p} ({100 * one.low:.0f} to {100 * one.high:.0f})"


def _aligned(table: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(len(cell) for cell in column) for column in zip(*table, strict=True)]
    for name, *cells in table:
        told = "".join(f"  {cell:>{w}}" for cell, w in zip(cells, widths[1:], strict=True))
        yield f"  {name:{widths[0]}}{told}"


def _signs(forecast: Forecast) -> Iterator[str]:
    seen = [s for s in forecast.signs if s.arm == forecast.done and s.shown > 0]
    if not seen:
        return
    yield ""
    yield f"First sign ({forecast.done}), of the twins that are still to show it"
    head = ["", "still to", "do so", "day (90 %)"]
    yield from _aligned(
        [
            head,
            *(
                [
                    f"{s.target}, {s.test}",
                    percent(s.still),
                    percent(s.shown),
                    f"{shown_day(s.median_d)} ({shown_day(s.early_d)} to {shown_day(s.late_d)})",
                ]
                for s in seen
            ),
        ]
    )


def _operated(forecast: Forecast) -> Iterator[str]:
    goals: dict[tuple[str, str], list[Operated]] = {}
    for one in forecast.operated:
        goals.setdefault((one.target, one.goal), []).append(one)
    rows = {goal: [_cell(one.chance) for one in own] for goal, own in goals.items()}
    differ = {goal: cells for goal, cells in rows.items() if len(set(cells)) > 1}
    if not differ:
        return
    own = goals[next(iter(differ))]
    yield ""
    yield (
        f"Operated on a day ({own[1].operation}): chance in percent of each goal on day "
        f"{shown_day(own[0].by_day)}, of those without it today; a later one has had less time"
    )
    days = [f"day {shown_day(one.on_day or 0.0)}" for one in own[1:]]
    yield from _aligned(
        [["", "waiting", *days], *([f"{t}, {g}", *cells] for (t, g), cells in differ.items())]
    )


def _tests(forecast: Forecast) -> Iterator[str]:
    """The best day of each test that settles anything worth a line."""
    best = {one.test: one for one in reversed(forecast.next_tests)}  # the largest comes first
    rows = [one for one in best.values() if one.narrowing >= 0.01]
    if rows:
        yield ""
        yield "Which test next: the day on which it settles most of what is open"
        ranked = sorted(rows, key=lambda one: -one.narrowing)
        yield from _aligned(
            [
                ["", "day", "settles"],
                *([r.test, shown_day(r.day), percent(r.narrowing)] for r in ranked),
            ]
        )
