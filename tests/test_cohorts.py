"""Published cohorts: every number read once, every count with its interval, roles that hold."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tinel.calibration.cohorts import published_cohorts
from tinel.calibration.measure import measure_of
from tinel.calibration.outcome import compute
from tinel.errors import TinelError
from tinel.evidence import Count
from tinel.evidence.free import free_parameters
from tinel.nerve.library import parameters

COHORTS = {c.key: c for c in published_cohorts()}


def test_every_collected_cohort_is_there_and_says_how_it_was_read() -> None:
    assert len(COHORTS) >= 190
    assert all(c.who and c.source and c.figures for c in COHORTS.values())


def test_each_figure_has_a_rule_or_a_reason() -> None:
    for cohort in COHORTS.values():
        for figure in cohort.figures:
            reason = figure.not_modelled or cohort.not_modelled
            assert (figure.measure is None) == bool(reason), (cohort.key, figure.counted)


def test_rules_name_a_number_and_a_day() -> None:
    for cohort in COHORTS.values():
        for figure in cohort.figures:
            if figure.measure is not None:
                known = figure.published_percent is not None or figure.mean_days is not None
                assert known, (cohort.key, figure.counted)
                assert figure.day or figure.mean_days, (cohort.key, figure.counted)


PAIR = """
[cohort.first]
who = "1"
source = "1"
read = "abstract"
role = "fit"
centre = "Belgrade"

[cohort.second]
who = "2"
source = "2"
read = "abstract"
role = "ROLE"
centre = "Belgrade"
"""


def test_a_centre_on_both_sides_is_refused_unless_it_is_said(tmp_path: Path) -> None:
    file = tmp_path / "repair.toml"
    file.write_text(PAIR.replace("ROLE", "predict"))
    with pytest.raises(TinelError, match="cohorts of Belgrade have two roles"):
        published_cohorts(tmp_path)
    file.write_text(PAIR.replace("ROLE", "predict") + 'seen_in = "the centre of first"\n')
    assert len(published_cohorts(tmp_path)) == 2
    file.write_text(PAIR.replace("ROLE", "fit"))
    assert len(published_cohorts(tmp_path)) == 2


def test_a_place_where_a_cohort_was_not_kept_apart_is_named_for_predicted_ones() -> None:
    assert all(c.role == "predict" or c.not_modelled for c in COHORTS.values() if c.seen_in)


def test_fit_holds_each_mechanism_and_less_than_half_of_the_cohorts() -> None:
    modelled = [c for c in COHORTS.values() if any(f.measure for f in c.figures)]
    fit = {c.key for c in modelled if c.role == "fit"}
    assert {
        "rad_sleep39",  # block
        "rad_vienna50",  # growth after axonotmesis
        "uln_128",  # suture and graft by level
        "cpn_1577",  # by delay and gap
        "cpn_kneedisl214",  # stretch
        "ian_bsso136",  # sensory
    } <= fit
    assert 0.2 < len(fit) / len(modelled) < 0.4


@pytest.mark.parametrize("key", ["sci_73", "rln_mau44"])
def test_a_percentage_that_is_no_count_has_no_exact_interval(key: str) -> None:
    figures = [f for f in COHORTS[key].figures if f.measure]
    assert figures and all(f.published_percent for f in figures)
    assert all(f.interval_percent is None for f in figures) and COHORTS[key].note


def test_no_patients_are_counted_twice_in_one_cohort() -> None:
    def counted(key: str) -> list[tuple[int | None, int | None]]:
        return [(f.n, f.N) for f in COHORTS[key].figures if f.measure]

    assert counted("rad_chur") == [(10, 13), (7, 9)]
    assert counted("san_7") == [(6, 6)] and counted("cpn_tka203") == [(24, 61)]
    plexus = COHORTS["plexus_postop"]
    assert [f.population for f in plexus.figures] == ["all", "other"]


@pytest.mark.parametrize(
    ("n", "N", "low", "high"),
    [(13, 15, 60, 98), (182, 203, 85, 93), (2, 13, 2, 45), (0, 19, 0, 18), (7, 7, 59, 100)],
)
def test_exact_intervals_are_those_computed_by_hand(n: int, N: int, low: int, high: int) -> None:
    assert [round(x) for x in Count(n, N).interval_percent] == [low, high]


def test_an_unknown_rule_is_refused() -> None:
    with pytest.raises(TinelError, match="no test 'strenght'"):
        measure_of({"test": "strenght"}, "x.toml: y")
    with pytest.raises(TinelError, match="has no meaning"):
        measure_of({"test": "touch", "at_least": 3}, "x.toml: y")
    with pytest.raises(TinelError, match=r"'by' is 'thumb' \(allowed: filaments"):
        measure_of({"test": "touch", "normal": True, "by": "thumb"}, "x.toml: y")


def test_free_parameters_are_few_and_known() -> None:
    known = parameters()
    free = free_parameters()
    assert len(free) <= 13 and len({f.key for f in free}) == len(free)
    for one in free:
        number = known.number(one.key)
        assert one.low <= number.value <= one.high, one.key


WRIST = """
[cohort.told]
who = "radial palsies"
source = "made for this test"
read = "abstract"
role = "fit"

[cohort.told.population.all]
why = "one in five cut and left alone, the others slept on"
age_years = [30, 50]
male = 0.5
entry = { test = "strength", muscles = "beyond", of = "every", at_most = 2, day = 3 }
WHOLE
part = [
  { fraction = 0.2, nerve = "radial", between = GROOVE, injury = "cut" },
  { fraction = 0.8, nerve = "radial", between = GROOVE, injury = "sleep_pressure" },
]

[[cohort.told.figure]]
counted = "no gain"
population = "all"
day = 720
n = 1
N = 5
measure = { test = "no gain", muscles = "beyond" }
""".replace("GROOVE", '["spiral groove", "spiral groove"]')


def test_cut_nerves_keep_the_part_that_is_told_of_the_patients_counted(tmp_path: Path) -> None:
    # Every cut gives a palsy and sleep does so seldom, so that of the injured most would be cut.
    (tmp_path / "arm.toml").write_text(WRIST.replace("WHOLE", ""))
    (cohort,) = published_cohorts(tmp_path)
    (row,) = compute(cohort, "all", (), np.zeros((1, 0)), 24)
    print(f"no gain in {row[0].value:.1f} % (20 % are cut and left alone)")
    assert row[0].value == pytest.approx(20.0, abs=1e-6)


def test_patients_with_whole_tubes_have_none_that_are_cut(tmp_path: Path) -> None:
    (tmp_path / "arm.toml").write_text(WRIST.replace("WHOLE", "tubes_whole = true"))
    (cohort,) = published_cohorts(tmp_path)
    (row,) = compute(cohort, "all", (), np.zeros((1, 0)), 24)
    assert row[0].value == 0.0
