"""The page: chapters into one HTML file that needs nothing else."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from typing import Any

from tinel.report.template import as_written, filled

ROOM = "tinel.report"


def render(**chapters: Any) -> str:
    """Fill the page; every text is escaped and freed of control characters.

    The one script on it copies the paragraph for a letter and moves slides; the page allows no
    other.
    """
    script = as_written(ROOM, "letter.js") + as_written(ROOM, "slide.js")
    digest = b64encode(hashlib.sha256(script.encode()).digest()).decode("ascii")
    own = {"css": as_written(ROOM, "report.css"), "script": script, "script_hash": digest}
    return filled(ROOM, "report.html.jinja", **chapters, **own)
