"""The claims and facts, from their data files; read once, never changed."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from types import MappingProxyType
from typing import Any

from tinel.claims.elsewhere import of_risk, of_trial
from tinel.claims.statement import Claim, Fact
from tinel.errors import TinelError
from tinel.evidence import Count


@cache
def sources() -> Mapping[str, str]:
    """Every source of the facts by its short name."""
    return MappingProxyType(_read(_data().joinpath("sources.toml")))


@cache
def facts() -> Mapping[str, Fact]:
    """Every published fact by key.

    Raises:
        TinelError: a fact without a known source, twice the same key, or a wrong field.

    Example:
        >>> facts()["fusion_one_surgeon"].count
        Count(numerator=13, denominator=26)
    """
    found: dict[str, Fact] = {}
    for where, table in _tables("facts"):
        for key, given in table.items():
            if key in found:
                raise TinelError(f"the fact '{key}' is there twice", where)
            found[key] = _fact(key, dict(given), where)
    return MappingProxyType(found)


@cache
def claims() -> Mapping[str, Claim]:
    """Every claim by id, in the order of the article, the references last.

    Raises:
        TinelError: an unknown fact or field, or twice the same id.

    Example:
        >>> claims()["20"].verdict
        'supported'
    """
    made: dict[str, Claim] = {}
    for where, table in _tables("claims"):
        for given in table["claim"]:
            one = _claim(dict(given), where)
            if one.id in made:
                raise TinelError(f"the claim '{one.id}' is there twice", where)
            made[one.id] = one
    return MappingProxyType({key: made[key] for key in sorted(made, key=_order)})


def _order(key: str) -> tuple[bool, int]:
    return key.startswith("ref-"), int(key.removeprefix("ref-"))


def _fact(key: str, given: dict[str, Any], where: str) -> Fact:
    if "risk" in given:
        return of_risk(key, given["text"], given["risk"])
    if "trial" in given:
        return of_trial(key, given.get("text", ""), given["trial"], given.get("figure", ""))
    short = given.pop("source", "")
    if short not in sources():
        raise TinelError(f"the fact '{key}' has no known source ('{short}')", where)
    counted = {name: given.pop(name) for name in ("numerator", "denominator") if name in given}
    try:
        count = Count(**counted) if counted else None
        return Fact(key=key, source=sources()[short], count=count, **given)
    except TypeError as problem:
        raise TinelError(str(problem), f"{where}: {key}") from None


def _claim(given: dict[str, Any], where: str) -> Claim:
    named = given.pop("evidence", [])
    for key in named:
        if key not in facts():
            raise TinelError(f"no fact is called '{key}'", where)
    given["about"] = tuple(given.get("about", ()))
    try:
        return Claim(evidence=tuple(facts()[key] for key in named), **given)
    except TypeError as problem:
        raise TinelError(str(problem), where) from None


def _data() -> Traversable:
    return resources.files("tinel.claims").joinpath("data")


def _tables(folder: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for file in sorted(_data().joinpath(folder).iterdir(), key=lambda f: f.name):
        if file.name.endswith(".toml"):
            yield f"{folder}/{file.name}", _read(file)


def _read(file: Traversable) -> dict[str, Any]:
    return tomllib.loads(file.read_text(encoding="utf-8"))
