"""A claim of the source article, the facts that speak for or against it, and a computed value."""

from __future__ import annotations

from dataclasses import dataclass

from tinel.errors import TinelError
from tinel.evidence import Count

VERDICTS = {
    "supported": "what was found agrees",
    "partly": "true in part, or of some injuries only",
    "contradicted": "what was found says otherwise",
    "no evidence": "nothing that tests it was found",
}
READ = {
    "page": "read on a page that reports it",
    "printed table": "read in the paper's table",
    "abstract": "read in the abstract",
    "quoted": "read in another paper that quotes it",
    "title": "only the title was read",
    "recalled": "from memory, not read; check it before use",
}
MOST_WORDS = 12


@dataclass(frozen=True)
class Fact:
    """One published fact with its source.

    Args:
        key: its name in the data files.
        text: what was found, in plain words; of a count, what was counted.
        source: who published it, with an identifier (DOI, PubMed id) or an address.
        read: how far the source was read, one of ``READ``.
        count: how many of how many, where that is printed; else None.
        value, low, high, unit: a published value with its printed interval; None where there is
            none.
        about: whether the count was rounded from a printed percentage.

    Raises:
        TinelError: an unknown extent of reading.

    Example:
        >>> Fact("one", "lasting palsy", "PMID 1", "abstract", Count(13, 26)).sentence
        'lasting palsy: 13 of 26, 50 % (95 % interval 30 to 70)'
    """

    key: str
    text: str
    source: str
    read: str
    count: Count | None = None
    value: float | None = None
    low: float | None = None
    high: float | None = None
    unit: str = ""
    about: bool = False

    def __post_init__(self) -> None:
        if self.read not in READ:
            told = f"read is '{self.read}' (allowed: {', '.join(READ)})"
            raise TinelError(told, f"fact {self.key}")

    @property
    def amount(self) -> float:
        """The value, or the percentage of the count.

        Raises:
            TinelError: it has neither.
        """
        found = self.value if self.count is None else self.count.percent
        if found is None:
            raise TinelError(f"the fact '{self.key}' has no figure")
        return found

    @property
    def sentence(self) -> str:
        """The text with its count, percentage and exact interval, or with its value."""
        if self.count is not None:
            low, high = self.count.interval_percent
            about = "about " if self.about else ""
            return (
                f"{self.text}: {about}{self.count.numerator} of {self.count.denominator}, "
                f"{self.count.percent:.2g} % (95 % interval {low:.2g} to {high:.2g})"
            )
        if self.value is not None:
            between = "" if self.low is None else f" ({self.low:g} to {self.high:g})"
            return f"{self.text}: {self.value:g} {self.unit}{between}"
        return self.text


@dataclass(frozen=True)
class Claim:
    """One sentence of the article, with a verdict.

    Args:
        id: its number, ``1`` to ``59``, or ``ref-1`` to ``ref-18`` for its references.
        quote: at most 12 words of the article, literally.
        verdict: one of ``VERDICTS``.
        why: the reason in plain words, the answer first.
        evidence: facts that speak for or against it.
        computation: name of the computation that this program makes on it; empty for none.
        about: words of cases it touches: a nerve, cause, treatment, or ``every`` case.

    Raises:
        TinelError: an unknown verdict, or a quote that is too long.
    """

    id: str
    quote: str
    verdict: str
    why: str
    evidence: tuple[Fact, ...]
    computation: str = ""
    about: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        where = f"claim {self.id}"
        if self.verdict not in VERDICTS:
            told = f"verdict is '{self.verdict}' (allowed: {', '.join(VERDICTS)})"
            raise TinelError(told, where)
        if len(self.quote.split()) > MOST_WORDS:
            raise TinelError(f"the quote is too long (allowed: {MOST_WORDS} words)", where)
