"""Pages of the API reference, one per room, written from what is importable at build time."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

from sphinx.application import Sphinx

import tinel

# In the order in which the rooms may import each other; the rest follows by name.
ROOMS = (
    "evidence", "declare", "cable", "nerve", "risk", "lesion", "treatment", "course", "imaging",
    "symptom", "exam", "recording", "case", "lab_table", "referral", "cohort", "claims", "infer",
    "forecast", "ask", "report", "calibration", "checks", "exam_command", "forecast_command",
    "read_command",
)  # fmt: skip


def modules() -> dict[str, list[str]]:
    """Every module of the package by page: a room, or a folder of the cable."""
    pages: dict[str, list[str]] = {}
    for info in walk_packages(tinel.__path__, "tinel."):
        parts = info.name.split(".")[1:]
        if parts[-1].startswith("_"):
            continue
        if len(parts) == 1 and not info.ispkg:
            page = "top"
        elif parts[0] == "cable" and (len(parts) > 2 or info.ispkg) and len(parts) > 1:
            page = f"cable.{parts[1]}"
        else:
            page = parts[0]
        if import_module(info.name).__doc__:
            pages.setdefault(page, []).append(info.name)
    return pages


def rank(page: str) -> tuple[int, str]:
    """Where a page stands in the list."""
    room = page.split(".")[0]
    return (ROOMS.index(room) if room in ROOMS else len(ROOMS), page)


def write(folder: Path) -> None:
    """Write the pages; a page that has not changed keeps its date, so that it is not read again."""
    folder.mkdir(exist_ok=True)
    pages = {page: room_page(page, names) for page, names in modules().items()}
    order = sorted(pages, key=rank)
    pages["public"] = public_page()
    listed = "\n".join(["public", *order])
    pages["index"] = (
        "# API reference\n\nWhat `import tinel as tn` offers comes first; the rooms behind it "
        "follow in the order of the flow.\nBuilt from the docstrings.\n\n"
        f"```{{toctree}}\n:maxdepth: 1\n\n{listed}\n```\n"
    )
    for name, text in pages.items():
        file = folder / f"{name}.md"
        if not file.exists() or file.read_text(encoding="utf-8") != text:
            file.write_text(text, encoding="utf-8")
    for left in folder.glob("*.md"):
        if left.stem not in pages:
            left.unlink()


def room_page(page: str, names: list[str]) -> str:
    """One room: every module of it with its public members."""
    title = {"top": "Modules beside the rooms"}.get(page, f"`tinel.{page}`")
    parts = [f"# {title}"]
    for name in sorted(names):
        directive = f".. automodule:: {name}\n   :ignore-module-all:"
        parts.append(f"## `{name}`\n\n```{{eval-rst}}\n{directive}\n```")
    return "\n\n".join(parts) + "\n"


def public_page() -> str:
    """The names of `import tinel`, one after another in the order of `tinel.__all__`."""
    parts = [
        "# `import tinel as tn`",
        "The public names. Everything else may change without notice in the changelog.",
    ]
    for name in getattr(tinel, "__all__", ()):
        if name.startswith("_"):
            continue
        value = getattr(tinel, name)
        if isinstance(value, type):
            kind, option = "autoclass", "\n   :members:\n   :no-index:"
        elif hasattr(value, "__path__") or hasattr(value, "__file__"):
            kind, option = "automodule", "\n   :no-members:\n   :no-index:"
        elif callable(value):
            kind, option = "autofunction", "\n   :no-index:"
        else:
            kind, option = "autodata", "\n   :no-index:"
        target = value.__name__ if kind == "automodule" else f"tinel.{name}"
        parts.append(f"## `{name}`\n\n```{{eval-rst}}\n.. {kind}:: {target}{option}\n```")
    return "\n\n".join(parts) + "\n"


def generate(app: Sphinx) -> None:
    """Write the pages before Sphinx looks for files."""
    write(Path(app.srcdir) / "reference")


def setup(app: Sphinx) -> dict[str, bool]:
    """Write the pages as soon as the builder is known."""
    app.connect("builder-inited", generate)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
