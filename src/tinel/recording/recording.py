"""What a file of a recording holds: channels in segments, marks, tables, and what is known."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

# What one volt is in each unit that a file may state; other units are no potentials.
PER_VOLT = {"V": 1.0, "mV": 1e3, "uV": 1e6, "µV": 1e6, "μV": 1e6, "nV": 1e9}
# Names of fields of a protocol that say who was recorded, when or by whom: read, not passed on.
IDENTITY = ("name", "patient", "recording", "file", "date", "start time", "operator", "comments")


@dataclass(frozen=True)
class Scale:
    """How a file turns whole numbers into a quantity: two values in its unit, two whole numbers."""

    low: float
    high: float
    digital_low: int
    digital_high: int

    def physical(self, digital: Floats) -> Floats:
        """The quantity of whole numbers."""
        step = (self.high - self.low) / (self.digital_high - self.digital_low)
        return (digital - self.digital_low) * step + self.low

    def digital(self, physical: Floats) -> Floats:
        """The nearest whole numbers.

        Example:
            >>> ten = Scale(-10.0, 10.0, -32768, 32767)
            >>> whole = np.array([-32768.0, -1.0, 7.0, 32767.0])
            >>> bool((ten.digital(ten.physical(whole)) == whole).all())
            True
        """
        step = (self.high - self.low) / (self.digital_high - self.digital_low)
        return np.rint((physical - self.low) / step + self.digital_low)


@dataclass(frozen=True)
class Channel:
    """One recorded channel.

    Args:
        name: as the file has it.
        unit: of its samples, as the file has it.
        rate_Hz: samples per second.
        samples: one array for every segment of the recording.
        scale: of the whole numbers in the file; None where it holds none.
    """

    name: str
    unit: str
    rate_Hz: float
    samples: tuple[Floats, ...]
    scale: Scale | None = None

    @property
    def is_potential(self) -> bool:
        """Whether its unit is one of potential."""
        return self.unit in PER_VOLT


@dataclass(frozen=True)
class Mark:
    """Something noted at a time, s from the beginning of the recording, such as a stimulus."""

    time_s: float
    text: str
    duration_s: float = 0.0

    @property
    def is_stimulus(self) -> bool:
        """Whether the text names a stimulus or the trigger that gives one.

        Example:
            >>> Mark(0.0, "Stimulus_elbow").is_stimulus, Mark(0.0, "arm bent").is_stimulus
            (True, False)
        """
        text = self.text.casefold()
        return text.startswith(("stim", "trigger", "electrical stim"))


@dataclass(frozen=True)
class Table:
    """A table of numbers that a file holds beside its channels: ``(n_row, n_column)``."""

    name: str
    columns: tuple[str, ...]
    rows: Floats


@dataclass(frozen=True)
class Recording:
    """What one file holds.

    Args:
        format: name of its format.
        source: the file.
        channels: recorded at the same times.
        starts_s: when each segment begins, s from the beginning of the recording; between segments
            nothing was recorded.
        marks: in order of time.
        protocol: what is known of how it was recorded, as text by name.
        tables: numbers beside the channels.
        values: single numbers beside them, by name.
        negative_up: whether a potential that is more negative at the active electrode is a larger
            number, as laboratories draw it; not so where the file holds the potential of the active
            electrode minus that of the reference.
    """

    format: str
    source: Path
    channels: tuple[Channel, ...] = ()
    starts_s: tuple[float, ...] = ()
    marks: tuple[Mark, ...] = ()
    protocol: dict[str, str] = field(default_factory=dict)
    tables: tuple[Table, ...] = ()
    values: dict[str, float] = field(default_factory=dict)
    negative_up: bool = False

    @property
    def known(self) -> dict[str, str]:
        """The protocol without what says who was recorded, when or by whom."""
        return {k: v for k, v in self.protocol.items() if k not in IDENTITY}

    @property
    def segments(self) -> tuple[tuple[float, float], ...]:
        """Beginning and end of every segment, s."""
        return tuple(
            (start, start + max(len(c.samples[k]) / c.rate_Hz for c in self.channels))
            for k, start in enumerate(self.starts_s)
        )

    @property
    def gaps(self) -> tuple[tuple[float, float], ...]:
        """Beginning and end of every time between segments in which nothing was recorded, s."""
        found = self.segments
        return tuple((a[1], b[0]) for a, b in pairwise(found))

    @property
    def recorded_s(self) -> float:
        """How long was recorded, gaps left out."""
        return sum(end - start for start, end in self.segments)

    def table(self, name: str) -> Table | None:
        """The table of that name, or None."""
        return next((t for t in self.tables if t.name == name), None)
