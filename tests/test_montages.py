"""The page of montages says of each study what its nerve's file says."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.people import some
from tinel.nerve import build

pytest.importorskip("docutils")
EXT = Path(__file__).parents[1] / "docs" / "_ext"


def rows(name: str) -> dict[str, tuple[str, ...]]:
    sys.path.insert(0, str(EXT))
    try:
        import montages
    finally:
        sys.path.pop(0)
    nerve = build(name, side="left", twins=some())
    return {study.name: montages.row(nerve, study) for study in nerve.studies}


def test_a_row_has_sites_distances_and_normal_values() -> None:
    _, sites, electrodes, made, normal, source = rows("ulnar")["ulnar motor (ADM)"]
    assert sites == "wrist 80; below elbow 265; above elbow 365"
    assert electrodes.startswith("over the endplates of abductor digiti minimi")
    assert made == "in every run; inching around medial epicondyle"
    assert "amplitude 11.6 ± 2.1 mV" in normal and "velocity 60.4 ± 5.2 m/s" in normal
    assert source.startswith("Buschbacher 1999") and "(read)" in source


def test_a_study_without_published_values_says_so() -> None:
    palm = rows("ulnar")["ulnar motor (FDI), palm"]
    assert palm[3:5] == ("on request", "none was read")
