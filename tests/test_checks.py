"""The checks of the forecasts: each measure against what is known, and a small run as a whole."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from tinel.case.observed import Event, Observed
from tinel.checks import figure, page, ranks, scores, stories
from tinel.checks.__main__ import main
from tinel.checks.alarms import FITTING
from tinel.checks.all import Checked, Size, check_all
from tinel.checks.published import patients
from tinel.checks.verdicts import verdicts
from tinel.infer.posterior import posterior
from tinel.infer.tempered import Particles

TINY = Size(40, 200, 2, 100, 1, 100, stories=1, sampler_prior=100)


@pytest.fixture(scope="module")
def checked() -> Checked:
    """A small run over one story, without published patients."""
    return check_all(TINY, None)


class TestRanks:
    def test_places_of_a_calibrated_forecast_are_uniform(self) -> None:
        rng = np.random.default_rng(1)
        places, wide = [], []
        for _ in range(2000):
            mean = rng.standard_normal()  # patient and twins share it
            twins = mean + rng.standard_normal(200)
            weights = np.full(200, 1 / 200)
            truth = mean + rng.standard_normal()
            places.append(ranks.place(weights, twins, truth, rng))
            wide.append(ranks.place(weights, mean + 2 * (twins - mean), truth, rng))
        for level in ranks.LEVELS:
            n, total = ranks.inside(np.array(places), level)
            print(f"{level:g} %: computed {100 * n / total:.1f}")
            assert abs(100 * n / total - level) < 2.5
        assert ranks.histogram(np.array(places))[2] > 0.001
        print(f"p of forecasts twice too wide: {ranks.histogram(np.array(wide))[2]:.1e}")
        assert ranks.histogram(np.array(wide))[2] < 1e-6

    def test_weights_count_as_copies_do(self) -> None:
        rng = np.random.default_rng(1)
        values = np.array([1.0, 2.0, 3.0])
        assert ranks.place(np.array([0.5, 0.25, 0.25]), values, 2.5, rng) == 0.75

    def test_ties_are_broken_at_random(self) -> None:
        rng = np.random.default_rng(1)
        weights = np.full(10, 0.1)
        places = [ranks.place(weights, np.full(10, 5.0), 5.0, rng) for _ in range(500)]
        assert min(places) < 0.05 and max(places) > 0.95 and abs(np.mean(places) - 0.5) < 0.05

    def test_exact_intervals_are_the_published_ones(self) -> None:
        # Clopper & Pearson 1934: 0 of 10 gives 0 to 30.8 %
        low, high = ranks.exact_percent(0, 10)
        print(f"0 of 10: computed {low:.1f} to {high:.1f} %, published 0 to 30.8 %")
        assert low == 0.0 and high == pytest.approx(30.8, abs=0.05)


class TestScores:
    def test_the_base_rate_has_no_skill_and_the_truth_has_all(self) -> None:
        truth = np.array([1.0, 0.0, 0.0, 1.0])
        assert scores.brier(truth, truth) == 0.0
        assert scores.brier(np.full(4, 0.5), truth) == 0.25
        assert scores.log_score(np.full(4, 0.5), truth) == pytest.approx(math.log(2))
        assert scores.log_score(np.zeros(4), truth) < math.inf


class TestAsked:
    def test_stories_and_published_patients_are_read(self) -> None:
        told = stories.stories()
        assert len({one.nerve for one in told}) == 4
        for one in told:
            assert one.read().cause.values or one.read().cause.kind
        assert len(patients()) == 22 and all(one.source for one in patients())

    def test_every_day_has_bedside_findings(self) -> None:
        for story in stories.stories():
            days = {p.observed.last_day for p in stories.planned(story) if p.kind == "bedside"}
            assert days == set(stories.DAYS)


class TestRun:
    def test_every_verdict_has_a_figure(self, checked: Checked) -> None:
        for one in verdicts(checked):
            print(f"{one.what}: computed {one.measured}, asked {one.asked}")
            assert one.measured and one.asked

    def test_places_and_chances_are_shares(self, checked: Checked) -> None:
        assert len(checked.forecasts) == len(stories.KNOWN)
        for one in checked.forecasts:
            for values in (*one.places.values(), *one.chances.values()):
                assert ((values >= 0) & (values <= 1 + 1e-9)).all()
            assert (one.effective >= 1 - 1e-9).all() and (one.effective <= TINY.twins).all()

    def test_more_findings_leave_no_more_twins(self, checked: Checked) -> None:
        """Beyond chance over the patients: of few twins one set may weigh a little more evenly."""
        by_known = dict(zip(stories.KNOWN, checked.forecasts, strict=True))
        for day in stories.DAYS[1:]:
            known = [one.effective for k, one in by_known.items() if k.day == day]
            print(f"day {day:g}:", *(f"{np.median(one):.0f}" for one in known), "effective twins")
            for fewer, more in pairwise(known):
                gain = np.log(more / fewer)
                assert gain.mean() <= 2 * gain.std() / np.sqrt(len(gain))
            assert np.median(known[-1]) < np.median(known[0])

    def test_every_misfit_was_planted(self, checked: Checked) -> None:
        assert len(checked.alarms) == 7 and checked.alarms[0].misfit == FITTING
        assert all(one.named <= one.alarms <= one.patients == 2 for one in checked.alarms)

    def test_the_page_is_whole(self, checked: Checked, tmp_path: Path) -> None:
        page.write(checked, tmp_path / "page.md")
        text = (tmp_path / "page.md").read_text(encoding="utf-8")
        assert "40 simulated patients" in text and "No case files were there" in text
        assert "no independent review yet" in text and "{" not in text
        assert (tmp_path / "calibration.svg").stat().st_size > 1000
        chances, truth = figure.pooled(checked.forecasts, 0.0)
        assert len(chances) == len(truth) > 0


class TestCommand:
    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            (["--patients", "3"], "3 patients is out of range (allowed: 40 or more)"),
            (["--workers", "0"], "0 processes is out of range (allowed: 1 or more)"),
            (["--page", "nowhere/page.md"], "no folder nowhere"),
        ],
    )
    def test_what_cannot_be_is_refused(
        self, arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(arguments) == 1
        assert said in capsys.readouterr().err


class TestLeakage:
    def test_poisoned_later_findings_change_nothing(self, checked: Checked) -> None:
        story = stories.stories()[0]  # whose twins the small run has kept
        muscle = story.muscles[0]
        first = Observed("finding[1]", "weak", "strength", muscle, "", "MRC grade", "0 to 5",
                         1.0, 1.0, "value", 2.0, 2.0)  # fmt: skip
        later = replace(first, where="finding[2]", first_day=30.0, last_day=30.0, low=5.0, high=5.0)
        event = Event("event[1]", "later", "strength", muscle, "", "MRC grade", "0 to 5", 5.0,
                      0.0, 22.0)  # fmt: skip
        case = replace(story.read(), observed=(first,), events=())
        poisoned = replace(case, observed=(first, later), events=(event,))
        clean, told = (_twins(one, 21.0) for one in (case, poisoned))
        np.testing.assert_array_equal(clean.own, told.own)
        np.testing.assert_array_equal(clean.scores, told.scores)
        assert clean.log_evidence == told.log_evidence


def _twins(case: object, today: float) -> Particles:
    found = posterior(case, today, n=100, prior_twins=100)  # type: ignore[arg-type]
    assert found.particles is not None
    return found.particles
