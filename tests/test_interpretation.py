"""The sentences that say what a finding means."""

from __future__ import annotations

import math
import re
from dataclasses import replace

import numpy as np
import pytest

from tests.people import some
from tinel.evidence import Parameters
from tinel.exam.block_criteria import Segment, met
from tinel.exam.examination import Examination, Visit, visit
from tinel.exam.interpretation import conduction
from tinel.exam.laboratory import set_up
from tinel.exam.limb import healthy
from tinel.exam.measurement import Measurement
from tinel.exam.over_time import over_time
from tinel.exam.reference_limits import limit_of
from tinel.exam.signs import Place, Signs, falls_silent_d, settled_d, signs
from tinel.exam.tests.strength import sentence as strength
from tinel.exam.tests.touch import sentence as touch
from tinel.nerve import build
from tinel.nerve.anatomy import Study

PUBLISHED = Parameters.of_evidence()
KEPT = Signs("motor", 10, "across", amplitude=9.0, other=10.0, lowest=4.0, kept_percent=98)
ULNAR = build("ulnar", side="left", twins=some(range(1), sex="male"))


def test_motor_studies_settle_before_sensory_ones() -> None:
    assert 5 < settled_d("motor", PUBLISHED) <= 9
    assert 9 < settled_d("sensory", PUBLISHED) <= 11


@pytest.mark.parametrize("kind", ["motor", "sensory"])
def test_an_early_drop_is_neither_block_nor_axon_loss(kind: str) -> None:
    said = conduction(replace(KEPT, kind=kind, day=1, kept_percent=0))
    assert "cannot tell block from axon loss yet" in said.lower()
    assert f"day {math.ceil(settled_d(kind, PUBLISHED))}" in said


def test_the_same_drop_later_is_block() -> None:
    said = conduction(replace(KEPT, day=14, kept_percent=12))
    assert said.startswith("Block:") and "12 %" in said and "Axon loss" not in said
    assert "none of it" in conduction(replace(KEPT, day=14, kept_percent=0))


def test_a_drop_of_less_than_half_is_no_block() -> None:
    assert conduction(replace(KEPT, day=14, kept_percent=60)).startswith("Normal")


def test_axon_loss_is_estimated_from_the_other_side() -> None:
    said = conduction(replace(KEPT, day=90, amplitude=2.0))
    assert said.startswith("Axon loss: about 80 %") and "sprouting" in said
    assert "sprouting" not in conduction(replace(KEPT, day=90, kind="sensory", amplitude=2.0))
    early = conduction(replace(KEPT, day=10, amplitude=2.0))
    assert early.startswith("Axon loss: about 80 %") and "sprouting" not in early


@pytest.mark.parametrize("place", ["above", "across", "below"])
@pytest.mark.parametrize("day", [1, 14, 365])
def test_half_of_the_other_side_is_never_normal_with_a_known_injury(
    place: Place, day: float
) -> None:
    said = conduction(replace(KEPT, place=place, day=day, amplitude=5.2))
    assert "Normal" not in said and "Nothing abnormal" not in said and "52 %" in said
    assert "a loss of up to 48 % may hide" in said


def test_recovery_is_not_called_new_damage() -> None:
    then = replace(KEPT, day=180, amplitude=10.7, mrc_grade=5.0)
    now = replace(KEPT, day=365, amplitude=3.1, mrc_grade=5.0)
    assert "No sign of new damage" in over_time(now, [then])
    assert "axons have been lost since" in over_time(replace(now, mrc_grade=3.0), [then])
    assert "strength, which was not tested" in over_time(replace(now, mrc_grade=None), [then])
    assert "lost since" in over_time(replace(now, kind="sensory"), [replace(then, kind="sensory")])
    assert not over_time(now, [replace(then, day=3)]), "before axons fall silent"
    assert not over_time(now, [replace(then, amplitude=2.0)]), "reduced then too"
    assert "Coming back: 31 % of the other side, after 5 %" in over_time(
        now, [replace(then, amplitude=0.5)]
    )
    assert "after none on day 180" in over_time(now, [replace(then, amplitude=0.0)])
    assert not over_time(replace(now, place="elsewhere"), [then])


