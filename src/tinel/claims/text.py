"""Claims as text for a terminal, and as data."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from tinel.claims.answer import Answer
from tinel.claims.statement import READ, VERDICTS, Claim, Fact

WIDTH = 96
INDENT = " " * 23  # under the quote
ADVICE = "research and teaching software; no advice for a person"


def listed(which: Iterable[Claim]) -> str:
    """All claims in two lines each: id, verdict, quote; and what was found, in a sentence."""
    every = list(which)
    counts = Counter(one.verdict for one in every)
    told = ", ".join(f"{counts[verdict]} {verdict}" for verdict in VERDICTS)
    computed = sum(bool(one.computation) for one in every)
    lines = [*_wrapped(f"{len(every)} claims of the article and its references: {told}.", ""), ""]
    for one in every:
        mark = "*" if one.computation else " "
        lines += _wrapped(f"“{one.quote}”", f"{one.id:>6} {mark} {one.verdict:12}  ", INDENT)
        lines += _wrapped(first_sentence(one.why), INDENT)
    lines += [
        "",
        f"* the program computes on it ({computed} of them)",
        "One in full, computed: tinel claims ID",
        "All, computed, as data (about a minute): tinel claims --json",
        ADVICE,
    ]
    return "\n".join(lines)


def in_full(answer: Answer) -> str:
    """One claim: verdict and reason first, then what was computed, then the evidence."""
    one = answer.claim
    lines = [
        f"{one.id}: {one.verdict} ({VERDICTS[one.verdict]})",
        f"  the article: “{one.quote}”",
        *_wrapped(one.why, "  "),
    ]
    if answer.computed is not None:
        lines += ["computed now", *_wrapped(answer.computed.sentence, "  ")]
    lines.append("evidence" if one.evidence else "evidence: none was found")
    for fact, following in zip(one.evidence, (*one.evidence[1:], None), strict=True):
        lines += _wrapped(fact.sentence, "  - ", "    ")
        if following is None or _from(following) != _from(fact):
            lines += _wrapped(_from(fact), "    ")
    return "\n".join([*lines, ADVICE])


def as_data(answer: Answer) -> dict[str, Any]:
    """One claim with the fields ``id``, ``quote``, ``verdict``, ``why``, ``evidence``,
    ``computation``.

    ``evidence`` is a list of ``text``, ``source``, ``read``, and of a count ``numerator``,
    ``denominator``, ``percent``, ``low``, ``high`` (else null). ``computation`` is null, or
    ``name``, ``what``, ``value``, ``unit``, ``low``, ``high``, ``interval``, ``n_twin``.
    """
    one, computed = answer.claim, answer.computed
    return {
        "id": one.id,
        "quote": one.quote,
        "verdict": one.verdict,
        "why": one.why,
        "evidence": [_fact(fact) for fact in one.evidence],
        "computation": None if computed is None else {"name": computed.name, **asdict(computed)},
    }


def first_sentence(text: str) -> str:
    """The first sentence of a reason.

    Example:
        >>> first_sentence("Yes. Where the tubes stand no repair is needed.")
        'Yes. Where the tubes stand no repair is needed.'
        >>> first_sentence("There is no wall at 12 months. Early is better.")
        'There is no wall at 12 months.'
    """
    end = next((k for k in range(24, len(text) - 1) if text[k : k + 2] == ". "), None)
    return text if end is None else text[: end + 1]


def _from(fact: Fact) -> str:
    return f"{fact.source} ({READ[fact.read]})"


def _fact(fact: Fact) -> dict[str, Any]:
    count = fact.count
    low, high = (fact.low, fact.high) if count is None else count.interval_percent
    return {
        "text": fact.sentence,
        "source": fact.source,
        "read": fact.read,
        "numerator": None if count is None else count.numerator,
        "denominator": None if count is None else count.denominator,
        "percent": None if count is None else count.percent,
        "low": low,
        "high": high,
    }


def _wrapped(text: str, first: str, later: str | None = None) -> list[str]:
    indent = first if later is None else later
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=first,
        subsequent_indent=indent,
        break_long_words=False,  # an address stays in one piece
        break_on_hyphens=False,
    )
