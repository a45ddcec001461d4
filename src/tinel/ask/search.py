"""Which text a question means: full-text search in memory, with a measure of how sure it is."""

from __future__ import annotations

import sqlite3
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from importlib import resources
from math import log

from tinel.ask.texts import Text, texts, words
from tinel.errors import TinelError
from tinel.risk.words import edits

LONGEST = 400  # characters of a question that are read
MOST_WORDS = 40
KNOWN = 0.6  # of a question's words, by their rarity, that one text has to hold
CLEAR = 0.04  # by which the best has to lead
# Letters from which one slip is forgiven, in words that say nothing and in those that do; and two.
SHORT_PASSED, SHORT_WORD, LONG_WORD = 5, 6, 9
IN_TITLE, IN_BODY = 1.0, 0.5
QUESTION_FIRST = 0.08  # the article's questions are answered in full, so they go before the rest
WORDING = 0.25  # how much the likeness of the whole wording counts


RARE = 3  # texts that hold a word which must not be missed
ON_ONE_WORD = ("question", "treatment")


@dataclass(frozen=True)
class Hit:
    """A text with how much of the question it holds, 0 to 1, and its rank, larger is better."""

    text: Text
    covered: float
    rank: float


@dataclass(frozen=True)
class Search:
    """What was found: the hits, the best first, and words that were taken for others.

    ``missed`` are rare words that other texts hold and the best does not, such as the name of
    another operation.
    """

    hits: tuple[Hit, ...]
    taken: tuple[tuple[str, str], ...] = ()
    missed: tuple[str, ...] = ()

    @property
    def known(self) -> bool:
        """Whether the best text holds enough of the question."""
        return bool(self.hits) and self.hits[0].covered >= KNOWN

    @property
    def clear(self) -> bool:
        """Whether the best text is known and leads."""
        two = self.hits[:2]
        return (
            self.known and not self.missed and (len(two) < 2 or two[0].rank - two[1].rank >= CLEAR)
        )


def search(given: str) -> Search:
    """Texts that a question may mean, the best first.

    Args:
        given: words of a person, of any length; the first 400 characters are read.

    Raises:
        TinelError: SQLite was built without its full-text search.

    Example:
        >>> search("do nerves heal").hits[0].text.title
        'Do damaged nerves ever heal?'
        >>> search("how do I bake bread").known
        False
    """
    told = words(given[:LONGEST])[:MOST_WORDS]
    telling = list(dict.fromkeys(w for w in told if _says(w)))
    taken = {w: _meant(w) for w in telling}
    rows = {word: _holding(meant) for word, meant in taken.items() if meant}
    weight = {word: _rarity(rows.get(word, {})) for word in telling}
    # what is on no page counts by its full rarity
    total = sum(weight.values())
    found: dict[int, float] = {}
    held: dict[int, int] = {}
    for word, places in rows.items():
        for place, part in places.items():
            found[place] = found.get(place, 0.0) + part * weight[word]
            held[place] = held.get(place, 0) + 1
    # the name of a nerve alone asks for no operation, and one word for no sentence of the article
    found = {k: v for k, v in found.items() if held[k] > 1 or texts()[k].kind in ON_ONE_WORD}
    found |= {place: total for place in _worded(" ".join(told))}
    hits = [_hit(place, value / total if total else 1.0, told) for place, value in found.items()]
    hits.sort(key=lambda hit: -hit.rank)
    changed = tuple((w, m) for w, m in taken.items() if m and m != w)
    best = texts().index(hits[0].text) if hits and hits[0].covered < 1.0 else None
    missed = (w for w, places in rows.items() if 0 < len(places) <= RARE and best not in places)
    return Search(tuple(hits), changed, () if best is None else tuple(missed))


@cache
def _passed() -> frozenset[str]:
    text = resources.files("tinel.ask").joinpath("passed_words.toml").read_text(encoding="utf-8")
    return frozenset(" ".join(tomllib.loads(text).values()).split())


@cache
def _says(word: str) -> bool:
    """Whether a word says which text is meant; a slip in one that does not says nothing either."""
    passed = _passed()
    if word in passed or len(word) < 2 or word.isdigit():
        return False
    return bool(_holding(word)) or not _nearest(word, passed, SHORT_PASSED)


@cache
def _wordings() -> dict[str, list[int]]:
    made: dict[str, list[int]] = {}
    for place, text in enumerate(texts()):
        for wording in {" ".join(words(one)) for one in (text.name, text.title, *text.also)}:
            made.setdefault(wording, []).append(place)
    return made


def _worded(given: str) -> list[int]:
    """The texts with that very wording."""
    return _wordings().get(given, []) if given else []


def _hit(place: int, covered: float, told: list[str]) -> Hit:
    text = texts()[place]
    given = " ".join(told)
    likeness = max(
        SequenceMatcher(None, given, " ".join(words(one))).ratio()
        for one in (text.name, text.title, *text.also)
    )
    first = QUESTION_FIRST if text.kind == "question" else 0.0
    if likeness == 1.0:  # the very wording
        covered, first = 1.0, first + 1.0
    return Hit(text, covered, covered + WORDING * likeness + first)


def _rarity(places: dict[int, float]) -> float:
    return log((len(texts()) + 1) / (len(places) + 0.5))


@cache
def _index() -> sqlite3.Connection:
    made = sqlite3.connect(":memory:", check_same_thread=False)
    try:
        made.execute("CREATE VIRTUAL TABLE text USING fts5(title, body, tokenize='porter ascii')")
    except sqlite3.OperationalError:
        told = "this Python's SQLite has no full-text search (FTS5)"
        raise TinelError(told, advice="use a Python whose SQLite is built with FTS5") from None
    for place, one in enumerate(texts()):
        title = " ".join(words(" ".join((one.title, *one.also))))
        made.execute(
            "INSERT INTO text(rowid, title, body) VALUES (?, ?, ?)",
            (place, title, " ".join(words(one.body))),
        )
    return made


@cache
def _holding(word: str) -> dict[int, float]:
    """The texts that hold a word in any of its forms, and how much that counts."""
    found: dict[int, float] = {}
    for column, part in (("body", IN_BODY), ("title", IN_TITLE)):
        rows = _index().execute(
            "SELECT rowid FROM text WHERE text MATCH ?", (f'{column}: "{word}"',)
        )
        found |= {int(row[0]): part for row in rows}
    return found


@cache
def _spellings() -> tuple[str, ...]:
    # the words of claims are everyday words, to which too many others are near
    titles = [" ".join((one.title, *one.also)) for one in texts() if one.kind != "claim"]
    every = {w for title in titles for w in words(title)}
    return tuple(sorted(w for w in every if w not in _passed()))


def _meant(word: str) -> str:
    """The word itself where a text holds it, else one that is spelt nearly so; empty for none."""
    if _holding(word):
        return word
    return _nearest(word, _spellings(), SHORT_WORD)


def _nearest(word: str, known: Iterable[str], shortest: int) -> str:
    """The known word that a slip or two may have made this one of; empty for none."""
    most = 0 if len(word) < shortest else 1 if len(word) < LONG_WORD else 2
    # a slip in the first letter is rare
    alike = [w for w in known if w[0] == word[0] and len(w) >= shortest and most]
    near = [(edits(word, w, most), w) for w in alike]
    return min((pair for pair in near if pair[0] <= most), default=(0, ""))[1]
