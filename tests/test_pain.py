"""Remedies against pain: numbers recomputed, sources, arms that hold them, and the two accounts."""

from __future__ import annotations

import re
from dataclasses import fields

import numpy as np
import pytest

from tinel.errors import TinelError
from tinel.report.pain_treatments import pain_sentence, pain_treatments
from tinel.treatment import plan
from tinel.treatment.pain import effect, known, remedy
from tinel.treatment.pain.difference import from_counts, from_mean, from_nnt
from tinel.treatment.pain.effect import difference
from tinel.treatment.pain.firing import account, ectopic, firing
from tinel.treatment.pain.library import trials
from tinel.treatment.pain.overview import rows
from tinel.treatment.pain.remedy import remedy_of
from tinel.treatment.pain.trial import PAINS, Trial
from tinel.treatment.pain_relief import REMEDIES
from tinel.twins import Patient, Twins

ASKED = """
gabapentin, pregabalin, amitriptyline, nortriptyline, duloxetine, topiramate, tramadol, lidocaine
patch, capsaicin patch, hydrodissection, platelets, steroid injection, B12, magnesium, alpha-lipoic
acid, nerve stimulation, skin stimulation, physical therapy, massage, heat and cold, food and juice
"""
DOSING = r"\b(mg|g|mL|ml|daily|tablets?|capsules?|doses?|twice|times a day|per day)\b"
IDENTIFIER = r"doi:10\.|PubMed \d|PMC\d|\b[\w.-]+\.\w{2,}/"


def step(**keys: object) -> list[dict[str, object]]:
    return [{"treatment": "pain relief", "day": 30, **keys}]


# ---- the files


def test_every_remedy_of_the_article_and_the_guidelines_has_a_file() -> None:
    asked = {" ".join(name.split()) for name in ASKED.split(",")}
    assert asked <= set(known())


@pytest.mark.parametrize("trial", trials().values(), ids=trials())
def test_every_trial_has_an_identifier_and_says_how_far_it_was_read(trial: Trial) -> None:
    journal = re.search(r"\d{4};\d+:\d+", trial.source)
    assert re.search(IDENTIFIER, trial.source) or journal, trial.source
    assert (trial.read == "recalled") == (trial.evidence_grade == "unverified")
    if trial.read == "recalled":
        assert "from memory" in trial.text
    if trial.people and trial.on_it and trial.on_placebo and "one year" not in trial.key:
        crossed = trial.on_it.denominator == trial.people
        both = trial.on_it.denominator + trial.on_placebo.denominator
        assert crossed or 0 <= trial.people - both <= 2, "arms add up to the people"


def test_pain_after_injuries_stands_first() -> None:
    for given in known().values():
        order = [PAINS.index(t.pain) > 0 for t in given.trials]
        assert order == sorted(order), given.name


def test_no_figure_is_quoted_twice_with_different_values() -> None:
    seen: dict[tuple[object, ...], dict[str, object]] = {}
    for trial in trials().values():
        same = (trial.source, trial.endpoint, trial.pain, trial.key.split(",")[-1])
        for field in ("people", "points", "nnt", "nnh"):
            value = getattr(trial, field)
            assert seen.setdefault(same, {}).setdefault(field, value) == value, trial.key


def test_every_entry_is_used() -> None:
    """Every trial stands in the report with its text and source; every key leads to a trial."""
    section = pain_treatments()
    for trial in trials().values():
        assert any(f"{trial.key}: {trial.text}" in line for line in section.sources)
    for given in known().values():
        for key in (given.counts, given.most_from, given.in_general):
            assert not key or key in trials()
        if given.bath:
            assert given.bath.reason


def test_no_text_says_how_much_to_take() -> None:
    shown = [cell.text for row in pain_treatments().table.rows for cell in row]
    shown += pain_treatments().sources
    for given in known().values():
        shown += [given.answer, given.acts_on, given.zero_because, given.most_because]
        shown += [effect(given.name).because]
    for text in shown:
        assert not re.search(DOSING, text), text
    assert "no advice" in pain_treatments().no_advice


