"""Writing of an NWB file: a time series for every channel and segment, marks as annotations."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from tinel.errors import TinelError
from tinel.recording.protocol import as_text
from tinel.recording.recording import PER_VOLT, Recording

DAY = datetime(1985, 1, 1, tzinfo=UTC)  # NWB wants a date; nobody's is written


def write_nwb(recording: Recording, path: Path) -> None:
    """Write a recording as NWB.

    Args:
        recording: with at least one channel.
        path: of the file.

    Raises:
        TinelError: no channel, or pynwb is not installed.
    """
    try:
        from pynwb import NWBHDF5IO, NWBFile, TimeSeries
    except ImportError:
        raise TinelError(
            "NWB files need the package pynwb", "--out", "pip install 'tinel[nwb]'"
        ) from None
    if not recording.channels:
        raise TinelError("there is no channel to write as NWB", "--out")
    told = as_text(recording.known)
    mixed = hashlib.sha256(told.encode())
    file = NWBFile(
        session_description=told if recording.known else "a recording",
        identifier="",
        session_start_time=DAY,
        file_create_date=[DAY],
    )
    sign = -1.0 if recording.negative_up else 1.0
    for channel in recording.channels:
        per_volt = PER_VOLT.get(channel.unit)
        for k, (start, part) in enumerate(zip(recording.starts_s, channel.samples, strict=True), 1):
            data = sign * part if per_volt else part
            mixed.update(np.ascontiguousarray(data).tobytes())
            series = TimeSeries(
                name=f"{channel.name} segment {k}".replace("/", " ").replace(":", " "),
                description="active electrode minus reference" if per_volt else channel.name,
                data=data,
                unit="volts" if per_volt else channel.unit or "unknown",
                conversion=1.0 / (per_volt or 1.0),
                starting_time=float(start),
                rate=float(channel.rate_Hz),
            )
            file.add_acquisition(series)
    if recording.marks:
        table = file.create_events_table(name="marks", description="stimuli and other marks")
        table.add_column(name="annotation", description="what was marked")
        for mark in recording.marks:
            table.add_row(timestamp=mark.time_s, annotation=mark.text)
    file.fields["identifier"] = mixed.hexdigest()
    with NWBHDF5IO(str(path), "w") as out:
        out.write(file)
