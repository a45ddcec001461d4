"""Every twin as a table and as labelled arrays."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from tinel.case import load
from tinel.cohort import gather
from tinel.cohort.frame import COLUMNS
from tinel.errors import TinelError
from tinel.flow import run
from tinel.report import write, write_table
from tinel.result import Result, Results

EXAMPLES = Path(__file__).parents[1] / "examples"


@pytest.fixture(scope="module")
def results() -> Results:
    return run([load(EXAMPLES / "cut.toml"), load(EXAMPLES / "block.toml")], twins=3)


@pytest.fixture(scope="module")
def result(results: Results) -> Result:
    return results["cut"]


def test_a_table_has_every_twin_arm_day_and_target(result: Result) -> None:
    table = result.to_dataframe()
    assert tuple(table.columns) == COLUMNS
    assert set(table.twin) == {0, 1, 2}
    assert set(table.arm) == {"", *(p.name for p in result.plans)}
    assert set(table.bound) == {"", "low", "high"}
    force = table[(table.quantity == "force") & (table.test == "") & (table.bound == "")]
    assert set(force.day) == set(result.days) and set(force.unit) == {"% of healthy"}
    assert not table.drop(columns=["value", "day"]).isna().any().any()
    assert not table.duplicated([c for c in COLUMNS if c != "value"]).any()


def test_the_table_holds_the_values_of_the_curves(result: Result) -> None:
    table = result.to_dataframe()
    labels, unit, values = next(
        row for row in result.outcomes.curves.rows() if row[0]["quantity"] == "force"
    )
    which = (table.arm == labels["arm"]) & (table.target == labels["target"])
    mine = table[which & (table.quantity == "force") & (table.test == "") & (table.bound == "")]
    wide = mine.pivot(index="twin", columns="day", values="value")
    assert np.array_equal(wide.to_numpy(), values) and set(mine.unit) == {unit}


def test_findings_name_study_target_and_side(result: Result) -> None:
    table = result.to_dataframe()
    studies = table[table.test == "motor conduction"]
    assert set(studies.study) == {
        s.name for s in result.healthy.limb.nerve.studies if s.kind == "motor" and not s.on_request
    }
    assert set(studies.side) == {"affected", "healthy"}
    assert set(studies.target) <= {t.name for t in result.healthy.limb.nerve.targets}


def test_arrays_are_labelled_and_have_units(result: Result) -> None:
    data = result.to_xarray()
    assert data["force"].dims == ("twin", "arm", "target", "day")
    assert data["force"].attrs["units"] == "% of healthy"
    for labels, _, values in result.outcomes.curves.rows():
        name = labels["quantity"].replace(" ", "_")
        name += f"_{labels['bound']}" if labels["bound"] else ""
        array = data[name].sel(arm=labels["arm"])
        array = array.sel(target=labels["target"]) if labels["target"] else array
        assert np.array_equal(array.values, values), labels
    assert data["seddon"].sum("seddon_class").values == pytest.approx(1.0)
    measured = data["measured"]
    strength = measured.sel(finding=measured.finding_quantity == "MRC grade")
    assert strength.sizes["finding"] > 0 and data.attrs["seed"] == 1


def test_many_cases_have_a_column_and_a_dimension(results: Results) -> None:
    table = results.to_dataframe()
    assert table.columns[0] == "case" and set(table.case) == {"cut", "block"}
    assert len(table) == sum(len(one.to_dataframe()) for one in results)
    data = results.to_xarray()
    assert data.sizes["case"] == 2
    alone = results["block"].to_xarray()["conducting_fibres"]
    joined = data["conducting_fibres"].sel(case="block", arm=alone.arm, day=alone.day)
    assert np.array_equal(joined.transpose(*alone.dims).values, alone.values)
    with pytest.raises(TinelError, match="did you mean 'block'"):
        results["blok"]


@pytest.mark.parametrize("ending", [".parquet", ".csv"])
def test_a_table_file_holds_the_table(result: Result, tmp_path: Path, ending: str) -> None:
    file = tmp_path / f"twins{ending}"
    write_table([result], file)
    read = pd.read_parquet(file) if ending == ".parquet" else pd.read_csv(
        file, keep_default_na=False, na_values={"value": [""], "day": [""]}
    )  # fmt: skip
    wanted = result.to_dataframe()
    assert len(read) == len(wanted)
    for name in COLUMNS:
        if name in ("value", "day"):
            assert np.array_equal(read[name], wanted[name], equal_nan=True)
        else:
            assert (read[name] == wanted[name]).all(), name
    assert [p.name for p in tmp_path.iterdir()] == [file.name]


def test_an_array_file_holds_the_arrays(results: Results, tmp_path: Path) -> None:
    write_table(list(results), tmp_path / "twins.nc")
    wanted = results.to_xarray()
    with xr.open_dataset(tmp_path / "twins.nc", engine="scipy") as read:
        assert set(read.data_vars) == set(wanted.data_vars)
        for name in wanted.data_vars:
            assert np.array_equal(read[name].values, wanted[name].values, equal_nan=True), name
        assert read["force"].attrs["units"] == "% of healthy"


def test_an_interrupted_table_leaves_the_older_file(
    result: Result, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "t.csv").write_text("older")
    monkeypatch.setattr(pd.DataFrame, "to_csv", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        write_table([result], tmp_path / "t.csv")
    assert (tmp_path / "t.csv").read_text() == "older"
    assert len(list(tmp_path.iterdir())) == 1


def test_seed_and_twins_may_be_left_to_the_case() -> None:
    case = load(EXAMPLES / "cut.toml").with_run(3, 2)
    alike = run(case), run(load(EXAMPLES / "cut.toml"), seed=3, twins=2)
    for one, other in zip(*(r.outcomes.tables().values() for r in alike), strict=True):
        assert np.array_equal(one.values, other.values, equal_nan=True)
    assert alike[0].manifest["seed"] == 3
    with pytest.raises(TinelError, match="list of cases is empty"):
        run([])


def test_a_changed_number_is_told(result: Result, tmp_path: Path) -> None:
    case = load(EXAMPLES / "cut.toml").with_parameters({"exam.junction.delay_ms": 2.0})
    changed = run(case, twins=3)
    assert changed.manifest["changed"] == {"exam.junction.delay_ms": 2.0}
    later, usual = (
        r.healthy.examination.of("ulnar motor (ADM)", "onset latency") for r in (changed, result)
    )
    assert later is not None and usual is not None
    assert later.values[0] - usual.values[0] == pytest.approx(1.5, abs=0.02)
    assert math.isclose(changed.used["exam.junction.delay_ms"].value, 0.5)
    write(changed, tmp_path)
    manifest = json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["changed"] == {"exam.junction.delay_ms": 2.0}
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    row = r"exam.junction.delay_ms</th><td>2</td><td>0.5</td><td>ms</td><td>yes</td>"
    assert "<h3>Changed by hand</h3>" in page and row in page
    write(result, tmp_path)
    assert "Changed by hand" not in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_what_was_read_is_noted_whoever_computed_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two processes compute the twins; the numbers they read are listed all the same."""
    case = load(EXAMPLES / "cut.toml")
    alone = run(case, twins=2)
    monkeypatch.setattr(gather, "CHUNK", 1)
    shared = run(load(case.source.path), twins=2, workers=2)
    assert shared.parameters.read >= shared.outcomes.read >= {"course.growth.rate"}
    assert alone.outcomes.read == shared.outcomes.read
