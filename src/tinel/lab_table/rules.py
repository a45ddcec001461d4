"""How a table is read: what its caller and the laboratory's mapping file say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tinel.evidence import Parameters
from tinel.lab_table import header
from tinel.lab_table.days import Days
from tinel.lab_table.header import Column
from tinel.lab_table.lab import ColumnSection, Lab

NO_LAB = Lab()


@dataclass(frozen=True)
class Rules:
    """How a table is read.

    Args:
        name: of the file, for errors.
        lab: the laboratory's mapping; None to guess what columns hold.
        days: how dates become days.
        parameters: hold the limits of what a number may be.
        nerve: of the case; empty for any.
        side: of rows that say none.
        strict: whether what is not understood is an error; else it is listed.
    """

    name: str
    lab: Lab | None
    days: Days
    parameters: Parameters
    nerve: str = ""
    side: str = ""
    strict: bool = True

    @property
    def words(self) -> Lab:
        """The mapping, or an empty one."""
        return self.lab or NO_LAB


def guessed(columns: Sequence[Column], mark: str) -> Lab:
    """The mapping file that says what was guessed.

    Args:
        columns: of all tables; what one of them holds goes before what is passed over.
        mark: decimal mark.
    """
    found: dict[str, ColumnSection] = {}
    for c in columns:
        one = ColumnSection(holds=c.role, unit=c.unit, sensory_unit=c.sensory_unit)
        other = found.get(c.text, one)
        if other.holds == header.PASSED_OVER:
            other = one
        if other.holds == one.holds and other.unit != one.unit and c.role in header.UNITS:
            units = sorted({other.unit, one.unit}, key=lambda unit: unit.startswith("µ"))
            other = ColumnSection(holds=c.role, unit=units[0], sensory_unit=units[1])
        found[c.text] = other
    return Lab(columns=found, decimal="," if mark == "," else "")
