"""The mapping file that a table itself suggests, for a person to correct."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from tinel.errors import TinelError
from tinel.lab_table import header
from tinel.lab_table.cell import decimal_mark
from tinel.lab_table.grid import Row
from tinel.lab_table.header import Column
from tinel.lab_table.lab import ColumnSection, Lab


def guess_lab(rows: Sequence[Row], between: Literal["", ";", "\t", "|"] = "") -> Lab:
    """What the columns of a table are taken for.

    Where no row is one of headers, it is the row with most texts, whose unknown columns are passed
    over.

    Args:
        rows: of the table.
        between: what stands between cells, where it is no comma.

    Example:
        >>> head = Row(1, ("Side", "Nerve", "Site", "Amp (mV)"))
        >>> lab = guess_lab([head, Row(2, ("L", "Sural", "Calf", "3,5"))])
        >>> lab.decimal, lab.columns["Amp (mV)"].holds
        (',', 'amplitude')
    """
    seen: list[Column] = []
    cells: list[tuple[int, str]] = []
    columns: tuple[Column, ...] = ()
    for row in rows:
        found = header.guess(row)
        units = header.with_units(columns, row) if columns and not cells else ()
        if units:
            seen[len(seen) - len(units) :] = units
        seen += found
        columns = found or columns
        cells += [] if found else [
            (row.number, row.cells[c.place])
            for c in columns
            if c.measures and c.place < len(row.cells)
        ]  # fmt: skip
    if not seen and rows:
        most = max(rows, key=lambda row: sum(not any(map(str.isdigit, c)) for c in row.cells if c))
        seen = [header.named_column(place, text) for place, text in enumerate(most.cells) if text]
    return _lab(seen, cells, between)


def _lab(
    columns: Sequence[Column],
    cells: Sequence[tuple[int, str]],
    between: Literal["", ";", "\t", "|"],
) -> Lab:
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
    try:
        mark = decimal_mark(cells, "")
    except TinelError:  # which reading will say
        mark = "."
    return Lab(columns=found, decimal="," if mark == "," else "", between=between)
