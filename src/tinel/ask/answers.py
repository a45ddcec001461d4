"""Ask in words: one answer, the nearest questions, or nothing that is known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tinel.ask.answer import NOTE, Answer
from tinel.ask.fill import filled
from tinel.ask.question import questions
from tinel.ask.search import LONGEST, search
from tinel.errors import TinelError
from tinel.referral.rules import sign_rules, situations
from tinel.referral.words import says

MOST_RELATED = 3
SIGNS = "first-signs"  # the page that says with which signs not to wait
SURE = 0.95  # from which an urgent sign no longer comes before the best text
NEAR = 0.45  # of the question's words, from which a title is named as near


@dataclass(frozen=True)
class Reply:
    """What is known of what was asked.

    ``answer`` is None where nothing answers it clearly; ``related`` then names the nearest titles,
    and is empty where nothing is near. ``score`` is the part of the words, by their rarity, that
    the best text holds, 0 to 1. ``taken`` holds words that were read as others.
    """

    given: str
    answer: Answer | None
    related: tuple[str, ...]
    score: float
    taken: tuple[tuple[str, str], ...]

    @property
    def question(self) -> str:
        """The question that is answered; empty for none."""
        return self.answer.question if self.answer else ""

    def as_data(self) -> dict[str, Any]:
        """Plain values, for printing as JSON."""
        nothing: dict[str, Any] = {"question": None, "answer": None, "sources": [], "note": NOTE}
        told = self.answer.as_data() if self.answer else nothing
        return {
            "given": self.given,
            "known": self.answer is not None,
            **told,
            "related": [*told.get("related", []), *self.related],
            "score": round(self.score, 3),
            "taken": [{"given": a, "as": b} for a, b in self.taken],
        }


def ask(given: str) -> Reply:
    """Answer a question from the data, or say what is near, or nothing.

    Args:
        given: a question in words; the first 400 characters are read.

    Raises:
        TinelError: it holds no words.

    Example:
        >>> ask("do nerves heal").question
        'Do damaged nerves ever heal?'
        >>> ask("how do I bake bread").answer is None
        True
    """
    if not given.strip():
        raise TinelError("the question is empty", advice="write it in words: tinel ask lists some")
    found = search(given)
    # a bare sentence of the article helps least
    hits = sorted(found.hits, key=lambda hit: hit.text.kind == "claim")
    near = tuple(hit.text.title for hit in hits if hit.covered >= NEAR)
    score = found.hits[0].covered if found.hits else 0.0
    if (not found.clear or score < SURE) and _is_urgent(given):
        signs = next(q for q in questions() if q.id == SIGNS)
        return Reply(given, filled(signs), near[:MOST_RELATED], score, found.taken)
    if not found.clear:
        return Reply(given, None, near[:MOST_RELATED], score, found.taken)
    best = found.hits[0].text
    others = tuple(title for title in near if title != best.title)
    return Reply(given, best.answer(), others[: MOST_RELATED - 1], score, found.taken)


def _is_urgent(given: str) -> bool:
    """Whether it names a sign that is urgent by itself, such as a numb saddle area."""
    alone = {line for one in situations() if one.whatever_told for line in one.when}
    rules = (rule for name, rule in sign_rules().items() if name in alone)
    return any(says(given[:LONGEST], rule.words) for rule in rules)
