"""From what somebody writes to an operation: never to a wrong one without saying so."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from tinel.declare.quantity import shown
from tinel.errors import LONGEST_WORD, TinelError
from tinel.risk.names import broad_names, every_word, names
from tinel.risk.procedure import Procedure
from tinel.risk.words import ACTS, EMPTY, content, edits, folded

ALL = "tinel risk lists them all"
MOST_LISTED = 8
LONG_WORD, SHORT_WORD = 8, 5  # letters from which two edits, and one, are taken for a slip


@dataclass(frozen=True)
class Found:
    """The operation that a text means, and ``how``: as one of its names, as the name of something
    wider, with its name held in the text, as part of its name, or respelt."""

    procedure: Procedure
    given: str
    how: str
    unread: tuple[str, ...] = ()

    @property
    def exact(self) -> bool:
        """Whether the text is one of the operation's names."""
        return self.how == "name"

    @property
    def written_out(self) -> bool:
        """Whether the text has a whole name of the operation in it."""
        return self.how in ("name", "held")

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
    meant, how = _meant(text)
    if not meant:
        meant, how = _unique(p for other in _mended(text) for p in _meant(other)[0]), "respelt"
    if len(meant) > 1:
        listed = [f"'{p.name}'" for p in meant[:MOST_LISTED]]
        more = f", or {len(meant) - MOST_LISTED} more" if len(meant) > MOST_LISTED else ""
        told = f"{shown(given)} may mean several operations"
        raise TinelError(told, advice=f"write which: {', '.join(listed)}{more}; {ALL}")
    if not meant:
        raise _unknown(given, text)
    return Found(meant[0], given, how, () if how == "name" else _unread(text, meant[0]))


def _meant(text: str) -> tuple[list[Procedure], str]:
    """Operations that a folded text means, by the first way that finds any, and that way."""
    ways = {"name": _named, "broad name": _broad, "held": _held, "completed": _completed}
    for how, way in ways.items():
        if meant := way(text):
            return meant, how
    return [], ""


def _unique(found: Iterable[Procedure]) -> list[Procedure]:
    return list({p.name: p for p in found}.values())


def _named(text: str) -> list[Procedure]:
    close = text.replace(" ", "")
    return _unique(n.procedure for n in names() if n.close == close)


def _broad(text: str) -> list[Procedure]:
    return _unique(n.procedure for n in broad_names() if n.text == text)


def _held(text: str) -> list[Procedure]:
    """Operations whose name stands in the text, without those within a longer one."""
    given = content(text)
    acts = bool(ACTS & set(text.split()))
    # "humerus fracture surgery" does not stand in "fracture of the humerus"
    held = [n for n in names() if n.words <= given and (acts or not ACTS & set(n.text.split()))]
    held = [n for n in held if len(n.words) > 1 or max(map(len, n.words), default=0) > SHORT_WORD]
    held = [n for n in held if not any(n.words < other.words for other in held)]
    found = _unique(n.procedure for n in held)
    if found and all(len(n.words) == 1 for n in held):
        # one word among others is too little ("cervical discectomy"), and alone it may be part of
        # another name too ("bypass")
        return _unique([*found, *_completed(text)]) if len(given) == 1 or len(found) > 1 else []
    return found


def _completed(text: str) -> list[Procedure]:
    """Operations with a name that has all the words of the text and more."""
    given = content(text)
    every = (*names(), *broad_names())
    return _unique(n.procedure for n in every if given and given <= n.words)


def _mended(text: str) -> list[str]:
    """The text with its slips of spelling put right, in every way that is equally near."""
    texts, changed = [""], False
    for word in text.split():
        near = _nearest(word)
        changed = changed or near != [word]
        texts = [f"{start} {one}".strip() for start in texts for one in near][:MOST_LISTED]
    return texts if changed else []


def _nearest(word: str) -> list[str]:
    known = every_word()
    if word in known or word in EMPTY or len(word) < SHORT_WORD:
        return [word]
    most = 2 if len(word) >= LONG_WORD else 1
    far = {other: edits(word, other, most) for other in known if len(other) >= SHORT_WORD}
    least = min(far.values())
    return [word] if least > most else sorted(o for o, n in far.items() if n == least)


def _unread(text: str, procedure: Procedure) -> tuple[str, ...]:
    """Words of the text that no name of the operation has, as near as a slip."""
    every = " ".join(map(folded, (procedure.name, *procedure.names, *procedure.broad_names)))
    own = set(every.split())
    given = dict.fromkeys(word for word in text.split() if word not in EMPTY)
    return tuple(word for word in given if word not in own and not own & set(_nearest(word)))


def _unknown(given: str, text: str) -> TinelError:
    leads = {n.text: n.procedure.name for n in names()}
    near = [leads[name] for name in get_close_matches(text, leads, n=3, cutoff=0.55)]
    words = content(text)
    common = sorted(
        (n for n in names() if words & n.words),
        key=lambda n: (-len(words & n.words), n.procedure.name),
    )
    offered = list(dict.fromkeys([*near, *(n.procedure.name for n in common)]))[:4]
    listed = ", ".join(f"'{name}'" for name in offered)
    hint = f"did you mean {listed}? {ALL}" if offered else ALL
    return TinelError(f"no operation or cause is known as {shown(given)}", advice=hint)
