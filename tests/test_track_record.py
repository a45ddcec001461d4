"""What the report says of published patients: which figures count, and how far off they are."""

from __future__ import annotations

import math

from tinel.evidence.validated import Validated
from tinel.report.track_record import track_record


def row(role: str, published: float, low: float, high: float, computed: float) -> Validated:
    return Validated("x", "ulnar", "7 cuts", "full", 730.0, published, low, high, computed, role)


ROWS = (
    row("fit", 50.0, 30.0, 70.0, 60.0),
    row("fit", 50.0, 40.0, 60.0, 90.0),
    row("predict", 50.0, 30.0, 70.0, 40.0),
    row("predict", 50.0, math.nan, math.nan, 20.0),
)


def test_without_a_fit_every_figure_with_an_interval_counts() -> None:
    told = track_record("ulnar", ROWS, fitted=False).summary
    assert told.startswith("Of 3 published figures on this nerve, 2 are met")
    assert "2 of all 4 figures are off by more than 15 points, 1 of them upwards" in told


def test_with_a_fit_only_predicted_figures_count() -> None:
    told = track_record("ulnar", ROWS, fitted=True).summary
    assert told.startswith("Of 1 published figures on this nerve that nothing was fitted to, 1 are")


def test_the_table_names_roles_and_begins_with_what_is_furthest_off() -> None:
    table = track_record("ulnar", ROWS, fitted=False).cohorts
    assert table is not None
    cells = [[cell.text for cell in line] for line in table.rows]
    assert [line[5] for line in cells] == ["fit", "predict", "fit", "predict"]
    assert cells[0][4] == "90 %" and cells[1][6] == "no count told"


def test_what_the_program_is_off_by_itself_is_told() -> None:
    told = track_record("ulnar", ROWS, fitted=True, own=(7.0, 10.0, 14.0)).summary
    print(told)
    assert "off by 10 points by itself (7 to 14;" in told and "20 points more or fewer" in told
    assert "by itself" not in track_record("ulnar", ROWS, fitted=True, own=()).summary
