"""A recording as a table, one row per sample, as CSV or Parquet."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from tinel.errors import TinelError
from tinel.recording.recording import Recording

if TYPE_CHECKING:
    import pandas as pd

PLACES = 9  # of a second
MARK = "mark"


def as_table(recording: Recording) -> pd.DataFrame:
    """A column of times, one for every channel, and one of marks at the sample nearest to them.

    The columns are those that ``traces_csv`` reads; gaps show as jumps of the time.

    Args:
        recording: with channels of one rate.

    Raises:
        TinelError: no channel, or channels of several rates.
    """
    import pandas as pd

    channels = recording.channels
    if not channels:
        raise TinelError("there is no channel to write as a table of traces", "--out")
    if len({c.rate_Hz for c in channels}) > 1:
        rates = ", ".join(f"{c.name} {c.rate_Hz:g} Hz" for c in channels)
        advice = "write .edf instead"
        raise TinelError(f"a table holds channels of one rate, not {rates}", "--out", advice)
    rate = channels[0].rate_Hz
    clock = np.concatenate(
        [
            start + np.arange(len(part)) / rate
            for start, part in zip(recording.starts_s, channels[0].samples, strict=True)
        ]
    )
    table = pd.DataFrame({"time (s)": np.round(clock, PLACES)})
    for channel in channels:
        sign = 1.0 if recording.negative_up else -1.0
        signal = np.concatenate(channel.samples)
        table[f"{channel.name} ({channel.unit})"] = (
            sign * signal if channel.is_potential else signal
        )
    noted = np.full(len(clock), "", dtype=object)
    for mark in recording.marks:
        place = min(int(np.searchsorted(clock, mark.time_s - 0.5 / rate)), len(clock) - 1)
        noted[place] = f"{noted[place]}; {mark.text}" if noted[place] else mark.text
    table[MARK] = noted
    return table


def write_table(recording: Recording, path: Path) -> None:
    """Write the table as CSV or Parquet, by the ending of the file."""
    table = as_table(recording)
    if path.suffix == ".parquet":
        table.to_parquet(path, index=False)
        return
    known = "".join(f"# {name}: {value}\n" for name, value in recording.known.items())
    path.write_text(known + table.to_csv(index=False), encoding="utf-8")
