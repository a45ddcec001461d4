"""The page: chapters into one HTML file that needs nothing else."""

from __future__ import annotations

from typing import Any

from tinel.report.template import as_written, filled

ROOM = "tinel.report"


def render(**chapters: Any) -> str:
    """Fill the page; every text is escaped and freed of control characters."""
    return filled(ROOM, "report.html.jinja", **chapters, css=as_written(ROOM, "report.css"))
