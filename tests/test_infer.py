"""Findings to twins: each part against what is known of it without the program."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import norm

from tinel.case import Case, load
from tinel.case.observed import Event, Observed
from tinel.cohort.person import injure
from tinel.declare import Spread
from tinel.evidence import Parameters
from tinel.infer import fit, model_numbers
from tinel.infer.error import FILAMENT_MARKINGS, GRADES, Error, error_of
from tinel.infer.posterior import posterior
from tinel.infer.tempered import tempered
from tinel.infer.term import OTHERWISE, TOLD, terms_of
from tinel.infer.traits import prior_of, traits_of
from tinel.twins import Chosen

NUMBERS = Parameters.of_evidence()
MUSCLE = "extensor digitorum communis"
ERRORS = [
    Error("factor", 0.2, floor=0.1),
    Error("factor", 0.07),
    Error("amount", 10.0),
    Error("grade", 0.45, grades=GRADES["MRC grade"]),
    Error("grade", 0.6, grades=FILAMENT_MARKINGS),
]


def seen(**changed: object) -> Observed:
    """A grade of a muscle on a day."""
    usual = Observed(
        "finding[1]", "grade", "strength", MUSCLE, "", "MRC grade", "0 to 5", 1.0, 1.0, "value", 1.0
    )
    return replace(usual, **changed)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def block() -> Case:
    """A radial nerve that was pressed."""
    return load("examples/block.toml").with_run(twins=100)


class TestError:
    @pytest.mark.parametrize("error", ERRORS)
    @pytest.mark.parametrize("true", [4.31, 0.3, math.nan, math.inf])
    def test_what_may_be_found_has_a_chance_of_one(self, error: Error, true: float) -> None:
        y = np.array([true])
        if error.kind == "grade":
            total = sum(error.density(g, y)[0] for g in error.grades)
        else:
            low, high = (-400.0, 400.0) if error.kind == "amount" else (-25.0, 25.0)
            at = np.linspace(low, high, 40001)
            values = at if error.kind == "amount" else np.exp(at)
            each = np.array([error.density(v, y)[0] for v in values])
            wide = each.min()  # what a mistake adds everywhere, also beyond its range
            total = np.trapezoid(each - wide, at) + error.mistaken / 2 + error.absent(y)[0]
            total -= np.trapezoid(
                np.where((values < error.floor) & (error.floor > 0), each - wide, 0.0), at
            )
        print(f"{error.kind}, true {true}: all chances add up to {total:.4f}")
        assert total == pytest.approx(1.0, abs=0.012)

    def test_a_response_far_below_what_can_be_seen_is_absent(self) -> None:
        amplitude = error_of("motor conduction", "amplitude", "mV", NUMBERS)
        absent = amplitude.absent(np.array([0.0, 0.001, 0.1, 8.0]))
        print(f"chance of being called absent: {absent.round(3)}")
        assert min(absent[:2]) > 0.98 and absent[2] == pytest.approx(0.5) and absent[3] < 0.02
        found = amplitude.drawn(np.full(1000, 0.001), np.random.default_rng(1))
        assert np.isnan(found).mean() > 0.95

    @pytest.mark.parametrize("error", ERRORS)
    def test_draws_follow_the_density(self, error: Error) -> None:
        true = np.full(40_000, 4.31)
        found = error.drawn(true, np.random.default_rng(1))
        below = float(np.mean(found < 4.0))
        said = (1 - error.mistaken) * float(error.below(4.0, true[:1])[0])
        print(f"{error.kind}: drawn below 4: {below:.3f}; without mistakes {said:.3f}")
        assert said - 0.005 <= below <= said + error.mistaken + 0.005

    def test_a_coefficient_of_variation_is_that_of_its_source(self) -> None:
        amplitude = error_of("motor conduction", "amplitude", "mV", NUMBERS)
        found = amplitude.drawn(np.full(20_000, 8.0), np.random.default_rng(2))
        kept = found[np.isfinite(found)]
        low, high = np.quantile(kept, [0.16, 0.84])
        print(f"spread of a motor amplitude: computed {(high - low) / 16:.3f}, published 0.18")
        assert (high - low) / 16 == pytest.approx(0.18, abs=0.01)

    def test_every_measured_quantity_has_an_error(self, block: Case) -> None:
        from tinel.exam.examination import examine
        from tinel.exam.laboratory import set_up
        from tinel.exam.limb import healthy

        nerve = injure(block, range(1)).nerve
        for m in examine(healthy(nerve), set_up(nerve)).measurements:
            error = error_of(m.test, m.quantity, m.unit, NUMBERS)
            assert np.isfinite(error.density(1.0, m.values)).all()

    @pytest.mark.parametrize("key", [k for k in NUMBERS if k.startswith("finding.error.")])
    def test_every_number_changes_what_a_finding_says(self, key: str) -> None:
        def every(numbers: Parameters) -> list[float]:
            said = []
            for test, quantity, unit, levels in (
                ("motor conduction", "amplitude", "mV", (0.08, 4.0)),
                ("motor conduction", "onset latency", "ms", (3.0, 4.0)),
                ("strength", "force", "% of healthy", (0.9, 40.0)),
                ("grip and pinch", "grip", "kg", (0.09, 20.0)),
                ("strength", "MRC grade", "0 to 5", (2.0, 3.0)),
                ("touch", "finest filament felt", "marking", (3.61, 4.31)),
                ("needle EMG", "fibrillations", "0 to 4+", (1.0, 2.0)),
                ("needle EMG", "motor unit potential amplitude", "µV", (300.0, 400.0)),
                ("symptoms", "pain", "0 to 10", (0.9, 4.0)),
                ("CMAP scan", "motor unit count", "1", (40.0, 60.0)),
                ("sensation", "two points told apart", "mm apart", (8.0, 12.0)),
                ("Tinel's sign", "Tinel's sign beyond the injury", "mm", (90.0, 120.0)),
                ("warm and cold", "cold threshold (limits)", "°C of change", (1.0, 3.0)),
            ):
                error, true = error_of(test, quantity, unit, numbers), np.array(levels)
                said += [*error.absent(true), *error.density(levels[1], true)]
            return said

        number = NUMBERS.number(key)
        changed = NUMBERS.replace({key: min(1.3 * number.value, number.allowed[1])})
        assert every(changed) != every(NUMBERS)


class TestTerm:
    def test_three_states_are_three_likelihoods(self) -> None:
        y = np.array([0.0, 3.0, 5.0, math.nan])
        amplitude = {"test": "motor conduction", "quantity": "amplitude", "unit": "mV"}
        absent, value = (
            terms_of([seen(state=state, low=3.0, **amplitude)], [], NUMBERS)[0]
            for state in ("absent", "value")
        )
        assert absent.likelihood(TOLD, [y])[3] > 0.9 > absent.likelihood(TOLD, [y])[1]
        assert int(np.argmax(value.likelihood(3.0, [y]))) == 1
        assert terms_of([], [], NUMBERS) == ()

    def test_told_and_otherwise_add_up_to_one(self) -> None:
        y = np.linspace(0.0, 5.0, 11)
        for state in ("absent", "present", "range"):
            (term,) = terms_of([seen(state=state, low=2.0, high=3.0)], [], NUMBERS)
            both = term.likelihood(TOLD, [y]) + term.likelihood(OTHERWISE, [y])
            np.testing.assert_allclose(both, 1.0)

    def test_an_event_is_not_yet_and_then_reached(self) -> None:
        event = Event(
            "event[1]", "flicker", "strength", MUSCLE, "", "MRC grade", "0 to 5", 1.0, 90.0, 112.0
        )
        before, after = terms_of([], [event], NUMBERS)
        grades = np.array([0.0, 1.0, 2.0])
        assert before.likelihood(TOLD, [grades])[0] > 0.7 > before.likelihood(TOLD, [grades])[1]
        assert after.likelihood(TOLD, [grades])[1] > 0.7 > after.likelihood(TOLD, [grades])[0]

    @pytest.mark.parametrize("today", [0.0, 50.0, 111.9])
    def test_nothing_later_is_read(self, today: float) -> None:
        poisoned = Event(
            "event[1]", "later", "strength", MUSCLE, "", "MRC grade", "0 to 5", 1.0, 90.0, 112.0
        )
        findings = [seen(), seen(first_day=112.0, last_day=112.0), seen(last_day=113.0)]
        known = terms_of(findings, [poisoned], NUMBERS, today)
        assert all(max(term.days) <= today for term in known)
        assert len(known) == (today >= 1.0)

    def test_the_other_side_is_that_of_the_same_twin(self) -> None:
        half = seen(
            test="motor conduction", quantity="amplitude", unit="mV", low=50.0, of_other_side=True
        )
        (term,) = terms_of([half], [], NUMBERS)
        likely = term.likelihood(50.0, [np.array([2.0, 2.0]), np.array([4.0, 20.0])])
        assert likely[0] > 10 * likely[1]


class TestChosen:
    def test_scores_and_values_are_inverse(self) -> None:
        for spread in (Spread(2.0, 9.0, "mm", least=1.0, most=12.0), Spread(0.0, 5.0, "mm")):
            scores = np.linspace(-2.5, 2.5, 9)
            np.testing.assert_allclose(spread.scores(spread.at(scores)), scores, atol=1e-6)

    def test_scores_of_draws_are_standard_normal(self) -> None:
        spread = Spread(20.0, 90.0, "mm", least=10.0, most=100.0)
        scores = spread.scores(spread.draw(1, 7, range(2000)))
        print(f"mean {scores.mean():.3f}, sd {scores.std():.3f} (0 and 1)")
        assert abs(scores.mean()) < 0.08 and abs(scores.std() - 1) < 0.06

    def test_chosen_twins_with_the_scores_of_drawn_ones_are_the_same(self, block: Case) -> None:
        prior = prior_of(block, 4)
        streams = injure(prior, range(4)).nerve.twins.traits_drawn()
        traits = traits_of(prior, streams)
        drawn = injure(prior, range(4))
        chosen = replace(prior, chosen=traits.chosen(range(4), traits.drawn(prior, 4)))
        again = injure(chosen, range(4))
        np.testing.assert_allclose(again.lesion.lamellae_left, drawn.lesion.lamellae_left)
        np.testing.assert_array_equal(
            again.nerve.fibres.diameter_um, drawn.nerve.fibres.diameter_um
        )
        for name, values in drawn.drawn.items():
            np.testing.assert_allclose(again.drawn[name], values, rtol=1e-6)

    def test_the_fibres_of_a_chosen_twin_are_those_of_its_own_number(self, block: Case) -> None:
        third = injure(block, range(3, 4)).nerve.fibres.diameter_um
        as_third = replace(block, chosen=Chosen(np.array([3, 0], np.intp)))
        np.testing.assert_array_equal(injure(as_third, range(1)).nerve.fibres.diameter_um, third)

    def test_model_numbers_stay_in_their_ranges(self) -> None:
        for number in model_numbers.uncertain(NUMBERS):
            values = model_numbers.values(number, np.random.default_rng(1).standard_normal(4000))
            inside = np.mean((values >= number.low) & (values <= number.high))  # type: ignore[operator]
            print(f"{number.key}: {100 * inside:.1f} % inside {number.spread}; asked 90")
            assert inside >= 0.88  # more where nothing outside is allowed


class TestTempered:
    def test_it_finds_a_known_posterior(self) -> None:
        sd, at = 0.25, 2.5

        def near(own: object, scores: np.ndarray) -> np.ndarray:
            return np.asarray(norm.logpdf(scores[:, 0], at, sd))

        means, evidences, sds = [], [], []
        for seed in range(8):
            rng = np.random.default_rng(seed)
            prior = rng.standard_normal((1000, 12))
            found = tempered(prior, near(None, prior), 300, near, rng)
            means.append(found.scores[:, 0].mean())
            sds.append(found.scores[:, 0].std())
            evidences.append(found.log_evidence)
        exact = at / (1 + sd**2), sd / math.sqrt(1 + sd**2), norm.logpdf(at, 0, math.hypot(1, sd))
        got = np.mean(means), np.mean(sds), np.mean(evidences)
        print(f"mean, sd, log evidence: computed {np.round(got, 3)}, exact {np.round(exact, 3)}")
        assert got[0] == pytest.approx(exact[0], abs=0.04)
        assert got[1] == pytest.approx(exact[1], rel=0.12)
        assert got[2] == pytest.approx(exact[2], abs=0.25)

    def test_what_nothing_was_said_of_stays_as_it_was(self) -> None:
        rng = np.random.default_rng(3)
        prior = rng.standard_normal((1000, 30))
        found = tempered(prior, -0.5 * (prior[:, 0] * 3) ** 2, 300,
                         lambda own, s: np.asarray(-0.5 * (s[:, 0] * 3) ** 2), rng)  # fmt: skip
        others = found.scores[:, 1:]
        print(f"other traits: mean {others.mean():.3f}, sd {others.std():.3f} (0 and 1)")
        assert abs(others.mean()) < 0.06 and abs(others.std() - 1) < 0.06


class TestFit:
    def test_false_alarms_are_as_rare_as_stated(self) -> None:
        rng = np.random.default_rng(5)
        y = np.clip(rng.normal(3.0, 1.5, 300), 0, 5)
        alarms = []
        for _ in range(120):
            truth = np.array([rng.choice(y)])
            found = [seen(low=float(Error("grade", 0.45, grades=GRADES["MRC grade"], mistaken=0.02)
                                    .drawn(truth, rng)[0])) for _ in range(3)]  # fmt: skip
            terms = terms_of(found, [], NUMBERS)
            alarms.append(fit.surprise_of_all(terms, [[y]] * 3, rng) <= 0.05)
        print(f"false alarms: {100 * np.mean(alarms):.0f} %, stated 5 %")
        assert np.mean(alarms) < 0.12

    def test_the_finding_that_contradicts_is_named(self) -> None:
        y = np.repeat([0.0, 5.0], 100)
        terms = terms_of([seen(low=0.0), seen(low=0.0), seen(low=5.0)], [], NUMBERS)
        each = fit.surprises(terms, [[y]] * 3, np.random.default_rng(1))
        print([round(one.probability, 3) for one in each])
        assert each[2].probability < 0.05 < min(each[0].probability, each[1].probability)


class TestPosterior:
    def test_a_dropped_hand_makes_twins_whose_hand_drops(self, block: Case) -> None:
        told = replace(block, observed=(seen(low=0.0), seen(low=0.0, where="finding[2]")))
        found = posterior(told, n=100, prior_twins=200)
        assert found.fit.fits and found.fit.effective_sample_size > 50
        patient = found.of_patient(told)
        grades = _grades(patient, 1.0)
        before = _grades(block, 1.0).mean()
        print(f"MRC grade on day 1: told 0, twins {grades.mean():.2f} (before {before:.2f})")
        assert grades.mean() < 0.6

    def test_same_findings_same_twins_from_the_kept_ones(self, block: Case) -> None:
        told = replace(block, observed=(seen(low=0.0), seen(low=0.0, where="finding[2]")))
        first, again = (posterior(told, n=100, prior_twins=200) for _ in range(2))
        assert first.particles is not None and again.particles is not None
        np.testing.assert_array_equal(first.particles.own, again.particles.own)

    def test_what_cannot_be_is_refused(self, block: Case) -> None:
        weak_and_strong = (seen(low=0.0), seen(low=5.0, first_day=2.0, last_day=2.0))
        told = replace(block, observed=(*weak_and_strong, *weak_and_strong))
        found = posterior(told, n=100, prior_twins=200)
        print(found.fit.reasons)
        assert not found.fit.fits and found.fit.reasons
        assert found.of_patient(told) is told

    def test_a_finding_that_nothing_can_judge_is_left_out_and_said(self, block: Case) -> None:
        jitter = seen(test="needle EMG", quantity="jitter", unit="µs", state="reduced")
        found = posterior(replace(block, observed=(jitter,), events=()))
        print(found.left_out)
        assert found.terms == () and "no limit says what is normal" in found.left_out[0]
        assert found.of_patient(block) is block

    def test_without_findings_nothing_is_said(self, block: Case) -> None:
        assert posterior(replace(block, observed=(), events=())).terms == ()


def _grades(case: Case, day: float) -> np.ndarray:
    from tinel.exam.laboratory import set_up
    from tinel.infer.simulate import Session, simulate
    from tinel.infer.term import Column

    laboratory = set_up(injure(case, range(1)).nerve)
    shown = simulate(case, range(40), laboratory, [Session(day, "strength")])
    column = Column(day, "strength", MUSCLE, "", "MRC grade")
    return shown[Session(day, "strength")].column(column)
