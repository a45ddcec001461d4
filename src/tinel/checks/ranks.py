"""Where the truth falls among forecasts: ranks, coverage and their chance limits."""

from __future__ import annotations

import numpy as np
from scipy.stats import beta, binom, chi2

from tinel.exam.limb import Floats

LEVELS = (50.0, 80.0, 90.0, 95.0)
BINS = 10


def place(weights: Floats, values: Floats, truth: float, rng: np.random.Generator) -> float:
    """Share of the forecast below the truth, 0 to 1; ties are broken at random.

    Uniform over patients where forecasts are calibrated.

    Args:
        weights: of the twins, adding up to 1, ``(n_twin,)``.
        values: what becomes of each, ``(n_twin,)``.
        truth: what became of the patient.
        rng: breaks ties.

    Example:
        >>> rng = np.random.default_rng(1)
        >>> place(np.full(4, 0.25), np.arange(4.0), 2.5, rng)
        0.75
    """
    below = float(weights[values < truth].sum())
    level = float(weights[values == truth].sum())
    return below + level * float(rng.random())


def inside(places: Floats, level_percent: float) -> tuple[int, int]:
    """How many of how many truths lie in the central interval of a level.

    Example:
        >>> inside(np.array([0.01, 0.5, 0.7]), 90.0)
        (2, 3)
    """
    far = np.abs(places - 0.5) <= level_percent / 200 + 1e-12
    return int(far.sum()), len(places)


def exact_percent(n: int, total: int) -> tuple[float, float]:
    """The exact 95 % interval of a share, in percent (Clopper & Pearson 1934).

    Example:
        >>> [round(p, 1) for p in exact_percent(9, 10)]
        [55.5, 99.7]
    """
    low = 0.0 if n == 0 else float(beta.ppf(0.025, n, total - n + 1))
    high = 1.0 if n == total else float(beta.ppf(0.975, n + 1, total - n))
    return 100 * low, 100 * high


def histogram(places: Floats, bins: int = BINS) -> tuple[list[int], tuple[int, int], float]:
    """Counts of places in equal bins, the 95 % band of one count, and the chance of such counts.

    Example:
        >>> histogram((np.arange(100) + 0.5) / 100)[2]
        1.0
    """
    counts = np.histogram(places, bins=bins, range=(0.0, 1.0))[0]
    total = len(places)
    band = int(binom.ppf(0.025, total, 1 / bins)), int(binom.ppf(0.975, total, 1 / bins))
    expected = total / bins
    far = float(((counts - expected) ** 2 / expected).sum()) if total else 0.0
    return counts.tolist(), band, float(chi2.sf(far, bins - 1))
