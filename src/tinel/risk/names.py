"""Every name of every operation, folded once for the search."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from tinel.risk.procedure import Procedure, procedures
from tinel.risk.words import content, folded


@dataclass(frozen=True)
class Name:
    """A folded name of an operation, and the words of it that say which is meant."""

    text: str
    words: frozenset[str]
    procedure: Procedure

    @property
    def close(self) -> str:
        """The name without blanks: "csection" is "c section"."""
        return self.text.replace(" ", "")


def _folded_names(given: Iterable[str], procedure: Procedure) -> list[Name]:
    texts = map(folded, given)
    return [Name(text, content(text), procedure) for text in texts]


@cache
def names() -> tuple[Name, ...]:
    """Every name that means one operation alone."""
    return tuple(n for p in procedures() for n in _folded_names((p.name, *p.names), p))


@cache
def broad_names() -> tuple[Name, ...]:
    """Every name of something wider, once for each operation it may mean."""
    return tuple(n for p in procedures() for n in _folded_names(p.broad_names, p))


@cache
def every_word() -> frozenset[str]:
    """The words of all names, to which slips of spelling are compared."""
    return frozenset(word for n in (*names(), *broad_names()) for word in n.text.split())
