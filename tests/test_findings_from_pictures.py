"""Findings of ultrasound and MR: read, computed without a picture, and what they say of a nerve."""

from __future__ import annotations

import math
from functools import cache

import numpy as np
import pytest

from tests.people import PUBLISHED, some
from tinel import course, lesion, nerve, treatment
from tinel.case import Case, parse
from tinel.case.finding_text import as_toml
from tinel.case.observed import Observed
from tinel.case.show import as_text
from tinel.errors import TinelError
from tinel.evidence import Parameters
from tinel.exam.findings import Finding
from tinel.exam.limb import Limb, healthy, limb_on
from tinel.exam.mr_without_pictures import history_days, mr_values, stir_ratios
from tinel.exam.picture_measures import CONTINUOUS, INTERRUPTED, WITH_NEUROMA
from tinel.exam.scanned_places import named_places, position_of
from tinel.exam.scanning import INJURED, scanned
from tinel.exam.tests.mri import SIGNAL, STIR, T2
from tinel.exam.ultrasound_names import AREA, GAP, TERMINAL, WHOLE
from tinel.exam.without_pictures import ultrasound_values
from tinel.imaging.anatomy.muscles import muscles_on
from tinel.imaging.anatomy.shape import shape_at
from tinel.imaging.mri.muscles import stir_ratio
from tinel.infer import fit
from tinel.infer.error import error_of
from tinel.infer.picture_error import of_picture
from tinel.infer.term import Term

US, MR = "ultrasound", "MR neurography"
INF = math.inf
ELBOW = "ulnar nerve at the medial epicondyle"
CASE = """
[patient]
age = 40
sex = "female"
height_cm = 170
limb_temperature_c = 32
[nerve]
name = "ulnar"
side = "right"
[cause]
procedure = "glass"
site = "wrist"
{cause}
[[exam]]
days = [1]
tests = ["strength"]
[[arm]]
name = "wait"
[run]
horizon_days = 1200
twins = 100
"""
FINDING = '\n[[finding]]\ntest = "{test}"\nday = 20\nvalue = {value}\n{more}\n'


CUT = 'kind = "laceration"\nsevered_percent = 100'
PULLED = (
    'kind = "traction"\nlength_mm = 30\n'
    "strain_percent = { low = 15, high = 60, why = 'nobody measured the pull' }"
)


def case_with(test: str, value: str, *more: str, cause: str = CUT) -> Case:
    """An injured ulnar nerve with one finding."""
    text = FINDING.format(test=test, value=value, more="\n".join(more))
    return parse(CASE.format(cause=cause) + text)


def only(case: Case) -> Observed:
    (one,) = case.observed
    return one


