"""The nerves there are: their data files found, read and checked."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Any

from pydantic import ValidationError

from tinel.errors import TinelError, suggest
from tinel.nerve.blueprint import Blueprint


def names() -> list[str]:
    """The nerves that have a data file, sorted.

    Example:
        >>> "ulnar" in names()
        True
    """
    folder = resources.files("tinel.nerve").joinpath("data")
    return sorted(f.name[:-5] for f in folder.iterdir() if f.name.endswith(".toml"))


@cache
def read(name: str) -> Blueprint:
    """The checked data file of a nerve.

    Raises:
        TinelError: there is no such nerve, or its file does not hold what it should.
    """
    if name not in names():
        raise TinelError(f"there is no nerve called '{name}'", advice=suggest(name, names()))
    file = resources.files("tinel.nerve").joinpath("data", f"{name}.toml")
    return parse(tomllib.loads(file.read_text(encoding="utf-8")), f"nerve/data/{name}.toml")


def parse(content: dict[str, Any], where: str) -> Blueprint:
    """Check the content of a data file; errors name the table and field.

    Raises:
        TinelError: a field is missing, unknown, of the wrong type, or names what is not there.
    """
    try:
        blueprint = Blueprint.model_validate(content)
    except ValidationError as failure:
        first = failure.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        raise TinelError(
            f"{first['msg']}; given: {first['input']!r}", f"{where}: {field}"
        ) from None
    branches = [d.name for d in blueprint.branch]
    landmarks = [m.name for m in blueprint.landmark]
    targets = [t.name for t in blueprint.target]
    for index, d in enumerate(blueprint.branch):
        # Only earlier ones, so that no branch can be its own ancestor.
        _known(d.parent, branches[:index], f"{where}: branch '{d.name}'.parent")
    branched = [(m.name, m.branch) for m in blueprint.landmark]
    for name, branch in [*branched, *((t.name, t.branch) for t in blueprint.target)]:
        _known(branch, branches, f"{where}: '{name}'.branch")
    if "motor" in (t.kind for t in blueprint.target) and blueprint.fibres.motor is None:
        raise TinelError("there are muscles but no motor fibres", f"{where}: fibres.motor")
    for s in blueprint.study:
        place = f"{where}: study '{s.name}'"
        _known(s.target, targets, f"{place}.target")
        _known(s.record, landmarks, f"{place}.record")
        if (s.record is None) == (s.kind == "sensory"):
            raise TinelError("a sensory study needs record, a motor study has none", place)
    try:
        blueprint.numbers("file")
    except ValueError as failure:
        raise TinelError(str(failure), where) from None
    return blueprint


def _known(name: str | None, legal: list[str], where: str) -> None:
    if name is not None and name not in legal:
        raise TinelError(f"'{name}' is not there", where, suggest(name, legal))
