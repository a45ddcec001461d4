"""The questions, as their files hold them."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from tinel.errors import TinelError

ASKED = ("faq", "heading", "text", "raised")


@dataclass(frozen=True)
class Question:
    """A question with its answer in words and the keys of what is behind it.

    Args:
        id: its short name.
        question: as the article asks it, or as its statements raise it.
        asked: where in the article, one of ``ASKED``; ``raised`` where it only states something.
        answer: the text, with ``{number:KEY}`` for a number of the evidence.
        also: other wordings.
        facts: keys of facts of the claims, of ``findings.toml``, or of guidance (``referral``).
        claims, risks, treatments: ids or names in those rooms.
        computed: ids of claims whose computation is run and shown.
        thin: why the evidence is thin; empty where it is not.

    Raises:
        TinelError: an unknown place.
    """

    id: str
    question: str
    asked: str
    answer: str
    also: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    claims: tuple[str, ...] = ()
    risks: tuple[str, ...] = ()
    treatments: tuple[str, ...] = ()
    computed: tuple[str, ...] = ()
    thin: str = ""

    def __post_init__(self) -> None:
        if self.asked not in ASKED:
            told = f"asked is '{self.asked}' (allowed: {', '.join(ASKED)})"
            raise TinelError(told, f"question {self.id}")


@dataclass(frozen=True)
class Finding:
    """A published finding that no other room holds."""

    text: str
    source: str
    read: str


@cache
def questions() -> tuple[Question, ...]:
    """Every question, in the order of the files.

    Raises:
        TinelError: two have one name, or a field is wrong.

    Example:
        >>> len(questions())
        60
    """
    found: dict[str, Question] = {}
    folder = resources.files("tinel.ask").joinpath("questions")
    for file in sorted(folder.iterdir(), key=lambda f: f.name):
        if file.name.endswith(".toml"):
            for given in tomllib.loads(file.read_text(encoding="utf-8"))["question"]:
                one = Question(**_frozen(given))
                if one.id in found:
                    raise TinelError(f"the question '{one.id}' is there twice", file.name)
                found[one.id] = one
    return tuple(found.values())


@cache
def findings() -> dict[str, Finding]:
    """Every finding by key.

    Example:
        >>> findings()["nogo_mice"].read
        'abstract'
    """
    file = resources.files("tinel.ask").joinpath("findings.toml")
    return {k: Finding(**v) for k, v in tomllib.loads(file.read_text(encoding="utf-8")).items()}


def _frozen(item: dict[str, Any]) -> dict[str, Any]:
    return {key: tuple(v) if isinstance(v, list) else v for key, v in item.items()}