class TestReading:
    @pytest.mark.parametrize(
        ("test", "value", "more", "site", "quantity", "low", "high"),
        [
            ("HRUS", "'interrupted'", [], INJURED, WHOLE, 0.0, 0.0),
            ("HRUS", "'continuous'", ["quantity = 'continuity'"], INJURED, WHOLE, 1.0, 1.0),
            ("HRUS", "'in continuity'", ["place = 'wrist'"], INJURED, WHOLE, 0.5, 1.0),
            ("HRUS", "'neuroma in continuity'", [], INJURED, WHOLE, 0.5, 0.5),
            ("HRUS", "'0.14 cm2'", ["place = 'Guyon'"], "Guyon's canal", AREA, 14, 14),
            ("HRUS", "14", ["quantity = 'CSA'"], INJURED, AREA, 14, 14),
            ("HRUS", "'enlarged'", ["place = 'elbow'"], ELBOW, AREA, 10, INF),
            ("HRUS", "'normal'", ["place = 'elbow'"], ELBOW, AREA, -INF, 10),
            ("HRUS", "2.1", ["quantity = 'swelling ratio'"], "", "swelling ratio", 2.1, 2.1),
            ("HRUS", "'8 mm'", ["quantity = 'gap length'"], INJURED, GAP, 8, 8),
            ("MRN", "'interrupted'", [], INJURED, WHOLE, 0.0, 0.0),
            ("MRN", "2.4", ["quantity = 'T2 ratio'"], INJURED, SIGNAL, 2.4, 2.4),
            ("MRN", "'bright'", ["place = 'ADM'"], "abductor digiti minimi", STIR, 1.2, INF),
            ("MRI", "'no'", ["place = 'ADM'", "quantity = 'STIR'"], "abductor digiti minimi",
             STIR, -INF, 1.2),
        ],
    )  # fmt: skip
    def test_the_words_of_clinics(
        self, test: str, value: str, more: list[str], site: str, quantity: str, low: float,
        high: float,
    ) -> None:  # fmt: skip
        case = case_with(test, value, *more)
        one = only(case)
        print(as_text(case).splitlines()[1])
        assert (one.site, one.quantity, one.low, one.high) == (site, quantity, low, high)

    @pytest.mark.parametrize("test", ["HRUS", "MRN"])
    def test_a_side_ratio_is_percent_of_the_other_side(self, test: str) -> None:
        ratio = only(case_with(test, "1.6", "quantity = 'side ratio'"))
        percent = only(case_with(test, "'160 % of the other side'", "quantity = 'CSA'"))
        assert ratio.of_other_side and percent.of_other_side
        assert (ratio.low, ratio.quantity) == (percent.low, percent.quantity)

    def test_a_terminal_neuroma_is_there_or_not(self) -> None:
        states = [
            only(case_with("HRUS", value, "quantity = 'terminal neuroma'")).state
            for value in ("'yes'", "'absent'", "9.5")
        ]
        assert states == ["present", "absent", "value"]

    def test_what_nobody_said_is_left_out_with_a_note(self) -> None:
        case = case_with("HRUS", "'not said'", "quantity = 'continuity'")
        assert case.observed == () and "left out" in " ".join(case.notes)

    @pytest.mark.parametrize(
        ("value", "more", "says"),
        [
            ("'interrupted'", ["place = 'elbow'"], "220 mm away from the injury"),
            ("14", ["place = 'knee'"], "no place along the ulnar nerve is called 'knee'"),
            ("14", ["place = 'ADM'"], "is a muscle, and this is measured along the nerve"),
            ("'enlarged'", ["place = 'palm'"], "no published limit says what is normal"),
            ("14", ["unit = 'kg'"], "cannot be converted"),
            ("'broken'", [], "is not known here"),
            ("2.1", ["quantity = 'swelling ratio'", "place = 'elbow'"], "leave the place out"),
            ("1.4", ["quantity = 'echogenicity'"], "no quantity of the test is called"),
        ],
    )
    def test_what_cannot_be_set_against_a_twin_is_refused(
        self, value: str, more: list[str], says: str
    ) -> None:
        with pytest.raises(TinelError, match=r"case.toml: finding\[1\]") as problem:
            case_with("HRUS", value, *more)
        print(problem.value)
        assert says in str(problem.value)

    def test_a_muscle_is_needed_for_stir_and_the_other_side_for_t2(self) -> None:
        with pytest.raises(TinelError, match="none is named"):
            case_with("MRN", "'bright'", "quantity = 'STIR'")
        with pytest.raises(TinelError, match="140 % of the other side"):
            case_with("MRN", "62", "quantity = 'T2'")
        assert only(case_with("MRN", "'140 % of the other side'", "quantity = 'T2'")).low == 140

    @pytest.mark.parametrize(
        ("test", "value", "more"),
        [
            ("HRUS", "'interrupted'", []),
            ("HRUS", "'in continuity'", []),
            ("HRUS", "'enlarged'", ["place = 'elbow'"]),
            ("HRUS", "1.6", ["quantity = 'side ratio'"]),
            ("HRUS", "2.1", ["quantity = 'swelling ratio'"]),
            ("HRUS", "'absent'", ["quantity = 'terminal neuroma'"]),
            ("MRN", "'bright'", ["place = 'ADM'"]),
        ],
    )
    def test_a_finding_that_is_written_is_read_again(
        self, test: str, value: str, more: list[str]
    ) -> None:
        one = only(case_with(test, value, *more))
        again = only(parse(CASE.format(cause=CUT) + as_toml(one)))
        assert (again.site, again.quantity, again.state) == (one.site, one.quantity, one.state)
        assert (again.low, again.high) == pytest.approx((one.low, one.high), nan_ok=True)

    @pytest.mark.parametrize(
        ("test", "subject", "site", "quantity", "unit", "value"),
        [
            (US, "nerve on ultrasound", INJURED, WHOLE, "0 or 1", 1.0),
            (US, "nerve on ultrasound", ELBOW, AREA, "mm²", 9.3),
            (MR, "nerve and muscles on MR", "abductor digiti minimi", STIR, "ratio", 1.31),
        ],
    )
    def test_what_a_simulated_picture_shows_can_be_a_finding(
        self, test: str, subject: str, site: str, quantity: str, unit: str, value: float
    ) -> None:
        made = Finding(
            test, "ulnar", "affected", subject, site, quantity, unit, value, "", None, "", None
        )
        one = only(parse(CASE.format(cause=CUT) + as_toml(made, day=20)))
        assert (one.subject, one.site, one.quantity) == (subject, site, quantity)
        assert (one.low, one.high, one.unit) == (value, value, unit)


