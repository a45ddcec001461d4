"""Signs, situations and their sources, as their files state them."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any


@dataclass(frozen=True)
class Basis:
    """What one guidance or cohort says, where it stands, and how much of it was read."""

    id: str
    title: str
    address: str
    read: str
    says: str


@dataclass(frozen=True)
class SignRule:
    """How a sign is found: by words, by the name of a nerve or cause, or by other signs."""

    title: str
    words: tuple[str, ...] = ()
    nerves: tuple[str, ...] = ()
    causes: tuple[str, ...] = ()
    of: tuple[str, ...] = ()
    at_least: int = 1


@dataclass(frozen=True)
class Situation:
    """A situation, the signs that make it, and whom to see how soon."""

    name: str
    what: str
    when: tuple[str, ...]
    how_soon: str
    whom: str
    first_test: str
    why: str
    basis: tuple[str, ...]
    red_flag: bool = False
    from_day: float = 0.0
    until_day: float = float("inf")
    until_day_why: str = ""
    due_day: float | None = None
    whatever_told: bool = False

    def holds(self, signs: frozenset[str], day: float) -> tuple[str, ...] | None:
        """The signs that make it on that day; None where it is not met.

        Example:
            >>> situations()[-1].holds(frozenset(), 10.0)
            ()
        """
        if not self.from_day <= day <= self.until_day:
            return None
        for line in self.when:
            parts = [part for part in line.split(" + ") if part]
            needed = [part for part in parts if not part.startswith("!")]
            barred = {part[1:] for part in parts if part.startswith("!")}
            if signs.issuperset(needed) and not signs & barred:
                return tuple(needed)
        return None


@cache
def sources() -> dict[str, Basis]:
    """Every guidance by its id.

    Example:
        >>> sources()["ehni"].read
        'abstract'
    """
    return {key: Basis(id=key, **item) for key, item in _table("sources.toml").items()}


@cache
def sign_rules() -> dict[str, SignRule]:
    """Every sign by its name.

    Example:
        >>> sign_rules()["sharp"].causes
        ('laceration',)
    """
    return {key: SignRule(**_frozen(item)) for key, item in _table("signs.toml").items()}


@cache
def situations() -> tuple[Situation, ...]:
    """Every situation, the most urgent first.

    Example:
        >>> situations()[0].how_soon
        'now'
    """
    return tuple(Situation(**_frozen(s)) for s in _table("situations.toml")["situation"])


def _table(name: str) -> dict[str, Any]:
    text = resources.files("tinel.referral").joinpath(name).read_text(encoding="utf-8")
    return tomllib.loads(text)


def _frozen(item: dict[str, Any]) -> dict[str, Any]:
    return {key: tuple(v) if isinstance(v, list) else v for key, v in item.items()}
