"""Whether a value is abnormal, and tests and limits in a user's own file."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tinel.case import load
from tinel.cohort import gather
from tinel.errors import TinelError
from tinel.exam.reference_limits import Bound, reference_limits
from tinel.exam.side_comparison import verdict
from tinel.exam.test import known_tests
from tinel.flow import run
from tinel.report import write

BLOCK = Path(__file__).parents[1] / "examples" / "block.toml"

PINCH = """
from tinel.exam.measurement import Value
from tinel.exam.reference_limits import Bound, ReferenceLimit
from tinel.exam.test import Test, targets


def pinch(limb, muscle, laboratory):
    units = limb.conducts[:, limb.fibres_of(muscle.name)].mean(axis=1)
    return [Value("pinch force", "N", 60 * units)]


TEST = Test(
    name="pinch",
    other_names=("key pinch",),
    text="Force of a pinch.",
    subjects=targets("motor"),
    examine=pinch,
    interpret=lambda muscle, visits, other: ["Pinched."] * len(visits),
)
LIMIT = ReferenceLimit(
    name="pinch force",
    text="Our own laboratory.",
    quantity="pinch force",
    bound=lambda measurement, visit: Bound(45.0, lower=True),
)
"""
OWN_AMPLITUDE = """
from tinel.exam.reference_limits import Bound, ReferenceLimit

LIMIT = ReferenceLimit(
    name="amplitude, our laboratory",
    text="Our own laboratory.",
    quantity="amplitude",
    bound=lambda measurement, visit: Bound(99.0, lower=True),
    beside_other_side=True,
)
"""


def test_a_limit_broken_on_both_sides_is_no_finding() -> None:
    least, most = Bound(4.0, lower=True), Bound(4.2, lower=False)
    assert verdict(least, 3.0, 6.5, 0.5) == (True, "limit and other side")
    assert verdict(least, 3.0, 5.0, 0.5) == (True, "limit")
    assert verdict(least, 3.0, 3.9, 0.5) == (False, "limit broken on both sides")
    assert verdict(least, 1.0, 3.9, 0.5) == (True, "other side")
    assert verdict(most, 5.0, 4.4) == (False, "limit broken on both sides")
    assert verdict(most, 5.0, 4.0) == (True, "limit")
    assert verdict(least, 3.0, None, 0.5) == (True, "limit"), "the healthy side itself"


def test_criteria_make_a_value_abnormal_too() -> None:
    least = Bound(50.0, lower=True)
    assert verdict(least, 72.0, 90.0, None, ["AAN"]) == (True, "AAN")
    assert verdict(least, 42.0, 90.0, None, ["AAN"]) == (True, "limit and AAN")
    assert verdict(None, 7.0, 5.0, None, ["EFNS/PNS"]) == (True, "EFNS/PNS")


def test_every_quantity_has_at_most_one_limit_of_its_own() -> None:
    limits = reference_limits()
    assert len({limit.quantity for limit in limits.values()}) == len(limits)
    assert all(offer.text and offer.source for offer in (*limits.values(), *known_tests().values()))


@pytest.fixture
def pinched(tmp_path: Path) -> Path:
    """A case that uses a test of the user's own, and the file that makes it."""
    (tmp_path / "pinch.py").write_text(PINCH)
    (tmp_path / "amplitude.py").write_text(OWN_AMPLITUDE)
    text = BLOCK.read_text(encoding="utf-8").replace(
        '"strength", "touch"', '"strength", "touch", "pinch"'
    )
    (tmp_path / "case.toml").write_text(text)
    return tmp_path


def test_a_test_and_a_limit_of_ones_own_reach_the_findings(
    pinched: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = [pinched / "pinch.py", pinched / "amplitude.py"]
    # two chunks on two processes, each of which has to read the files
    monkeypatch.setattr(gather, "CHUNK", 3)
    result = run(load(pinched / "case.toml", files=files), twins=6, workers=2)
    write(result, pinched)
    with (pinched / "findings.csv").open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    mine = [row for row in rows if row["test"] == "pinch"]
    assert {row["side"] for row in mine} == {"healthy", "affected"}
    assert {row["normal_limit"] for row in mine} == {"≥ 45"}
    weak = [row for row in mine if row["abnormal"] == "yes"]
    assert weak and all(float(row["value"]) < 45 for row in weak)
    assert "≥ 99" in {row["normal_limit"] for row in rows if row["quantity"] == "amplitude"}
    page = (pinched / "report.html").read_text(encoding="utf-8")
    assert "<h3>Pinch</h3>" in page and "Pinched." in page and "pinch.py" in page
    table = result.to_dataframe()
    assert table[table.test == "pinch"].target.nunique() > 0


def test_a_test_that_measures_nothing_is_told(pinched: Path) -> None:
    (pinched / "bad.py").write_text(PINCH.replace("60 * units)]", "3.0)]"))
    case = load(pinched / "case.toml", files=[pinched / "bad.py"])
    with pytest.raises(TinelError, match=r"'pinch' gave \(\) \(allowed: a Value with one"):
        run(case, twins=1)


def test_a_name_that_is_taken_is_refused(tmp_path: Path) -> None:
    (tmp_path / "touch.py").write_text(PINCH.replace('name="pinch"', 'name="touch"'))
    with pytest.raises(TinelError, match="'touch' already names touch"):
        known_tests([tmp_path / "touch.py"])
