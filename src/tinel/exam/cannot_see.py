"""What a test cannot see on a day: rules with their sources, in ``cannot_see.toml``."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

from tinel.evidence import Parameters
from tinel.exam.signs import falls_silent_d

MOTOR, SETTLED = ("motor conduction", "CMAP scan"), "settled"


@dataclass(frozen=True)
class Unseen:
    """One rule of what a test cannot see.

    Args:
        test: name of the test.
        text: what it cannot see, in words.
        source: where that stands.
        evidence_grade: of the source.
        from_day, until_day: days after the injury on which it holds, the last one not.
        until: ``settled`` where it ends as broken axons have fallen silent beyond the injury.
    """

    test: str
    text: str
    source: str
    evidence_grade: str
    from_day: float = 0.0
    until_day: float = float("inf")
    until: str = ""


@cache
def rules() -> tuple[Unseen, ...]:
    """Every rule, in the order of the file."""
    text = (resources.files("tinel.exam") / "cannot_see.toml").read_text(encoding="utf-8")
    return tuple(Unseen(**one) for one in tomllib.loads(text)["rule"])


def cannot_see(test: str, day: float, parameters: Parameters) -> Unseen | None:
    """The rule of a test that holds on a day; None where none is known.

    Args:
        test: name of a test.
        day: days after the injury, 0 or more.
        parameters: with the days on which broken axons fall silent.

    Example:
        >>> published = Parameters.of_evidence()
        >>> print(cannot_see("motor conduction", 1, published).text[:18])
        Block or axon loss
        >>> cannot_see("needle EMG", 40, published).source[:26]
        'Holland, emedicine 1172408'
    """
    kind = "motor" if test in MOTOR else "sensory"
    first, last = falls_silent_d(kind, parameters)
    for rule in rules():
        ends = last if rule.until == SETTLED else rule.until_day
        if rule.test == test and rule.from_day <= day < ends:
            text = rule.text.format(first=first, last=last) if rule.until == SETTLED else rule.text
            return Unseen(rule.test, text, rule.source, rule.evidence_grade)
    return None
