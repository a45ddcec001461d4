"""WFDB records: a header (``.hea``), signals in one or more files beside it, and annotations.

Formats 8-bit (80), 16-bit (16, 61), 12-bit packed (212), 24 and 32 bits, one segment. The layout is
that of the WFDB Applications Guide, header(5), signal(5) and annot(5).
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tinel.recording.damage import at_byte, at_line, of_file
from tinel.recording.recording import Channel, Mark, Recording, Scale

SIGNAL_FORMATS = {"16": "<i2", "61": ">i2", "80": "u1", "32": "<i4"}
USUAL_GAIN = 200.0
USUAL_RATE_Hz = 250.0
ANNOTATIONS = (".atr", ".ann", ".qrs")
GAIN = re.compile(r"^([-+.\deE]+)(?:\(([-+]?\d+)\))?(?:/(\S+))?$")
FORMAT = re.compile(r"^(\d+)(?:x(\d+))?(?::(\d+))?(?:\+(\d+))?$")
MOST_SIGNALS = 10_000
SKIP, NUMBER, SUBTYPE, CHANNEL, NOTE = 59, 60, 61, 62, 63


@dataclass(frozen=True)
class Line:
    """What the header says of one signal."""

    file: str
    format: str
    skip: int
    gain: float
    baseline: int
    unit: str
    name: str


def is_wfdb(raw: bytes) -> bool:
    """Whether a text begins like a WFDB header: a record, its signals, a rate."""
    lines = [x for x in raw[:4000].decode("latin-1").splitlines() if x.strip() and x[0] != "#"]
    if len(lines) < 2 or not lines[0].isprintable():
        return False
    words, signal = lines[0].split(), lines[1].split()
    named = len(words) >= 2 and re.match(r"^[\w-]+(/\d+)?$", words[0]) and words[1].isdigit()
    return bool(named and len(signal) >= 2 and FORMAT.match(signal[1]))


def read_wfdb(path: Path, raw: bytes) -> Recording:
    """The record that a header names.

    Args:
        path: of the header; its signal files stand beside it.
        raw: bytes of the header.

    Raises:
        TinelError: a line of the header that is damaged, a signal file that is missing or short.
    """
    text = raw.decode("latin-1").splitlines()
    lines = [(k, x.strip()) for k, x in enumerate(text, 1) if x.strip() and x.strip()[0] != "#"]
    number, head = lines[0]
    words = head.split()
    if "/" in words[0]:
        raise at_line(
            path, number, "records of several segments are not read", "export one segment"
        )
    count = _whole(path, number, words[1], "number of signals", 1, MOST_SIGNALS)
    rate = (
        _number(path, number, re.split(r"[/(]", words[2])[0], "rate")
        if len(words) > 2
        else USUAL_RATE_Hz
    )
    if not 0 < rate < 1e9:
        raise at_line(path, number, f"a rate of {rate:g} Hz is out of range (allowed: above 0)")
    length = _whole(path, number, words[3], "number of samples", 0, 2**40) if len(words) > 3 else 0
    if len(lines) < count + 1:
        told = f"the header ends after {len(lines) - 1} signals; it says {count}"
        raise at_line(path, len(text), told)
    signals = [_line(path, *line) for line in lines[1 : count + 1]]
    digital: list[NDArray[np.int64]] = []
    for file in dict.fromkeys(signal.file for signal in signals):
        digital += _samples(path, [s for s in signals if s.file == file], length)
    order = [s for f in dict.fromkeys(s.file for s in signals) for s in signals if s.file == f]
    channels = tuple(_channel(s, d, rate) for s, d in zip(order, digital, strict=True))
    known = [x.strip()[1:].partition(":") for x in text if x.strip().startswith("#")]
    protocol = {a.strip().casefold(): c.strip() for a, b, c in known if b and c.strip()}
    return Recording("WFDB", path, channels, (0.0,), tuple(_marks(path, rate)), protocol)


def _line(path: Path, number: int, text: str) -> Line:
    words = text.split(maxsplit=8)
    form = FORMAT.match(words[1]) if len(words) > 1 else None
    if not form or form[1] not in (*SIGNAL_FORMATS, "212", "24"):
        allowed = ", ".join(sorted((*SIGNAL_FORMATS, "212", "24"), key=int))
        given = words[1][:20] if len(words) > 1 else ""
        raise at_line(path, number, f"the signal format is '{given}' (allowed: {allowed})")
    if form[2] not in (None, "1") or form[3] not in (None, "0"):
        raise at_line(path, number, "signals of several samples per frame or shifted are not read")
    if Path(words[0]).name != words[0]:
        raise at_line(path, number, f"the signal file '{words[0][:40]}' is not beside the header")
    gain = GAIN.match(words[2]) if len(words) > 2 else None
    value = _number(path, number, gain[1], "gain") if gain else USUAL_GAIN
    zero = _whole(path, number, words[4], "zero", -(2**31), 2**31) if len(words) > 4 else 0
    if gain and gain[2]:
        zero = _whole(path, number, gain[2], "baseline", -(2**31), 2**31)
    unit = (gain[3] if gain else None) or "mV"
    name = words[8].strip() if len(words) > 8 else f"signal {number - 1}"
    return Line(words[0], form[1], int(form[4] or 0), value or USUAL_GAIN, zero, unit, name)


def _samples(path: Path, signals: list[Line], length: int) -> list[NDArray[np.int64]]:
    """Whole numbers of the signals of one file."""
    file, n = path.parent / signals[0].file, len(signals)
    if len({s.format for s in signals}) > 1:
        raise of_file(file, "holds signals of several formats, which is not read")
    try:
        raw = file.read_bytes()
    except (OSError, ValueError):
        told = "the signal file cannot be read"
        raise of_file(file, told, f"put it beside {path.name}") from None
    body, form = raw[signals[0].skip :], signals[0].format
    if form == "212":
        pairs = np.frombuffer(body, np.uint8, len(body) // 3 * 3).reshape(-1, 3).astype(np.int64)
        low = pairs[:, 0] | (pairs[:, 1] & 0x0F) << 8
        high = pairs[:, 2] | (pairs[:, 1] & 0xF0) << 4
        flat = np.stack([low, high], axis=1).ravel()
        flat = np.where(flat > 2047, flat - 4096, flat)
    elif form == "24":
        threes = np.frombuffer(body, np.uint8, len(body) // 3 * 3).reshape(-1, 3).astype(np.int64)
        flat = threes[:, 0] | threes[:, 1] << 8 | threes[:, 2] << 16
        flat = np.where(flat >= 1 << 23, flat - (1 << 24), flat)
    else:
        kind = np.dtype(SIGNAL_FORMATS[form])
        flat = np.frombuffer(body, kind, len(body) // kind.itemsize).astype(np.int64)
        flat = flat - 128 if form == "80" else flat
    whole = len(flat) // n
    if whole < max(length, 1):
        told = f"the file ends after {whole} samples of each signal; its header says {length}"
        raise at_byte(file, len(raw), told)
    taken = flat[: n * (length or whole)].reshape(-1, n)
    return [taken[:, k] for k in range(n)]


def _channel(line: Line, digital: NDArray[np.int64], rate: float) -> Channel:
    most = 2 ** {"212": 11, "80": 7, "24": 23, "32": 31}.get(line.format, 15)
    ends = (-most, most - 1)
    low, high = ((end - line.baseline) / line.gain for end in ends)
    scale = Scale(low, high, *ends)
    physical = (digital - line.baseline) / line.gain
    return Channel(line.name, line.unit, rate, (physical,), scale)


def _marks(path: Path, rate: float) -> list[Mark]:
    """The annotations beside the header, where there are any."""
    file = next((f for e in ANNOTATIONS if (f := path.with_suffix(e)).is_file()), None)
    if file is None:
        return []
    raw = file.read_bytes()
    found: list[Mark] = []
    time = at = 0
    while at + 2 <= len(raw):
        word = int.from_bytes(raw[at : at + 2], "little")
        code, number = word >> 10, word & 0x3FF
        at += 2
        if word == 0:
            return found
        if code == SKIP:
            # a 32-bit number whose halves stand in the order of the PDP-11
            halves = raw[at + 2 : at + 4] + raw[at : at + 2]
            time += int.from_bytes(halves, "little", signed=True)
            at += 4
        elif code == NOTE:
            text = raw[at : at + number].rstrip(b"\0").decode("utf-8", "replace").strip()
            at += number + number % 2
            if found and text:
                found[-1] = Mark(found[-1].time_s, text)
        elif code not in (NUMBER, SUBTYPE, CHANNEL):
            time += number
            found.append(Mark(time / rate, f"annotation {code}"))
    raise at_byte(file, len(raw), "the annotations end without their end")


def _number(path: Path, line: int, text: str, what: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not abs(value) < 1e15:
        raise at_line(path, line, f"the {what} is '{text[:20]}', which is no number")
    return value


def _whole(path: Path, line: int, text: str, what: str, low: int, high: int) -> int:
    value = _number(path, line, text, what)
    if not low <= value <= high or value != int(value):
        told = f"the {what} is {text[:20]} (allowed: whole numbers from {low} to {high})"
        raise at_line(path, line, told)
    return int(value)
