"""The cohorts' part of docs/validation.md: every published count beside the computed one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from scipy.stats import binom

from tinel.calibration.agreement import agreement
from tinel.calibration.cohorts import Cohort, Figure, published_cohorts
from tinel.calibration.compare import MODEL_SD_points
from tinel.calibration.validate import Row, Validation
from tinel.errors import TinelError
from tinel.evidence.count import Count
from tinel.evidence.free import Free, free_parameters
from tinel.evidence.posterior import Posterior
from tinel.evidence.validated import MOST_OFF_points
from tinel.nerve.library import parameters

BEGIN, END = "<!-- cohorts: made by make validate -->", "<!-- end of cohorts -->"
_HEAD = """\
Made by `make validate`; not written by hand. Every published count that was collected stands
here, beside what the program computes for patients like those of the paper.
`src/tinel/calibration/published/` holds the counts, the patients and how words of a paper were
read; the role of a cohort (fit or predict) was decided and committed before any of them was
computed. Cohorts of one centre should stand on one side; where they do not, and where a predicted
cohort may lie inside a fitted pool or lent the evidence a number, it is marked ° and counted apart.

*Inside*: the computed central value lies in the exact 95 % interval of the published count; a
dash where there is no count or its number of patients is not told. *Off*: distance of the two
central values in percentage points. *Computed (90 %)*: for as many patients as were published,
from {spread}.
Days marked `~` are how the paper's words were read; the words stand behind them. Published counts
hold neither the choice of patients nor loss to follow-up, so a model that is right would still
miss some. Figures on a few patients are far off by chance alone: with 5 patients one of them is
20 points."""

_KNOWN, _FITTED = "chance alone", "what is not known of the parameters and from chance"

_TABLE = "| cohort | counted | day | published (exact 95 %) | computed (90 %) | inside | off |"
_RULE = "|---|---|---|---|---|---|---|"


def page(now: Validation, before: Validation | None = None) -> str:
    """The cohorts' part of the page as Markdown.

    Args:
        now: with the numbers in use.
        before: with the numbers as they stood before calibration; None to leave it out.
    """
    head = _HEAD.format(spread=_FITTED if now.posterior else _KNOWN)
    lines = [head, "", "### In short", "", *_summary(now, before), ""]
    lines += ["### Fitted parameters", "", *_parameters(now.posterior), ""]
    for role, title in (("predict", "Predicted cohorts"), ("fit", "Fit cohorts")):
        lines += [f"### {title}", "", _TABLE, _RULE, *map(_line, now.of(role)), ""]
    lines += ["### Notes on cohorts", "", *_notes(), ""]
    lines += ["### How far published cohorts agree", "", *agreement(now), ""]
    lines += ["### Furthest off", "", *_worst(now), ""]
    lines += ["### Not computed", "", *_not_computed(now), ""]
    return "\n".join(lines)


def into(text: str, part: str) -> str:
    """The text of the page with its cohorts' part replaced.

    Raises:
        TinelError: the text has no place for it.

    Example:
        >>> text = "\\n".join(["# A", BEGIN, "old", END, "end"])
        >>> into(text, "new").splitlines()[2]
        'new'
    """
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise TinelError(f"no place for the cohorts: a line {BEGIN} and a line {END}")
    return f"{before}{BEGIN}\n{part}\n{END}{after}"


def _summary(now: Validation, before: Validation | None) -> Iterator[str]:
    for role in ("predict", "fit"):
        yield f"- {_counts(now.of(role), role)}"
        if before is not None:
            yield f"  (before calibration: {_counts(before.of(role), role)})"
        if role == "predict":
            apart = [row for row in now.of(role) if not row.cohort.seen_in]
            yield f"- without those marked °: {_counts(apart, role)}"
            yield f"- {by_chance(now.of(role), MOST_OFF_points[role])}"
    yield from _covered(now)
    wide = MOST_OFF_points
    yield (
        f"- Asked: of the predicted figures at least 80 % inside, none further off than "
        f"{wide['predict']:g} points; no fit figure further off than {wide['fit']:g}. The "
        f"error of the model itself was stated as {MODEL_SD_points:g} points (standard deviation) "
        "before any run; the fit draws how many times that it is."
    )


def _covered(now: Validation) -> Iterator[str]:
    """How many published percentages of predicted patients lie in the computed 90 % intervals."""
    counted = [r for r in now.of("predict") if r.interval is not None]
    if not counted:
        return
    told = f"{_held(counted, [r.interval for r in counted])} of these {len(counted)} published "
    told += "percentages lie in the computed 90 % interval"
    if now.posterior is not None and (own := now.posterior.own_error_points):
        told += (
            f", and {_held(counted, [r.with_own for r in counted])} once it holds what the fit "
            f"found the program to be off by itself ({own[1]:.0f} points, standard deviation)"
        )
    yield f"- {told}"


def _held(rows: Sequence[Row], intervals: Sequence[tuple[float, float] | None]) -> int:
    near = 1e-6
    return sum(
        ends is not None and ends[0] - near <= row.seen.published <= ends[1] + near
        for row, ends in zip(rows, intervals, strict=True)
    )


def _counts(rows: Sequence[Row], role: str) -> str:
    known = [r for r in rows if r.seen.inside is not None]
    inside = sum(bool(r.seen.inside) for r in known)
    percent = [r for r in rows if not r.seen.in_days]
    far = [r for r in percent if r.seen.off > MOST_OFF_points[role]]
    if not percent:
        return f"{role}: nothing computed"
    fraction_inside = f"{100 * inside / len(known):.0f} %" if known else "none"
    off = np.array([r.seen.off for r in percent])
    return (
        f"{role}: {inside} of {len(known)} figures inside ({fraction_inside}); "
        f"{len(far)} of {len(percent)} further off than {MOST_OFF_points[role]:g} points; "
        f"median {np.median(off):.0f}, largest {off.max():.0f} points off"
    )


def by_chance(rows: Sequence[Row], most_off: float) -> str:
    """How many figures chance alone would put off, were every computed percentage the true one.

    Computed percentages of 0 and 100 count as 1 and 99; figures without a number of patients are
    left out.

    Args:
        rows: figures.
        most_off: distance in points beyond which a figure is called far off.
    """
    counted = [r for r in rows if r.figure.N and not r.seen.in_days]
    outside, far, are = 0.0, 0.0, sum(r.seen.off > most_off for r in counted)
    for row in counted:
        assert row.figure.N is not None
        n, true = row.figure.N, float(np.clip(row.seen.computed, 1.0, 99.0))
        seen = np.arange(n + 1)
        chance = binom.pmf(seen, n, true / 100)
        ends = [Count(int(k), n).interval_percent for k in seen]
        holds = np.array([low <= true <= high for low, high in ends])
        outside += float(chance[~holds].sum())
        far += float(chance[np.abs(100 * seen / n - true) > most_off].sum())
    return (
        f"were every computed percentage the true one, chance alone would put {outside:.0f} of "
        f"these {len(counted)} figures outside and {far:.0f} further off than {most_off:g} points "
        f"({are} are)"
    )


def _parameters(posterior: Posterior | None) -> Iterator[str]:
    yield "| parameter | prior | before | after: median (90 %) | why it is free |"
    yield "|---|---|---|---|---|"
    known = parameters()
    stood = {k: known.number(k).value for k in (one.key for one in free_parameters())}
    if posterior is not None:
        stood |= dict(zip(posterior.keys, posterior.about["before"], strict=True))
    for one in free_parameters():
        yield (
            f"| `{one.key}` | {one.low:g} to {one.high:g} | {stood[one.key]:g} | "
            f"{_after(one, posterior)} | {one.why} |"
        )


def _after(one: Free, posterior: Posterior | None) -> str:
    if posterior is None or one.key not in posterior.keys:
        return "not fitted"
    column = posterior.rows[:, posterior.keys.index(one.key)]
    low, middle, high = np.percentile(column, (5, 50, 95))
    return f"{middle:.3g} ({low:.3g} to {high:.3g})"


def _line(row: Row) -> str:
    figure, seen = row.figure, row.seen
    read = "~" if figure.reading else ""
    unit = " d" if seen.in_days else " %"
    told = f" ({_cell(figure.day_as_told)})" if figure.day_as_told else ""
    counted = f"{figure.counted} ({figure.as_told})" if figure.as_told else figure.counted
    day = "mean" if figure.mean_days is not None else f"{read}{figure.day:g}{told}"
    inferred = "≈" if figure.inferred else ""
    count = f" ({inferred}{figure.n}/{figure.N})" if figure.n is not None and figure.N else ""
    mark = "°" if row.cohort.seen_in else ""
    exact = f" ({seen.interval[0]:.0f}–{seen.interval[1]:.0f})" if seen.interval else ""
    own = f" ({row.interval[0]:.0f}–{row.interval[1]:.0f})" if row.interval else ""
    inside = {None: "–", True: "yes", False: "**no**"}[seen.inside]
    return (
        f"| {row.cohort.key}{mark} | {_cell(counted)} | {day} | "
        f"{seen.published:.0f}{unit}{count}{exact} | {seen.computed:.0f}{unit}{own} | "
        f"{inside} | {seen.off:.0f} |"
    )


def _worst(now: Validation, n: int = 12) -> Iterator[str]:
    percent = [r for r in now.rows if not r.seen.in_days]
    for row in sorted(percent, key=lambda r: -r.seen.off)[:n]:
        way = "more" if row.seen.computed > row.seen.published else "fewer"
        yield (
            f"- {row.cohort.key}, {row.figure.counted}: {row.seen.computed:.0f} % computed, "
            f"{row.seen.published:.0f} % published: {row.seen.off:.0f} points {way} "
            f"({row.cohort.role}; N {row.figure.N or 'not told'})"
        )


def _notes() -> Iterator[str]:
    for cohort in published_cohorts():
        if cohort.seen_in and cohort.role:
            yield f"- {cohort.key}°: {cohort.seen_in}"
        if cohort.note:
            yield f"- {cohort.key}: {cohort.note}"


def _not_computed(now: Validation) -> Iterator[str]:
    for name, problem in now.problems.items():
        yield f"- {name}: {problem}"
    yield ""
    yield "| cohort | who | counted | why not |"
    yield "|---|---|---|---|"
    for cohort in published_cohorts():
        for counted, reason in _reasons(cohort):
            yield f"| {cohort.key} | {_cell(cohort.who)} | {_cell(counted)} | {_cell(reason)} |"


def _reasons(cohort: Cohort) -> Iterator[tuple[str, str]]:
    if cohort.not_modelled:
        yield "; ".join(dict.fromkeys(map(_as_told, cohort.figures))), cohort.not_modelled
        return
    for figure in cohort.figures:
        if figure.not_modelled:
            yield _as_told(figure), figure.not_modelled


def _as_told(figure: Figure) -> str:
    told = [figure.day_as_told and f"day {figure.day_as_told}", figure.as_told]
    words = "; ".join(word for word in told if word)
    return f"{figure.counted} ({words})" if words else figure.counted


def _cell(text: str) -> str:
    return text.replace("|", "/").replace("\n", " ")
