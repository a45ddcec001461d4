"""What a terminal shows of a forecast: plain words first, then the numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from textwrap import wrap

from tinel.case import Case
from tinel.declare.quantity import shown_day
from tinel.forecast.base_rates import BaseRate
from tinel.forecast.forecast import Forecast
from tinel.forecast_command.numbers import numbers
from tinel.forecast_command.plain import change, hurt, returns
from tinel.terminal import shown_name

WIDTH = 79
MOST_COHORTS = 6
DISAGREES = 0.2  # a finding as unlikely as this is shown where story and findings do not agree
NOTE = (
    "Chances are of virtual twins, each with its 90 % interval: of the number of twins, and of how "
    "far the program was off for published patients. Research and teaching software; no advice "
    "for a person."
)


def as_text(case: Case, forecast: Forecast) -> str:
    """The forecast, or why none is given.

    Args:
        case: whose.
        forecast: from ``forecast.forecast``.
    """
    whose = f"{shown_name(case.source.path)}, {case.nerve.label}, {case.nerve.side}"
    lines = [f"Forecast as of day {shown_day(forecast.as_of_day)} ({whose})", *_rests_on(forecast)]
    lines += _listed(forecast.left_out)
    if not forecast.fits:
        lines += _no_forecast(forecast)
    else:
        lines += ["", "What is hurt", *_listed(hurt(forecast))]
        lines += ["", "What will come back, and when", *_listed(returns(forecast))]
        lines += ["", "What would change the plan", *_listed(change(forecast))]
    if forecast.applicability:
        told = [banner.text for banner in forecast.applicability]
        lines += ["", "Outside what was compared with patients", *_listed(told)]
    lines += ["", "Published patients", *_listed(_published(forecast.base_rates))]
    if forecast.fits:
        lines += ["", *numbers(forecast)]
    return "\n".join([*lines, "", *wrap(NOTE, WIDTH)])


def _rests_on(forecast: Forecast) -> list[str]:
    n = forecast.findings_used
    told = (
        f"It rests on the story and {n} finding{'s' if n > 1 else ''}"
        if n
        else "No finding was used: this is the forecast of the story alone"
    )
    return wrap(f"{told}; {forecast.effective_sample_size:.0f} independent twins.", WIDTH)


def _no_forecast(forecast: Forecast) -> list[str]:
    lines = ["", "No forecast: story and findings do not agree.", *_listed(forecast.reasons)]
    worst = [
        f"{one.where}: {one.text}. Expected from the others: {one.expected}."
        for one in forecast.contradictions[:3]
        if one.probability < DISAGREES
    ]
    return [*lines, "", "The findings that agree least:", *_listed(worst)] if worst else lines


def _published(rates: Sequence[BaseRate]) -> Iterator[str]:
    if not rates:
        yield "None with this nerve: no published count is known here."
    cohorts: dict[tuple[str, str, tuple[str, ...]], list[BaseRate]] = {}
    for rate in rates:
        cohorts.setdefault((rate.near, rate.cohort, rate.treatments), []).append(rate)
    for own in list(cohorts.values())[:MOST_COHORTS]:
        first = own[0]
        told = "; ".join(_count(rate) for rate in sorted(own, key=lambda r: r.day))
        done = f" Days count from {' or '.join(first.treatments)}." if first.treatments else ""
        yield f"{first.who} ({first.near}; {first.source}): {told}.{done}"
    if len(cohorts) > MOST_COHORTS:
        yield f"{len(cohorts) - MOST_COHORTS} cohorts more with --json."


def _count(rate: BaseRate) -> str:
    since, own = rate.given_not_by, rate.computed_percent
    of_whom = "" if since is None else f" of those without it on day {shown_day(since)}"
    computed = "" if own is None else f"; the program computes {own:.0f}"
    return (
        f"{rate.counted} by day {shown_day(rate.day)}{of_whom} {rate.n} of {rate.N} "
        f"({rate.percent:.0f} %, {rate.low_percent:.0f} to {rate.high_percent:.0f}{computed})"
    )


def _listed(told: Iterable[str]) -> list[str]:
    return [
        line
        for one in told
        for line in wrap(
            f"- {one}",
            WIDTH,
            subsequent_indent="  ",
            break_long_words=False,
            break_on_hyphens=False,
        )
    ]
