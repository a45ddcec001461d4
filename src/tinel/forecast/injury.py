"""What is hurt: the injury of the twins by class, and the axons that it cost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from tinel.cohort.chunk import AXONS_LOST, JOINED
from tinel.cohort.summary import quantiles
from tinel.exam.limb import Floats
from tinel.forecast.recovery import place
from tinel.lesion.classify import SEDDON
from tinel.result import Result


@dataclass(frozen=True)
class Spread:
    """A size over the twins: its mean and the 90 % interval between them."""

    mean: float
    low: float
    high: float

    @classmethod
    def of(cls, values: Floats) -> Spread:
        """Of values ``(n_twin,)``.

        Example:
            >>> Spread.of(np.array([1.0, 2.0, 3.0]))
            Spread(mean=2.0, low=1.0, high=3.0)
        """
        low, _, _, _, high = (float(x) for x in quantiles(values))
        return cls(float(values.mean()), low, high)


@dataclass(frozen=True)
class InjuryClass:
    """One class of an injury.

    Args:
        system, name: e.g. ``Seddon`` and ``axonotmesis``, ``Sunderland`` and ``4``.
        probability: that a twin has hurt fibres, and most of them are of this class.
        fraction: of all fibres at the injury.
    """

    system: str
    name: str
    probability: float
    fraction: Spread


@dataclass(frozen=True)
class HurtNerve:
    """What is hurt in one nerve.

    Args:
        nerve: its name.
        day: the last examination day that counts: fibres are classed on the day until then on
            which a twin had most hurt fibres, because a block clears and leaves no trace.
        classes: of both systems, without that of unhurt fibres.
        unhurt: probability that no fibre in a hundred is hurt.
        axons_lost: fraction of the axons at the injury that had broken by ``day``.
        lost_by_target: the same for each muscle and patch of skin, within the time computed.
    """

    nerve: str
    day: float
    classes: tuple[InjuryClass, ...]
    unhurt: float
    axons_lost: Spread
    lost_by_target: dict[str, Spread]


UNHURT = {"Seddon": SEDDON[0], "Sunderland": "0"}
_HURT = 0.01  # of the fibres; less of them is shown as 0 %


def hurt_nerve(result: Result, as_of_day: float) -> HurtNerve:
    """What is hurt in a nerve, while nothing is done to it.

    Args:
        result: of one nerve.
        as_of_day: today; the first examination day counts also where it is later.
    """
    outcomes = result.outcomes
    days = outcomes.exam_days
    at = place(days, as_of_day)
    by_day = {
        (labels["system"], labels["name"]): values[:, : at + 1]
        for labels, _, values in outcomes.classes.rows()
    }
    worst = np.argmin(by_day["Seddon", UNHURT["Seddon"]], axis=1)
    table = {name: values[np.arange(len(values)), worst] for name, values in by_day.items()}
    joined = result.twins(result.waiting, JOINED)
    until = place(result.days, max(as_of_day, days[at])) + 1
    broken = np.clip(1.0 - joined[:, :until].min(axis=1) / 100, 0.0, 1.0)
    lost = {
        labels["target"]: Spread.of(values)
        for labels, _, values in outcomes.arrivals.rows()
        if (labels["arm"], labels["quantity"]) == (result.waiting, AXONS_LOST)
    }
    return HurtNerve(
        nerve=result.case.nerve.label,
        day=days[at],
        classes=tuple(c for system in UNHURT for c in _classes(system, table)),
        unhurt=float((1.0 - table["Seddon", UNHURT["Seddon"]] < _HURT).mean()),
        axons_lost=Spread.of(broken),
        lost_by_target=lost,
    )


def _classes(system: str, table: Mapping[tuple[str, str], Floats]) -> Iterator[InjuryClass]:
    own = {n: v for (of, n), v in table.items() if of == system and n != UNHURT[system]}
    fractions = np.stack(list(own.values()), axis=1)
    hurt = fractions.sum(axis=1) >= _HURT
    most = np.argmax(fractions, axis=1)
    for k, (name, values) in enumerate(own.items()):
        yield InjuryClass(system, name, float((hurt & (most == k)).mean()), Spread.of(values))