@cache
def cut(fraction: float, day: float, n: int = 6) -> Limb:
    """Ulnar nerves some days after a cut in the forearm that nobody has sewn."""
    arm = nerve.build("ulnar", side="left", twins=some(range(n)))
    hurt = lesion.laceration.make(arm, "ulnar trunk", site_mm=400.0, fraction=fraction)
    followed = course.follow(arm, hurt, treatment.plan("wait", []))
    block = np.zeros(arm.fibres.diameter_um.shape)
    return limb_on(arm, hurt, course.state_at(followed, day), block, (), followed)


def seen(limb: Limb, test: str, site: str) -> dict[str, np.ndarray]:
    values = ultrasound_values(limb, site) if test == US else mr_values(limb, site)
    return {value.quantity: value.values for value in values}


class TestTwins:
    @pytest.mark.parametrize("test", [US, MR])
    def test_only_a_nerve_cut_through_is_interrupted(self, test: str) -> None:
        whole, part = (seen(cut(f, 20.0), test, INJURED) for f in (1.0, 0.5))
        assert (whole[WHOLE] == INTERRUPTED).all() and (whole[GAP] > 1.0).all()
        assert (part[WHOLE] == CONTINUOUS).all() and np.isnan(part[GAP]).all()

    @pytest.mark.truth
    def test_a_terminal_neuroma_grows_in_months(self) -> None:
        early, late = (seen(cut(1.0, day, 40), US, INJURED)[TERMINAL] for day in (20.0, 365.0))
        half = cut(0.5, 365.0)
        print(
            f"diameter of a terminal neuroma after a year: {np.nanmedian(late):.1f} mm; published "
            "9.53 (quartiles 6.80 to 14.31), of larger nerves too"
        )
        assert np.isnan(early).all() and np.isfinite(late).mean() > 0.8
        assert 6.8 < np.nanmedian(late) < 14.3
        verdicts = seen(half, US, INJURED)[WHOLE]
        assert set(verdicts) <= {WITH_NEUROMA, CONTINUOUS}

    def test_the_area_is_that_of_the_drawn_nerve(self) -> None:
        limb = cut(0.5, 20.0)
        place = "ulnar nerve in the forearm"
        found = seen(limb, US, place)[AREA]
        branch, position_mm = position_of(limb, place, 0)
        drawn = [shape_at(scanned(limb, k), position_mm, branch).area_mm2 for k in range(6)]
        assert found.tolist() == pytest.approx(drawn)

    def test_beside_a_gap_the_end_of_the_nerve_is_measured(self) -> None:
        early, late = (seen(cut(1.0, day), US, INJURED)[AREA] for day in (20.0, 365.0))
        print(f"proximal end: {np.median(early):.1f} mm², a year later {np.median(late):.1f}")
        assert (early > 3.0).all() and np.median(late) > 2 * np.median(early)

    def test_every_place_of_every_nerve_can_be_measured(self) -> None:
        for name in ("median", "radial", "sciatic", "brachial plexus"):
            limb = healthy(nerve.build(name, side="left", twins=some()))
            for place in named_places(limb.nerve):
                assert seen(limb, US, place.name)[AREA][0] > 0, (name, place.name)

    @pytest.mark.truth
    def test_a_healthy_nerve_is_as_bright_as_published(self) -> None:
        limb = healthy(nerve.build("ulnar", side="left", twins=some(range(12))))
        found = seen(limb, MR, "ulnar nerve at the medial epicondyle")
        print(
            f"nerve over muscle {found[SIGNAL].mean():.2f} (put in: 1.4); "
            f"T2 {found[T2].mean():.1f} ± {found[T2].std():.1f} ms (published 44.6 ± 3.0)"
        )
        assert found[SIGNAL].mean() == pytest.approx(1.4, abs=0.05)
        assert found[T2].mean() == pytest.approx(44.6, abs=3.0)

    def test_few_days_of_a_muscles_history_are_enough(self) -> None:
        for day in (10.0, 60.0, 300.0):
            limb = cut(1.0, day, 2)
            assert limb.course is not None
            few = stir_ratios(limb, "abductor digiti minimi")[0]
            state = next(
                m for m in muscles_on(limb.course, day) if m.name == "abductor digiti minimi"
            )
            every = stir_ratio(state.water, state.fat, PUBLISHED)
            print(f"day {day:g}: {few:.3f} from {len(history_days(day))} days, {every:.3f}")
            assert few == pytest.approx(every, abs=0.03)

    @pytest.mark.truth
    def test_bright_muscle_is_as_often_seen_as_published(self) -> None:
        ill = stir_ratios(cut(1.0, 30.0, 40), "abductor digiti minimi")
        error = of_picture(MR, STIR, PUBLISHED)
        limit = PUBLISHED.scalar("mri.limit.muscle_ratio")
        assert error is not None
        found = 1 - error.below(limit, ill).mean()
        spared = error.below(limit, np.ones(1))[0]
        print(
            f"muscle without axons for a month called bright: {100 * found:.0f} % (published 84), "
            f"healthy muscle not: {100 * spared:.0f} % (published 100)"
        )
        assert 0.7 < found < 0.97 and spared > 0.97


