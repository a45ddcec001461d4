"""Names of branches, places and targets: the file's own, and usual ones beside it."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import Protocol, TypeVar

from tinel.declare.quantity import shown
from tinel.errors import LONGEST_WORD, TinelError, suggest


class _Named(Protocol):
    @property
    def name(self) -> str: ...


_Item = TypeVar("_Item", bound=_Named)


def plain(word: str) -> str:
    """A name as it is compared: without capitals, hyphens and "nerve".

    Example:
        >>> plain("Common-Peroneal nerve"), plain("Guyon’s canal")
        ('common peroneal', "guyon's canal")
    """
    told = " ".join(re.sub(r"[-_]", " ", word.casefold()).replace("’", "'").split())
    return told.removeprefix("the ").removesuffix(" nerve") or told


def by_name(items: tuple[_Item, ...], name: str, what: str) -> _Item:
    """The item of that name or usual name; TinelError with a suggestion if there is none."""
    for item in items:
        if item.name == name:
            return item
    words = {
        plain(word): item
        for item in reversed(items)
        for word in (*getattr(item, "other_names", ()), item.name)
    }
    if plain(name) in words:
        return words[plain(name)]
    raise TinelError(f"no {what} is called {shown(name)}", advice=hint(name, items))


def hint(name: str, items: tuple[_Item, ...]) -> str:
    """What was probably meant, by any of its names, and the names that are allowed."""
    names = [i.name for i in items]
    if len(name) > LONGEST_WORD:
        return suggest(name, names)
    meant = {plain(word): i.name for i in items for word in getattr(i, "other_names", ())}
    meant |= {plain(word): word for word in names}
    close = get_close_matches(plain(name), list(meant), n=1, cutoff=0.6)
    return suggest(meant[close[0]] if close else name, names)
