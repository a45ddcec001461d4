"""Whether a text says a phrase, and does not deny it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

DENIALS = frozenset(("no", "not", "never", "without", "none", "neither", "nor", "denies", "absent"))
REACH = 3  # words before the phrase within which a denial belongs to it
ALIKE = 0.85  # of the letters of a misspelt word
LONG = 5  # letters from which a word may be misspelt and still be known

_BREAK = re.compile(r"[.;:!?\n]|\bbut\b|\bthough\b|\bhowever\b")
_CANNOT = re.compile(r"\b(can ?not|can'?t|unable to|could not|couldn'?t)\b")


def says(text: str, phrases: Sequence[str]) -> bool:
    """Whether one clause of the text holds all words of one of the phrases, undenied.

    Args:
        text: what someone wrote, of any length.
        phrases: words by their beginnings, ``|`` between those that do equally well; one that
            begins with "no " counts only where it is denied.

    Example:
        >>> says("The hand is cold and pale", ["cold|pale hand"]), says("no pain", ["pain"])
        (True, False)
        >>> says("No pulse at the wrist", ["no pulse"]), says("severe parlaysis", ["paralys"])
        (True, True)
    """
    told = _CANNOT.sub("cannot", text.casefold().replace("’", "'"))
    clauses = [re.findall(r"[\w']+|,", clause) for clause in _BREAK.split(told)]
    return any(_in(clause, phrase) for clause in clauses for phrase in phrases)


def _in(clause: list[str], phrase: str) -> bool:
    stems = phrase.split()
    denied = stems[0] == "no"
    found = [_places(clause, stem.split("|")) for stem in (stems[1:] if denied else stems)]
    # a phrase is denied at its first word
    return all(found) and any(_denied(clause, place) == denied for place in min(found))


def _denied(clause: list[str], place: int) -> bool:
    for word in reversed(clause[max(0, place - REACH) : place]):
        # "no weakness, pain in the leg" denies no pain
        if word == "," or word in DENIALS:
            return word != ","
    return False


def _places(clause: list[str], stems: list[str]) -> list[int]:
    return [
        place
        for place, word in enumerate(clause)
        if any(word.startswith(stem) or _misspelt(word, stem) for stem in stems)
    ]


def _misspelt(word: str, stem: str) -> bool:
    if min(len(word), len(stem)) < LONG:
        return False
    return SequenceMatcher(None, word[: len(stem)], stem).ratio() >= ALIKE
