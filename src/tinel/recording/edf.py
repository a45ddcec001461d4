"""EDF, EDF+C, EDF+D, BDF and BDF+ files. The gaps of an EDF+D file are kept.

A data record of EDF+ begins with its own time; where the next one does not begin at the end of the
one before, a new segment begins.
"""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tinel.recording.damage import at_byte, shown_bytes
from tinel.recording.edf_header import Header, Signal, read_header
from tinel.recording.protocol import protocol_of
from tinel.recording.recording import Channel, Floats, Mark, Recording

TIME = re.compile(rb"^([+-]\d+(?:\.\d*)?)(?:\x15(\d+(?:\.\d*)?))?$")
LATEST_s = 1e9
STATUS_BITS = 0xFFFF  # of a BioSemi status channel, the trigger inputs


def read_edf(path: Path, raw: bytes) -> Recording:
    """The recording in an EDF, EDF+, BDF or BDF+ file.

    Args:
        path: of the file; named in errors.
        raw: its bytes.

    Raises:
        TinelError: the file is damaged; names the byte.
    """
    header = read_header(path, raw)
    body = np.frombuffer(raw, np.uint8, header.records * header.record_bytes, header.size)
    records = body.reshape(header.records, header.record_bytes)
    starts, marks = _times(path, header, records)
    firsts = _segments(header, starts)
    status = [s for s in header.signals if s.label == "Status" and header.width == 3]
    kept = [s for s in header.signals if not s.holds_marks and s not in status]
    channels = tuple(_channel(header, signal, records, firsts) for signal in kept)
    for signal in status:
        marks += _triggers(header, signal, records, starts)
    protocol, rest = protocol_of(sorted(marks, key=lambda mark: mark.time_s))
    known = {"patient": header.patient, "recording": header.recording}
    filters = {s.label: s.filter for s in kept if s.filter}
    if filters:
        known["filter"] = "; ".join(dict.fromkeys(filters.values()))
    return Recording(
        _format(header),
        path,
        channels,
        tuple(starts[k] for k in firsts) if kept else (),
        tuple(rest),
        {**known, **protocol},
    )


def _format(header: Header) -> str:
    family = "BDF" if header.width == 3 else "EDF"
    plus = re.match(r"[EB]DF\+[CD]", header.reserved)
    return family + (plus[0][3:] if plus else "")


def _times(
    path: Path, header: Header, records: NDArray[np.uint8]
) -> tuple[list[float], list[Mark]]:
    """When each record begins, and every mark."""
    keeper = [s for s in header.signals if s.holds_marks]
    starts = [k * header.record_s for k in range(header.records)]
    marks: list[Mark] = []
    plus = "+C" in header.reserved[:5] or "+D" in header.reserved[:5]
    if header.discontinuous and not keeper:
        raise at_byte(path, 192, "the file may have gaps but holds no times of its records")
    for k in range(header.records):
        for signal in keeper:
            here = records[k, signal.offset : signal.offset + header.width * signal.samples]
            at = header.size + k * header.record_bytes + signal.offset
            found = _lists(path, at, here.tobytes())
            if signal is keeper[0] and plus:
                if not found or found[0][2] != "":
                    raise at_byte(path, at, f"data record {k + 1} does not begin with its time")
                starts[k] = found[0][0]
            marks += [Mark(time, text, lasts) for time, lasts, text in found if text]
    first = starts[0] if starts else 0.0
    starts = [start - first for start in starts]  # a fraction of a second after the header's time
    for k in range(1, len(starts)):
        if starts[k] < starts[k - 1] + header.record_s * 0.5:
            at = header.size + k * header.record_bytes
            told = f"data record {k + 1} begins before the end of the one before it"
            raise at_byte(path, at, told)
    moved = [Mark(mark.time_s - first, mark.text, mark.duration_s) for mark in marks]
    return starts, moved


def _lists(path: Path, at: int, raw: bytes) -> list[tuple[float, float, str]]:
    """Time, duration and text of the annotations in one record."""
    found = []
    for one in raw.rstrip(b"\0").split(b"\0"):
        here, at = at, at + len(one) + 1
        if not one:
            continue
        stamp, *texts = one.split(b"\x14")
        match = TIME.match(stamp)
        if not match or not texts:
            raise at_byte(
                path, here, f"an annotation begins with {shown_bytes(one)}, not with a time"
            )
        time, lasts = float(match[1]), float(match[2] or 0)
        if not (abs(time) < LATEST_s and lasts < LATEST_s):
            raise at_byte(path, here, f"an annotation has the time {shown_bytes(stamp)}")
        said = [text.decode("utf-8", "replace").strip() for text in texts[:-1]]
        found += [(time, lasts, text) for text in said]
    return found


def _segments(header: Header, starts: list[float]) -> list[int]:
    """The records with which segments begin: later than the end of the one before by half a sample
    of the fastest signal or more."""
    fastest = max((s.samples for s in header.signals if not s.holds_marks), default=1)
    least = 0.5 * header.record_s / fastest
    return [
        k
        for k in range(header.records)
        if k == 0 or starts[k] - starts[k - 1] - header.record_s >= least
    ]


def _digital(header: Header, signal: Signal, records: NDArray[np.uint8]) -> NDArray[np.int32]:
    part = records[:, signal.offset : signal.offset + header.width * signal.samples]
    part = np.ascontiguousarray(part)
    if header.width == 2:
        return part.view("<i2").astype(np.int32).ravel()
    wide = np.zeros((part.size // 3, 4), np.uint8)
    wide[:, 1:] = part.reshape(-1, 3)
    return np.asarray(wide.view("<i4").ravel() >> 8, np.int32)


def _channel(
    header: Header, signal: Signal, records: NDArray[np.uint8], firsts: list[int]
) -> Channel:
    physical: Floats = signal.scale.physical(_digital(header, signal, records).astype(np.float64))
    cuts = [k * signal.samples for k in firsts[1:]]
    return Channel(
        signal.label,
        signal.unit,
        float(f"{signal.samples / header.record_s:.12g}"),
        tuple(np.split(physical, cuts)) if header.records else (),
        signal.scale,
    )


def _triggers(
    header: Header, signal: Signal, records: NDArray[np.uint8], starts: list[float]
) -> list[Mark]:
    """Where the trigger inputs of a BioSemi status channel change to something."""
    code = _digital(header, signal, records) & STATUS_BITS
    at = np.flatnonzero((np.diff(code, prepend=code[:1]) != 0) & (code != 0))
    step = header.record_s / signal.samples
    return [
        Mark(starts[k // signal.samples] + k % signal.samples * step, f"trigger {code[k]}")
        for k in at.tolist()
    ]
