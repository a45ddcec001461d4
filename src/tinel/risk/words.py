"""Names of operations as they are compared: spelling folded, and how many edits apart."""

from __future__ import annotations

import re
import unicodedata

ACTS = frozenset(("surgery", "surgical", "operation", "procedure", "op"))  # something was done
# Words that say nothing about which operation is meant.
EMPTY = frozenset(
    word
    for line in (
        "a an the my our his her of for after from in on at to with by and or during under is are",
        "was how often common risk left right side both bilateral unilateral total partial i have",
        "complete open first primary elective emergency planned previous recent old robotic had",
        "laparoscopic robot operation operations surgery surgeries surgical procedure op done",
    )
    for word in line.split()
)
_FOLDED = (("ae", "e"), ("oe", "e"), ("isation", "ization"), ("ise", "ize"), ("our", "or"))


def folded(text: str) -> str:
    """Text without capitals, accents, signs, plural endings and differences of British spelling.

    Example:
        >>> folded("Caesarean-Sections!"), folded("Hüft-TEP"), folded("🦴")
        ('cesarean section', 'huft tep', '')
    """
    apart = unicodedata.normalize("NFKD", text.casefold().replace("'s ", " "))
    letters = "".join(c for c in apart if not unicodedata.combining(c))
    return " ".join(_folded_word(word) for word in re.findall(r"[a-z0-9]+", letters))


def _folded_word(word: str) -> str:
    for british, other in _FOLDED:
        word = word.replace(british, other)
    plural = len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "is", "us"))
    return word[:-1] if plural else word


def content(text: str) -> frozenset[str]:
    """The words of a folded text that say which operation is meant."""
    return frozenset(text.split()) - EMPTY


def edits(one: str, other: str, most: int) -> int:
    """Letters to change, add, drop or swap with the next; ``most + 1`` where it is more.

    Example:
        >>> edits("thyriod", "thyroid", 2), edits("carotid", "parotid", 2), edits("hip", "wrist", 2)
        (1, 1, 3)
    """
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        before, last, row = row, before, [i]
        for j, b in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
    return min(row[-1], most + 1)
