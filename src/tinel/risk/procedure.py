"""The operations and other causes there are: one data file each, read when first asked for."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from functools import cache
from importlib import resources
from typing import Any

from tinel.errors import TinelError
from tinel.risk.event import Article, Course, Event, Factor, Figure, Source

_FIGURE = {field.name for field in fields(Figure)}


@dataclass(frozen=True)
class Procedure:
    """An operation or cause: its names and what is published of the nerves it hurts.

    ``names`` are other names of the same thing, ``broad_names`` those of something wider.
    ``no_data`` says why there is no event, and is empty where there is one.
    """

    name: str
    names: tuple[str, ...]
    broad_names: tuple[str, ...]
    events: tuple[Event, ...]
    course: tuple[Course, ...]
    factors: tuple[Factor, ...]
    article: Article | None
    no_data: str

    @property
    def sources(self) -> tuple[Source, ...]:
        """Every source once, in the order in which the page names them."""
        given = [
            *(event.source for event in self.events),
            *(one.source for one in self.course),
            *(factor.source for factor in self.factors),
        ]
        first = {source.reference: source for source in reversed(given)}
        order = dict.fromkeys(source.reference for source in given)
        return tuple(first[reference] for reference in order)


@cache
def procedures() -> tuple[Procedure, ...]:
    """Every operation and cause, by name.

    Example:
        >>> len([p for p in procedures() if p.events]) >= 25
        True
    """
    folder = resources.files("tinel.risk").joinpath("procedures")
    files = [file for file in folder.iterdir() if file.name.endswith(".toml")]
    found = [_read(file.name, tomllib.loads(file.read_text(encoding="utf-8"))) for file in files]
    return tuple(sorted(found, key=lambda procedure: procedure.name.casefold()))


def _read(name: str, table: dict[str, Any]) -> Procedure:
    try:
        sources = {key: Source(**given) for key, given in table.pop("sources", {}).items()}
        events = tuple(Event(**_made(one, sources)) for one in table.pop("event", ()))
        course = tuple(Course(**_made(one, sources)) for one in table.pop("course", ()))
        factors = tuple(Factor(**_sourced(one, sources)) for one in table.pop("factor", ()))
        article = Article(**table.pop("article")) if "article" in table else None
        return Procedure(
            name=table.pop("name"),
            names=tuple(table.pop("names", ())),
            broad_names=tuple(table.pop("broad_names", ())),
            no_data=table.pop("no_data", ""),
            events=events,
            course=course,
            factors=factors,
            article=article,
            **table,
        )
    except (TypeError, KeyError, TinelError) as problem:
        raise TinelError(str(problem), f"risk/procedures/{name}") from None


def _made(table: dict[str, Any], sources: dict[str, Source]) -> dict[str, Any]:
    """Fields of an event or a course: the figure in one value, the source in full."""
    renamed = {"percent_alone" if key == "percent" else key: v for key, v in table.items()}
    figure = Figure(**{key: v for key, v in renamed.items() if key in _FIGURE})
    rest = {key: v for key, v in renamed.items() if key not in _FIGURE}
    return {**_sourced(rest, sources), "figure": figure}


def _sourced(table: dict[str, Any], sources: dict[str, Source]) -> dict[str, Any]:
    rest = {key: v for key, v in table.items() if key != "read"}
    source = sources[table["source"]]
    # part of a paper may be quoted from another while the rest of it was read
    return {**rest, "source": Source(source.reference, table.get("read", source.read))}
