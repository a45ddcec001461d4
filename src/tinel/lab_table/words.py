"""Words that laboratories print, by what they mean here: ``words.toml``."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib import resources

NOT_SIMULATED, UNCLEAR = "not simulated", "unclear"
NAMES = ("nerve", "place", "site")  # what is named there may be called by Tinel's own name too
Phrases = dict[tuple[str, ...], tuple[str, str]]


@lru_cache(maxsize=10_000)
def plain(text: str) -> str:
    """A text as it is compared: without capitals, accents and points.

    Example:
        >>> plain("N. Médianus – Handgelenk"), plain("3+")
        ('n medianus handgelenk', '3+')
    """
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    told = bare.casefold().replace("μ", "u").replace("'", "").replace("’", "")
    return " ".join(re.sub(r"[^a-z0-9+%]", " ", told).split())


@cache
def vocabulary() -> dict[str, dict[str, tuple[str, ...]]]:
    """Every word of the file, by table and what it means."""
    text = (resources.files("tinel.lab_table") / "words.toml").read_text(encoding="utf-8")
    return {
        table: {name: tuple(words) for name, words in of.items()}
        for table, of in tomllib.loads(text).items()
    }


@cache
def by_word(table: str) -> dict[str, str]:
    """What each word of one table means; words as ``plain`` has them.

    Example:
        >>> by_word("side")["rechts"], by_word("header")["peak lat"]
        ('right', 'peak latency')
    """
    named_so = {plain(name): name for name in vocabulary()[table]} if table in NAMES else {}
    meant = {plain(word): name for name, words in vocabulary()[table].items() for word in words}
    return named_so | meant


@dataclass(frozen=True)
class Named:
    """What a text names.

    Args:
        found: by table, what was named, in the order of the text.
        order: the tables in the order of the text.
        unknown: words that no table has.
    """

    found: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    order: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()

    def one(self, table: str) -> str:
        """The one thing named of a table; empty where there is none."""
        return next(iter(self.found.get(table, ())), "")

    @property
    def twice(self) -> str:
        """The first table of which two different things are named; empty where there is none."""
        return next((table for table, names in self.found.items() if len(set(names)) > 1), "")


@cache
def _phrases(tables: tuple[str, ...], own: tuple[tuple[str, str, str], ...]) -> Phrases:
    found: Phrases = {}
    for table in (*tables, "filler"):
        for word, name in by_word(table).items():
            found.setdefault(tuple(word.split()), (table, name))
    return found | {tuple(plain(w).split()): (table, n) for table, w, n in own if table in tables}


def named(text: str, tables: Sequence[str], own: Sequence[tuple[str, str, str]] = ()) -> Named:
    """What a text names, its longest phrases first.

    Args:
        text: a cell or a line.
        tables: of the vocabulary that may be named there; where a word stands in several, the
            first counts.
        own: a laboratory's words beside it, each with its table and what it means.

    Example:
        >>> it = named("Left Median Motor (Abd Poll Brev)", ("nerve", "side", "kind", "place"))
        >>> it.one("side"), it.one("nerve"), it.one("kind"), it.one("place"), it.unknown
        ('left', 'median', 'motor', 'abductor pollicis brevis', ())
    """
    phrases = _phrases(tuple(tables), tuple(own))
    longest = max(map(len, phrases))
    words, k = plain(text).split(), 0
    found: dict[str, tuple[str, ...]] = {}
    order, unknown = [], []
    while k < len(words):
        for n in range(min(longest, len(words) - k), 0, -1):
            hit = phrases.get(tuple(words[k : k + n]))
            if hit:
                if hit[0] != "filler":
                    found[hit[0]] = (*found.get(hit[0], ()), hit[1])
                    order.append(hit[0])
                k += n
                break
        else:
            unknown.append(words[k])
            k += 1
    return Named(found, tuple(order), tuple(unknown))
