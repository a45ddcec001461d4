"""Twins draw what published cohorts leave of the calibrated numbers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import tinel as tn
from tinel.calibration.into_evidence import kept_or_middle, middle, set_values
from tinel.case import case as case_room
from tinel.evidence.free import free_parameters
from tinel.evidence.posterior import Posterior, calibrated, drawn, write
from tinel.report import write as write_report

FREE = free_parameters()
KEYS = tuple(one.key for one in FREE)


@pytest.fixture
def rows(monkeypatch: pytest.MonkeyPatch) -> Posterior:
    """A made-up posterior that twins of every case draw from."""
    at = np.random.default_rng(3).random((50, len(FREE)))
    values = np.stack([one.at(at[:, k]) for k, one in enumerate(FREE)], axis=1)
    found = Posterior(KEYS, values, {})
    monkeypatch.setattr(case_room, "calibrated", lambda: found)
    return found


def test_a_twin_has_the_same_row_in_every_range(rows: Posterior) -> None:
    case = tn.load("examples/cut.toml")
    few, more = case.twins(range(3, 5)), case.twins(range(9))
    for key in KEYS:
        assert few.each(key).tolist() == more.each(key)[3:5].tolist()
    together = np.stack([more.each(key) for key in KEYS], axis=1)
    assert all(any(np.array_equal(row, one) for one in rows.rows) for row in together)


def test_a_whole_case_runs_with_every_calibrated_number_drawn(
    rows: Posterior, tmp_path: Path
) -> None:
    fixed = tn.load("examples/cut.toml")
    result = tn.run(fixed, twins=8)
    write_report(result, tmp_path)
    assert (tmp_path / "report.html").is_file()
    end = result.twins(result.plans[-1].name, "conducting fibres")[:, -1]
    assert np.isfinite(end).all() and len(set(end.round(6))) > 1


def test_what_was_set_by_hand_stays(rows: Posterior) -> None:
    case = tn.load("examples/cut.toml").with_parameters({KEYS[0]: 0.5})
    assert set(case.twins(range(4)).each(KEYS[0])) == {0.5}
    assert len(set(case.twins(range(4)).each(KEYS[1]))) > 1


def test_a_case_may_leave_the_posterior_aside(rows: Posterior) -> None:
    case = tn.load("examples/cut.toml")
    plain = case.run.model_copy(update={"posterior": False})
    from dataclasses import replace

    assert not replace(case, run=plain).twins(range(4)).parameters.changed


def test_parameters_of_evidence_never_draw() -> None:
    assert not tn.parameters().changed
    assert drawn(tn.parameters(), 1, range(3), None).changed == {}


def test_rows_are_written_and_read_again(tmp_path: Path) -> None:
    rows = np.array([[1.25, 3.0], [0.5, 4.0]])
    write(("a.b", "c.d"), rows, {"seed": 1, "what": "a trial", "left": [0.5]}, tmp_path)
    found = calibrated(tmp_path)
    assert found is not None and found.keys == ("a.b", "c.d")
    assert found.rows.tolist() == rows.tolist() and found.about["what"] == "a trial"
    assert calibrated(tmp_path / "none") is None


def test_the_middle_row_is_one_that_was_accepted() -> None:
    rng = np.random.default_rng(1)
    x = rng.normal(3.0, 1.0, 300)
    bent = np.stack([x, 1e4 * (x - 3.0) ** 2 + rng.normal(0.0, 500.0, 300)], axis=1)
    found, medians = middle(bent), np.median(bent, axis=0)
    off = [abs(row[1] - 1e4 * (row[0] - 3.0) ** 2) for row in (found, medians)]
    print("off the curve", off)
    assert any(np.array_equal(row, found) for row in bent)
    assert off[0] < 1500 < off[1]


def test_values_that_are_as_likely_as_the_rows_stay() -> None:
    rng = np.random.default_rng(1)
    x = rng.normal(0.0, 1.0, 400)
    rows = np.stack([x, 1e3 * (x + rng.normal(0.0, 0.1, 400))], axis=1)
    near, off_the_line = np.array([0.5, 500.0]), np.array([0.5, -500.0])
    assert np.array_equal(kept_or_middle(near, rows), near)
    assert np.array_equal(kept_or_middle(off_the_line, rows), middle(rows))


def test_values_reach_the_evidence_and_nothing_else_moves(tmp_path: Path) -> None:
    file = tmp_path / "course.toml"
    file.write_text(
        '# words\n[a.b]\nvalue = 1.0\nlow = 0.5\nhigh = 2.0\nunit = "1"\n'
        'evidence_grade = "assumption"\nsource = "x"\n\n[c]\nvalue = 3.0\n'
    )
    set_values(["course.a.b"], np.linspace(0.6, 0.8, 101)[:, None], [1.0], tmp_path)
    text = file.read_text()
    assert 'value = 0.7\nlow = 0.61\nhigh = 0.79\nunit = "1"\nevidence_grade = "calibrated"' in text
    assert text.startswith("# words\n[a.b]\n") and text.endswith("\n\n[c]\nvalue = 3.0\n")


def test_values_reach_a_number_that_stands_on_one_line(tmp_path: Path) -> None:
    file = tmp_path / "skin.toml"
    begins, other = "# words\n[a]\nb = { value = 3.0 }\n", 'd = { value = 4.0, source = "y" }\n'
    file.write_text(
        f'{begins}c = {{ value = 1.0, low = 0.5, high = 2.0, unit = "1", '
        f'evidence_grade = "assumption", source = "x" }}\n{other}'
    )
    set_values(["skin.a.c"], np.linspace(0.6, 0.8, 101)[:, None], [1.0], tmp_path)
    text = file.read_text()
    assert 'c = { value = 0.7, low = 0.61, high = 0.79, unit = "1"' in text
    assert 'evidence_grade = "calibrated", source = "fitted to' in text and 'before: x" }' in text
    assert text.startswith(begins) and text.endswith(other)
