"""Templates of pages: every text is escaped and freed of control characters."""

from __future__ import annotations

from importlib import resources
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from tinel.report.number_format import clean


def filled(room: str, page: str, **values: Any) -> str:
    """A page of a room, filled.

    Args:
        room: package whose folder ``templates`` holds the page, e.g. ``tinel.report``.
        page: name of the template.
        values: what it shows; ``Markup`` is taken as it is, any other text is escaped.

    Example:
        >>> from tinel.report.template import as_written
        >>> "--ink" in as_written("tinel.report", "report.css")
        True
    """
    environment = Environment(
        loader=FunctionLoader(lambda name: as_written(room, name)),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(page).render(**values)


def as_written(room: str, name: str) -> Markup:
    """A file of a room's templates; it is ours, so it is not escaped."""
    place = resources.files(room).joinpath("templates", name)
    return Markup(place.read_text(encoding="utf-8"))


def _shown(value: object) -> object:
    # Only our own drawings are markup; whatever else reaches the page may come from a case file.
    return clean(value) if isinstance(value, str) and not isinstance(value, Markup) else value
