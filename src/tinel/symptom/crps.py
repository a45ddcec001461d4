"""Complex regional pain syndrome: how often it was found, by which criteria. Never simulated."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib import resources

from tinel.evidence import Count

CRITERIA_SOURCE = "doi:10.5313/wja.v3.i1.46 (table read); Pain 2010;150:268 (abstract read)"
BUDAPEST = (
    "lasting pain out of proportion to what happened",
    "complaints in at least three of four groups (feeling, skin colour or warmth, swelling or "
    "sweat, movement or skin growth)",
    "signs in at least two of the four on examination",
    "nothing else explains it better",
)


@dataclass(frozen=True)
class Risk:
    """How often the syndrome was found.

    Args:
        after: injury or operation.
        criteria: which were used, and how people were looked for.
        source: paper or page.
        read: how much of it was read.
        count: how many of how many, where that was printed.
        percent: as printed, where no count was.
        counted_about: the numerator was computed from a printed percentage.
    """

    after: str
    criteria: str
    source: str
    read: str
    count: Count | None = None
    percent: str = ""
    counted_about: bool = False

    @property
    def people(self) -> str:
        """The count as it is shown; empty where none was printed."""
        if self.count is None:
            return ""
        about = "about " if self.counted_about else ""
        return f"{about}{self.count.numerator} of {self.count.denominator}"


def _known() -> tuple[Risk, ...]:
    file = resources.files("tinel.symptom").joinpath("data", "crps.toml")
    found = []
    for given in tomllib.loads(file.read_text(encoding="utf-8"))["risk"]:
        number, among = given.pop("numerator", None), given.pop("denominator", None)
        count = None if number is None else Count(number, among)
        found.append(Risk(count=count, **given))
    return tuple(found)


KNOWN = _known()


def shown(risk: Risk) -> str:
    """A risk in percent, with the exact 95 % interval of its count.

    Example:
        >>> shown(Risk("a fall", "Budapest", "x", "abstract", Count(42, 596)))
        '7.0 (5.1 to 9.4)'
    """
    if risk.count is None:
        return risk.percent
    low, high = risk.count.interval_percent
    digits = 1 if risk.count.percent >= 1 else 2
    return f"{risk.count.percent:.{digits}f} ({low:.{digits}f} to {high:.{digits}f})"


def summary() -> str:
    """One paragraph: how often after a nerve injury, and why the figures differ."""
    by = [r for r in KNOWN if r.count is not None and r.count.denominator == 596]
    least, most = min(by, key=_percent), max(by, key=_percent)
    return (
        f"Complex regional pain syndrome is a disease of its own and is not computed here. After "
        f"an injury of a nerve (type 2) {KNOWN[0].percent} % are quoted, with criteria not stated. "
        f"The criteria alone moved one group from {_percent(least):.0f} to {_percent(most):.0f} %. "
        f"The Budapest criteria: {'; '.join(BUDAPEST)} ({CRITERIA_SOURCE})."
    )


def _percent(risk: Risk) -> float:
    return 0.0 if risk.count is None else risk.count.percent
