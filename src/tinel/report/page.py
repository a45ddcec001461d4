"""The page: chapters into one HTML file that needs nothing else."""

from __future__ import annotations

from importlib import resources
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from tinel.report.number_format import clean


def render(**chapters: Any) -> str:
    """Fill the page; every text is escaped and freed of control characters."""
    environment = Environment(
        loader=FunctionLoader(_template),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("report.html.jinja").render(
        **chapters, css=Markup(_template("report.css"))
    )


def _shown(value: object) -> object:
    # Only our own drawings are markup; whatever else reaches the page may come from a case file.
    return clean(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _template(name: str) -> str:
    return resources.files("tinel.report").joinpath("templates", name).read_text(encoding="utf-8")