class TestErrors:
    @pytest.mark.parametrize("test", [US, MR])
    def test_verdicts_have_the_published_chances(self, test: str) -> None:
        error = error_of(test, WHOLE, "0 or 1", PUBLISHED)
        true = np.array(error.grades)
        total = sum(error.density(grade, true) for grade in error.grades)
        assert total == pytest.approx(1.0)
        many = np.full(20_000, INTERRUPTED)
        drawn = (error.drawn(many, np.random.default_rng(1)) == INTERRUPTED).mean()
        said = error.density(INTERRUPTED, many[:1])[0]
        asked = PUBLISHED.scalar("finding.picture.cut_seen" + ("_mr" if test == MR else ""))
        print(f"{test}: a cut nerve called interrupted {drawn:.3f}; without mistakes {asked}")
        assert drawn == pytest.approx(said, abs=0.01) and said == pytest.approx(asked, abs=0.02)

    @pytest.mark.parametrize("quantity", [GAP, TERMINAL])
    def test_what_is_there_is_missed_and_what_is_not_imagined(self, quantity: str) -> None:
        error = error_of(US, quantity, "mm", PUBLISHED)
        rng = np.random.default_rng(2)
        for true in (12.0, math.nan):
            drawn = np.isnan(error.drawn(np.full(20_000, true), rng)).mean()
            said = error.absent(np.array([true]))[0]
            print(f"{quantity}, true {true}: absent {drawn:.3f}, likelihood {said:.3f}")
            assert drawn == pytest.approx(said, abs=0.012)

    @pytest.mark.parametrize("key", [k for k in PUBLISHED if k.startswith("finding.picture.")])
    def test_every_number_changes_what_a_finding_says(self, key: str) -> None:
        def every(numbers: Parameters) -> list[float]:
            said = []
            for test, quantity, levels in (
                (US, AREA, (8.0, 14.0)),
                (US, GAP, (0.9, 8.0)),
                (US, TERMINAL, (5.0, math.nan)),
                (MR, SIGNAL, (1.4, 2.0)),
                (MR, T2, (45.0, 60.0)),
                (MR, STIR, (1.0, 1.3)),
            ):
                error, true = error_of(test, quantity, "", numbers), np.array(levels)
                said += [*error.density(levels[0], true), *error.absent(true)]
            for test in (US, MR):
                error = error_of(test, WHOLE, "0 or 1", numbers)
                said += [float(x) for row in error.chances for x in row]
            rng = np.random.default_rng(3)
            said += error_of(US, TERMINAL, "mm", numbers).drawn(np.full(40, np.nan), rng).tolist()
            return said

        value = PUBLISHED.scalar(key)
        other = PUBLISHED.replace({key: value * 0.9})
        if key.endswith(("least_neuroma", "between_read")):
            test, quantity = (US, WHOLE) if key.endswith("neuroma") else (MR, SIGNAL)
            found = []
            for numbers in ({}, {key: 3.0 if test == US else 0.5}):
                arm = nerve.build("ulnar", side="left", twins=some(changed=numbers))
                hurt = lesion.laceration.make(arm, "ulnar trunk", site_mm=400.0, fraction=0.8)
                followed = course.follow(arm, hurt, treatment.plan("wait", []))
                state = course.state_at(followed, 400.0)
                limb = limb_on(arm, hurt, state, np.zeros(arm.fibres.diameter_um.shape))
                found.append(seen(limb, test, INJURED)[quantity].tolist())
            assert found[0] != found[1]
        else:
            np.testing.assert_raises(
                AssertionError, np.testing.assert_array_equal, every(PUBLISHED), every(other)
            )


