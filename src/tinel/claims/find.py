"""One claim by its id, and the ids that were probably meant."""

from __future__ import annotations

from tinel.claims.files import claims
from tinel.claims.statement import Claim
from tinel.errors import LONGEST_WORD, TinelError

MOST_NAMED = 5


def claim(key: str) -> Claim:
    """The claim of an id.

    Args:
        key: ``1`` to ``59``, or ``ref-1`` to ``ref-18``; ``ref 7`` and ``REF7`` are read as well.

    Raises:
        TinelError: no such claim; names those whose quotes hold the word.

    Example:
        >>> claim("ref 7").id
        'ref-7'
    """
    known = claims()
    plain = "".join(key.split()).casefold().lstrip("#").replace("ref", "ref-").replace("--", "-")
    if plain in known:
        return known[plain]
    shown = key if len(key) <= LONGEST_WORD else f"{key[:LONGEST_WORD]}..."
    near = _holding(key)
    numbers = "allowed: 1 to 59 and ref-1 to ref-18"
    if near:
        list_of = "; ".join(f"{one.id}: {one.quote}" for one in near)
        advice = f"did you mean {list_of}? {numbers}"
    else:
        advice = f"{numbers}; see them with: tinel claims"
    raise TinelError(f"no claim has the id '{shown}'", advice=advice)


def _holding(text: str) -> list[Claim]:
    """Claims that hold words of a text, or words like them, the best first."""
    from difflib import get_close_matches

    wanted = [w for w in _words(text[:LONGEST_WORD]) if len(w) > 2]
    found = []
    for one in claims().values():
        there = _words(f"{one.quote} {' '.join(one.about)}")
        hits = sum(bool(get_close_matches(word, there, n=1, cutoff=0.85)) for word in wanted)
        if hits:
            found.append((-hits, one))
    found.sort(key=lambda pair: pair[0])
    return [one for _, one in found[:MOST_NAMED]]


def _words(text: str) -> list[str]:
    # "B-12" is looked for as B12
    joined = text.casefold().replace("-", "")
    return "".join(c if c.isalnum() else " " for c in joined).split()
