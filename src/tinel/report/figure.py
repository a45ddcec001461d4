"""What a chapter shows: tables, and figures that carry their own table."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup


@dataclass(frozen=True)
class Cell:
    """One cell: its text, and whether it lies outside the normal limit."""

    text: str
    abnormal: bool = False


@dataclass(frozen=True)
class Table:
    """A table as the page prints it; the first cell of a row is its heading."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    wide: bool = False


@dataclass(frozen=True)
class Panel:
    """One drawing of a figure, with its own short title."""

    title: str
    svg: Markup
    key: str = ""


@dataclass(frozen=True)
class Swatch:
    """One entry of a legend; ``dash`` in pixels, empty for a patch of colour."""

    name: str
    colour: str
    dash: tuple[float, ...] | None = None


@dataclass(frozen=True)
class Figure:
    """Panels under one caption, with a legend and the table of the same numbers.

    ``open`` shows the table at once instead of on demand.
    """

    title: str
    caption: str
    panels: tuple[Panel, ...]
    table: Table
    legend: tuple[Swatch, ...] = ()
    open: bool = False


def table(caption: str, head: tuple[str, ...], rows: list[list[str]], wide: bool = False) -> Table:
    """A table of plain texts."""
    return Table(caption, head, tuple(tuple(Cell(text) for text in row) for row in rows), wide)
