"""The first screen: what is hurt, what comes back, contradictions, the letter, and its size."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tinel.case import Symptom, load, parse
from tinel.case.observed import Event, Observed
from tinel.cohort.labelled import Labelled
from tinel.flow import run
from tinel.infer.fit import Fit, Surprise
from tinel.infer.posterior import Posterior
from tinel.report import write
from tinel.report.chances import chance_table, chances
from tinel.report.findings_beside import findings_beside
from tinel.report.first_screen import FirstScreen, contradictions, fading, first_screen
from tinel.report.number_format import clean
from tinel.report.plan_changes import plan_changes
from tinel.report.told import said_rules, told_symptoms, told_table
from tinel.result import Result
from tinel.symptom import meaning
from tinel.symptom.symptoms import PAIN

ROOT = Path(__file__).parent.parent
HOSTILE = "<img src=x onerror=alert(1)> numb\u202e"


@pytest.fixture(scope="module")
def result() -> Result:
    text = (ROOT / "examples/block.toml").read_text(encoding="utf-8")
    text = text.replace("[run]", "[run]\nfindings = false")  # a hundred twins would be drawn
    return run(parse(text, "block.toml"), seed=1, twins=4)


def with_symptoms(result: Result, *told: str, day: float | None = None) -> Result:
    symptoms = tuple(Symptom(what=what, day=day) for what in told)
    return replace(result, case=replace(result.case, symptom=symptoms))


def with_curve(result: Result, values: list[float], quantity: str, target: str = "") -> Result:
    """The result with one course in every twin while waiting, from its value on some days."""
    days = np.linspace(0.0, result.days[-1], len(values))
    shape = np.tile(np.interp(result.days, days, values), (result.outcomes.n_twin, 1))
    curves = result.outcomes.curves.with_row(
        shape, arm=result.waiting, quantity=quantity, target=target
    )
    return replace(result, outcomes=replace(result.outcomes, curves=curves))


# ---- symptoms as told


def test_words_are_set_against_what_they_mean(result: Result) -> None:
    """A wrist that drops is set against the wrist, and nobody is so a year later."""
    weak = with_curve(result, [1.0, 5.0, 5.0, 5.0], "MRC grade", "extensor carpi radialis")
    (told,) = told_symptoms(with_symptoms(weak, "the wrist drops"))
    print("told:", told)
    assert told.agreement == "early" and told.means.startswith("the wrist is not lifted")
    assert told.at_worst.startswith("all") and told.at_end.startswith("none")
    ((head, said),) = fading((told,))
    assert head == "Still “the wrist drops”" and "fares worse than most" in said


def test_a_contradiction_is_said(result: Result) -> None:
    calm = with_curve(result, [0.0, 0.0], PAIN)
    told = told_symptoms(with_symptoms(calm, "severe pain in the hand", "a foot that drops"))
    assert [one.agreement for one in told] == ["no", "no"]
    first, second = contradictions(told)
    assert "none on any day, which contradicts the forecast" in first[1]
    assert "no such muscle has fibres through this injury" in second[1]
    (dated,) = told_symptoms(with_symptoms(calm, "severe pain", day=10.0))
    assert dated.answer == "none show it on day 10: contradicts the forecast"


def test_agreement_is_no_alarm(result: Result) -> None:
    sore = with_curve(result, [8.0, 8.0], PAIN)
    told = told_symptoms(with_symptoms(sore, "severe pain"))
    assert [one.agreement for one in told] == ["yes"]
    assert contradictions(told) == fading(told) == ()


def test_a_denied_symptom_is_none(result: Result) -> None:
    calm = with_curve(result, [0.0, 0.0], PAIN)
    (told,) = told_symptoms(with_symptoms(calm, "no pain"))
    assert told.agreement == "yes" and told.means.startswith("pain is less")


def test_what_is_not_understood_is_said(result: Result) -> None:
    told = told_symptoms(with_symptoms(result, "numb thumb, hears the colour green; sleeps badly"))
    said = [one.answer for one in told]
    assert "not understood, and set against nothing: “hears the colour green”" in said
    assert "not computed" in said, "sleep is known, and has nothing to be set against"
    assert any("hears the colour green" in text for _, text in contradictions(told))


def test_every_rule_names_what_exists(result: Result) -> None:
    quantities = {labels["quantity"] for labels, _, _ in result.outcomes.curves.rows()}
    from tinel.exam.grading import MOVEMENTS

    for rule in said_rules():
        assert rule.quantity in quantities | {""}, rule
        assert set(rule.movements) <= {*MOVEMENTS, "face"}, rule.movements
        bounds = [rule.at_least, rule.at_most, rule.below]
        assert sum(b is not None for b in bounds) == bool(rule.quantity), rule
        if rule.quantity == PAIN and rule.at_least:
            word = "severe" if "severe" in rule.means else "moderate"
            assert meaning(PAIN, rule.at_least) == word


def test_told_words_stand_in_a_table(result: Result) -> None:
    assert told_table(()) is None
    found = told_table(told_symptoms(with_symptoms(result, "weak hand")))
    assert found is not None and found.rows[0][0].text == "weak hand"


# ---- chances


def test_chances_are_counted_and_have_room_for_error(result: Result) -> None:
    """Of four twins one is strong: 25 in 100, with more room than four twins leave."""
    curves = result.outcomes.curves
    for labels, _, values in list(curves.rows()):
        if labels["quantity"] == "MRC grade" and labels["arm"] == result.waiting:
            grades = np.where(np.arange(4)[:, None] == 0, 5.0, 4.0) + 0 * values
            labels = {k: v for k, v in labels.items() if v}
            curves = curves.with_row(grades, **labels)
    some = replace(result, outcomes=replace(result.outcomes, curves=curves))
    rows = {(one.goal, one.arm): one for one in chances(some)}
    full = rows["full strength everywhere (M5)", some.waiting]
    assert [c.probability for c in full.chances] == [0.25, 0.25, 0.25]
    assert full.months == (3, 6, 12)
    low, high = full.chances[0].low, full.chances[0].high
    print(f"1 of 4: 25 ({100 * low:.0f} to {100 * high:.0f}) in 100")
    assert low < full.chances[0].sample_low and high > full.chances[0].sample_high
    fewer = next(c for c in chances(some, effective_size=2.0) if c.goal == full.goal)
    assert fewer.chances[0].sample_high > high - 0.2
    later = chances(some, today=200.0)
    assert {one.months for one in later} == {(12,)}, "what has passed is no forecast"


def test_arms_alike_are_named_once(result: Result) -> None:
    shown = chance_table(chances(result), "In brackets")
    arm = next(p.name for p in result.plans if p.name != result.waiting)
    assert shown.caption == f"In brackets. As {result.waiting}: {arm}."
    assert {row[1].text for row in shown.rows} == {result.waiting}


# ---- findings beside the twins


def finding(result: Result, **changes: object) -> Observed:
    table: Labelled = result.outcomes.exams
    labels = next(
        dict(zip(table.names, row, strict=True))
        for row in table.labels
        if row[table.names.index("quantity")] == "amplitude"
    )
    day = float(labels["day"])
    base = Observed(
        where="finding[1]",
        text="told",
        test=labels["test"],
        subject=labels["subject"],
        site=labels["site"],
        quantity="amplitude",
        unit="mV",
        first_day=day,
        last_day=day,
        state="absent",
    )
    return replace(base, **changes)  # type: ignore[arg-type]


def test_a_transfer_is_judged_by_the_muscle_it_is_for() -> None:
    text = (ROOT / "examples" / "cut.toml").read_text(encoding="utf-8").replace(
        'treatment = "repair"\nday = 1',
        'treatment = "nerve transfer"\nday = 30\ndistance_mm = 60\n'
        'targets = "first dorsal interosseous"',
    )  # fmt: skip
    result = run(parse(text, "cut.toml"), twins=4)
    goal = "spread the index finger: against gravity (M3)"
    of_arm = {c.arm: c.chances[-1].probability for c in chances(result) if c.goal == goal}
    assert of_arm["wait"] == 0.0 and of_arm["suture on day 1"] > 0.5
    sutured = run(parse((ROOT / "examples" / "cut.toml").read_text(encoding="utf-8")), twins=1)
    assert goal not in {c.goal for c in chances(sutured)}


def test_findings_stand_beside_the_twins(result: Result) -> None:
    assert findings_beside(result, ()) is None
    absent, present = finding(result), finding(result, state="present")
    huge = finding(result, state="value", low=900.0, high=900.0)
    never = finding(result, first_day=3.3, last_day=3.4)
    limit = finding(result, state="reduced")
    shown = findings_beside(result, (absent, present, huge, never, limit))
    assert shown is not None
    cells = [[cell.text for cell in row] for row in shown.rows]
    assert [row[4] for row in cells[2:]] == ["no", "", "not compared"]
    assert {cells[0][4], cells[1][4]} <= {"yes", "no"} and "yes" in (cells[0][4], cells[1][4])
    assert cells[3][3] == "not examined on that day"


def test_findings_stand_beside_what_was_done(result: Result) -> None:
    """Every twin is strong after the operation, which is what was done."""
    operated = next(a.name for a in result.case.arm if a.step)
    arms = tuple(replace(arm, done=arm.name == operated) for arm in result.case.arm)
    strong = result.outcomes.curves.with_row(
        np.full((4, len(result.days)), 5.0), arm=operated, quantity="MRC grade",
        target="extensor carpi radialis",
    )  # fmt: skip
    weak = strong.with_row(
        np.zeros((4, len(result.days))), arm=result.waiting, quantity="MRC grade",
        target="extensor carpi radialis",
    )  # fmt: skip
    done = replace(
        result,
        case=replace(result.case, arm=arms),
        outcomes=replace(result.outcomes, curves=weak),
    )
    grade = finding(result, test="strength", subject="extensor carpi radialis", site="",
                    quantity="MRC grade", unit="0 to 5", state="value", low=5.0, high=5.0,
                    first_day=200.0, last_day=200.0)  # fmt: skip
    shown = findings_beside(done, (grade,))
    assert shown is not None and shown.rows[0][3].text.startswith("5")
    assert shown.rows[0][4].text == "yes"


def test_events_stand_beside_the_twins(result: Result) -> None:
    """A wrist that all twins lift again on day 180 and none on day 90."""
    late = replace(result, case=result.case)
    shape = np.where(np.array(result.days) < 180, 1.0, 5.0) + np.zeros((4, 1))
    curves = late.outcomes.curves.with_row(
        shape, arm=result.waiting, quantity="MRC grade", target="extensor carpi radialis"
    )
    late = replace(late, outcomes=replace(late.outcomes, curves=curves))
    base = Event("event[1]", "told", "strength", "extensor carpi radialis", "", "MRC grade",
                 "0 to 5", 3.0, 90.0, 200.0)  # fmt: skip
    too_early = replace(base, by_day=120.0)
    not_yet = replace(base, not_before_day=300.0, by_day=float("inf"))
    other = replace(base, quantity="unknown")
    shown = findings_beside(late, (), Fit(), (base, too_early, not_yet, other))
    assert shown is not None
    assert [row[4].text for row in shown.rows] == ["yes", "no", "no", ""]
    assert shown.rows[0][2].text == "after 90, by 200"


def test_what_does_not_fit_refuses_a_forecast(result: Result) -> None:
    one = finding(result)
    surprises = (Surprise(one.where, one.text, 0.001, "2 mV"),)
    fit = Fit(False, ("finding[1] contradicts the story",), surprises, 0.001, 0.01)
    case = replace(result.case, observed=(one,))
    bad = replace(result, case=case, posterior=Posterior(fit=fit))
    first = first_screen(bad)
    assert not first.chances.rows and not first.changes
    assert ("No forecast", "finding[1] contradicts the story") in first.alarms
    assert first.findings is not None and first.findings.rows[0][4].text == "no"
    assert "No forecast" in first.letter and "M3" not in first.letter
    assert first.hurt[0].startswith("By the story alone") and "fit nobody" in str(
        first.certainty.parts
    )
    surprises = (replace(surprises[0], probability=0.5),)
    good = Fit(True, (), surprises, 0.5, 0.01, effective_sample_size=2.0)
    other = first_screen(replace(bad, posterior=Posterior(fit=good)))
    assert other.chances.rows and "1 finding was used" in str(other.certainty.parts)


# ---- the whole screen


@pytest.fixture(scope="module")
def screen(result: Result) -> FirstScreen:
    return first_screen(with_symptoms(result, HOSTILE, "wrist and fingers cannot be lifted"))


def test_the_questions_of_a_reader_are_answered(screen: FirstScreen) -> None:
    assert any("fibres" in one for one in screen.hurt)
    assert any("lift the hand at the wrist" in one for one in screen.hurt)
    assert {row[0].text for row in screen.chances.rows} >= {"full strength everywhere (M5)"}
    assert "No sign by month 3 to 4" in dict(screen.changes)
    flags = " ".join(what for _, what in screen.whom.red_flags)
    for sign in ("tense compartment", "getting worse", "glass, knife"):
        assert sign in flags, sign
    assert [head for head, _ in screen.certainty.parts] == ["Patient", "Model", "Tested here"]


def test_a_leg_has_no_red_flag_of_hand_or_neck() -> None:
    from tinel.referral.steps import next_steps
    from tinel.report.referral import _red_flags

    found = next_steps(load(ROOT / "examples/tanya.toml"))
    leg, arm = (" ".join(what for _, what in _red_flags(found, leg)) for leg in (True, False))
    assert "dialysis" in arm and "dialysis" not in leg and "tense compartment" in leg


def test_the_letter_is_one_paragraph(screen: FirstScreen) -> None:
    assert "\n" not in screen.letter and screen.letter.endswith("individuals.")
    assert screen.letter == clean(screen.letter) and "[U+202E]" in screen.letter
    assert "wait " in screen.letter and "no medical device" in screen.letter


def test_the_letter_is_written_and_shown(result: Result, tmp_path: Path) -> None:
    write(with_symptoms(result, HOSTILE), tmp_path)
    text = (tmp_path / "letter.txt").read_text(encoding="utf-8")
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "<img src=x onerror=alert(1)>" in text, "plain text is not escaped"
    assert "<img" not in page and "&lt;img src=x onerror=alert(1)&gt;" in page
    shown = re.search(r'id="letter-text">([^<]*)<', page)
    assert shown is not None and shown[1].startswith("Radial nerve, right")
    assert '<button type="button" id="letter-copy" hidden>' in page, "no button without a script"


def test_weak_for_longer_names_a_day_only_where_nearly_all_recover(result: Result) -> None:
    assert "19 of 20" in dict(plan_changes(result))["Weak for longer"]
    stay = with_curve(result, [1.0, 1.0], "MRC grade", "extensor carpi radialis")
    assert "Weak for longer" not in dict(plan_changes(stay))
