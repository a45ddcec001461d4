"""Writing of EDF+C (one segment) and EDF+D (several, with the gaps between them), 16 bit.

Stimuli and other marks are annotations; the protocol is the first of them. Files hold the potential
of the active electrode minus the reference, so what is drawn negativity upward changes sign.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from tinel.errors import TinelError
from tinel.recording.edf_header import BLOCK, FIELDS
from tinel.recording.protocol import as_text
from tinel.recording.recording import Channel, Floats, Mark, Recording, Scale

LARGEST_RECORD = 61_440  # bytes: what EDF recommends
LARGEST_ALLOWED = 10_000_000  # bytes: what common readers accept
ENDS = 32767
WHERE = "EDF+"


def as_edf(recording: Recording) -> bytes:
    """The bytes of an EDF+ file.

    Args:
        recording: with at least one channel and no empty segment.

    Raises:
        TinelError: a rate or a length of segments that EDF+ cannot hold.

    Example:
        >>> from pathlib import Path
        >>> from tinel.recording.edf import read_edf
        >>> sweep = Channel("APB", "mV", 20000.0, (np.sin(np.arange(400) / 40), np.zeros(400)))
        >>> two = Recording("", Path(), (sweep,), (0.0, 1.0), (Mark(1.0, "Stimulus elbow"),))
        >>> back = read_edf(Path("a.edf"), as_edf(two))
        >>> back.format, back.gaps, back.marks[0].text
        ('EDF+D', ((0.02, 1.0),), 'Stimulus elbow')
    """
    channels = recording.channels
    if not channels or not all(part.size for c in channels for part in c.samples):
        raise TinelError("there is nothing to write: a channel or segment is empty", WHERE)
    scales = [_scale(c, recording.negative_up) for c in channels]
    per_record, record_s = _records(channels)
    base = channels[0]
    counts = [len(part) // per_record[0] for part in base.samples]
    starts = [
        start + k * record_s
        for start, n in zip(recording.starts_s, counts, strict=True)
        for k in range(n)
    ]
    notes = _annotations(recording, starts, record_s)
    wide = max(len(note) for note in notes) + 1
    wide += wide % 2
    blocks = []
    for c, scale, n in zip(channels, scales, per_record, strict=True):
        every: Floats = np.concatenate(c.samples) * (-1.0 if recording.negative_up else 1.0)
        digital = np.clip(scale.digital(every), scale.digital_low, scale.digital_high)
        blocks.append(digital.astype("<i2").reshape(-1, n).view(np.uint8))
    blocks.append(np.array([np.frombuffer(n.ljust(wide, b"\0"), np.uint8) for n in notes]))
    body = np.concatenate(blocks, axis=1).tobytes()
    kind = "EDF+C" if len(recording.starts_s) == 1 else "EDF+D"
    return _header(recording, scales, per_record, wide // 2, len(starts), record_s, kind) + body


def _scale(channel: Channel, turned: bool) -> Scale:
    """The channel's own scale where a file can have it, so that whole numbers stay what they were;
    else the smallest that holds its samples."""
    own, parts = channel.scale, channel.samples
    if own is not None and not turned and all(_short(end) for end in (own.low, own.high)):
        ends = sorted((own.digital_low, own.digital_high))
        digital = [own.digital(part) for part in parts]
        inside = all(ends[0] <= d.min() and d.max() <= ends[1] for d in digital)
        if inside and ends[0] >= -ENDS - 1 and ends[1] <= ENDS:
            return own
    most = max(float(np.abs(part).max()) for part in parts)
    if not math.isfinite(most):
        raise TinelError(f"a sample of '{channel.name}' is no number", WHERE, "leave it out")
    end = _outward(most or 1.0)
    return Scale(-end, end, -ENDS, ENDS)


def _short(value: float) -> bool:
    """Whether a number can be written in the 8 characters of its field."""
    return len(_end(value)) <= 8


def _outward(value: float) -> float:
    """The next larger number of which the negative too can be written in 8 characters."""
    for places in range(5, -1, -1):
        end = math.ceil(value * 10**places) / 10**places
        if end > 0 and len(_end(-end)) <= 8:
            return end
    raise TinelError(f"a sample of {value:g} is out of range for EDF+", WHERE, "use another unit")


def _records(channels: Sequence[Channel]) -> tuple[list[int], float]:
    """Samples of each channel per data record, and its length: the longest that divides every
    segment, has a whole number of samples of every channel, and can be written in 8 characters."""
    base = channels[0]
    together = math.gcd(*(len(part) for part in base.samples))
    fitting: list[tuple[list[int], float]] = []
    for n in _divisors(together):
        record_s = n / base.rate_Hz
        text = _end(record_s)
        if len(text) > 8 or not math.isclose(float(text), record_s, rel_tol=1e-12):
            continue
        each = [n * c.rate_Hz / base.rate_Hz for c in channels]
        whole = [round(x) for x in each]
        if not all(abs(x - w) < 1e-9 and w for x, w in zip(each, whole, strict=True)):
            continue
        if any(
            len(part) * n != w * len(first)
            for c, w in zip(channels, whole, strict=True)
            for part, first in zip(c.samples, base.samples, strict=True)
        ):
            continue
        size = 2 * sum(whole)
        if size <= LARGEST_RECORD:
            # records of a few samples would be mostly annotations
            if n >= 10 or not fitting:
                fitting.append((whole, float(text)))
            break
        if size <= LARGEST_ALLOWED:
            fitting.append((whole, float(text)))
    if not fitting:
        rates = ", ".join(f"{c.rate_Hz:g}" for c in channels)
        told = f"segments of {together} samples at {rates} Hz fit no data record of EDF+"
        raise TinelError(told, WHERE, "cut every segment to a round length, such as 0.05 s")
    return fitting[-1]


def _divisors(number: int) -> list[int]:
    """Every divisor, the largest first."""
    low = [d for d in range(1, math.isqrt(number) + 1) if number % d == 0]
    return sorted({*low, *(number // d for d in low)}, reverse=True)


def _annotations(recording: Recording, starts: list[float], record_s: float) -> list[bytes]:
    """Of every record: its time, and the marks that belong to it."""
    notes = [b"+" + _seconds(start) + b"\x14\x14\0" for start in starts]
    marks: list[Mark] = list(recording.marks)
    if recording.known:
        marks.insert(0, Mark(0.0, as_text(recording.known)))
    for mark in marks:
        k = max(int(np.searchsorted(starts, mark.time_s + 1e-9, side="right")) - 1, 0)
        text = "".join(c if c.isprintable() else " " for c in mark.text).encode("utf-8", "replace")
        lasts = b"\x15" + _seconds(mark.duration_s) if mark.duration_s > 0 else b""
        sign = b"-" if mark.time_s < 0 else b"+"
        notes[k] += sign + _seconds(abs(mark.time_s)) + lasts + b"\x14" + text + b"\x14\0"
    return notes


def _seconds(value: float) -> bytes:
    return np.format_float_positional(round(value, 9), trim="-").encode()


def _header(
    recording: Recording,
    scales: Sequence[Scale],
    per_record: Sequence[int],
    words: int,
    records: int,
    record_s: float,
    kind: str,
) -> bytes:
    channels = recording.channels
    filters = recording.protocol.get("filter", "")
    head = [
        ("0", 8), ("X X X X", 80), ("Startdate X X X Tinel", 80), ("01.01.85", 8), ("00.00.00", 8),
        (str(BLOCK * (len(channels) + 2)), 8), (kind, 44), (str(records), 8),
        (_end(record_s), 8), (str(len(channels) + 1), 4),
    ]  # fmt: skip
    columns: dict[str, list[str]] = {
        "label": [*(c.name for c in channels), "EDF Annotations"],
        "transducer": [""] * (len(channels) + 1),
        "unit": [*(c.unit.replace("µ", "u").replace("μ", "u") for c in channels), ""],
        "low": [*(_end(s.low) for s in scales), "-1"],
        "high": [*(_end(s.high) for s in scales), "1"],
        "digital_low": [*(str(s.digital_low) for s in scales), "-32768"],
        "digital_high": [*(str(s.digital_high) for s in scales), "32767"],
        "filter": [*[filters] * len(channels), ""],
        "samples": [*(str(n) for n in per_record), str(words)],
        "reserved": [""] * (len(channels) + 1),
    }
    told = b"".join(_padded(text, length) for text, length in head)
    for name, length in FIELDS:
        told += b"".join(_padded(text, length) for text in columns[name])
    return told


def _end(value: float) -> str:
    return np.format_float_positional(value, trim="-") if abs(value) != 0 else "0"


def _padded(text: str, length: int) -> bytes:
    return text.encode("ascii", "replace")[:length].ljust(length)
