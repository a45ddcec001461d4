"""A built page that would load anything from a network is an error."""

from __future__ import annotations

import re
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

LOADS = re.compile(r'<(?:script|img|iframe|source)\b[^>]*\bsrc="https?://|<link\b[^>]*"https?://')
IMPORTS = re.compile(r"@import|url\(\s*[\"']?https?://")


def check(app: Sphinx, problem: Exception | None) -> None:
    """Look through pages and styles once they are written."""
    if problem is not None or app.builder.format != "html":
        return
    folder = Path(app.outdir)
    pages = [p for p in folder.rglob("*.html") if LOADS.search(p.read_text(encoding="utf-8"))]
    styles = [p for p in folder.rglob("*.css") if IMPORTS.search(p.read_text(encoding="utf-8"))]
    if pages or styles:
        names = ", ".join(str(p.relative_to(folder)) for p in [*pages, *styles])
        raise ExtensionError(f"these files load something from a network: {names}")


def setup(app: Sphinx) -> dict[str, bool]:
    """Check when the build is finished."""
    app.connect("build-finished", check)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
