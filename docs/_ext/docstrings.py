"""Formulas of docstrings are indented blocks of plain text: show them as they stand."""

from __future__ import annotations

import re
from typing import Any

from sphinx.application import Sphinx

SECTIONS = (
    "Args:", "Attributes:", "Example:", "Examples:", "Note:", "Raises:", "Returns:",
    "Source:", "Yields:",
)  # fmt: skip


def literal(lines: list[str]) -> list[str]:
    """Put `::` before every indented block that follows a blank line, outside the sections.

    Example:
        >>> literal(["Velocity:", "", "    v = d / t", "", "so far."])
        ['Velocity:', '', '::', '', '    v = d / t', '', 'so far.']
    """
    made: list[str] = []
    section = inside = False
    for number, line in enumerate(lines):
        indented = line.startswith((" ", "\t"))
        if line.strip() and not indented:
            section, inside = line.strip() in SECTIONS, False
        after_blank = number > 0 and not lines[number - 1].strip()
        if indented and line.strip() and after_blank and not section and not inside:
            made += ["::", ""]
            inside = True
        made.append(line)
    return made


def bars(line: str) -> str:
    """Keep the bars of an absolute value: in reStructuredText ``|k|`` would be a substitution."""
    if line.startswith((" ", "\t", ">>>")):
        return line
    parts = line.split("``")
    return "``".join(p if odd % 2 else p.replace("|", r"\|") for odd, p in enumerate(parts))


def stars(line: str) -> str:
    """Keep the stars of a later argument, ``start_ms, **where:``; they do not begin bold text."""
    return re.sub(r"(?<=, )\*\*(?=\w)", r"\\*\\*", line)


def process(app: Sphinx, what: str, name: str, obj: Any, options: Any, lines: list[str]) -> None:
    """Change the lines of one docstring in place, before napoleon reads its sections."""
    lines[:] = [stars(bars(line)) for line in literal(lines)]


def setup(app: Sphinx) -> dict[str, bool]:
    """Listen before napoleon does, which runs at the default priority of 500."""
    app.connect("autodoc-process-docstring", process, priority=100)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