def term(quantity: str, value: float, test: str = US) -> Term:
    o = Observed(
        "finding[1]", "", test, "", INJURED, quantity, "", 20.0, 20.0, "value", value, value
    )
    return Term(o, error_of(test, quantity, "", PUBLISHED))


class TestPosterior:
    def test_the_chance_of_a_cut_is_that_of_bayes(self) -> None:
        shown = np.array([INTERRUPTED] * 30 + [CONTINUOUS] * 70)
        for test, sure in ((US, (0.89, 0.95)), (MR, (0.926, 0.666))):
            weight = term(WHOLE, INTERRUPTED, test).likelihood(INTERRUPTED, [shown])
            share = weight[:30].sum() / weight.sum()
            m = PUBLISHED.scalar("finding.error.mistaken")
            yes, no = ((1 - m) * chance + m / 3 for chance in (sure[0], 1 - sure[1]))
            exact = 0.3 * yes / (0.3 * yes + 0.7 * no)
            print(f"{test} says interrupted: cut in 30 % before, {100 * share:.1f} % after")
            assert share == pytest.approx(exact, abs=1e-9)

    def test_false_alarms_are_as_rare_as_stated(self) -> None:
        rng = np.random.default_rng(5)
        n = 100
        is_cut = rng.random(n) < 0.3
        shown = {
            WHOLE: np.where(is_cut, INTERRUPTED, CONTINUOUS),
            GAP: np.where(is_cut, 9 * np.exp(0.4 * rng.standard_normal(n)), np.nan),
            AREA: 8 * np.exp(0.25 * rng.standard_normal(n)),
        }
        alarms = []
        for _ in range(60):
            k = rng.integers(n)
            terms = []
            for quantity, true in shown.items():
                found = float(term(quantity, 1.0).drawn([true[[k]]], rng)[0])
                terms.append(term(quantity, found))
            one = [[true] for true in shown.values()]
            for j, each in enumerate(terms):
                if math.isnan(each.seen.low):
                    absent = Observed(**{**vars(each.seen), "state": "absent"})
                    terms[j] = Term(absent, each.error)
            alarms.append(fit.surprise_of_all(terms, one, rng) <= 0.05)
        print(f"false alarms: {100 * np.mean(alarms):.0f} %, stated 5 %")
        assert np.mean(alarms) < 0.12

    @pytest.mark.truth
    def test_an_interrupted_nerve_is_torn_through_and_does_not_come_back(self) -> None:
        from tinel.cohort.person import injure
        from tinel.exam.laboratory import set_up
        from tinel.infer.posterior import posterior
        from tinel.infer.simulate import Session, simulate_all
        from tinel.infer.term import Column
        from tinel.infer.traits import prior_of

        muscle, late = "abductor digiti minimi", 1000.0
        laboratory = None
        found: dict[str, tuple[float, float]] = {}
        for said in ("", "interrupted", "continuous"):
            case = case_with("HRUS", f"'{said or 'interrupted'}'", cause=PULLED)
            patient = prior_of(case, 100)
            if said:
                known = posterior(case, n=100, prior_twins=200)
                assert known.fit.fits, known.fit.reasons
                patient = known.of_patient(case)
            laboratory = laboratory or set_up(injure(case, range(1)).nerve)
            sessions = [Session(20.0, US, INJURED, WHOLE), Session(late, "strength")]
            shown = simulate_all(patient, 100, laboratory, sessions)
            verdict, grade = (
                shown[session].column(Column(session.day, session.test, subject, site, quantity))
                for session, subject, site, quantity in (
                    (sessions[0], "nerve on ultrasound", INJURED, WHOLE),
                    (sessions[1], muscle, "", "MRC grade"),
                )
            )
            found[said] = float((verdict == INTERRUPTED).mean()), float((grade >= 3).mean())
        for said, (parted, strong) in found.items():
            print(
                f"ultrasound on day 20: {said or 'not done'}: cut through {100 * parted:.0f} %; "
                f"{muscle} MRC 3 or better on day {late:g} without repair {100 * strong:.0f} %"
            )
        before, parted, whole = (found[said] for said in ("", "interrupted", "continuous"))
        yes, no = 0.98 * 0.89 + 0.02 / 3, 0.98 * 0.05 + 0.02 / 3
        exact = before[0] * yes / (before[0] * yes + (1 - before[0]) * no)
        print(f"interrupted: cut through by Bayes' rule {100 * exact:.0f} %")
        assert parted[0] == pytest.approx(exact, abs=0.2) and whole[0] < before[0] < parted[0]
        assert parted[1] <= before[1] <= whole[1]
