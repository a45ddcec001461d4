"""One trial or review of a remedy against pain, as it was printed."""

from __future__ import annotations

from dataclasses import dataclass

from tinel.errors import TinelError, suggest
from tinel.evidence import GRADES, Count

PAINS = ("post-traumatic", "nerve pain", "carpal tunnel")
RESULTS = {
    "no better": "no better than placebo",
    "better": "better than placebo",
    "unclear": "unclear",
    "no comparison": "no group without it",
}
READ = ("abstract", "page", "printed table", "quoted", "recalled")
Three = tuple[float, float, float]


@dataclass(frozen=True, kw_only=True)
class Trial:
    """What one publication found; whatever it does not print is None.

    Args:
        key: first author and year, one per publication and endpoint.
        pain: which pain, one of ``PAINS``; post-traumatic includes pain after operations.
        text: what was done and found, one or two plain sentences.
        endpoint: what was counted or measured.
        people: how many took part.
        on_it, on_placebo: how many answered, as counts.
        percent_on_it, percent_on_placebo: the same where only percentages are printed, 0 to 100.
        points: mean difference on a scale of 0 to 10 with its interval; below 0 is less pain.
        nnt, nnh: printed numbers needed to treat and to harm, each with its interval.
        harm: what the number needed to harm counts.
        result: one of ``RESULTS``.
        source: DOI, PubMed or PMC id, or an address.
        read: how far it was read, one of ``READ``.
        evidence_grade: one of ``tinel.evidence.GRADES``.

    Raises:
        TinelError: a word that is not allowed, a missing source, or an interval upside down.

    Example:
        >>> trial = Trial(key="a 2000", pain="nerve pain", text="Of 9.", endpoint="half the pain",
        ...               result="unclear", source="doi:10.1/x", read="abstract")
        >>> trial.fractions
        (None, None)
    """

    key: str
    pain: str
    text: str
    endpoint: str
    result: str
    source: str
    read: str
    evidence_grade: str = "secondary"
    people: int | None = None
    on_it: Count | None = None
    on_placebo: Count | None = None
    percent_on_it: float | None = None
    percent_on_placebo: float | None = None
    points: Three | None = None
    nnt: Three | None = None
    nnh: Three | None = None
    harm: str = ""

    def __post_init__(self) -> None:
        for name, given, allowed in (
            ("pain", self.pain, PAINS),
            ("result", self.result, tuple(RESULTS)),
            ("read", self.read, READ),
            ("evidence_grade", self.evidence_grade, tuple(GRADES)),
        ):
            if given not in allowed:
                raise TinelError(f"{name} is '{given}'", self.key, suggest(given, allowed))
        if not (self.source and self.text and self.endpoint):
            raise TinelError("source, text or endpoint is empty", self.key, "give all three")
        for three in (self.points, self.nnt, self.nnh):
            if three is not None and not three[1] <= three[0] <= three[2]:
                raise TinelError(f"{three} is no value within its interval", self.key)
        if (self.nnh is None) == bool(self.harm):
            raise TinelError("nnh and harm go together", self.key, "give both or neither")

    @property
    def fractions(self) -> tuple[float | None, float | None]:
        """Shares that answered, on it and on placebo, 0 to 1."""
        return (
            _fraction(self.on_it, self.percent_on_it),
            _fraction(self.on_placebo, self.percent_on_placebo),
        )


def _fraction(count: Count | None, percent: float | None) -> float | None:
    if count is not None:
        percent = count.percent
    return None if percent is None else percent / 100.0
