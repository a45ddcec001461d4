"""What other centres saw, as the forecast of a published count."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tinel.calibration.alike import Told, inside_by_chance, told_by_others
from tinel.calibration.cohorts import Cohort, Figure, published_cohorts
from tinel.errors import TinelError
from tinel.evidence.count import Count


def cohort(key: str, *counts: tuple[int, int]) -> Cohort:
    figures = tuple(Figure("gone", n=n, N=of, day=90.0) for n, of in counts)
    return Cohort(key, "arm", "who", "source", "abstract", None, {}, figures)


def test_others_are_added_and_never_the_count_itself(tmp_path: Path) -> None:
    file = tmp_path / "alike.toml"
    file.write_text('[[alike]]\nwhat = "gone"\nfigures = [["a", 0], ["b", 0], ["c", 0]]\n')
    three = [cohort("a", (9, 10)), cohort("b", (1, 10)), cohort("c", (8, 10))]
    a, b, c = told_by_others(three, file)
    assert (a.others.numerator, a.others.denominator) == (9, 20)
    assert (b.others.numerator, b.others.denominator) == (17, 20)
    assert c.published.numerator == 8 and c.others.numerator == 10
    assert not a.inside and a.off_points == pytest.approx(45.0)
    assert not b.inside and b.off_points == pytest.approx(75.0)
    assert c.inside and c.off_points == pytest.approx(30.0)


def test_centres_that_differ_by_chance_alone_forecast_each_other(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    file = tmp_path / "alike.toml"
    file.write_text('[[alike]]\nwhat = "gone"\nfigures = [["a", 0], ["b", 0]]\n')
    inside = []
    for _ in range(300):
        counts = rng.binomial((30, 3000), rng.uniform(0.2, 0.8))
        pair = [cohort("a", (int(counts[0]), 30)), cohort("b", (int(counts[1]), 3000))]
        inside.append(told_by_others(pair, file)[0].inside)
    print("inside", np.mean(inside))
    assert 0.93 < np.mean(inside) <= 1.0


def test_chance_alone_is_told_apart_from_what_centres_differ_by() -> None:
    """Two centres alike: a count misses the other's percentage more often than 1 in 20."""
    rng = np.random.default_rng(2)
    same = (
        Told("a", 0, "gone", Count(30, 60), Count(300, 600)),
        Told("b", 0, "gone", Count(300, 600), Count(30, 60)),
    )
    first, second = (inside_by_chance((one,), rng, 1000) for one in same)
    print("few beside many", first, "many beside few", second)
    assert 0.9 < first < 0.99 and 0.3 < second < 0.6


@pytest.mark.parametrize(
    ("figures", "said"),
    [
        ('[["a", 0], ["a", 1]]', "names fewer than two cohorts"),
        ('[["a", 0], ["z", 0]]', "no figure 0 of 'z'"),
        ('[["a", 7], ["b", 0]]', "no figure 7 of 'a'"),
    ],
)
def test_a_group_that_cannot_be_is_refused(figures: str, said: str, tmp_path: Path) -> None:
    file = tmp_path / "alike.toml"
    file.write_text(f'[[alike]]\nwhat = "gone"\nfigures = {figures}\n')
    with pytest.raises(TinelError, match=said):
        told_by_others([cohort("a", (1, 2), (1, 2)), cohort("b", (1, 2))], file)


def test_figures_of_a_group_are_read_as_the_same_rule() -> None:
    known = {c.key: c for c in published_cohorts()}
    rules: dict[str, set[str]] = {}
    days: dict[str, list[float]] = {}
    for one in told_by_others():
        figure = known[one.cohort].figures[one.place]
        if (rule := figure.measure) is not None:
            rules.setdefault(one.what, set()).add(f"{rule.test} {sorted(rule.bounds.items())}")
        if figure.day is not None:
            days.setdefault(one.what, []).append(figure.day)
    for what, read in rules.items():
        print(what, read, days.get(what))
        assert len(read) == 1, what
    for what, seen in days.items():
        assert max(seen) - min(seen) <= 365 or min(seen) >= 365, what


def test_no_centre_stands_twice_in_a_group() -> None:
    """A cohort stands once in a group, and no centre stands there twice."""
    known = {c.key: c for c in published_cohorts()}
    by_group: dict[str, list[str]] = {}
    for one in told_by_others():
        centre = known[one.cohort].centre or one.cohort
        by_group.setdefault(one.what, []).append(centre)
    for what, named in by_group.items():
        print(what, named)
        assert len(set(named)) == len(named), what
