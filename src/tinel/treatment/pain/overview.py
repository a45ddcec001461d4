"""All remedies in one table: what trials found after injuries, and in nerve pain in general."""

from __future__ import annotations

from dataclasses import dataclass

from tinel.treatment.pain.effect import Effect, effect
from tinel.treatment.pain.library import known, trials
from tinel.treatment.pain.remedy import Remedy
from tinel.treatment.pain.trial import RESULTS, Three, Trial

NO_ADVICE = "This is what trials found in groups; it is no advice for a person."
SUMMARY = (
    "After injuries and operations few remedies were tested against a placebo, and the largest "
    "trial (pregabalin) found no difference. About one person in five has half the pain on "
    "placebo. What helps in diabetes or shingles need not help here, so it is set to zero for an "
    "injured nerve, with a range. Number needed to treat: how many people take it for one more to "
    "have half the pain; number needed to harm: for one more to stop because of side effects."
)
HEAD = (
    "remedy",
    "after injuries: trials",
    "after injuries: half the pain, of 100",
    "number needed to treat",
    "other nerve pain: number needed to treat",
    "number needed to harm",
    "sources",
)
COMPARED = ("better", "no better")


@dataclass(frozen=True)
class Row:
    """One remedy as the table shows it, and the trials behind it."""

    remedy: Remedy
    cells: tuple[str, ...]
    trials: tuple[Trial, ...]


def rows() -> tuple[Row, ...]:
    """The table's rows: remedies compared with placebo after injuries first.

    Example:
        >>> rows()[0].cells[1]
        'better than placebo: Kalso 1996 (15 people)'
    """
    ordered = sorted(known().values(), key=lambda r: (_rank(r), r.name))
    return tuple(_row(each) for each in ordered)


def _rank(remedy: Remedy) -> int:
    if any(t.pain == "post-traumatic" and t.result in COMPARED for t in remedy.trials):
        return 0
    return 1 if remedy.in_general else 2


def _row(remedy: Remedy) -> Row:
    after, general = effect(remedy.name), effect(remedy.name, "nerve pain")
    used = [trials()[key] for key in (remedy.in_general, remedy.most_from) if key]
    behind = tuple(dict.fromkeys([*remedy.trials, *used]))
    harms = [t.nnh for t in behind if t.nnh]
    cells = (
        remedy.name,
        _found(remedy),
        _fractions(after),
        three(after.nnt),
        three(general.nnt) if remedy.in_general else "",
        three(harms[0]) if harms else "",
    )
    return Row(remedy, cells, behind)


def three(numbers: Three | None) -> str:
    """A number with its interval, to two figures or whole.

    Example:
        >>> three((4.36, 2.94, 12.9)), three(None)
        ('4.4 (2.9 to 13)', '')
    """
    if numbers is None:
        return ""
    value, low, high = (f"{n:.1f}" if n < 10 else f"{n:.0f}" for n in numbers)
    return f"{value} ({low} to {high})"


def _found(remedy: Remedy) -> str:
    lines = []
    for result, words in RESULTS.items():
        which = [
            _named(t) for t in remedy.trials if t.pain == "post-traumatic" and t.result == result
        ]
        if which:
            lines.append(f"{words}: {', '.join(which)}")
    return "; ".join(lines) or "none found"


def _named(trial: Trial) -> str:
    people = f"{trial.people} people" if trial.people else ""
    memory = "from memory" if trial.read == "recalled" else ""
    more = ", ".join(word for word in (people, memory) if word)
    return f"{trial.key} ({more})" if more else trial.key


def _fractions(found: Effect) -> str:
    with_it, without = 100 * found.on_it, 100 * found.on_placebo
    if found.difference.value == 0:
        most = 100 * (found.on_placebo + found.difference.high)
        return f"{with_it:.0f}, as on placebo; the range ends at {most:.0f}"
    low, high = (
        100 * (found.on_placebo + end) for end in (found.difference.low, found.difference.high)
    )
    return (
        f"{with_it:.0f} ({max(low, without):.0f} to {min(high, 100):.0f}), {without:.0f} on placebo"
    )