# ---- numbers


@pytest.mark.truth
def test_numbers_needed_to_treat_follow_from_the_counts() -> None:
    checked = 0
    for trial in trials().values():
        if trial.nnt and trial.on_it and trial.on_placebo:
            computed = from_counts(trial.on_it, trial.on_placebo).nnt
            print(f"{trial.key}: computed {np.round(computed, 1)}, printed {trial.nnt}")
            assert computed == pytest.approx(trial.nnt, rel=0.03)
            checked += 1
    assert checked


@pytest.mark.truth
def test_printed_percentages_and_numbers_needed_to_treat_agree() -> None:
    for trial in trials().values():
        on_it, on_placebo = trial.fractions
        if trial.nnt and not trial.on_it and on_it is not None and on_placebo is not None:
            computed = 1.0 / (on_it - on_placebo)
            print(f"{trial.key}: 1 / ({on_it} - {on_placebo}) = {computed:.1f}, {trial.nnt[0]}")
            assert computed == pytest.approx(trial.nnt[0], rel=0.08)


@pytest.mark.truth
def test_a_mean_carried_over_stands_beside_the_shares_of_like_trials() -> None:
    """Four pregabalin trials (34 against 20 %, unverified) beside the mean of one of them."""
    found, pooled = difference(trials()["van Seventer 2010"]), trials()["Derry 2019"].fractions
    assert pooled[0] is not None and pooled[1] is not None
    print(f"from the mean {100 * found.value:.0f} ({100 * found.low:.0f} to {100 * found.high:.0f})"
          f" points, pooled {100 * (pooled[0] - pooled[1]):.0f}")  # fmt: skip
    assert found.low < pooled[0] - pooled[1] < found.high


def test_laws_of_a_difference() -> None:
    gibson = trials()["Gibson 2017"].points
    assert gibson
    none = from_mean((0.0, -1.0, 1.0), 2.0, 0.2)
    assert none.value == pytest.approx(0.0, abs=1e-12) and none.low < 0 < none.high
    assert from_mean(gibson, 2.0, 0.2).value > from_mean(gibson, 3.0, 0.2).value
    assert from_nnt((5.0, 4.0, 10.0), None, None).nnt == (5.0, 4.0, 10.0)
    assert none.nnt is None


@pytest.mark.truth
@pytest.mark.parametrize("key", [t.key for t in trials().values() if t.on_it and t.on_placebo])
def test_shares_of_twins_beside_the_trial(key: str) -> None:
    """Twins who draw whether they answer, as many as in the trial's arms, a thousand times over."""
    trial = trials()[key]
    assert trial.on_it and trial.on_placebo
    own = [n for n, given in known().items() if key in (given.counts, given.in_general)]
    if not own:
        pytest.skip("no arm rests on this trial")
    given = effect(own[0], "post-traumatic" if remedy(own[0]).counts == key else "nerve pain")
    relief = given.relief()
    draw = np.random.default_rng(1).uniform(size=100_000)
    with_it, without = (draw < relief.with_it).mean(), (draw < relief.on_placebo).mean()
    print(f"{key}: computed {100 * with_it:.1f} and {100 * without:.1f} %, printed "
          f"{trial.on_it.percent:.1f} and {trial.on_placebo.percent:.1f} %")  # fmt: skip
    assert 100 * with_it == pytest.approx(trial.on_it.percent, abs=0.5)
    assert 100 * without == pytest.approx(trial.on_placebo.percent, abs=0.5)


