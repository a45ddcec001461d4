"""The header of EDF, EDF+, BDF and BDF+ files: fixed columns of text, checked byte by byte.

Kemp and Olivan 2003 (EDF+, doi 10.1016/s1388-2457(03)00123-8); BDF has samples of 24 bits.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

from tinel.recording.damage import at_byte, shown_bytes
from tinel.recording.recording import Scale

FIELDS = (
    ("label", 16), ("transducer", 80), ("unit", 8), ("low", 8), ("high", 8), ("digital_low", 8),
    ("digital_high", 8), ("filter", 80), ("samples", 8), ("reserved", 32),
)  # fmt: skip
BLOCK = 256
BIOSEMI = b"\xffBIOSEMI"
LARGEST = 2**31
FASTEST_Hz = 1e9


@dataclass(frozen=True)
class Signal:
    """One signal of every data record: ``samples`` per record, the first at byte ``offset``."""

    label: str
    unit: str
    scale: Scale
    filter: str
    samples: int
    offset: int

    @property
    def holds_marks(self) -> bool:
        """Whether it holds annotations and times instead of samples."""
        return self.label in ("EDF Annotations", "BDF Annotations")


@dataclass(frozen=True)
class Header:
    """What stands before the data records; ``width`` is bytes per sample."""

    width: int
    patient: str
    recording: str
    reserved: str
    size: int
    records: int
    record_s: float
    signals: tuple[Signal, ...]

    @property
    def record_bytes(self) -> int:
        """Length of one data record."""
        return self.width * sum(signal.samples for signal in self.signals)

    @property
    def discontinuous(self) -> bool:
        """Whether records may have gaps between them."""
        return self.reserved.startswith(("EDF+D", "BDF+D"))


def is_edf(raw: bytes) -> bool:
    """Whether bytes begin like an EDF or BDF file."""
    return raw.startswith((b"0       ", BIOSEMI))


def read_header(path: Path, raw: bytes) -> Header:
    """The header of a whole file.

    Args:
        path: named in errors.
        raw: the bytes of the whole file.

    Raises:
        TinelError: a field that is no number or does not fit the file; names its byte.
    """
    if len(raw) < BLOCK:
        raise at_byte(path, len(raw), f"the file ends in its header, which has {BLOCK} bytes")
    width = 3 if raw.startswith(BIOSEMI) else 2
    count = _whole(path, raw, 252, 4, "number of signals", 1, 10_000)
    size = _whole(path, raw, 184, 8, "number of bytes in the header", BLOCK, LARGEST)
    if size != BLOCK * (count + 1):
        told = (
            f"the header is said to have {size} bytes; {count} signals need {BLOCK * (count + 1)}"
        )
        raise at_byte(path, 184, told)
    if len(raw) < size:
        raise at_byte(path, len(raw), f"the file ends in its header, which has {size} bytes")
    records = _whole(path, raw, 236, 8, "number of data records", -1, LARGEST)
    record_s = _number(path, raw, 244, 8, "length of a data record")
    if record_s < 0:
        raise at_byte(
            path, 244, f"a data record of {record_s:g} s is out of range (allowed: 0 or more)"
        )
    signals = _signals(path, raw, count, width)
    if record_s == 0 and not all(signal.holds_marks for signal in signals):
        raise at_byte(path, 244, "data records of 0 s hold samples, so their rate is not known")
    fastest = max((s.samples for s in signals if not s.holds_marks), default=0)
    if fastest > record_s * FASTEST_Hz:
        raise at_byte(path, 244, f"a data record of {record_s:g} s holds {fastest} samples")
    patient, recording, reserved = _text(raw, 8, 80), _text(raw, 88, 80), _text(raw, 192, 44)
    header = Header(width, patient, recording, reserved, size, records, record_s, signals)
    return _with_records(path, header, len(raw))


def _signals(path: Path, raw: bytes, count: int, width: int) -> tuple[Signal, ...]:
    at, start = {}, BLOCK
    for name, length in FIELDS:
        at[name] = (start, length)
        start += length * count
    found, offset, most = [], 0, 2 ** (8 * width - 1)

    def place(name: str, k: int) -> tuple[int, int]:
        return at[name][0] + k * at[name][1], at[name][1]

    for k in range(count):
        label = _text(raw, *place("label", k))
        samples = _whole(path, raw, *place("samples", k), "samples per data record", 1, LARGEST)
        ends = [
            _number(path, raw, *place(n, k), f"physical end of '{label}'") for n in ("low", "high")
        ]
        whole = [
            _whole(path, raw, *place(n, k), f"digital end of '{label}'", -most, most)
            for n in ("digital_low", "digital_high")
        ]
        if whole[0] == whole[1] or ends[0] == ends[1]:
            where = place("low" if ends[0] == ends[1] else "digital_low", k)[0]
            raise at_byte(path, where, f"both ends of the scale of '{label}' are the same")
        scale = Scale(ends[0], ends[1], whole[0], whole[1])
        unit, kept = _text(raw, *place("unit", k)), _text(raw, *place("filter", k))
        found.append(Signal(label, unit, scale, kept, samples, offset))
        offset += samples * width
    return tuple(found)


def _with_records(path: Path, header: Header, length: int) -> Header:
    """The header with its number of records, which a program that was stopped leaves as -1."""
    from dataclasses import replace

    there, left = divmod(length - header.size, header.record_bytes)
    if header.records == -1:
        return replace(header, records=there)
    if there < header.records:
        told = f"the file ends after {there} whole data records; its header says {header.records}"
        raise at_byte(path, length, told)
    if there > header.records or left:
        end = header.size + header.records * header.record_bytes
        told = f"bytes follow the last of the {header.records} data records"
        raise at_byte(path, end, told)
    return header


def _text(raw: bytes, start: int, length: int) -> str:
    return raw[start : start + length].decode("latin-1").replace("\0", " ").strip()


def _number(path: Path, raw: bytes, start: int, length: int, what: str) -> float:
    text = _text(raw, start, length)
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        value = math.nan
    if not abs(value) < 1e15:
        given = shown_bytes(raw[start : start + length])
        raise at_byte(path, start, f"the {what} is {given}, which is no number")
    return value


def _whole(path: Path, raw: bytes, start: int, length: int, what: str, low: int, high: int) -> int:
    value = _number(path, raw, start, length, what)
    if value != int(value) or not low <= value <= high:
        told = f"the {what} is {value:g} (allowed: whole numbers from {low} to {high})"
        raise at_byte(path, start, told)
    return int(value)
