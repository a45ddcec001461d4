"""An answer: its text, the points behind it, what the article says, and the sources."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

NOTE = "Published findings about groups of people; no advice for a person."


@dataclass(frozen=True)
class Source:
    """Where something comes from, and how far that was read."""

    title: str
    read: str


@dataclass(frozen=True)
class Point:
    """One finding in a sentence, with its sources; a computed one has none."""

    text: str
    sources: tuple[Source, ...]


@dataclass(frozen=True)
class Said:
    """A sentence of the article, and what was found of it."""

    claim: str
    quote: str
    verdict: str


@dataclass(frozen=True)
class Answer:
    """The answer to one question.

    ``thin`` says why the evidence is thin, and is empty where it is not; ``related`` names commands
    that show more.
    """

    id: str
    question: str
    text: str
    points: tuple[Point, ...]
    said: tuple[Said, ...] = ()
    thin: str = ""
    related: tuple[str, ...] = ()
    extra: tuple[Source, ...] = ()

    @property
    def sources(self) -> tuple[Source, ...]:
        """Every source once, in the order in which the answer uses them."""
        used = [source for point in self.points for source in point.sources]
        return tuple(dict.fromkeys((*used, *self.extra)))

    def as_data(self) -> dict[str, Any]:
        """Plain values, for printing as JSON."""
        numbers = {source: k for k, source in enumerate(self.sources, 1)}
        return {
            "id": self.id,
            "question": self.question,
            "answer": self.text,
            "points": [
                {"text": p.text, "sources": [numbers[s] for s in p.sources]} for p in self.points
            ],
            "article": [asdict(one) for one in self.said],
            "thin": self.thin or None,
            "sources": [asdict(source) for source in self.sources],
            "related": list(self.related),
            "note": NOTE,
        }
