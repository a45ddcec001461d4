"""A result is on the disk whole or not at all."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from tinel.errors import TinelError
from tinel.writing import MANIFEST, check_target, whole


def write(folder: Path, text: str) -> None:
    """A whole result of two files."""
    with whole(folder) as temporary:
        (temporary / MANIFEST).write_text(text)
        (temporary / "report.html").write_text(text)


def content(folder: Path) -> set[str]:
    """Everything in a folder, as text."""
    return {path.read_text() for path in folder.iterdir()}


def test_new_result_in_new_folders(tmp_path: Path) -> None:
    write(tmp_path / "a" / "b", "first")
    assert content(tmp_path / "a" / "b") == {"first"}
    assert os.listdir(tmp_path / "a") == ["b"], "nothing temporary stays"
    umask = os.umask(0)
    os.umask(umask)
    assert (tmp_path / "a" / "b").stat().st_mode & 0o777 == 0o777 & ~umask


def test_older_result_is_replaced(tmp_path: Path) -> None:
    write(tmp_path / "out", "first")
    write(tmp_path / "out", "second")
    assert content(tmp_path / "out") == {"second"}
    assert os.listdir(tmp_path) == ["out"]


def test_empty_folder_is_used(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    write(tmp_path / "out", "first")
    assert content(tmp_path / "out") == {"first"}


@pytest.mark.parametrize("stop", [KeyboardInterrupt, ValueError, SystemExit])
def test_interruption_leaves_the_older_result(tmp_path: Path, stop: type[BaseException]) -> None:
    write(tmp_path / "out", "first")
    with pytest.raises(stop), whole(tmp_path / "out") as temporary:
        (temporary / MANIFEST).write_text("torn")
        raise stop
    assert content(tmp_path / "out") == {"first"}
    assert os.listdir(tmp_path) == ["out"]


@pytest.mark.parametrize("failing", [1, 2])
def test_interruption_while_swapping(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: int
) -> None:
    write(tmp_path / "out", "first")
    calls = []
    rename = os.rename

    def interrupted(old: Path, new: Path) -> None:
        calls.append(new)
        if len(calls) == failing:
            raise KeyboardInterrupt
        rename(old, new)

    monkeypatch.setattr(os, "rename", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write(tmp_path / "out", "second")
    assert content(tmp_path / "out") == {"first"}
    assert os.listdir(tmp_path) == ["out"]


def test_full_disk(tmp_path: Path) -> None:
    write(tmp_path / "out", "first")
    with pytest.raises(TinelError, match="No space left"), whole(tmp_path / "out"):
        raise OSError(28, "No space left on device")
    assert content(tmp_path / "out") == {"first"}


def test_a_persons_folder_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("years of work")
    with pytest.raises(TinelError, match="holds no Tinel result"):
        check_target(tmp_path)
    write(tmp_path / "out", "first")
    (tmp_path / "out" / "notes.txt").write_text("mine")
    with pytest.raises(TinelError, match=r"holds notes\.txt"):
        write(tmp_path / "out", "second")
    assert content(tmp_path / "out") == {"first", "mine"}


def test_a_result_of_several_nerves_is_replaced_and_a_persons_files_in_it_are_not(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "out"
    for text in ("first", "second"):
        with whole(folder) as temporary:
            (temporary / "manifest.json").write_text(text)
            (temporary / "ulnar").mkdir()
            (temporary / "ulnar" / "manifest.json").write_text(text)
    assert (folder / "ulnar" / "manifest.json").read_text() == "second"
    (folder / "ulnar" / "notes.txt").write_text("mine")
    with pytest.raises(TinelError, match="holds ulnar"):
        check_target(folder)


def test_paths_that_cannot_hold_a_result(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    for path in ("file", "file/below", "loop", "loop/below", "a\0b", "x" * 300):
        with pytest.raises(TinelError, match="--out"):
            write(tmp_path / path, "first")
    assert sorted(os.listdir(tmp_path)) == ["file", "loop"]


@pytest.mark.parametrize(
    ("problem", "message"),
    [
        (PermissionError(errno.EACCES, "Permission denied"), "may not be written to"),
        (OSError(errno.EROFS, "Read-only file system"), "cannot be written: Read-only"),
    ],
)
def test_folder_that_refuses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, problem: OSError, message: str
) -> None:
    # The administrator may write everywhere, so permissions cannot be taken away for real here.
    def refuse(*_: object, **__: object) -> None:
        raise problem

    monkeypatch.setattr(os, "mkdir", refuse)
    monkeypatch.setattr(os, "access", lambda *_: True)
    with pytest.raises(TinelError, match=message):
        check_target(tmp_path / "out")


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="no folder that nobody can write to")
def test_a_folder_that_nobody_can_write_to() -> None:
    with pytest.raises(TinelError, match="/proc"):
        check_target(Path("/proc/result"))


def test_a_trial_leaves_nothing_behind(tmp_path: Path) -> None:
    assert check_target(tmp_path / "a" / "b") == (tmp_path / "a" / "b").resolve()
    assert os.listdir(tmp_path) == []


def test_links_are_followed(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    write(tmp_path / "link", "first")
    assert (tmp_path / "link").is_symlink()
    assert content(tmp_path / "real") == {"first"}
