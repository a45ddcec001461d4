"""Pain and its kin on one day: at rest, on a bad day, when provoked, burning, and from touch."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tinel.lesion.state import Floats
from tinel.symptom import central, front, loss, neuroma, relief, site
from tinel.symptom.scale import TOP, of_ten
from tinel.symptom.today import Today, each


@dataclass(frozen=True)
class Firing:
    """Fractions of the sensory axons at the injury, each ``(n_twin,)``.

    Args:
        stands: fire by themselves though they stand.
        grows: fire by themselves at their growing tips.
        torn: fire by themselves in a torn place.
        missing: what lost input adds.
        answers: answer to pressure or stretch.
    """

    stands: Floats
    grows: Floats
    torn: Floats
    missing: Floats
    answers: Floats

    @classmethod
    def of(cls, today: Today) -> Firing:
        """Of an injured nerve on one day."""
        parts = [cause.fires(today) for cause in (site, front, neuroma)]
        stands, grows, torn = (unprovoked for unprovoked, _ in parts)
        answers = np.sum([answer for _, answer in parts], axis=0)
        return cls(stands, grows, torn, loss.as_firing(today), answers)

    @property
    def unprovoked(self) -> Floats:
        """What fires by itself, lost input apart."""
        return self.stands + self.grows + self.torn


@dataclass(frozen=True)
class Felt:
    """How strongly each twin feels firing on a day, each ``(n_twin,)``.

    Args:
        plain: pain per firing of that person, without amplification.
        amplified: what the spinal cord and brain add, as a multiple of ``plain``.
        left: fraction of pain that remedies leave.
    """

    plain: Floats
    amplified: Floats
    left: Floats

    @classmethod
    def of(cls, today: Today) -> Felt:
        """Of the twins of a nerve on one day."""
        plain = each(today, "pain.per_firing") * central.person(today)
        return cls(plain, central.amplified(today), relief.left(today))

    def pain(self, firing: Floats) -> Floats:
        """Pain of 0 to 10 from a fraction of axons that fire."""
        return self.left * of_ten(self.plain * (1.0 + self.amplified) * firing)


def usual_firing(today: Today, firing: Firing) -> Floats:
    """Firing of a usual day: what fires by itself, lost input, and what daily life provokes."""
    return firing.unprovoked + firing.missing + each(today, "provoked.daily") * firing.answers


def usual(today: Today) -> Floats:
    """Pain of a usual day, 0 to 10, ``(n_twin,)``."""
    return Felt.of(today).pain(usual_firing(today, Firing.of(today)))


def bad_day(today: Today, pain: Floats) -> Floats:
    """Pain that one day in six reaches: a standard deviation more, at most twice as much."""
    more = pain + np.minimum(each(today, "person.day_to_day"), pain)
    return np.minimum(more, TOP)


def provoked(today: Today, firing: Firing, felt: Felt) -> dict[str, Floats]:
    """Pain of 0 to 10 by what provokes it: a tap, a movement, cold; each ``(n_twin,)``."""
    usually = usual_firing(today, firing)
    tapped, moved = (
        np.maximum(each(today, f"provoked.{key}"), each(today, "provoked.daily"))
        for key in ("tapping", "movement")
    )
    rest = usually - each(today, "provoked.daily") * firing.answers
    cold = each(today, "provoked.cold") * firing.unprovoked
    return {
        "pain on tapping": felt.pain(rest + tapped * firing.answers),
        "pain on movement": felt.pain(rest + moved * firing.answers),
        "pain in the cold": felt.pain(usually + cold),
    }


def burning(firing: Firing, felt: Felt) -> Floats:
    """The part of pain that torn axons and lost input make unprovoked, 0 to 10, ``(n_twin,)``."""
    return felt.pain(firing.torn + firing.missing)


def allodynia(today: Today, firing: Firing, felt: Felt) -> Floats:
    """Pain from a light touch, 0 to 10, ``(n_twin,)``: amplified, and only where touch is felt."""
    sets_off = each(today, "provoked.touch") * (1.0 - loss.numb(today))
    return felt.left * of_ten(felt.plain * felt.amplified * sets_off * firing.unprovoked)


def tingling(today: Today, firing: Firing) -> Floats:
    """Tingling of a usual day, 0 to 10, ``(n_twin,)``: axons that stand, and growing tips."""
    daily = each(today, "provoked.daily") * firing.answers
    return of_ten(each(today, "tingling.per_firing") * (firing.stands + firing.grows + daily))
