"""What a recording holds, put together for the terminal and for JSON."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from tinel.evidence import Parameters
from tinel.exam.unit_count import ScanRules, UnitCount, count_units
from tinel.recording.measured import measured
from tinel.recording.qtrac import SCAN, SCAN_POINTS, scan_amplitudes_mV
from tinel.recording.recording import Recording
from tinel.recording.sweeps import Sweep, Window, sweeps
from tinel.terminal import shown_name


@dataclass(frozen=True)
class Scan:
    """A CMAP scan: how many stimuli, their currents, the responses between plateau and baseline,
    and what they show."""

    stimuli: int
    highest_mA: float
    lowest_mA: float
    responses: int
    full_mV: float
    count: UnitCount


@dataclass(frozen=True)
class Contents:
    """A recording with what is measured on it."""

    recording: Recording
    sweeps: tuple[Sweep, ...]
    scan: Scan | None

    @property
    def protocol(self) -> dict[str, str]:
        """What is known of the protocol, without what says who was recorded, when or by whom."""
        return {k: v for k, v in self.recording.known.items() if k != SCAN_POINTS}


def contents(
    recording: Recording,
    parameters: Parameters,
    window: Window | None = None,
    negative_up: bool | None = None,
) -> Contents:
    """Measure what a recording holds.

    Args:
        recording: from ``recording.read``.
        parameters: hold the rules of measuring.
        window: where a response is looked for after a stimulus.
        negative_up: as ``sweeps``.
    """
    found = sweeps(recording, parameters, window, negative_up)
    return Contents(recording, found, _scan(recording, parameters))


def _scan(recording: Recording, p: Parameters) -> Scan | None:
    table, amplitude = recording.table(SCAN), scan_amplitudes_mV(recording)
    if table is None or amplitude is None or len(amplitude) < 2:
        return None
    rules = ScanRules(
        p.scalar("laboratory.cmap_scan.least_step_uV") / 1000,
        p.scalar("laboratory.cmap_scan.sure"),
        p.scalar("laboratory.cmap_scan.counted_fraction"),
    )
    current = table.rows[:, 0]
    full = float(np.max(amplitude))
    count = count_units(amplitude, rules)
    return Scan(len(current), current.max(), current.min(), len(amplitude), full, count)


def as_data(found: Contents) -> dict[str, Any]:
    """One object; ``findings`` lists what was measured after every stimulus, null where absent."""
    recording, scan = found.recording, found.scan
    return {
        "file": shown_name(recording.source),
        "format": recording.format,
        "protocol": found.protocol,
        "recorded_s": recording.recorded_s,
        "channels": [
            {
                "name": channel.name,
                "unit": channel.unit,
                "rate_Hz": channel.rate_Hz,
                "samples": sum(len(part) for part in channel.samples),
            }
            for channel in recording.channels
        ],
        "segments": [{"start_s": a, "end_s": b} for a, b in recording.segments],
        "gaps": [{"start_s": a, "end_s": b} for a, b in recording.gaps],
        "marks": [
            {"time_s": mark.time_s, "text": mark.text, "duration_s": mark.duration_s}
            for mark in recording.marks
        ],
        "findings": [
            {
                "channel": sweep.channel,
                "time_s": sweep.mark.time_s,
                "test": one.test,
                "nerve": one.nerve,
                "study": one.subject,
                "site": one.site,
                "quantity": one.quantity,
                "value": one.value,
                "unit": one.unit,
                "method": asdict(one.method),
            }
            for sweep in found.sweeps
            for one in measured(recording, sweep)
        ],
        "tables": [
            {"name": table.name, "columns": table.columns, "rows": table.rows.tolist()}
            for table in recording.tables
        ],
        "values": recording.values,
        "cmap_scan": None
        if scan is None
        else {
            "stimuli": scan.stimuli,
            "highest_mA": scan.highest_mA,
            "lowest_mA": scan.lowest_mA,
            "full_mV": scan.full_mV,
            "units": scan.count.units,
            "unit_uV": scan.count.unit_uV,
            "d50": scan.count.d50,
        },
    }
