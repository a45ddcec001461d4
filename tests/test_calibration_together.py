"""Numbers moved together, on models whose end is known."""

from __future__ import annotations

import numpy as np
import pytest

from tinel.calibration.__main__ import main
from tinel.calibration.together import LEAST, Place, Prior, Way, downhill, told
from tinel.calibration.waves import Target
from tinel.evidence.free import Free

FREE = (Free("first", 0.0, 10.0, "linear", ""), Free("second", 1.0, 100.0, "log", ""))
PRIOR = Prior(FREE, np.array([5.0, 10.0]))
ENDS = 2 * 1.6448536269514722
SLOPES = np.array([[3.0, 1.0], [0.5, -2.0], [1.0, 1.0]])  # figures per standard score
TARGET = Target(np.array([1.2, 0.8, -0.4]), np.array([1.0, 4.0, 1.0]), np.arange(3))


def linear(x: np.ndarray) -> np.ndarray:
    return (x - 0.5) * ENDS @ SLOPES.T


def test_a_linear_model_ends_where_least_squares_ends() -> None:
    weighed = SLOPES / np.sqrt(TARGET.variance)[:, None]
    curved = weighed.T @ weighed + np.eye(2)
    z = np.linalg.solve(curved, weighed.T @ (TARGET.published / np.sqrt(TARGET.variance)))
    way = downhill(linear, TARGET, PRIOR, 30)
    last = way.places[-1]
    best = Place(z, linear(PRIOR.fractions(z[None]))[0], 0.0, float((z**2).sum()))
    off2 = float((((best.figures - TARGET.published) ** 2) / TARGET.variance).sum())
    print(last.z, z, last.total, off2 + best.prior2)
    assert off2 + best.prior2 <= last.total <= off2 + best.prior2 + LEAST
    assert way.covariance == pytest.approx(np.linalg.inv(curved))


def test_a_curved_model_goes_down_and_stays_within_its_ranges() -> None:
    def curved(x: np.ndarray) -> np.ndarray:
        return np.stack([np.exp(2 * x[:, 0]) + x[:, 1], np.full(len(x), np.nan)], axis=1)

    far = Target(np.array([20.0, 3.0]), np.array([0.04, 1.0]), np.arange(2))
    way = downhill(curved, far, PRIOR, 10)
    totals = [place.total for place in way.places]
    print(totals, way.places[-1].z)
    assert len(totals) > 1 and np.all(np.diff(totals) < 0)
    ends = PRIOR.at(way.places[-1].z[None])[0]
    assert ends[0] == pytest.approx(10.0) and 1.0 <= ends[1] <= 100.0


def test_a_place_that_leaves_nobody_to_count_is_not_better() -> None:
    def empties(x: np.ndarray) -> np.ndarray:
        figure = 10.0 * x[:, :1]
        return np.concatenate([figure, np.where(x[:, :1] > 0.55, np.nan, figure)], axis=1)

    far = Target(np.array([5.9, 4.0]), np.array([1.0, 1.0]), np.arange(2))
    way = downhill(empties, far, PRIOR, 5)
    print([(place.z, place.figures, place.total) for place in way.places])
    assert all(np.isfinite(place.figures).all() for place in way.places)


def test_the_way_is_told_number_by_number() -> None:
    way = Way((Place(np.array([0.2, 0.1]), np.zeros(3), 1.0, 0.05),), np.diag([0.25, 0.04]))
    first, second, sums = told(way, PRIOR)
    assert (
        first == "first: 5 -> 5.608, +0.2 standard deviations of its prior, of which 50% are left"
    )
    assert second.startswith("second: 10 -> 11.5") and sums.endswith("steps: 0")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["together", "--twins", "-3"], "--twins: '-3'"),
        (["together", "--steps", "0"], "--steps: '0'"),
        (["fit", "--points", "8,x"], "--points: 'x'"),
        (["validate", "--rows", "1.5"], "--rows: '1.5'"),
        (["cases", "there", "--workers", "0"], "--workers: '0'"),
    ],
)
def test_a_number_that_cannot_be_used_is_refused(
    given: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(given)
    told = capsys.readouterr().err
    assert said in told and "allowed: a whole number, 1 or more" in told
