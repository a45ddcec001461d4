"""What was read from a table: findings, what was left out and why, and what each column was taken
for."""

from __future__ import annotations

from dataclasses import dataclass

from tinel.case.observed import Observed
from tinel.lab_table.header import Column
from tinel.lab_table.lab import Lab


@dataclass(frozen=True)
class LabFinding:
    """One finding, and where it stands in the table.

    Args:
        row: number of the row, from 1.
        nerve: name of the nerve that it belongs to.
        observed: in the terms of a simulated measurement; its side is ``left`` or ``right``.
        limit: as the laboratory prints it beside the value; empty where it does not.
        distance_mm: as printed for this value; nan where none is.
    """

    row: int
    nerve: str
    observed: Observed
    limit: str = ""
    distance_mm: float = float("nan")


@dataclass(frozen=True)
class LeftOut:
    """What was not read: the row's number and text (or the part of it), and why.

    ``understood`` says that the words are known and Tinel has no place for them.
    """

    row: int
    text: str
    why: str
    understood: bool = False


@dataclass(frozen=True)
class Reading:
    """A table or a pasted report as it was read.

    Args:
        name: of the file.
        findings: in the order of the rows.
        left_out: in the order of the rows.
        columns: what each column was taken for; of several tables one after the other.
        lab: the mapping by which it was read, guessed or given.
    """

    name: str
    findings: tuple[LabFinding, ...]
    left_out: tuple[LeftOut, ...]
    columns: tuple[Column, ...]
    lab: Lab
