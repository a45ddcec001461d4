"""Writing of results: whole or not at all."""

from __future__ import annotations

import errno
import os
import re
import secrets
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from tinel.errors import TinelError
from tinel.undisturbed import undisturbed

MANIFEST, LETTER = "manifest.json", "letter.txt"
RESULT_FILES = frozenset({"report.html", "findings.csv", "course.csv", LETTER, MANIFEST})
# Only where a user asks for them.
SENSITIVITY_FILES = frozenset({"sensitivity.csv", "sensitivity.svg"})
_SWAPS = 100
_MOUNTS = Path("/proc/self/mountinfo")
_TAKEN = (errno.ENOTEMPTY, errno.EEXIST)


def check_target(folder: Path) -> Path:
    """Refuse early what could not be written or must not be replaced.

    A folder is made where the result shall stand and taken away again, since permissions alone do
    not show it: an administrator has them all, also on a disk that cannot be written to.

    Args:
        folder: where a result shall go; need not exist.

    Returns:
        The folder itself, links followed.

    Raises:
        TinelError: a file stands there, the folder cannot be written to or moved (a mount point),
            or it holds anything but an earlier result.
    """
    try:
        folder = Path(os.path.realpath(folder, strict=False))
        there = _names_in(folder)
        _check_replaceable(folder, there or [])
        above = next(parent for parent in folder.parents if os.path.lexists(parent))
    except TinelError:
        raise
    except (OSError, ValueError) as problem:
        raise _unwritable(folder, problem) from None
    if not above.is_dir():
        raise TinelError("is a file, not a folder", str(above), "choose another --out")
    trial = above / f".{secrets.token_hex(4)}.partial"
    try:
        trial.mkdir()
        try:
            if there is not None:
                _check_movable(trial, folder, bool(there))
        finally:
            trial.rmdir()
    except OSError as problem:
        raise _unwritable(above, problem) from None
    return folder


@contextmanager
def whole(folder: Path, written: list[Path] | None = None) -> Iterator[Path]:
    """Yield a temporary folder to fill; it becomes ``folder`` when the block ends well.

    An earlier result is replaced by one rename after everything is on the disk. When the block
    raises, or the user interrupts, the temporary folder goes and the earlier result stays.

    Args:
        folder: where the result shall stand.
        written: gets the folder at the moment at which the result stands.

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
            with undisturbed():
                _swap(temporary, folder)
                if written is not None:
                    written.append(folder)
        except OSError as problem:
            raise _unwritable(folder, problem) from None
    finally:
        _remove(temporary)


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


def _names_in(folder: Path) -> list[str] | None:
    # one question to the system, since another run may just be putting its result there
    try:
        return os.listdir(folder)
    except FileNotFoundError:
        return None
    except NotADirectoryError:
        if os.path.lexists(folder):
            raise TinelError(
                "is a file, not a folder", str(folder), "choose another --out"
            ) from None
        return None


def _check_movable(trial: Path, folder: Path, full: bool) -> None:
    # An empty folder never takes the place of a full one, but the system says first whether
    # anything may: a mount point or another person's folder in a shared place may not be moved.
    moved = errno.EBUSY if not full and _is_mounted(folder) else 0
    if full:
        try:
            os.rename(trial, folder)
            trial.mkdir()  # it had been emptied meanwhile
        except OSError as problem:
            moved = problem.errno or 0
    if moved == errno.EBUSY:
        advice = f"choose a folder inside it, e.g. --out {folder / 'result'}"
        raise TinelError("is where a disk is mounted; it cannot be replaced", str(folder), advice)
    if moved in (errno.EPERM, errno.EACCES):
        raise TinelError("belongs to someone else", str(folder), "choose another --out")


def _is_mounted(folder: Path) -> bool:
    if os.path.ismount(folder):
        return True
    # a folder mounted on another one of the same disk looks like any other; Linux lists it
    try:
        lines = _MOUNTS.read_bytes().splitlines()
    except OSError:
        return False
    places = (re.sub(rb"\\([0-7]{3})", _octal, line.split()[4]) for line in lines)
    return os.fsencode(folder) in places


def _octal(found: re.Match[bytes]) -> bytes:
    return bytes([int(found[1], 8)])


def _check_replaceable(folder: Path, names: Sequence[str]) -> None:
    found = set(names)
    if found and MANIFEST not in found:
        message = f"the folder is not empty and holds no Tinel result (no {MANIFEST})"
        raise TinelError(message, str(folder), "choose another --out, or empty it yourself")
    others = found - RESULT_FILES - SENSITIVITY_FILES
    # a case with several nerves has the result of each further one in a folder of its own
    strangers = sorted(name for name in others if not _is_result(folder / name))
    if strangers:
        message = f"beside a result the folder holds {', '.join(strangers[:3])}"
        raise TinelError(message, str(folder), "move that away, or choose another --out")


def _is_result(folder: Path) -> bool:
    try:
        names = set() if folder.is_symlink() else set(os.listdir(folder))
    except OSError:
        return False
    return MANIFEST in names and names <= RESULT_FILES


def _flush(folder: Path) -> None:
    """Make the disk hold what was written, files before the folder that names them."""
    for path in [*sorted(folder.rglob("*"), reverse=True), folder]:
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _swap(temporary: Path, folder: Path) -> None:
    """Put ``temporary`` in the place of ``folder``; put the old one back if that fails.

    Another run may put its own result there at the same moment: the last one stays.
    """
    for attempt in range(_SWAPS):
        old = temporary.with_suffix(f".{attempt}.old")
        try:
            with suppress(FileNotFoundError):
                os.rename(folder, old)
            os.rename(temporary, folder)
        except BaseException as problem:
            _put_back(old, folder)
            taken = isinstance(problem, OSError) and problem.errno in _TAKEN
            if not taken or attempt == _SWAPS - 1:
                raise
        else:
            _remove(old)  # also where another run has just moved ours away
            return


def _put_back(old: Path, folder: Path) -> None:
    """Give an earlier result its place again, unless another run's stands there by now."""
    if old.is_dir():
        try:
            os.rename(old, folder)
        except OSError as problem:
            if problem.errno not in _TAKEN:
                raise
            _remove(old)


def _remove(folder: Path) -> None:
    try:
        shutil.rmtree(folder, ignore_errors=True)
    except KeyboardInterrupt:  # whoever stops a run wants no remains of it either
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _unwritable(folder: Path, problem: OSError | ValueError) -> TinelError:
    told = (problem.strerror if isinstance(problem, OSError) else None) or str(problem)
    if isinstance(problem, PermissionError):
        return TinelError("may not be written to", str(folder), "choose another --out")
    return TinelError(f"cannot be written: {told}", str(folder), "choose another --out")
