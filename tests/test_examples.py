"""Every example file runs from the command line to a whole result."""

from __future__ import annotations

import csv
import io
import json
from contextlib import redirect_stdout
from pathlib import Path

import numpy as np
import pytest

from tinel.case import load
from tinel.cli import main
from tinel.flow import run

EXAMPLES = sorted((Path(__file__).parents[1] / "examples").glob("*.toml"))


class Examples:
    """Each example run once, when it is first asked for: its folder, and what was said."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.said = folder, dict[Path, str]()

    def __call__(self, example: Path) -> tuple[Path, str]:
        out = self.folder / example.stem
        if example not in self.said:
            words = ["run", str(example), "--out", str(out), "--twins", "6", "--json"]
            said = io.StringIO()
            with redirect_stdout(said):
                assert main(words) == 0
            self.said[example] = said.getvalue()
        return out, self.said[example]


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Examples:
    return Examples(tmp_path_factory.mktemp("examples"))


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda p: p.stem)
def test_example_runs_from_the_command_line(example: Path, ran: Examples) -> None:
    out, told = ran(example)
    said = json.loads(told)
    assert said["manifest"]["twins"] == 6
    assert {p.name for p in out.iterdir() if p.is_file()} == {
        "report.html", "letter.txt", "findings.csv", "course.csv", "manifest.json",
    }  # fmt: skip
    with (out / "findings.csv").open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    case = load(example)
    assert {p.name for p in out.iterdir() if p.is_dir()} == {
        other.nerve.name for other in case.beside
    }
    assert {f"{day:g}" for day in case.exam_days} <= {row["day"] for row in rows}
    assert {arm.name for arm in case.arm} <= {row["arm"] for row in rows}


@pytest.mark.parametrize(
    "example",
    [pytest.param(e, marks=[] if e.stem == "ivy" else pytest.mark.slow) for e in EXAMPLES],
    ids=lambda p: p.stem,
)
def test_a_run_repeats_to_the_last_byte(example: Path, ran: Examples, tmp_path: Path) -> None:
    one, other = ran(example)[0], tmp_path / "other"
    assert main(["run", str(example), "--out", str(other), "--twins", "6"]) == 0
    for table in ("course.csv", "findings.csv"):
        assert (one / table).read_bytes() == (other / table).read_bytes()


def test_hydrodissection_changes_no_axon_by_default() -> None:
    """Treated and waiting twins are equal to the last bit; only the stated range differs."""
    result = run(load(EXAMPLES[-1].with_name("tanya.toml")), seed=1, twins=8)
    treated = next(p for p in result.plans if "hydrodissection" in p.treatment)
    wait = result.waiting
    differing = 0
    for labels, _, values in result.outcomes.curves.rows():
        if (labels["arm"], labels["bound"]) == (treated.name, "") and labels["quantity"] != "pain":
            what = labels["quantity"], labels["target"]
            assert np.array_equal(values, result.twins(wait, *what))
            low, high = (result.twins(treated.name, *what, bound=b) for b in ("low", "high"))
            differing += int(not np.array_equal(low, high))
    assert differing > 0
    assert "No controlled trial" in treated.says
