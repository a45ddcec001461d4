"""One remedy against pain: what it is, what trials say, and which of them counts for an arm."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tinel.errors import TinelError
from tinel.evidence import Count
from tinel.treatment.pain.trial import Trial


@dataclass(frozen=True, kw_only=True)
class Bath:
    """What the engine is asked: which drug at which concentration, never a dose.

    Args:
        drug: name of a drug of ``tinel/cable/drugs``.
        concentration_uM: at the membrane, above 0.
        reason: why that much, with its source.
    """

    drug: str
    concentration_uM: float
    reason: str


@dataclass(frozen=True, kw_only=True)
class Remedy:
    """The content of one file of ``tinel/treatment/pain/data``.

    Args:
        name: what a case calls it.
        answer: the first line for a reader, one or two plain sentences.
        acts_on: how it is thought to act, one plain sentence.
        counts: key of the trial whose difference holds for post-traumatic pain; empty for none.
        zero_because: why the difference is zero where no trial counts.
        most_from: key of the trial that bounds what it might do where the difference is zero: its
            upper end for a trial in post-traumatic pain, its value for one in other nerve pain.
        most: the same bound as a share where no trial gives one (an assumption), 0 to 1.
        most_because: the reason for ``most``.
        in_general: key of the trial that holds for nerve pain in general; empty for none.
        lasts_d: days for which one treatment may help; None for as long as it is given.
        bath: what the engine is asked; None where no channel of it is the target.
        trials: all that were found, post-traumatic pain first.

    Raises:
        TinelError: no trial, an effect of zero without a reason or a range, or both.
    """

    name: str
    answer: str
    acts_on: str
    trials: tuple[Trial, ...]
    counts: str = ""
    zero_because: str = ""
    most_from: str = ""
    most: float | None = None
    most_because: str = ""
    in_general: str = ""
    lasts_d: float | None = None
    bath: Bath | None = None

    def __post_init__(self) -> None:
        where = f"remedy '{self.name}'"
        if bool(self.counts) == bool(self.zero_because):
            raise TinelError("either a trial counts or zero needs a reason", where)
        bounds = (bool(self.counts), bool(self.most_from), self.most is not None)
        if sum(bounds) != 1 or (self.most is None) == bool(self.most_because):
            raise TinelError("the range needs one bound, and an assumed one its reason", where)


def remedy_of(table: dict[str, Any], where: str) -> Remedy:
    """A remedy from the content of its file.

    Raises:
        TinelError: a key that does not belong there or is missing, or a value not allowed.
    """
    try:
        trials = tuple(_trial(row) for row in table.pop("trial", ()))
        bath = table.pop("bath", None)
        return Remedy(trials=trials, bath=None if bath is None else Bath(**bath), **table)
    except TypeError as problem:
        raise TinelError(str(problem), where, "see tinel.treatment.pain.Remedy") from None


def _trial(row: dict[str, Any]) -> Trial:
    given: dict[str, Any] = {key: tuple(v) if isinstance(v, list) else v for key, v in row.items()}
    for key in ("on_it", "on_placebo"):
        if key in given:
            given[key] = Count(*given[key])
    return Trial(**given)