def test_a_sensory_response_that_stays_small_does_not_deny_regrowth() -> None:
    then = replace(KEPT, kind="sensory", place="above", day=21, amplitude=4.4)
    now = replace(then, day=545, amplitude=4.3)
    said = over_time(now, [then])
    assert said.startswith("Axon loss, as on day 21 (44 % of the other side then, 43 % now)")
    assert "whether axons have come back cannot be told from this response" in said
    assert not over_time(then, []), "on the first day there is nothing to compare with"
    assert not over_time(replace(now, kind="motor"), [replace(then, kind="motor")])


def test_an_absent_response_is_not_called_the_beginning_of_silence() -> None:
    said = conduction(replace(KEPT, kind="sensory", place="above", day=10, amplitude=0.0))
    assert said.startswith("No response beyond the injury") and "begun" not in said
    assert "between day 4 and day 11" in said


def test_over_a_tunnel_latency_is_the_test() -> None:
    said = conduction(replace(KEPT, place="below", day=365))
    assert "latency and velocity over it" in said and "within their limits" in said
    assert "but slowed" in conduction(replace(KEPT, place="below", day=365, slow=True))


def test_a_rule_about_days_gives_a_range() -> None:
    said = conduction(replace(KEPT, kind="sensory", day=1, kept_percent=0))
    assert "between day 4 and day 11" in said
    assert falls_silent_d("motor", PUBLISHED) == (2, 7)


def test_beside_the_injury_nothing_is_called_slowed() -> None:
    said = conduction(replace(KEPT, kind="sensory", place="above", day=90, slow=True))
    assert "fastest fibres are lost" in said and "slowed" not in said


def test_a_normal_size_below_half_of_the_other_side_is_axon_loss() -> None:
    assert conduction(replace(KEPT, day=14, amplitude=4.5)).startswith("Axon loss: about 55 %")


def test_axon_loss_and_block_can_both_be_there() -> None:
    said = conduction(replace(KEPT, day=14, amplitude=2.0, kept_percent=10))
    assert said.startswith("Axon loss") and "block" in said


def test_an_absent_response_beyond_the_injury() -> None:
    absent = replace(KEPT, amplitude=0.0, kept_percent=math.nan)
    assert conduction(replace(absent, day=14)).startswith("Axon loss: no response")
    assert conduction(replace(absent, day=5)).startswith("No response beyond the injury")
    assert "either side" in conduction(replace(absent, other=0.0))


def test_a_high_injury_looks_normal_until_the_axons_die() -> None:
    high = replace(KEPT, place="above", kept_percent=100, mrc_grade=0.0, force_percent=0.0)
    early, late = conduction(replace(high, day=1)), conduction(replace(high, day=14))
    assert "Cannot tell" in early and "MRC 0" in early and "no site lies above" in early
    assert "blocked above every stimulation site" in late and "this study cannot" in late


def test_a_small_loss_explains_a_small_weakness() -> None:
    some = replace(KEPT, place="above", amplitude=6.0, mrc_grade=4.0, force_percent=58.0, day=14)
    assert "hides inside the limits" in conduction(some)


def test_full_strength_and_a_kept_response_are_called_so() -> None:
    said = conduction(replace(KEPT, place="above", day=1, mrc_grade=5.0, force_percent=100.0))
    assert "full strength" in said and "Cannot tell" not in said


@pytest.mark.parametrize("place", ["elsewhere", "beyond"])
def test_a_study_that_does_not_cross_the_injury_says_so(place: Place) -> None:
    assert "no test of the injury" in conduction(replace(KEPT, place=place))


def test_from_above_only_block_and_loss_look_alike() -> None:
    assert "look the same" in conduction(replace(KEPT, place="below", amplitude=0.0))
    assert "look the same" in conduction(replace(KEPT, place="below", amplitude=1.0))
    assert "slowed" in conduction(replace(KEPT, place="below", slow=True))


