"""A docutils table from rows of text."""

from __future__ import annotations

from collections.abc import Sequence

from docutils import nodes


def table(
    head: Sequence[str], rows: Sequence[Sequence[str]], code: Sequence[int] = ()
) -> nodes.table:
    """A table with a head; the columns numbered in ``code`` are set as literals."""
    group = nodes.tgroup(cols=len(head))
    group += [nodes.colspec(colwidth=1) for _ in head]
    group += nodes.thead("", _row(head, ()))
    group += nodes.tbody("", *(_row(row, code) for row in rows))
    return nodes.table("", group)


def _row(cells: Sequence[str], code: Sequence[int]) -> nodes.row:
    made = nodes.row()
    for index, text in enumerate(cells):
        content = nodes.literal(text, text) if index in code and text else nodes.Text(text)
        made += nodes.entry("", nodes.paragraph("", "", content))
    return made
