"""From what somebody writes to an operation: never to a wrong one without saying so."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache

from tinel.declare.quantity import shown
from tinel.errors import LONGEST_WORD, TinelError
from tinel.risk.procedure import Procedure, procedures
from tinel.risk.words import EMPTY, content, edits, folded

ALL = "tinel risk lists them all"
MOST_LISTED = 8
LONG_WORD, SHORT_WORD = 8, 5  # letters from which two edits, and one, are taken for a slip


@dataclass(frozen=True)
class Found:
    """The operation that a text means; ``exact`` where the text is one of its names."""

    procedure: Procedure
    given: str
    exact: bool
    unread: tuple[str, ...] = ()

    @property
    def said(self) -> str:
        """A sentence on how the text was taken; empty where it is one of the names."""
        if self.exact:
            return ""
        left = f" (not understood: {', '.join(self.unread)})" if self.unread else ""
        return f"{shown(self.given)} is taken as '{self.procedure.name}'{left}. "


def find(given: str) -> Found:
    """The operation or cause that a text means.

    Args:
        given: a name, another name or an abbreviation; more words around it and slips of spelling
            are allowed, and ``Found.said`` then says how it was taken. At most 200 characters.

    Raises:
        TinelError: it means none, or may mean several; with suggestions.

    Example:
        >>> find("wisdom teeth").procedure.name, find("hip replacment").said
        ('third molar removal', "'hip replacment' is taken as 'hip replacement'. ")
    """
    given = str(given)
    if len(given) > LONGEST_WORD:
        told = f"{shown(given)} has {len(given)} characters (allowed: 1 to {LONGEST_WORD})"
        raise TinelError(told, advice=f"write the operation in a few words; {ALL}")
    text = folded(given)
    if not text:
        told = f"{shown(given)} holds no letters" if given.strip() else "no operation is given"
        raise TinelError(told, advice=f"write its name, such as 'hip replacement'; {ALL}")
    meant = _named(text)
    if len(meant) == 1:
        return Found(meant[0], given, exact=True)
    meant = meant or _broad(text) or _held(text) or _completed(text)
    if not meant:
        meant = _unique(
            p
            for other in _mended(text)
            for p in (_named(other) or _broad(other) or _held(other) or _completed(other))
        )
    if len(meant) > 1:
        names = [f"'{p.name}'" for p in meant[:MOST_LISTED]]
        more = f", or {len(meant) - MOST_LISTED} more" if len(meant) > MOST_LISTED else ""
        told = f"{shown(given)} may mean several operations"
        raise TinelError(told, advice=f"write which: {', '.join(names)}{more}; {ALL}")
    if not meant:
        raise _unknown(given, text)
    return Found(meant[0], given, exact=False, unread=_unread(text, meant[0]))


@cache
def _names() -> tuple[tuple[str, Procedure], ...]:
    """Every folded name with its operation."""
    return tuple((folded(n), p) for p in procedures() for n in (p.name, *p.names))


@cache
def _every_word() -> frozenset[str]:
    broad = [folded(name) for p in procedures() for name in p.broad_names]
    return frozenset(word for name in [*broad, *(n for n, _ in _names())] for word in name.split())


def _unique(found: Iterable[Procedure]) -> list[Procedure]:
    return list({p.name: p for p in found}.values())


def _named(text: str) -> list[Procedure]:
    close = text.replace(" ", "")  # "csection" is "c section"
    return _unique(p for name, p in _names() if name.replace(" ", "") == close)


def _broad(text: str) -> list[Procedure]:
    return _unique(p for p in procedures() if text in map(folded, p.broad_names))


def _held(text: str) -> list[Procedure]:
    """Operations whose name stands in the text, without those within a longer one."""
    given = content(text)
    held = [(content(name), p) for name, p in _names() if content(name) <= given]
    held = [
        (words, p) for words, p in held if len(words) > 1 or max(map(len, words), default=0) > 5
    ]
    held = [(words, p) for words, p in held if not any(words < other for other, _ in held)]
    found = _unique(p for _, p in held)
    # one word among others that are not understood is too little: "cervical discectomy"
    if len(found) == 1 and all(len(words) == 1 < len(given) for words, _ in held):
        return []
    return found


def _completed(text: str) -> list[Procedure]:
    """Operations with a name that has all the words of the text and more."""
    given = content(text)
    return _unique(p for name, p in _names() if given and given <= content(name))


def _mended(text: str) -> list[str]:
    """The text with its slips of spelling put right, in every way that is equally near."""
    texts, changed = [""], False
    for word in text.split():
        near = _nearest(word)
        changed = changed or near != [word]
        texts = [f"{start} {one}".strip() for start in texts for one in near][:MOST_LISTED]
    return texts if changed else []


def _nearest(word: str) -> list[str]:
    known = _every_word()
    if word in known or word in EMPTY or len(word) < SHORT_WORD:
        return [word]
    most = 2 if len(word) >= LONG_WORD else 1
    far = {other: edits(word, other, most) for other in known if len(other) >= SHORT_WORD}
    least = min(far.values())
    return [word] if least > most else sorted(o for o, n in far.items() if n == least)


def _unread(text: str, procedure: Procedure) -> tuple[str, ...]:
    """Words of the text that no name of the operation has, as near as a slip."""
    names = " ".join(map(folded, (procedure.name, *procedure.names, *procedure.broad_names)))
    own = set(names.split())
    given = dict.fromkeys(word for word in text.split() if word not in EMPTY)
    return tuple(word for word in given if word not in own and not own & set(_nearest(word)))


def _unknown(given: str, text: str) -> TinelError:
    names = {name: p.name for name, p in _names()}
    near = [names[name] for name in get_close_matches(text, names, n=3, cutoff=0.55)]
    words = content(text)
    common = sorted(
        (p.name for name, p in _names() if words & content(name)),
        key=lambda name: (-len(words & content(folded(name))), name),
    )
    offered = list(dict.fromkeys([*near, *common]))[:4]
    listed = ", ".join(f"'{name}'" for name in offered)
    hint = f"did you mean {listed}? {ALL}" if offered else ALL
    return TinelError(f"no operation or cause is known as {shown(given)}", advice=hint)