@pytest.mark.truth
@pytest.mark.parametrize(("drug", "as_in"), [("tramadol", "nerve pain"), ("nerve stimulation", "")])
def test_twins_of_an_arm_answer_as_people_of_the_trial_did(drug: str, as_in: str) -> None:
    answers = pytest.importorskip("tinel.symptom.relief").answers
    keys = {"as_in": as_in} if as_in else {}
    relief = plan("x", step(drug=drug, **keys)).interventions[0].relief
    assert relief
    twins = Twins(Patient(age=40, sex="female", height_cm=170), range(2000))
    given = effect(drug, as_in or "post-traumatic")
    for placebo, printed in ((False, given.on_it), (True, given.on_placebo)):
        computed = float(answers(twins, relief, placebo=placebo).mean())
        print(f"{drug}, {'placebo' if placebo else 'given'}: computed {100 * computed:.1f} %, "
              f"printed {100 * printed:.1f} %")  # fmt: skip
        assert computed == pytest.approx(printed, abs=0.03)


def test_a_negative_trial_sets_zero_with_the_range_it_leaves_open() -> None:
    found, markman = effect("pregabalin"), difference(trials()["Markman 2018"])
    assert found.difference.value == 0 and found.on_it == found.on_placebo
    assert found.difference.high == markman.high and markman.low < 0
    assert found.nnt is None and "largest" in found.because


def test_every_effect_is_a_share_with_a_range() -> None:
    for name in known():
        for pain in ("post-traumatic", "nerve pain"):
            found = effect(name, pain)
            assert 0 < found.on_placebo <= found.on_it < 1
            assert found.difference.low <= found.difference.value <= found.difference.high
            assert found.difference.high > 0 and found.because
            assert [f.name for f in fields(found)][:2] == ["name", "pain"]


# ---- arms


@pytest.mark.parametrize("name", REMEDIES)
def test_an_arm_holds_every_remedy(name: str) -> None:
    arm = plan("x", step(drug=name, until_day=90))
    assert arm.low and arm.high
    (low,), (value,), (high,) = (p.interventions for p in (arm.low, arm, arm.high))
    assert low.relief and value.relief and high.relief
    assert value.relief.name == name and value.relief.ends_d == 90
    assert not value.acts and remedy(name).answer in arm.says
    assert low.relief.with_it <= value.relief.with_it < high.relief.with_it
    assert low.relief.with_it >= low.relief.on_placebo == high.relief.on_placebo


def test_treatments_of_the_nerve_carry_their_effect_on_pain() -> None:
    for keys, name in (
        ({"treatment": "hydrodissection"}, "hydrodissection"),
        ({"treatment": "hydrodissection", "platelets": True}, "platelets"),
        ({"treatment": "hydrodissection", "fluid": "steroid"}, "steroid injection"),
        ({"treatment": "therapy"}, "physical therapy"),
        ({"treatment": "brief electrical stimulation"}, "brief electrical stimulation"),
    ):
        (done,) = plan("x", [{**keys, "day": 40}]).interventions
        assert done.relief and done.relief.name == name
        lasts_d = remedy(name).lasts_d
        assert done.relief.ends_d == (np.inf if lasts_d is None else 40 + lasts_d)


def test_the_report_says_what_an_arm_does_for_pain() -> None:
    assert pain_sentence(plan("x", step(drug="nerve stimulation"))) == (
        "Pain: with nerve stimulation 58 of 100 have half the pain (range 22 to 83), 14 of 100 on "
        "placebo."
    )
    assert "as many as on placebo" in pain_sentence(plan("x", step(drug="pregabalin")))
    assert pain_sentence(plan("x", [])) == ""


def test_an_injection_ends_by_itself() -> None:
    (done,) = plan("x", step(drug="steroid injection")).interventions
    assert done.relief and done.relief.ends_d == 30 + (remedy("steroid injection").lasts_d or 0)


def test_trials_in_other_pain_are_used_when_asked_for() -> None:
    here, general = (
        plan("x", step(drug="duloxetine", as_in=pain)).interventions[0].relief
        for pain in ("post-traumatic", "nerve pain")
    )
    assert here and general and here.with_it == here.on_placebo
    assert (general.with_it, general.on_placebo) == pytest.approx((0.445, 0.257))


# ---- mistakes