def meeting(**changed: float) -> Signs:
    """Two weeks after an injury, with whatever criteria such a segment meets."""
    segment = Segment("below elbow to wrist", "arm", 9.0, 0.9, 0.9, 0.95, 0.08, 3.0)
    found = met(replace(segment, **changed), PUBLISHED)  # type: ignore[arg-type]
    slow = any(one.criterion.sign == "slowing" for one in found)
    return replace(KEPT, day=14, criteria=found, slow=slow, kept_percent=60)


def test_a_sentence_names_segment_and_criterion() -> None:
    said = conduction(meeting(kept=0.3, kept_peak_to_peak=0.3))
    assert said.startswith("Block:") and "(below elbow to wrist; EFNS/PNS)" in said
    assert "(against the other side)" in conduction(replace(KEPT, day=14, kept_percent=12))


def test_a_drop_by_a_weaker_criterion_is_possible_block() -> None:
    partial = meeting(kept_peak_to_peak=0.7)
    said = conduction(partial)
    assert said.startswith("Possible block:") and "44 healthy arms" in said and "60 %" in said
    assert "possible block" in conduction(replace(partial, amplitude=2.0, lowest=None))
    assert "cannot tell" in conduction(replace(partial, day=1)).lower()
    assert conduction(replace(partial, place="above")).startswith("Normal")
    scattered = meeting(distal_mV=0.9, kept=0.45)
    assert conduction(scattered).startswith("Possible block"), "the ratio of a small response"


def test_dispersion_explains_a_drop() -> None:
    said = conduction(meeting(kept=0.4, longer=0.5))
    assert said.startswith("Block:") and "dispersed (below elbow to wrist, duration +50 %" in said
    assert "cancellation" in said
    alone = conduction(meeting(longer=0.5))
    assert alone.startswith("Size within normal limits") and "cancellation" not in alone


def test_slowing_of_a_segment_is_named() -> None:
    said = conduction(meeting(slower_m_per_s=20.0))
    assert said.endswith("conduction is slowed (below elbow to wrist; Buschbacher 1999).")


def test_what_the_other_side_shows_too_is_no_sign() -> None:
    study = ULNAR.study("ulnar motor (ADM)")
    near, far = (0, "amplitude"), (1, "amplitude")
    here, there = (
        measured(study, 14, (*near, 8.0), (*far, low), (*near[:1], "area", 9.0))
        for low in (2.0, 7.0)
    )
    names = [one.criterion.name for one in signs(study, here, there, "across").criteria]
    assert names == ["EFNS/PNS", "limit by distal amplitude"]
    assert signs(study, here, here, "across").criteria == ()
    tiny = measured(study, 14, (*near, 0.5), (*far, 0.0))
    assert signs(study, tiny, there, "across").criteria == ()


def test_the_ratio_of_a_small_response_has_a_lower_limit() -> None:
    study, ratio = ULNAR.study("ulnar motor (ADM)"), (1, "amplitude against distal", 40.0)
    for distal, least in ((9.0, 50.0), (0.9, 36.0)):
        seen = measured(study, 14, (0, "amplitude", distal), ratio)
        _, bound = limit_of(seen.examination.measurements[1], seen)
        assert bound is not None and bound.value == pytest.approx(least)


def test_slowing_is_named() -> None:
    assert "slowed" in conduction(replace(KEPT, day=14, slow=True))
    assert "slowed" not in conduction(replace(KEPT, day=14))


def measured(study: Study, day: float, *values: tuple[int, str, float]) -> Visit:
    """A visit on which only these values (site, quantity, value) were measured."""
    made = tuple(
        Measurement("motor conduction", study.name, study.sites[k].name, what, "", np.array([x]))
        for k, what, x in values
    )
    return Visit(day, healthy(ULNAR), Examination(made, {}))


