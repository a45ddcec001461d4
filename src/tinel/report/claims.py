"""Claims of the source article that touch the case, and whether they are true."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from tinel.case import Case
from tinel.claims import VERDICTS, Claim, claims
from tinel.claims.text import first_sentence
from tinel.report.figure import Table, table

EVERY = "every"


@dataclass(frozen=True)
class Said:
    """A paragraph, the claims behind it, and their sources, which the claims give by number."""

    summary: str
    claims: Table
    sources: tuple[str, ...]


def said(case: Case) -> Said:
    """What the article says that touches a case.

    Args:
        case: its nerve, causes, procedure, symptoms and treatments choose the claims.

    Example:
        >>> from tinel.case import load
        >>> said(load("examples/cut.toml")).summary.split(":")[0]
        "Of what a patients' article (Centeno 2022) says of such injuries"
    """
    found = touching(case)
    counts = Counter(one.verdict for one in found)
    told = ", ".join(f"{counts[v]} {v}" for v in VERDICTS if counts[v])
    summary = (
        f"Of what a patients' article (Centeno 2022) says of such injuries: {told}. "
        "tinel claims ID shows one in full, with what the program computes on it."
    )
    every = list(dict.fromkeys(fact.source for one in found for fact in one.evidence))
    rows = [
        [one.id, f"“{one.quote}”", one.verdict, first_sentence(one.why), _places(one, every)]
        for one in found
    ]
    head = ("claim", "the article", "verdict", "what was found", "sources")
    return Said(summary, table("Claims that touch this case", head, rows, wide=True), tuple(every))


def touching(case: Case) -> tuple[Claim, ...]:
    """The claims on a case's nerve, causes, procedure, symptoms and treatments, then on any case.

    The claims on the references are left out.
    """
    words = _words(case)
    every = [one for one in claims().values() if not one.id.startswith("ref-")]
    near = [one for one in every if any(_names(word, words) for word in one.about)]
    general = [one for one in every if EVERY in one.about and one not in near]
    return (*near, *general)


def _names(about: str, words: str) -> bool:
    return about != EVERY and f" {about.casefold()} " in words


def _words(case: Case) -> str:
    steps = [step for arm in case.arm for step in arm.step]
    parts = [
        case.nerve.name,
        case.cause.kind,
        case.cause.procedure,
        *([case.cause.acute.kind] if case.cause.acute else []),
        *([case.cause.beyond.kind] if case.cause.beyond else []),
        *(str(step.get("treatment", "")) for step in steps),
        *(symptom.what for symptom in case.symptom),
    ]
    plain = " | ".join(parts).casefold()
    return f" {''.join(c if c.isalnum() else ' ' for c in plain)} ".replace("  ", " ")


def _places(one: Claim, every: list[str]) -> str:
    numbers = sorted({every.index(fact.source) + 1 for fact in one.evidence})
    return ", ".join(map(str, numbers)) or "none found"
