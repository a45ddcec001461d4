"""The forecast: chances with their errors, first signs, base rates, and the day of an operation."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import beta

from tests.people import some
from tinel.case import Case, parse
from tinel.cli import main
from tinel.cohort.labelled import Labelled
from tinel.errors import TinelError
from tinel.evidence.validated import validated
from tinel.exam.tests.strength import FORCE, MRC_GRADE
from tinel.exam.tests.touch import FILAMENT
from tinel.flow import run
from tinel.forecast.applicability import applicability
from tinel.forecast.as_json import as_data
from tinel.forecast.base_rates import base_rates
from tinel.forecast.first_sign import no_sign_by, signs
from tinel.forecast.forecast import Forecast, forecast
from tinel.forecast.goals import FULL, GRIP, PROTECTIVE, USEFUL_3, USEFUL_4, goals_of
from tinel.forecast.model_error import _LEAST, model_error
from tinel.forecast.next_tests import NextTest
from tinel.forecast.patient_twins import PatientTwins
from tinel.forecast.probability import chance
from tinel.forecast.published import published_counts
from tinel.forecast.recovery import place, recovery
from tinel.forecast.when_to_operate import _with_arms, operation_of, when_to_operate
from tinel.forecast_command import compute
from tinel.forecast_command.asked import far_enough, today_of
from tinel.forecast_command.show import as_text
from tinel.infer.fit import Fit, Surprise
from tinel.infer.term import terms_of
from tinel.nerve import build
from tinel.result import Result

ROOT = Path(__file__).parents[1]
CUT = (ROOT / "examples" / "cut.toml").read_text(encoding="utf-8")
LITTLE = CUT.replace("days = [1, 5, 10, 90, 180, 365, 730]", "days = [1, 90, 365]")
LITTLE = LITTLE.replace(
    '["motor conduction", "sensory conduction", "strength", "touch", "sensation", '
    '"grip and pinch", "Tinel\'s sign", "symptoms"]',
    '["strength", "touch", "Tinel\'s sign"]',
)
LITTLE = LITTLE[: LITTLE.index('[[arm]]\nname = "graft')] + LITTLE[LITTLE.index("[run]") :]
TWINS, TODAY = 12, 90.0
SUTURED, ADM, SKIN = "suture on day 1", "abductor digiti minimi", "little finger skin"
RADIAL = (ROOT / "examples" / "teaching" / "radial_sleep_palsy.toml").read_text(encoding="utf-8")


@cache
def cut() -> Result:
    return run(parse(LITTLE), twins=TWINS)


def fit_of(fits: bool, reasons: tuple[str, ...] = (), odd: tuple[Surprise, ...] = ()) -> Fit:
    p = 1.0 if fits else 0.001
    return Fit(fits=fits, reasons=reasons, surprises=odd, surprise_of_all=p, alarm_below=0.01)


def twins_of(result: Result, fit: Fit | None = None, today: float = TODAY) -> PatientTwins:
    agreed = fit_of(True) if fit is None else fit
    return PatientTwins(result.case, today, result, float(TWINS), agreed, {})


@cache
def forecasted() -> Forecast:
    return forecast(twins_of(cut()))


def with_curve(result: Result, values: np.ndarray, quantity: str, target: str) -> Result:
    """The result with one curve of waiting replaced, ``(n_twin, n_day)``."""
    row = {"arm": result.waiting, "quantity": quantity, "target": target}
    curves = result.outcomes.curves.with_row(values, **row)
    return replace(result, outcomes=replace(result.outcomes, curves=curves))


# ----------------------------------------------------------------------- a chance and its errors
@pytest.mark.parametrize(("k", "n"), [(5, 20), (40, 200), (1, 50)])
def test_the_error_of_sampling_is_that_of_a_count(k: int, n: int) -> None:
    found = chance(np.arange(n) < k, np.ones(n, bool), 1.0, 0.0)
    low, high = beta.ppf([0.05, 0.95], k + 0.5, n - k + 0.5)
    print(f"{k} of {n}: {found.low:.3f} to {found.high:.3f}, by Jeffreys {low:.3f} to {high:.3f}")
    assert (found.low, found.high) == pytest.approx((low, high), abs=1e-6)


def test_fewer_independent_twins_and_a_worse_program_widen_the_interval() -> None:
    met, every = np.arange(100) < 60, np.ones(100, bool)
    alone, few, both = (chance(met, every, w, e) for w, e in ((1, 0), (0.1, 0), (0.1, 1.5)))
    assert both.low < few.low < alone.low < 0.6 < alone.high < few.high < both.high
    assert (few.sample_low, few.sample_high) == (both.sample_low, both.sample_high)
    assert (few.model_low, few.model_high) == pytest.approx((0.6, 0.6), abs=0.02)
    assert few.effective_twins == pytest.approx(10)


def test_none_and_all_leave_an_end_open_and_nobody_leaves_both() -> None:
    every = np.ones(30, bool)
    assert chance(~every, every, 1.0, 1.0).low == 0.0 < chance(~every, every, 1.0, 1.0).high < 1
    assert chance(every, every, 1.0, 1.0).high == 1.0 > chance(every, every, 1.0, 1.0).low > 0
    nobody = chance(every, ~every, 1.0, 1.0)
    assert np.isnan(nobody.probability) and (nobody.low, nobody.high) == (0.0, 1.0)


@pytest.mark.truth
def test_intervals_of_the_programs_error_hold_published_counts_that_they_have_not_seen() -> None:
    counts = {(p.cohort, p.counted, p.day): p for p in published_counts()}
    pairs = [(r, counts[k]) for r in validated() if (k := (r.cohort, r.counted, r.day)) in counts]
    rng, inside = np.random.default_rng(1), []
    errors: dict[tuple[str, str, bool], float] = {}
    for row, told in pairs:
        treated = bool(told.treatments)
        key = (row.nerve, row.cohort, treated)
        if key not in errors:
            others = [r for r in validated() if r.cohort != row.cohort]
            errors[key] = model_error(row.nerve, treated, others).sd_logit
        p = np.clip(row.computed_percent / 100, _LEAST, 1 - _LEAST)
        logit = np.log(p / (1 - p)) + errors[key] * rng.standard_normal(2000)
        low, high = np.quantile(rng.binomial(told.N, 1 / (1 + np.exp(-logit))), [0.05, 0.95])
        inside.append(low <= told.n <= high)
    rate = np.mean(inside)
    print(f"{len(pairs)} published counts: {100 * rate:.0f} % inside intervals meant for 90 %")
    assert 0.85 <= rate <= 0.95


# ----------------------------------------------------------------------------------------- goals
def few_curves(mrc: list[float], force: list[float], felt: list[float]) -> Labelled:
    arm = build("ulnar", side="left", twins=some())
    rows = []
    for target in arm.targets:
        motor = target.kind == "motor"
        rows += [(MRC_GRADE, target.name, mrc), (FORCE, target.name, force)] if motor else []
        rows += [] if motor else [(FILAMENT, target.name, felt)]
    labels = tuple(("wait", "", quantity, target) for quantity, target, _ in rows)
    values = np.array([[v for *_, v in rows]])
    return Labelled(("arm", "bound", "quantity", "target"), labels, ("",) * len(rows), values)


def test_goals_are_met_from_the_grade_the_filament_and_the_grip_on() -> None:
    curves = few_curves([2, 3, 4, 5], [0, 10, 50, 100], [np.inf, 4.31, 4.56, 2.83])
    twins = some()
    found = goals_of(curves, build("ulnar", side="left", twins=twins), twins, "wait")
    met = {(goal.target, goal.name): goal.met[0].tolist() for goal in found}
    assert met[ADM, USEFUL_3] == [False, True, True, True]
    assert met[ADM, USEFUL_4] == [False, False, True, True]
    assert met[ADM, FULL] == [False, False, False, True]
    assert met[SKIN, PROTECTIVE] == [False, True, False, True]
    assert met["hand", GRIP] == [True, True, True, True]  # ulnar muscles do 27 % of it


@pytest.mark.parametrize(
    ("key", "value", "nerve", "goal"),
    [
        ("forecast.grip.useful", 0.8, "ulnar", GRIP),
        ("forecast.no_brace.mrc", 3.0, "radial", "no wrist splint"),
        ("skin.s_grade.touched_marking", 4.56, "ulnar", PROTECTIVE),
    ],
)
def test_the_numbers_of_a_goal_move_it(key: str, value: float, nerve: str, goal: str) -> None:
    met = []
    for changed in ({}, {key: value}):
        twins = some(changed=changed)
        built = build(nerve, side="left", twins=twins)
        rows, values = [], []
        for target in built.targets:
            motor = target.kind == "motor"
            for quantity, v in ((MRC_GRADE, 3.0), (FORCE, 10.0)) if motor else ((FILAMENT, 4.56),):
                rows.append(("wait", "", quantity, target.name))
                values.append([v])
        names = ("arm", "bound", "quantity", "target")
        curves = Labelled(names, tuple(rows), ("",) * len(rows), np.array([values]))
        found = goals_of(curves, built, twins, "wait")
        met.append(next(g.met.item() for g in found if g.name == goal))
    assert met[0] != met[1]


# -------------------------------------------------------------------------------- the recovery
def test_given_not_yet_counts_only_those_who_are_without_it_today() -> None:
    days, n = cut().days, TWINS
    mrc = np.zeros((n, len(days)))
    mrc[:3] = 3.0  # three have it today
    mrc[3:9, place(days, 300.0) :] = 3.0  # six of the others reach it before month 12
    changed = with_curve(cut(), mrc, MRC_GRADE, ADM)
    rows, _ = recovery(changed, TODAY, float(n))
    asked = [
        r for r in rows if (r.arm, r.target, r.goal, r.by_day) == ("wait", ADM, USEFUL_3, 365.0)
    ]
    told = {r.given_not_by: r.chance.probability for r in asked}
    print(f"9 of 12 in all, 6 of 9 of those without it: {told}")
    assert told == {None: 9 / 12, TODAY: pytest.approx(6 / 9)}
    fewer, _ = recovery(changed, TODAY, n / 3)
    one = next(r for r in fewer if (r.target, r.given_not_by) == (ADM, TODAY))
    assert one.chance.effective_twins == pytest.approx(3)


def test_a_goal_that_nobody_misses_is_left_out_and_arms_are_paired() -> None:
    rows, differences = recovery(cut(), TODAY, float(TWINS))
    assert "flexor carpi ulnaris" not in {r.target for r in rows}  # it leaves above the wrist
    last = {(d.arm, d.target, d.goal): d for d in differences if d.by_day == 730.0}
    one = last[SUTURED, ADM, USEFUL_3]
    mrc = {arm: cut().twins(arm, MRC_GRADE, ADM)[:, -1] >= 3 for arm in ("wait", SUTURED)}
    assert one.better - one.worse == pytest.approx(mrc[SUTURED].mean() - mrc["wait"].mean())
    assert one.low < one.better - one.worse <= one.high


def test_only_days_after_today_and_within_the_time_computed_are_forecast() -> None:
    assert {r.by_day for r in forecasted().recovery} == {91.0, 183.0, 365.0, 548.0, 730.0}
    late, _ = recovery(cut(), 400.0, float(TWINS))
    assert {r.by_day for r in late} == {548.0, 730.0}


# ----------------------------------------------------------------------------------- first signs
def test_the_first_sign_is_the_first_grade_gained_after_the_worst_day() -> None:
    days = np.array(cut().days)
    mrc = np.zeros((TWINS, len(days)))
    mrc[:, 0] = 5.0  # before the muscle fails
    for twin in range(10):  # ten recover, one sign each on another day; two never do
        mrc[twin, days >= (120.0, 150.0, 180.0, 210.0, 240.0)[twin // 2]] = 1.0
        mrc[twin, days >= 500.0] = 3.0
    changed = with_curve(cut(), mrc, MRC_GRADE, ADM)
    sign = next(
        s for s in signs(changed, TODAY) if (s.arm, s.target, s.test) == ("wait", ADM, "strength")
    )
    assert (sign.early_d, sign.median_d, sign.late_d) == (120.0, 180.0, 240.0)
    assert (sign.shown, sign.still) == (pytest.approx(10 / 12), 1.0)
    stops = [s for s in no_sign_by(changed, TODAY) if (s.target, s.goal) == (ADM, USEFUL_3)]
    assert [(s.of_recovering, s.day) for s in stops] == [(0.9, 240.0), (0.95, 240.0)]
    assert (stops[0].recover_without, stops[0].without) == (0.0, pytest.approx(2 / 12))
    later = [s for s in no_sign_by(changed, 200.0) if (s.target, s.goal) == (ADM, USEFUL_3)]
    assert later[0].n_recovering == 4  # those with a sign by day 200 no longer wait for one


def test_signs_are_told_by_the_tests_that_were_done() -> None:
    told = {s.test.partition(" (")[0] for s in signs(cut(), 1.0)}
    assert {"strength", "touch", "regrown axons", "Tinel's sign beyond the injury"} <= told
    assert "needle EMG" not in told


def done(result: Result) -> Result:
    """The result of a patient whose suture was carried out."""
    arms = tuple(replace(arm, done=arm.name == SUTURED) for arm in result.case.arm)
    return replace(result, case=replace(result.case, arm=arms))


def test_what_was_done_is_forecast_and_not_waiting() -> None:
    sutured = done(cut())
    found = forecast(twins_of(sutured))
    text = as_text(sutured.case, found)
    assert (found.waiting, found.done) == ("wait", SUTURED)
    assert f"After '{SUTURED}', which the case says was done:" in text
    assert f"First sign ({SUTURED})" in text and "by themselves" not in text
    open_goals = compute.still_open(twins_of(sutured))
    assert open_goals and open_goals.keys() >= compute.still_open(twins_of(cut())).keys()
    stops = [s for s in found.no_sign_by if (s.target, s.goal) == (ADM, USEFUL_3)]
    reach = (cut().twins(SUTURED, MRC_GRADE, ADM)[:, -1] >= 3).sum()
    assert stops and all(0 < s.n_recovering <= reach for s in stops)
    assert not [s for s in forecasted().no_sign_by if s.target == ADM]  # nobody by himself
    assert when_to_operate(sutured.case, TODAY, twins=1) == ()
    assert when_to_operate(sutured.case, 0.0, twins=1) != ()


# --------------------------------------------------------------------------- published patients
@pytest.mark.truth
def test_published_counts_are_told_of_those_who_had_not_recovered_by_today() -> None:
    case = parse(RADIAL)
    found = {
        (r.cohort, r.day, r.given_not_by): (r.n, r.N)
        for r in base_rates(case, 300.0)
        if r.cohort in ("rad_vienna50", "rad_santiago32")
    }
    print(found)
    assert found["rad_vienna50", 365.0, None] == (49, 50)
    assert found["rad_vienna50", 365.0, 183.0] == (24, 25)  # 25 of 50 by day 183
    assert found["rad_santiago32", 365.0, 252.0] == (11, 16)
    assert found["rad_santiago32", 548.0, 252.0] == (14, 16)
    early = base_rates(case, 100.0)
    assert not [r for r in early if r.given_not_by is not None and r.given_not_by > 100.0]


def test_the_nearest_patients_come_first_and_another_nerve_never() -> None:
    found = base_rates(parse(RADIAL), 0.0)
    nearness = [r.near for r in found]
    assert nearness == sorted(nearness, key=("same nerve and cause",).__contains__, reverse=True)
    nerves = {(p.cohort, p.counted, p.day): p.nerves for p in published_counts()}
    assert all("radial" in nerves[r.cohort, r.counted, r.day] for r in found)
    assert base_rates(parse(RADIAL), 0.0, counts=()) == ()


def test_what_was_never_compared_with_patients_is_said() -> None:
    case = cut().case
    assert applicability(case, 730.0) == ()
    assert [b.about for b in applicability(case, 730.0, rows=())] == ["nerve"]
    assert [b.about for b in applicability(case, 7000.0)] == ["day"]
    very_old = parse(LITTLE.replace("age = 29", "age = 99"))
    assert [b.about for b in applicability(very_old, 730.0)] == ["age"]
    burnt = parse(RADIAL.replace("[patient]", '[patient]\nconditions = ["diabetes"]'))
    assert "conditions" in [b.about for b in applicability(burnt, 365.0)]


# ------------------------------------------------------------------------- the day to operate
@cache
def operated() -> dict[tuple[str, str], dict[float | None, float]]:
    found: dict[tuple[str, str], dict[float | None, float]] = {}
    for one in when_to_operate(cut().case, 1.0, twins=TWINS):
        key = (one.target, one.goal)
        found.setdefault(key, {})[one.on_day] = one.chance.probability
    return found


def test_an_operation_moved_to_its_own_day_is_the_arm_of_the_case() -> None:
    for goal, least in ((USEFUL_3, 3), (USEFUL_4, 4)):
        arm = cut().twins(SUTURED, MRC_GRADE, ADM)[:, -1] >= least
        waiting = cut().twins("wait", MRC_GRADE, ADM)[:, -1] >= least
        assert operated()[ADM, goal][1.0] == arm.mean()
        assert operated()[ADM, goal][None] == waiting.mean()


def test_a_cut_nerve_does_worse_the_later_it_is_sutured() -> None:
    many = parse(LITTLE.replace("twins = 50", "twins = 200"))
    chances = [
        one.chance.probability
        for one in when_to_operate(many, 1.0, twins=200)
        if (one.target, one.goal) == (ADM, USEFUL_4) and one.on_day is not None
    ]
    print(f"M4 of {ADM} on day 730 by day of suture: {chances}")
    # an empty stump keeps for months, so that one twin may do better by chance
    assert np.diff(chances).max() <= 1 / 200 + 1e-9 and chances[0] > chances[-1] + 0.1


def test_the_usual_operation_stands_in_where_a_case_names_none() -> None:
    bare = parse(LITTLE[: LITTLE.index("[[arm]]")] + "[run]\ntwins = 4\n")
    assert [s["treatment"] for s in operation_of(bare)] == ["repair"]
    assert (
        operation_of(parse(RADIAL[: RADIAL.index("[[arm]]")] if "[[arm]]" in RADIAL else RADIAL))
        == ()
    )
    with pytest.raises(TinelError, match="no arm is called 'x'"):
        operation_of(bare, "x")


def test_other_arms_never_share_kept_twins_with_the_case() -> None:
    case = cut().case
    one, other = (
        _with_arms(case, {"a": iter([{"treatment": "repair", "day": day}])}, 4)
        for day in (5.0, 6.0)
    )
    assert len({case.source.sha256, one.source.sha256, other.source.sha256}) == 3


# ------------------------------------------------------------------------------------ as asked
NEEDLE = NextTest("needle EMG", "needles", 120.0, 0.4, {"a, b": 0.4})
KEYS = {
    *("as_of_day", "effective_sample_size", "fits", "reasons", "injury", "recovery"),
    *("next_tests", "base_rates", "applicability", "done", "left_out", "informed"),
}


def test_the_data_have_every_key_and_no_number_that_json_lacks(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(compute, "patient_twins", lambda *_, **__: twins_of(cut()))
    monkeypatch.setattr(compute, "next_tests", lambda *_, **__: (NEEDLE,))
    file = tmp_path / "cut.toml"
    file.write_text(LITTLE, encoding="utf-8")
    monkeypatch.setattr(compute, "when_to_operate", lambda *_, **__: ())
    assert main(["forecast", str(file), "--today", "90", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told.keys() >= KEYS
    assert {"arm", "target", "goal", "by_day", "probability", "low", "high", "given_not_by"} <= set(
        told["recovery"][0]
    )
    assert told["injury"][0]["seddon"]["neurotmesis"]["probability"] == 1.0
    assert told["injury"][0]["axons_lost"]["low"] == pytest.approx(1.0)
    assert main(["forecast", str(file), "--today", "3 months"]) == 0
    text = capsys.readouterr().out
    assert "No finding was used" in text and "What would change the plan" in text
    assert "Needle EMG on day 120 would settle most: 40 %" in text
    assert told["next_tests"][0]["test"] == "needle EMG"


def test_where_nothing_fits_there_is_no_forecast_but_the_reasons() -> None:
    odd = Surprise("finding[2]", "strength 5 on day 60", 0.0004, "0 (0 to 1)")
    fit = fit_of(False, ("no twin agrees",), (odd,))
    found = forecast(twins_of(cut(), fit))
    assert not (found.recovery or found.injury or found.differences or found.signs)
    assert found.base_rates
    text = as_text(cut().case, found)
    assert "No forecast" in text and "no twin agrees" in text and "finding[2]" in text
    assert "Chance in percent" not in text and "by month" not in text
    assert as_data(found)["fits"] is False


def test_an_arm_that_changes_nothing_is_said_to_be_as_waiting() -> None:
    result = cut()
    curves = result.outcomes.curves
    for labels, _, values in list(curves.rows()):
        if labels["arm"] == "wait" and not labels["bound"]:
            for bound in ("", "low", "high"):
                curves = curves.with_row(values, **{**labels, "arm": SUTURED, "bound": bound})
    same = replace(result, outcomes=replace(result.outcomes, curves=curves))
    text = as_text(result.case, forecast(twins_of(same)))
    assert f"'{SUTURED}' changes no goal" in text and f"{SUTURED}: as in 'wait'" in text


FINDING = (
    '[[finding]]\ntest = "strength"\nday = {}\nquantity = "MRC grade"\nvalue = {}\n'
    'unit = "0 to 5"\nplace = "abductor digiti minimi"\n'
)


def test_what_comes_after_today_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    known, poisoned = (parse(LITTLE + FINDING.format(60, 1) + more) for more in ("", LATER))
    read = [terms_of(c.observed, c.events, c.parameters, 90.0) for c in (known, poisoned)]
    assert len(read[0]) == 1 and read[0] == read[1]
    assert len(terms_of(poisoned.observed, poisoned.events, poisoned.parameters, 300.0)) > 1
    asked = []

    def recorded(case: Case, today: float, **_: object) -> PatientTwins:
        asked.append(today)
        return twins_of(cut(), fit_of(False))

    monkeypatch.setattr(compute, "patient_twins", recorded)
    compute.computed(poisoned, 90.0, "", 1, lambda *_: None)
    assert asked == [90.0]


@pytest.mark.slow
def test_a_forecast_is_the_same_whatever_is_found_later() -> None:
    told = []
    for more in ("", LATER):
        case = far_enough(parse(LITTLE + FINDING.format(60, 1) + more).with_run(None, 100), 90.0)
        told.append(as_data(compute.computed(case, 90.0, "", 2, lambda *_: None)))
    assert json.dumps(told[0], default=str) == json.dumps(told[1], default=str)


def test_today_is_the_last_day_told() -> None:
    poisoned = parse(LITTLE + FINDING.format(60, 1) + FINDING.format(300, 5))
    assert today_of(poisoned, None) == 300.0
    assert today_of(poisoned, "90") == 90.0 and today_of(poisoned, "6 weeks") == 42.0
    assert far_enough(poisoned, 90.0).run.horizon_days == 731.0
    assert far_enough(poisoned, 1000.0).run.horizon_days == 1366.0


LATER = (
    FINDING.format(300, 5)
    + '[[event]]\nwhat = "full strength"\nplace = "abductor digiti minimi"\nday = 250\n'
)
MISTAKES = [
    (["--today", "-5"], "--today"),
    (["--today", "yesterday"], "--today"),
    (["--today", "60 kg"], "--today"),
    (["--today", "nan"], "--today"),
    (["--today", "7300"], "allowed: 0 to 6934"),
    (["--workers", "0"], "--workers"),
    (["--arm", "sutur"], "--arm"),
    (["--arm", "wait"], "--arm"),
    (["--twins", "0"], "--twins"),
]


@pytest.fixture
def nothing_computed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("computed in spite of a mistake")

    monkeypatch.setattr(compute, "patient_twins", refuse)
    yield


@pytest.mark.usefixtures("nothing_computed")
@pytest.mark.parametrize(("options", "told"), MISTAKES, ids=[" ".join(o) for o, _ in MISTAKES])
def test_a_mistake_is_refused_before_anything_is_computed(
    options: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["forecast", str(ROOT / "examples" / "cut.toml"), *options]) == 2
    assert told in capsys.readouterr().err


def test_a_case_is_forecast_from_its_file() -> None:
    few = far_enough(parse(LITTLE).with_run(None, 4), 90.0)
    found = compute.computed(few, 90.0, SUTURED, 1, lambda *_: None)
    assert found.operated and found.last_day == 731.0
    assert {r.by_day for r in found.recovery} == {91.0, 183.0, 365.0, 548.0, 730.0}
