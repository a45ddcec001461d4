"""Published cohorts beside what this program computes for patients like theirs.

``validated.csv`` is written by ``make validate``; the report shows the rows of its nerve, so that a
reader sees how far such a forecast was off before.
"""

from __future__ import annotations

import csv
from dataclasses import astuple, dataclass, fields
from functools import cache
from pathlib import Path

FILE = Path(__file__).parent / "validated.csv"
MOST_OFF_points = {"fit": 10.0, "predict": 15.0}  # by role; further off is said


@dataclass(frozen=True)
class Validated:
    """One published percentage beside the computed one.

    Args:
        cohort: its key among the published cohorts.
        nerve: of its patients.
        who: the patients in words.
        counted: what was counted.
        day: days after the injury, or after the treatment.
        published_percent: with ``low_percent`` and ``high_percent``, its exact 95 % interval; nan
            where the number of patients is not known.
        computed_percent: the central value of the program.
        role: ``fit`` where free numbers may be fitted to it, ``predict`` otherwise.
    """

    cohort: str
    nerve: str
    who: str
    counted: str
    day: float
    published_percent: float
    low_percent: float
    high_percent: float
    computed_percent: float
    role: str

    @property
    def inside(self) -> bool | None:
        """Whether the computed value lies in the published interval; None without one."""
        if self.low_percent != self.low_percent:
            return None
        return self.low_percent <= self.computed_percent <= self.high_percent

    @property
    def off_points(self) -> float:
        """Distance of the two central values in percentage points."""
        return abs(self.computed_percent - self.published_percent)


@cache
def validated(file: Path = FILE) -> tuple[Validated, ...]:
    """Every row of the last validation; empty where none was made."""
    if not file.is_file():
        return ()
    with file.open(encoding="utf-8", newline="") as stream:
        return tuple(_row(cells) for cells in csv.DictReader(stream))


def write(rows: tuple[Validated, ...], file: Path = FILE) -> None:
    """Write the rows in place of those of an earlier validation."""
    with file.open("w", encoding="utf-8", newline="") as stream:
        out = csv.writer(stream, lineterminator="\n")
        out.writerow([f.name for f in fields(Validated)])
        for row in rows:
            out.writerow([f"{v:.4g}" if isinstance(v, float) else v for v in astuple(row)])
    validated.cache_clear()


def _row(cells: dict[str, str]) -> Validated:
    numbers = {n: float(cells[n]) for n in cells if n == "day" or n.endswith("percent")}
    return Validated(**{**cells, **numbers})  # type: ignore[arg-type]