@pytest.mark.parametrize(
    ("keys", "says"),
    [
        ({"drug": "pregablin"}, "did you mean 'pregabalin'"),
        ({}, "drug"),
        ({"drug": "pregabalin", "until_day": 3}, "lies before day 30"),
        ({"drug": "pregabalin", "as_in": "migraine"}, "migraine"),
        ({"drug": "hydrodissection"}, "not allowed"),
        ({"drug": ["pregabalin"]}, "not allowed"),
    ],
)
def test_a_wrong_step_is_told(keys: dict[str, object], says: str) -> None:
    with pytest.raises(TinelError, match=says):
        plan("x", step(**keys))


@pytest.mark.parametrize("given", ["gabapentine", "", "x" * 5000, None, 5, "мазь", "\x00"])
def test_an_unknown_remedy_is_told(given: object) -> None:
    with pytest.raises(TinelError, match="no remedy"):
        effect(given)  # type: ignore[arg-type]


def test_an_unknown_pain_is_told() -> None:
    with pytest.raises(TinelError, match="did you mean 'nerve pain'"):
        effect("pregabalin", "nervepain")


ROW = {
    "key": "a 2000", "pain": "nerve pain", "text": "t", "endpoint": "e", "result": "better",
    "source": "PMC1", "read": "page",
}  # fmt: skip


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"pain": "migraine"}, "pain is"), ({"result": "good"}, "result is"),
        ({"read": "heard"}, "read is"), ({"source": ""}, "source"),
        ({"nnt": [5, 6, 7]}, "interval"),
        ({"nnh": [5, 4, 7]}, "go together"), ({"on_it": [5, 4]}, "no count"), ({"x": 1}, "x"),
    ],
)  # fmt: skip
def test_a_faulty_file_is_told(more: dict[str, object], says: str) -> None:
    table = {"name": "n", "answer": "a", "acts_on": "b", "counts": "a 2000"}
    with pytest.raises(TinelError, match=says):
        remedy_of({**table, "trial": [{**ROW, **more}]}, "n.toml")


# ---- the report's table


def test_the_table_has_what_was_compared_after_injuries_first() -> None:
    cells = {row.remedy.name: row.cells for row in rows()}
    assert list(cells)[-1] in ("platelets", "topiramate")
    assert cells["pregabalin"][1].startswith("no better than placebo: Markman 2018 (539 people)")
    assert cells["tramadol"][4] == "4.4 (2.9 to 9.0)"


# ---- the fibre beside the trials


@pytest.mark.truth
@pytest.mark.parametrize(
    ("drug", "silent_uM", "passing_uM"),
    [("lidocaine", 1.0, 100.0), ("amitriptyline", 0.03, 3.0), ("duloxetine", 0.1, 3.0)],
)
def test_a_drug_silences_an_injury_long_before_it_stops_an_impulse(
    drug: str, silent_uM: float, passing_uM: float
) -> None:
    silent, passing = firing(drug, silent_uM), firing(drug, passing_uM)
    print(f"{drug}: {silent.without_Hz:.0f} impulses a second without, {silent.with_Hz:.0f} at "
          f"{silent_uM} uM; an impulse passes at {passing_uM} uM: {passing.passes}")  # fmt: skip
    assert silent.without_Hz > 300 and silent.with_Hz == 0
    assert silent.passes and passing.passes


@pytest.mark.truth
def test_less_leaves_the_firing_and_more_stops_the_impulse() -> None:
    assert firing("lidocaine", 0.3).with_Hz > 300
    assert not firing("lidocaine", 300.0).passes


def test_both_accounts_stand_side_by_side() -> None:
    both = account("amitriptyline")
    assert both.firing and both.firing.with_Hz == 0
    assert "still passes" in both.says and "47 of 100" in both.says
    for name in ("tramadol", "pregabalin", "massage"):
        assert account(name).firing is None and remedy(name).acts_on in account(name).says


def test_the_numbers_of_the_fibre_are_assumptions_with_ranges() -> None:
    for number in ectopic().values():
        assert number.evidence_grade == "assumption" and number.low is not None
        assert number.note and number.low < number.value < (number.high or 0)
