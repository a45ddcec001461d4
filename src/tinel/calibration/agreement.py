"""The part of docs/validation.md that says how far published cohorts agree with each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from tinel.calibration.alike import inside_by_chance, told_by_others
from tinel.calibration.validate import Validation
from tinel.evidence.count import Count
from tinel.evidence.validated import MOST_OFF_points


def agreement(now: Validation) -> Iterator[str]:
    """What other centres saw beside each count, and the computed percentage, as Markdown.

    Args:
        now: with the numbers in use.
    """
    every = told_by_others()
    seen = {
        (r.cohort.key, k): r.seen
        for r in now.rows
        for k, figure in enumerate(r.cohort.figures)
        if figure is r.figure and not r.seen.in_days
    }
    yield (
        "Counts that ask the same of the same nerve and injury, grouped in "
        "`src/tinel/calibration/alike.toml`. What the other centres of a group saw, added, is the "
        "forecast that the published record makes by itself. Centres choose and examine their "
        "patients differently, and no program can agree with all of them at once."
    )
    yield ""
    yield f"- other centres as the forecast: {_agree([(t.inside, t.off_points) for t in every])}"
    alike = inside_by_chance(every, np.random.default_rng(0))
    yield (
        f"- were the patients of a group alike at all centres, {100 * alike:.0f} % would be "
        "inside: the others are few as well"
    )
    both = [(t, seen[t.cohort, t.place]) for t in every if (t.cohort, t.place) in seen]
    both = [(t, s) for t, s in both if s.inside is not None]
    predicted = {r.cohort.key for r in now.of("predict")}
    for words, pairs in (
        ("where the program computes the figure", both),
        ("where it was predicted", [(t, s) for t, s in both if t.cohort in predicted]),
    ):
        if pairs:
            others = [(t.inside, t.off_points) for t, _ in pairs]
            yield f"- {words}, other centres: {_agree(others)}"
            yield f"- {words}, the program: {_agree([(bool(s.inside), s.off) for _, s in pairs])}"
    yield ""
    yield "| counted | cohort | published (exact 95 %) | other centres | computed |"
    yield "|---|---|---|---|---|"
    for told in every:
        low, high = told.published.interval_percent
        own = seen.get((told.cohort, told.place))
        computed = "–" if own is None else f"{own.computed:.0f} %"
        ours = "" if own is None or own.inside else ", **outside**"
        theirs = "" if told.inside else ", **outside**"
        yield (
            f"| {told.what} | {told.cohort} | {_counted(told.published)} ({low:.0f}–{high:.0f}) | "
            f"{_counted(told.others)}{theirs} | {computed}{ours} |"
        )


def _counted(count: Count) -> str:
    return f"{count.percent:.0f} % ({count.numerator}/{count.denominator})"


def _agree(seen: Sequence[tuple[bool, float]]) -> str:
    inside = sum(one for one, _ in seen)
    off = np.array([points for _, points in seen])
    far = MOST_OFF_points["predict"]
    return (
        f"{inside} of {len(seen)} inside ({100 * inside / len(seen):.0f} %), "
        f"{(off > far).sum()} further off than {far:g} points, median {np.median(off):.0f}"
    )
