"""What the doctor finds wrong."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tinel.doctor import _folder, examine


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="no /proc here")
def test_a_folder_that_only_seems_writable() -> None:
    """Permissions let an administrator write into /proc; the system does not."""
    for place in (Path("/proc"), Path("/proc/out")):
        check = _folder("results", place, "use another")
        assert not check.fine and check.fix == "use another" and "/proc" in check.found


def test_a_folder_that_is_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tinel.doctor.NamedTemporaryFile", full)
    check = _folder("results", tmp_path, "use another")
    assert not check.fine and "No space left" in check.found


def test_nothing_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TINEL_CACHE", str(tmp_path / "cache" / "deep"))
    found = {check.name: check for check in examine()}
    assert found["results"].fine and found["compilation cache"].fine
    assert "made when first needed" in found["results"].found
    (tmp_path / "out").mkdir()
    assert _folder("results", Path("out"), "").fine
    assert os.listdir(tmp_path) == ["out"] and os.listdir(tmp_path / "out") == []
