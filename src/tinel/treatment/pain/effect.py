"""What a remedy does for the pain of an injured nerve, as shares of people who answer."""

from __future__ import annotations

from dataclasses import dataclass

from tinel.errors import TinelError, suggest
from tinel.treatment.pain.difference import (
    Difference,
    from_counts,
    from_mean,
    from_nnt,
    spread_of,
)
from tinel.treatment.pain.library import remedy, trials
from tinel.treatment.pain.trial import Trial
from tinel.treatment.relief import Relief

KINDS = ("post-traumatic", "nerve pain")
# The share that answers to placebo where a trial prints none, and the two figures that say how
# far people's changes spread, are those of the largest reviews whose printed tables were read.
PLACEBO_FROM = "Wiffen 2017"
SPREAD_FROM = "Lunn 2014"


@dataclass(frozen=True)
class Effect:
    """Shares of people who have half the pain or less, with a remedy and with a placebo.

    Args:
        name: of the remedy.
        pain: ``post-traumatic``, or ``nerve pain`` for nerve pain of any cause.
        on_it, on_placebo: the shares, 0 to 1.
        on_it_interval, on_placebo_interval: exact intervals where both are counts, else None.
        difference: with its interval; zero with a stated range where no trial counts.
        nnt: number needed to treat with its interval, from counts or as printed; None where no
            effect is not excluded, or where a mean had to be carried over.
        because: what the difference rests on, in words.
        source: of the trial that counts; empty for none.
        evidence_grade: of the difference.
    """

    name: str
    pain: str
    on_it: float
    on_placebo: float
    on_it_interval: tuple[float, float] | None
    on_placebo_interval: tuple[float, float] | None
    difference: Difference
    nnt: tuple[float, float, float] | None
    because: str
    source: str
    evidence_grade: str

    def relief(self, which: str = "value", ends_d: float = float("inf")) -> Relief:
        """What an arm carries: at the value, or at the end with the least or most help.

        A range may reach below zero because a trial was small; harm is not assumed.

        Args:
            which: ``value``, ``low`` or ``high``.
            ends_d: last day on which it is given, days after the injury.

        Example:
            >>> given = effect("pregabalin").relief()
            >>> given.with_it == given.on_placebo
            True
        """
        more = {"value": self.difference.value, "low": self.difference.low}
        gain = max(0.0, more.get(which, self.difference.high))
        return Relief(self.name, min(1.0, self.on_placebo + gain), self.on_placebo, ends_d)


def effect(name: str, pain: str = "post-traumatic") -> Effect:
    """What a remedy does beside a placebo.

    Args:
        name: of the remedy, one of ``known()``.
        pain: ``post-traumatic`` (after injuries and operations), or ``nerve pain`` for what
            trials found in nerve pain of any cause, mostly diabetes and shingles.

    Raises:
        TinelError: an unknown remedy or kind of pain.

    Example:
        >>> found = effect("tramadol", "nerve pain")
        >>> round(found.on_it, 2), round(found.on_placebo, 2), round(found.nnt[0], 1)
        (0.53, 0.3, 4.4)
        >>> effect("tramadol").difference.value
        0.0
    """
    given = remedy(name)
    if pain not in KINDS:
        raise TinelError(f"pain is {str(pain)[:60]!r}", advice=suggest(str(pain), KINDS))
    key = given.counts if pain == "post-traumatic" else given.in_general or given.counts
    if key:
        return _measured(name, pain, trials()[key])
    if given.most_from:
        bound = trials()[given.most_from]
        found = difference(bound)
        most = found.high if bound.pain == "post-traumatic" else found.value
        ends = f"the range ends at what {given.most_from} does not exclude"
        if bound.pain != "post-traumatic":
            ends = f"the range ends at what {given.most_from} found in other nerve pain"
    else:
        most, ends = given.most or 0.0, f"the end of the range is assumed: {given.most_because}"
    because = given.zero_because or "no trial in nerve pain of other causes was found."
    zero = Difference(0.0, 0.0, most, "no trial shows an effect")
    fraction = placebo_fraction()
    grade = "assumption"
    return Effect(
        name, pain, fraction, fraction, None, None, zero, None, f"{because} Here {ends}.", "", grade
    )


def placebo_fraction() -> float:
    """The share of people who have half the pain on placebo, where a trial prints none."""
    fraction = trials()[PLACEBO_FROM].fractions[1]
    assert fraction is not None, PLACEBO_FROM
    return fraction


def difference(trial: Trial) -> Difference:
    """The difference of shares of one trial: by its counts, else as printed, else by its mean.

    Raises:
        TinelError: it prints none of them.
    """
    on_it, on_placebo = trial.fractions
    if trial.on_it and trial.on_placebo:
        return from_counts(trial.on_it, trial.on_placebo)
    if trial.nnt:
        return from_nnt(trial.nnt, on_it, on_placebo)
    if trial.points:
        fraction = placebo_fraction() if on_placebo is None else on_placebo
        return from_mean(trial.points, _spread(), fraction)
    raise TinelError("neither counts, a number needed to treat nor a mean is printed", trial.key)


def _spread() -> float:
    trial = trials()[SPREAD_FROM]
    on_it, on_placebo = trial.fractions
    assert trial.points and on_it is not None and on_placebo is not None, SPREAD_FROM
    return spread_of(trial.points[0], on_it, on_placebo)


def _measured(name: str, pain: str, trial: Trial) -> Effect:
    found = difference(trial)
    on_placebo = trial.fractions[1]
    fraction = placebo_fraction() if on_placebo is None else on_placebo
    counted = trial.on_it and trial.on_placebo
    borrowed = "" if on_placebo is not None else f" The share on placebo is that of {PLACEBO_FROM}."
    ends = [
        (count.interval_percent[0] / 100.0, count.interval_percent[1] / 100.0)
        for count in (trial.on_it, trial.on_placebo)
        if count is not None
    ]
    return Effect(
        name=name,
        pain=pain,
        on_it=fraction + found.value,
        on_placebo=fraction,
        on_it_interval=ends[0] if counted else None,
        on_placebo_interval=ends[1] if counted else None,
        difference=found,
        nnt=found.nnt if trial.on_it and trial.on_placebo else trial.nnt,
        because=f"{trial.key}: {trial.text} Computed from {found.how}.{borrowed}",
        source=trial.source,
        evidence_grade=trial.evidence_grade if counted or trial.nnt else "assumption",
    )
