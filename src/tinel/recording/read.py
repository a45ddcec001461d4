"""Reading of a recording, by what the file holds and not by its name."""

from __future__ import annotations

from pathlib import Path

from tinel.recording.damage import of_file
from tinel.recording.edf import read_edf
from tinel.recording.edf_header import is_edf
from tinel.recording.qtrac import is_qtrac, read_qtrac
from tinel.recording.recording import Recording
from tinel.recording.traces_csv import looks_like_traces, read_traces
from tinel.recording.wfdb import is_wfdb, read_wfdb

KNOWN = "Qtrac MEM, EDF, EDF+, BDF, WFDB (its .hea file), CSV of traces"
LARGEST_BYTES = 2**31


def read(path: Path, rate_Hz: float | None = None) -> Recording:
    """The recording in a file.

    Args:
        path: a Qtrac MEM, EDF, EDF+, BDF or BDF+ file, a WFDB header, or a CSV file of traces.
        rate_Hz: samples per second of a CSV file without times.

    Raises:
        TinelError: the file cannot be read, is damaged (names the byte or line), or is none of
            these.

    Example:
        >>> read(Path("pyproject.toml"))
        Traceback (most recent call last):
        tinel.errors.TinelError: pyproject.toml: line 1: is no recording that can be read ...
    """
    try:
        if path.is_dir():
            raise of_file(path, "is a folder", "name a file in it")
        if path.stat().st_size > LARGEST_BYTES:
            raise of_file(path, "is larger than 2 GB", "cut it into pieces")
        raw = path.read_bytes()
    except (OSError, ValueError) as problem:
        from tinel.errors import TinelError

        if isinstance(problem, TinelError):
            raise
        reason = getattr(problem, "strerror", None) or problem
        raise of_file(path, f"cannot be read: {reason}", "check the path") from None
    if not raw:
        raise of_file(path, "is empty")
    if is_edf(raw):
        return read_edf(path, raw)
    if is_qtrac(raw):
        return read_qtrac(path, raw)
    if is_wfdb(raw):
        return read_wfdb(path, raw)
    if looks_like_traces(raw) or (rate_Hz is not None and path.suffix == ".csv"):
        return read_traces(path, raw, rate_Hz)
    raise _foreign(path, raw)


def _foreign(path: Path, raw: bytes) -> Exception:
    from tinel.recording.damage import at_byte, at_line, shown_bytes

    told = f"is no recording that can be read (allowed: {KNOWN})"
    if b"\0" in raw[:1024]:
        begins = shown_bytes(raw[:16])
        return at_byte(path, 0, f"{told}; it begins with {begins}", "export it as EDF+")
    advice = "a CSV file of traces begins with names and units: time (ms),APB (mV)"
    return at_line(path, 1, told, advice)