def test_signs_compare_the_drop_with_the_other_side() -> None:
    study = ULNAR.study("ulnar motor (ADM)")
    size, ratio, late = (0, "amplitude"), (1, "amplitude against distal"), (0, "onset latency")
    here = measured(study, 14, (*size, 8.0), (*ratio, 40.0), (*late, 9.9))
    there = measured(study, 0, (*size, 10.0), (*ratio, 80.0), (*late, 3.0))
    found = signs(study, here, there, "across")
    assert (found.amplitude, found.other, found.kept_percent) == (8.0, 10.0, 50.0)
    assert found.slow and found.lowest is not None and 0 < found.lowest < 10
    absent = measured(study, 14, (*size, 8.0), (*ratio, 40.0), (*late, math.nan))
    assert not signs(study, absent, there, "across").slow


@pytest.mark.parametrize(("grade", "word"), [(0, "no contraction"), (2, "gravity removed")])
def test_grades_in_words(grade: int, word: str) -> None:
    assert word in strength(grade, [1.0])


def test_touch_in_words() -> None:
    assert touch(2.83, 2.83, PUBLISHED).startswith("Normal")
    assert touch(3.61, 3.61, PUBLISHED).startswith("Normal")
    assert "0.4 g" in touch(3.61, 2.83, PUBLISHED) and "4.56" in touch(4.56, 2.83, PUBLISHED)
    assert "Not even" in touch(math.inf, 2.83, PUBLISHED)


def test_a_limit_the_healthy_side_breaks_too_says_nothing() -> None:
    both = replace(KEPT, day=60, amplitude=2.0, other=2.1, lowest=4.0)
    for place in ("above", "across", "elsewhere"):
        here = replace(both, place=place)
        said = conduction(here)
        assert not here.reduced and "loss" not in said and not said.startswith("Normal")
        assert said.startswith("Below the limit of normal on both sides alike (95 %")
    assert replace(both, amplitude=0.9).reduced, "below half of the other side all the same"
    assert replace(both, amplitude=3.9, other=4.0).reduced, "the healthy side keeps the limit"


def test_a_very_old_and_tall_person_has_no_axon_loss_on_the_healthy_side() -> None:
    old = build("sciatic", side="left", twins=some(range(1), age=100, sex="male", height_cm=220))
    seen = visit(healthy(old), set_up(old, temperature_C=32.5), 60, ["sensory conduction"])
    found = [signs(s, seen, seen, "above") for s in old.studies if s.kind == "sensory"]
    assert any(s.lowest is not None and s.amplitude < s.lowest for s in found)
    for s in found:
        assert not s.reduced and not s.slow and "loss" not in conduction(s)


def test_slow_on_both_sides_is_no_sign() -> None:
    study = ULNAR.study("ulnar motor (ADM)")
    here, quick, slow = (
        measured(study, 14, (0, "amplitude", 9.0), (0, "onset latency", latency))
        for latency in (9.9, 3.0, 9.5)
    )
    assert signs(study, here, quick, "across").slow
    assert not signs(study, here, slow, "across").slow


def test_a_slowed_response_is_not_called_normal() -> None:
    said = conduction(replace(KEPT, day=14, amplitude=8.8, slow=True))
    assert said == "Size within normal limits (88 % of the other side); conduction is slowed."


def test_a_tiny_distal_response_says_nothing_about_block() -> None:
    tiny = replace(KEPT, day=60, amplitude=0.7, kept_percent=0.0)
    assert "block" not in conduction(tiny)
    assert "and block" in conduction(replace(tiny, amplitude=0.9))
    assert "and block" in conduction(replace(tiny, lowest=None)), "no limit to compare with"


def test_a_weak_muscle_is_not_called_normal_across_the_injury_either() -> None:
    weak = replace(KEPT, day=60, amplitude=7.0, mrc_grade=4.0, force_percent=60.0)
    said = conduction(weak)
    assert "MRC 4" in said and "hides inside the limits" in said and "Normal" not in said
    assert "slowed" in conduction(replace(weak, slow=True))


def test_sentences_do_not_instruct() -> None:
    for day, place in ((1, "above"), (1, "across"), (14, "above"), (14, "across")):
        for amplitude in (1.0, 9.0):
            signs_then = replace(KEPT, day=day, place=place, amplitude=amplitude, kept_percent=9)
            assert not re.search(r"repeat|\bshould\b", conduction(signs_then))
