"""What a terminal shows of a recording."""

from __future__ import annotations

import math
from collections.abc import Sequence

from tinel.read_command.contents import Contents, Scan
from tinel.recording.recording import Recording, Table
from tinel.recording.sweeps import Sweep
from tinel.terminal import shown_name

SHOWN_GAPS = 3
SHOWN_MARKS = 12
QUANTITIES = (
    "amplitude", "peak-to-peak amplitude", "onset latency", "peak latency", "duration", "area",
)  # fmt: skip
HEADS = ("amplitude", "peak to peak", "onset ms", "peak ms", "duration ms", "area")
POLARITY = "Amplitudes are from the baseline to the negative peak; - is written where none is seen."


def as_text(found: Contents) -> str:
    """Everything a file holds, in words and tables."""
    recording = found.recording
    told = [f"{shown_name(recording.source)}: {recording.format}"]
    told += [f"  {name}: {value}" for name, value in found.protocol.items()]
    if recording.channels:
        told += ["", *_channels(recording)]
    if recording.marks:
        told += ["", *_marks(recording)]
    if found.sweeps:
        told += ["", *_sweeps(found.sweeps), POLARITY]
    elif recording.channels:
        told += ["", "No stimulus is marked, so no response is measured."]
    if recording.tables:
        told += ["", *_tables(recording.tables)]
    if found.scan:
        told += ["", _scan(found.scan)]
    if recording.values:
        told += ["", "values in the file:"]
        told += [f"  {name}: {value:g}" for name, value in recording.values.items()]
    return "\n".join(told)


def _channels(recording: Recording) -> list[str]:
    rows = [
        (c.name, c.unit, f"{c.rate_Hz:g}", str(sum(len(part) for part in c.samples)))
        for c in recording.channels
    ]
    told = _columns([("channel", "unit", "rate Hz", "samples"), *rows])
    gaps, count = recording.gaps, len(recording.starts_s)
    told.append(f"{recording.recorded_s:g} s recorded in {count} segment{'s' * (count != 1)}")
    if gaps:
        some = ", ".join(f"{a:g} to {b:g} s" for a, b in gaps[:SHOWN_GAPS])
        more = f" and {len(gaps) - SHOWN_GAPS} more" if len(gaps) > SHOWN_GAPS else ""
        told.append(f"nothing was recorded from {some}{more}")
    return told


def _marks(recording: Recording) -> list[str]:
    stimuli = sum(mark.is_stimulus for mark in recording.marks)
    count = len(recording.marks)
    told = [f"{count} mark{'s' * (count != 1)}, of them stimuli: {stimuli}"]
    told += [f"  {mark.time_s:g} s  {mark.text}" for mark in recording.marks[:SHOWN_MARKS]]
    if len(recording.marks) > SHOWN_MARKS:
        told.append(f"  and {len(recording.marks) - SHOWN_MARKS} more")
    return told


def _sweeps(every: Sequence[Sweep]) -> list[str]:
    rows = []
    for sweep in every:
        values = {name: (value, unit) for name, unit, value in sweep.values()}
        cells = []
        for name in QUANTITIES:
            value, unit = values[name]
            written = "-" if math.isnan(value) or value == 0 else f"{value:.3g}"
            cells.append(f"{written} {unit}" if "V" in unit and written != "-" else written)
        rows.append((f"{sweep.mark.time_s:g}", sweep.mark.text, sweep.channel, *cells))
    return _columns([("s", "stimulus", "channel", *HEADS), *rows])


def _tables(tables: Sequence[Table]) -> list[str]:
    rows = []
    for table in tables:
        for k, column in enumerate(table.columns):
            low, high = table.rows[:, k].min(), table.rows[:, k].max()
            first = (table.name, str(len(table.rows))) if k == 0 else ("", "")
            rows.append((*first, column, f"{low:g} to {high:g}"))
    return _columns([("table", "rows", "column", "range"), *rows])


def _scan(scan: Scan) -> str:
    count = scan.count
    return (
        f"CMAP scan: {scan.stimuli} stimuli from {scan.highest_mA:g} to {scan.lowest_mA:g} mA, "
        f"{scan.responses} of them between plateau and baseline; full response "
        f"{scan.full_mV:.3g} mV\n"
        f"  {count.units} motor units by the steps (STEPIX), {count.unit_uV:.3g} µV on average, "
        f"D50 {count.d50}"
    )


def _columns(rows: Sequence[Sequence[str]]) -> list[str]:
    wide = [max(len(row[k]) for row in rows) for k in range(len(rows[0]))]
    return [
        "  ".join(cell.ljust(w) for cell, w in zip(row, wide, strict=True)).rstrip() for row in rows
    ]
