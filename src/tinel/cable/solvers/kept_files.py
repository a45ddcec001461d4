"""Files that are kept between runs: whole or not at all, and named by what they are made of.

What cannot be kept or read costs the next run its time, no more.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

try:
    import fcntl
except ImportError:  # Windows: each process makes what it needs
    fcntl = None  # type: ignore[assignment]

Array = NDArray[Any]
LONGEST_s = 120.0  # nothing that is kept takes so long; whoever waited so long makes it as well


def is_own(file: Path) -> bool:
    """Whether a file was written by this user or the administrator, and by nobody else.

    Raises:
        OSError: there is no such file, or it cannot be looked at.
    """
    owner = file.stat().st_uid
    return not hasattr(os, "geteuid") or owner in (0, os.geteuid())


def keep(file: Path, data: bytes) -> None:
    """Write a file, whole or not at all, in a folder of this user's own.

    Raises:
        OSError: it cannot be written.
    """
    temporary = file.with_name(f"{file.stem}.{secrets.token_hex(4)}.partial")
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        temporary.write_bytes(data)
        os.replace(temporary, file)
    finally:
        temporary.unlink(missing_ok=True)


@contextmanager
def one_maker(file: Path) -> Iterator[None]:
    """Let one process at a time make a kept file; another waits, to find it made when it looks
    again. Where there is no lock to be had, nobody waits and each makes its own.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder, one_maker(Path(folder) / "a.npz"):
        ...     print(os.listdir(folder))
        ['a.npz.lock']
    """
    lock = file.with_name(f"{file.name}.lock")
    held = _locked(lock)
    try:
        yield
    finally:
        if held is not None:
            with suppress(OSError):
                lock.unlink()
            os.close(held)


def keep_arrays(file: Path, arrays: Mapping[str, Any]) -> None:
    """Keep arrays by name; where that is impossible, they are only not there.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder:
        ...     keep_arrays(Path(folder) / "a.npz", {"x": np.ones(2)})
        ...     print(arrays_kept(Path(folder) / "a.npz"), arrays_kept(Path(folder) / "b.npz"))
        {'x': array([1., 1.])} None
    """
    data = BytesIO()
    np.savez(data, allow_pickle=False, **arrays)
    with suppress(OSError):
        keep(file, data.getvalue())


def arrays_kept(file: Path) -> dict[str, Array] | None:
    """Arrays by name, or None where they are not there whole or another user wrote them."""
    try:
        return _arrays(file) if is_own(file) else None
    except OSError:
        return None


def is_torn(file: Path) -> bool:
    """Whether a file of arrays is there and cannot be read whole."""
    return file.exists() and _arrays(file) is None


def hash_of_files(home: Path, files: Iterable[Path]) -> str:
    """A hash of names and contents of files below a folder, in whatever order they come.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder:
        ...     file = Path(folder) / "a.py"
        ...     _ = file.write_text("x = 1")
        ...     len(hash_of_files(Path(folder), [file]))
        64
    """
    said = hashlib.sha256()
    for file in sorted(files):
        said.update(f"{file.relative_to(home).as_posix()}\0".encode())
        said.update(hashlib.sha256(file.read_bytes()).digest())
    return said.hexdigest()


def _arrays(file: Path) -> dict[str, Array] | None:
    try:
        with np.load(file, allow_pickle=False) as arrays:
            return {name: arrays[name] for name in arrays.files}
    except (OSError, ValueError, TypeError, EOFError, KeyError, BadZipFile):
        return None


def _locked(lock: Path) -> int | None:
    end = time.monotonic() + LONGEST_s
    try:
        lock.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        while fcntl is not None and time.monotonic() < end:
            opened = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
                # who had it before has taken it away, unless it is still the same
                if os.path.samestat(os.fstat(opened), os.stat(lock)):
                    return opened
            except (BlockingIOError, FileNotFoundError):
                time.sleep(0.02)
            except BaseException:
                os.close(opened)
                raise
            os.close(opened)
    except OSError:
        pass
    return None
