"""Writing of results: whole or not at all."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tinel.errors import TinelError

MANIFEST = "manifest.json"
RESULT_FILES = frozenset({"report.html", "findings.csv", "course.csv", MANIFEST})


def check_target(folder: Path) -> Path:
    """Refuse early what could not be written or must not be replaced.

    A folder is made where the result shall stand and taken away again, since permissions alone do
    not show it: an administrator has them all, also on a disk that cannot be written to.

    Args:
        folder: where a result shall go; need not exist.

    Returns:
        The folder itself, links followed.

    Raises:
        TinelError: a file stands there, the folder cannot be written to, or it holds anything
            but an earlier result.
    """
    try:
        folder = Path(os.path.realpath(folder, strict=False))
        if os.path.lexists(folder) and not folder.is_dir():
            raise TinelError("is a file, not a folder", str(folder), "choose another --out")
        if folder.is_dir():
            _check_replaceable(folder)
        above = next(parent for parent in folder.parents if os.path.lexists(parent))
    except (OSError, ValueError) as problem:
        raise _unwritable(folder, problem) from None
    if not above.is_dir():
        raise TinelError("is a file, not a folder", str(above), "choose another --out")
    trial = above / f".{secrets.token_hex(4)}.partial"
    try:
        trial.mkdir()
        trial.rmdir()
    except OSError as problem:
        raise _unwritable(above, problem) from None
    return folder


@contextmanager
def whole(folder: Path) -> Iterator[Path]:
    """Yield a temporary folder to fill; it becomes ``folder`` when the block ends well.

    An earlier result is replaced by one rename after everything is on the disk. When the block
    raises, or the user interrupts, the temporary folder goes and the earlier result stays.

    Raises:
        TinelError: as ``check_target``, or the disk refused a write (full, for example).

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as place:
        ...     with whole(Path(place) / "result") as temporary:
        ...         _ = (temporary / "manifest.json").write_text("{}")
        ...     (Path(place) / "result" / "manifest.json").exists()
        True
    """
    folder = check_target(folder)
    temporary = folder.parent / f".{folder.name[:80]}.{secrets.token_hex(4)}.partial"
    try:
        try:
            folder.parent.mkdir(parents=True, exist_ok=True)
            temporary.mkdir()
            yield temporary
            _flush(temporary)
            _swap(temporary, folder)
        except OSError as problem:
            raise _unwritable(folder, problem) from None
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def check_file(path: Path, endings: Sequence[str], option: str) -> Path:
    """Refuse early a file that could not be written.

    Args:
        path: where it shall stand; an older file there is replaced.
        endings: allowed endings of its name, e.g. ``.csv``.
        option: named in errors, e.g. ``--table``.

    Raises:
        TinelError: another ending, a folder stands there, or its folder is missing or refuses.

    Example:
        >>> check_file(Path("twins.xlsx"), (".csv", ".nc"), "--table")
        Traceback (most recent call last):
        tinel.errors.TinelError: --table twins.xlsx: the name ends in '.xlsx' (allowed: .csv, .nc)
    """
    where = f"{option} {path}"
    if path.suffix not in endings:
        raise TinelError(f"the name ends in '{path.suffix}' (allowed: {', '.join(endings)})", where)
    if path.is_dir():
        raise TinelError("is a folder", where, "name a file")
    if not path.parent.is_dir():
        raise TinelError("its folder does not exist", where, "make the folder first")
    trial = path.parent / f".{secrets.token_hex(4)}.partial"
    try:
        trial.touch(exist_ok=False)
        trial.unlink()
    except OSError as problem:
        raise TinelError(f"cannot be written: {problem.strerror or problem}", where) from None
    return path


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Yield a temporary file to fill; it becomes ``path`` by one rename when the block ends well.

    The temporary file has the ending of ``path``, for writers that go by it.

    Raises:
        TinelError: the disk refused a write.
    """
    temporary = path.with_name(f".{secrets.token_hex(4)}.partial{path.suffix}")
    try:
        yield temporary
        handle = os.open(temporary, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
        os.replace(temporary, path)
    except OSError as problem:
        told = problem.strerror or str(problem)
        raise TinelError(f"cannot be written: {told}", str(path)) from None
    finally:
        temporary.unlink(missing_ok=True)


def _check_replaceable(folder: Path) -> None:
    found = set(os.listdir(folder))
    if found and MANIFEST not in found:
        message = f"the folder is not empty and holds no Tinel result (no {MANIFEST})"
        raise TinelError(message, str(folder), "choose another --out, or empty it yourself")
    strangers = sorted(found - RESULT_FILES)
    if strangers:
        message = f"beside a result the folder holds {', '.join(strangers[:3])}"
        raise TinelError(message, str(folder), "move that away, or choose another --out")


def _flush(folder: Path) -> None:
    """Make the disk hold what was written, files before the folder that names them."""
    for path in [*sorted(folder.rglob("*"), reverse=True), folder]:
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _swap(temporary: Path, folder: Path) -> None:
    """Put ``temporary`` in the place of ``folder``; put the old one back if that fails."""
    if not folder.is_dir():
        os.rename(temporary, folder)
        return
    old = temporary.with_suffix(".old")
    try:
        os.rename(folder, old)
        os.rename(temporary, folder)
    except BaseException:
        if old.is_dir() and not folder.exists():
            os.rename(old, folder)
        raise
    finally:
        if folder.is_dir():
            shutil.rmtree(old, ignore_errors=True)


def _unwritable(folder: Path, problem: OSError | ValueError) -> TinelError:
    told = (problem.strerror if isinstance(problem, OSError) else None) or str(problem)
    if isinstance(problem, PermissionError):
        return TinelError("may not be written to", str(folder), "choose another --out")
    return TinelError(f"cannot be written: {told}", str(folder), "choose another --out")
