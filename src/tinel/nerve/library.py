"""The nerves there are: their data files found, read and checked."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache, partial
from importlib import resources
from os import PathLike, fspath
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from tinel.declare.quantity import short, shown
from tinel.declare.toml_file import bytes_of, tables_of, text_of
from tinel.errors import TinelError, suggest
from tinel.evidence import Number, Parameters
from tinel.evidence.catalogue import Catalogue
from tinel.evidence.files import nearest, published
from tinel.nerve.blueprint import Blueprint
from tinel.nerve.naming import plain


@dataclass(frozen=True)
class Entry:
    """A nerve's name (that of its file), its checked content, and where the file lies.

    ``branch`` and ``site`` are the branch and the landmark that a usual name meant: ``peroneal``
    is the sciatic nerve's branch, ``carpal tunnel`` a place on the median nerve.
    """

    name: str
    blueprint: Blueprint
    where: str
    branch: str = ""
    site: str = ""

    def numbers(self) -> list[Number]:
        """Every number of the file, under keys that begin with ``nerve.NAME.``."""
        return self.blueprint.numbers(self.name)


def names() -> list[str]:
    """The nerves that come with Tinel, sorted; blanks stand as underscores in their files' names.

    Example:
        >>> "ulnar" in names()
        True
    """
    folder = resources.files("tinel.nerve").joinpath("data")
    files = [f.name for f in folder.iterdir() if f.name.endswith(".toml")]
    return sorted(name[:-5].replace("_", " ") for name in files)


def find(given: str | PathLike[str]) -> Entry:
    """A nerve by its name, another name of it, or the path to a data file of your own.

    Args:
        given: a text without ``.toml`` at its end is a name; everything else is a path. The
            format of the file is that of ``tinel/nerve/data``.

    Raises:
        TinelError: there is no such nerve or file, or the file does not hold what it should.

    Example:
        >>> find("ulnar").blueprint.title
        'Ulnar nerve'
        >>> [(e.name, e.branch, e.site) for e in (find("peroneal"), find("carpal tunnel"))]
        [('sciatic', 'common fibular', ''), ('median', '', 'carpal tunnel')]
    """
    if isinstance(given, str) and not given.endswith(".toml"):
        return _bundled(given) if given in names() else _meant(given)
    path = Path(fspath(given))
    try:
        text = text_of(bytes_of(path), str(path))
    except TinelError as problem:
        raise TinelError(problem.message, str(path), "check the file of the nerve") from None
    return Entry(path.stem, _parsed(text, str(path)), str(path))


def read(name: str) -> Blueprint:
    """The checked data file of a nerve that comes with Tinel.

    Raises:
        TinelError: there is no such nerve, or its file does not hold what it should.
    """
    return find(name).blueprint


def parameters() -> Parameters:
    """The published values of every number, those in the files of nerves among them.

    A nerve's file is read when one of its numbers is first wanted.

    Example:
        >>> parameters().scalar("nerve.ulnar.landmark.Erb's point.position_mm")
        150.0
    """
    later = {f"nerve.{name}.": partial(_numbers, name) for name in names()}
    return Parameters(Catalogue(published(), later))


def parse(content: dict[str, Any], where: str) -> Blueprint:
    """Check the content of a data file; errors name the table and field.

    Raises:
        TinelError: a field is missing, unknown, of the wrong type, or names what is not there.
    """
    try:
        blueprint = Blueprint.model_validate(content)
    except ValidationError as failure:
        first = failure.errors()[0]
        field = ".".join(short(str(part)) for part in first["loc"])
        raise TinelError(
            f"{first['msg']}; given: {shown(first['input'])}", f"{where}: {field}"
        ) from None
    branches = [b.name for b in blueprint.branch]
    landmarks = [m.name for m in blueprint.landmark]
    targets = [t.name for t in blueprint.target]
    for index, b in enumerate(blueprint.branch):
        # Only earlier ones, so that no branch can be its own ancestor.
        for parent in (b.parent, *b.also_from):
            _known(parent, branches[:index], f"{where}: branch {shown(b.name)}.parent")
    on = [(m.name, m.branch) for m in blueprint.landmark]
    for name, branch in [*on, *((t.name, t.branch) for t in blueprint.target)]:
        _known(branch, branches, f"{where}: {shown(name)}.branch")
    for t in blueprint.target:
        for parent in t.through:
            _known(parent, branches, f"{where}: {shown(t.name)}.through")
        _known(t.runs_with or None, branches, f"{where}: {shown(t.name)}.runs_with")
    if "motor" in (t.kind for t in blueprint.target) and blueprint.fibres.motor is None:
        raise TinelError("there are muscles but no motor fibres", f"{where}: fibres.motor")
    if not any(t.value("units") + t.value("axons") for t in blueprint.target):
        raise TinelError("no target has any fibres", f"{where}: target", "give units or axons")
    for s in blueprint.study:
        study = f"{where}: study {shown(s.name)}"
        _known(s.target, targets, f"{study}.target")
        _known(s.record, landmarks, f"{study}.record")
        _known(s.inching, landmarks, f"{study}.inching")
        if (s.record is None) == (s.kind == "sensory"):
            raise TinelError("a sensory study needs record, a motor study has none", study)
        for key in s.normal.values():
            if key not in published():
                advice = nearest(key, [k for k in published() if k.startswith("normal.")])
                raise TinelError(f"no number has the key '{key}'", f"{study}.normal", advice)
    try:
        blueprint.numbers("file")
    except ValueError as failure:
        raise TinelError(str(failure), where) from None
    return blueprint


@cache
def _bundled(name: str) -> Entry:
    where = f"nerve/data/{name.replace(' ', '_')}.toml"
    file = resources.files("tinel.nerve").joinpath(*where.split("/")[1:])
    return Entry(name, _parsed(file.read_text(encoding="utf-8"), where), where)


def _meant(word: str) -> Entry:
    """What another name means; only a word that is no file name comes here."""
    meanings = _meanings()
    if plain(word) not in meanings:
        told = f"no nerve is called {shown(word)}"
        close = suggest(plain(word), meanings).partition("? ")
        advice = suggest(word, names())
        if close[1] and "?" not in advice:
            advice = f"{close[0]}? {advice}"
        raise TinelError(told, advice=advice)
    name, branch, site = meanings[plain(word)]
    return replace(_bundled(name), branch=branch, site=site)


@cache
def _meanings() -> dict[str, tuple[str, str, str]]:
    """Nerve, branch and landmark by every usual name; a nerve's own names come first."""
    found: dict[str, tuple[str, str, str]] = {}
    entries = [_bundled(name) for name in names()]
    for entry in entries:
        for word in (entry.name, *entry.blueprint.other_names):
            found.setdefault(plain(word), (entry.name, "", ""))
    for entry in entries:
        for branch in entry.blueprint.branch:
            for word in branch.nerve_names:
                found.setdefault(plain(word), (entry.name, branch.name, ""))
        for landmark in entry.blueprint.landmark:
            for word in landmark.nerve_names:
                found.setdefault(plain(word), (entry.name, "", landmark.name))
    return found


@cache
def _parsed(text: str, where: str) -> Blueprint:
    return parse(tables_of(text, where, "see the nerves in tinel/nerve/data"), where)


def _numbers(name: str) -> list[Number]:
    return _bundled(name).numbers()


def _known(name: str | None, allowed: list[str], where: str) -> None:
    if name is not None and name not in allowed:
        raise TinelError(f"{shown(name)} is not there", where, suggest(name, allowed))
