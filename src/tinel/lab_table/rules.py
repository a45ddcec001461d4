"""How a table is read: what its caller and the laboratory's mapping file say."""

from __future__ import annotations

from dataclasses import dataclass

from tinel.evidence import Parameters
from tinel.lab_table.days import Days
from tinel.lab_table.lab import Lab

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
