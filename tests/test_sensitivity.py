"""Which assumptions move a forecast, and published cases beside the program."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from dataclasses import replace
from pathlib import Path

import pytest

import tinel as tn
from tinel.calibration.cases import Line, as_text, compare_cases
from tinel.calibration.sensitivity import Forecast, Mover, sensitivity, strongest
from tinel.calibration.sensitivity_files import as_table, write_sensitivity
from tinel.errors import TinelError


def mover(key: str, points: float, target: str = "deltoid") -> Mover:
    return Mover(Forecast("wait", target, "force", 365.0), key, 0.0, 1.0, "1", "animal", points, 0)


def test_the_five_strongest_of_each_forecast_come_first() -> None:
    movers = [mover(f"k{k}", 10.0 - k) for k in range(7)] + [mover("x", 1.0, "teres minor")]
    found = strongest(movers)
    assert [m.key for m in found[movers[0].forecast]] == ["k0", "k1", "k2", "k3", "k4"]
    assert [m.key for m in found[movers[-1].forecast]] == ["x"]


def test_table_and_picture_are_written(tmp_path: Path) -> None:
    movers = [mover("course.growth.rate", 8.0), mover("course.growth.delay", 2.0)]
    (tmp_path / "manifest.json").write_text('{"files": {"report.html": "0"}}')
    write_sensitivity(movers, tmp_path)
    rows = list(csv.DictReader(io.StringIO((tmp_path / "sensitivity.csv").read_text())))
    assert [(r["rank"], r["assumption"], r["points"]) for r in rows] == [
        ("1", "course.growth.rate", "8.00"),
        ("2", "course.growth.delay", "2.00"),
    ]
    assert as_table(movers) == (tmp_path / "sensitivity.csv").read_text()
    assert (tmp_path / "sensitivity.svg").read_text().startswith("<svg xmlns=")
    named = json.loads((tmp_path / "manifest.json").read_text())["files"]
    assert list(named) == ["report.html", "sensitivity.csv", "sensitivity.svg"]
    for name in list(named)[1:]:
        assert hashlib.sha256((tmp_path / name).read_bytes()).hexdigest() == named[name]


def test_more_growth_or_more_axons_move_a_cut_nerve_and_pressure_does_not() -> None:
    case = tn.load("examples/cut.toml")
    few = replace(case, arm=case.arm[-1:])
    movers = sensitivity(few, n_twin=2, trajectories=1)
    by_key = {m.key: max(o.points for o in movers if o.key == m.key) for m in movers}
    found = sorted(by_key, key=lambda key: -by_key[key])
    print("strongest:", [(key, round(by_key[key], 1)) for key in found[:8]])
    # the fates of axons beyond a cut move it more than the bodies of people do
    people = max(v for key, v in by_key.items() if key.startswith("nerve."))
    fates = max(v for key, v in by_key.items() if key.startswith(("course.", "treatment.")))
    assert fates > people
    rooms = {key.partition(".")[0] for key in by_key}
    assert {"course", "exam", "lesion", "nerve", "scar", "strength", "treatment"} <= rooms
    assert not any(key.startswith("lesion.compression") and v > 0 for key, v in by_key.items())


def test_a_folder_without_the_cases_says_so(tmp_path: Path) -> None:
    lines = list(compare_cases(tmp_path))
    assert lines and all(line.computed.endswith("is not there") for line in lines)
    assert as_text(lines).endswith("0 of 0 inside")
    with pytest.raises(TinelError, match="is no folder"):
        list(compare_cases(tmp_path / "none"))


def test_compared_cases_are_counted() -> None:
    lines = [
        Line("a", "x", "1", "2 (1 to 3)", True),
        Line("a", "y", "1", "5 (4 to 6)", False),
        Line("b", "", "", "b.toml is not there", None),
    ]
    assert as_text(lines).endswith("1 of 2 inside")
