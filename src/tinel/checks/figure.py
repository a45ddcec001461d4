"""The picture of the page: what came true beside what was forecast, and how ranks lie."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from tinel.checks.calibration import Forecasts
from tinel.checks.ranks import BINS, exact_percent, histogram
from tinel.checks.scores import goal_day, tenths
from tinel.exam.limb import Floats


def pooled(found: Sequence[Forecasts], least_effective: float) -> tuple[Floats, Floats]:
    """Every forecast chance of a goal still ahead, and whether it came true."""
    chances, truth = [np.zeros(0)], [np.zeros(0)]
    for one in found:
        enough = one.effective >= least_effective
        for goal, each in one.chances.items():
            if goal_day(goal) > one.known.day:
                chances.append(each[enough])
                truth.append(one.came_true[goal][enough])
    return np.concatenate(chances), np.concatenate(truth)


def draw(found: Sequence[Forecasts], goal_places: Floats, least: float, file: Path) -> None:
    """Write the picture.

    Args:
        found: forecasts of simulated patients.
        goal_places: where truths fell among forecasts, pooled.
        least: effective twins that a forecast needs.
        file: where to, an SVG or PNG file.
    """
    from matplotlib.figure import Figure

    picture = Figure(figsize=(9.0, 4.0), layout="constrained")
    left, right = picture.subplots(1, 2)
    rows = tenths(*pooled(found, least))
    x = [100 * mean for mean, _, _ in rows]
    y = [100 * n / total for _, n, total in rows]
    ends = [exact_percent(n, total) for _, n, total in rows]
    off = [[b - low for b, (low, _) in zip(y, ends, strict=True)],
           [high - b for b, (_, high) in zip(y, ends, strict=True)]]  # fmt: skip
    left.plot([0, 100], [0, 100], color="0.6", linewidth=1)
    left.errorbar(x, y, yerr=off, fmt="o", color="tab:blue", capsize=3)
    left.set(xlabel="forecast chance of grade 4 or more (%)", ylabel="came true (%)")
    left.set_title("Chances, with exact 95 % intervals")
    counts, band, _ = histogram(goal_places)
    right.bar((np.arange(BINS) + 0.5) * 10, counts, width=9, color="tab:blue")
    right.axhspan(*band, color="0.8", alpha=0.6, zorder=2)
    right.set(xlabel="place of the truth in the forecast (%)", ylabel="patients")
    right.set_title("Ranks of strength, 95 % band in grey")
    picture.savefig(file, metadata={"Date": None} if file.suffix == ".svg" else None)
