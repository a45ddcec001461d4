"""What a quiz asks and what may be answered, in an order that never says which is right."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from tinel.referral.rules import Basis, sources


@dataclass(frozen=True)
class Question:
    """One question with the answers allowed and the place of the right one among them.

    ``told`` says in words what is right and why.
    """

    name: str
    text: str
    options: tuple[str, ...]
    right: int
    told: str


@cache
def _file() -> dict[str, list[dict[str, Any]]]:
    text = (resources.files("tinel.quiz") / "choices.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def texts(what: str) -> tuple[str, ...]:
    """The answers allowed, of ``kind``, ``severity``, ``age`` or ``next``.

    Example:
        >>> texts("age")[0]
        'Less than a week'
    """
    return tuple(one["text"] for one in _file()[what])


def kind_at(name: str) -> int:
    """Place of a kind of injury among the answers."""
    return [one["name"] for one in _file()["kind"]].index(name)


def class_at(what: str, value: float) -> int:
    """Place of the class of ``severity`` or ``age`` that a value falls into.

    Example:
        >>> class_at("age", 21.0), class_at("severity", 1.0)
        (2, 3)
    """
    ends = [one["until"] for one in _file()[what]]
    return next(k for k, end in enumerate(ends) if value < end)


def ages() -> tuple[tuple[float, float], ...]:
    """First and last day of each class of age, the last one not included."""
    ends = [one["until"] for one in _file()["age"]]
    return tuple(zip([1.0, *ends[:-1]], ends, strict=True))


def next_at(kind: str, day: float) -> int:
    """Place of what should be tested next.

    Example:
        >>> texts("next")[next_at("axon loss", 30.0)][:32]
        'Conduction and needle EMG again '
    """
    return next(
        k
        for k, one in enumerate(_file()["next"])
        if kind in one["kinds"] and one.get("from_day", 0.0) <= day < one.get("until_day", 1e9)
    )


def why_next(place: int) -> tuple[str, tuple[Basis, ...]]:
    """Why that should be tested next, and what says so."""
    one = _file()["next"][place]
    return one["why"], tuple(sources()[key] for key in one["basis"])
