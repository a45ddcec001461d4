"""The study of accuracy: cohorts of simulated people examined, and what was found in them."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from tinel.evidence import Count, Parameters
from tinel.exam.accuracy import readings
from tinel.exam.accuracy.people import (
    design,
    hurt_at_once,
    place_of,
    pressed,
    unhurt,
    with_neuroma,
)
from tinel.exam.laboratory import Laboratory, set_up
from tinel.exam.limb import Bools, Floats, Limb
from tinel.progress import Progress, silent


@dataclass(frozen=True)
class Accuracy:
    """How many ill people a test finds, and how many others it leaves alone.

    Example:
        >>> one = Accuracy.of(np.array([True, True, False]), np.array([True, False, False]))
        >>> one.sensitivity.percent, one.specificity.percent
        (50.0, 100.0)
    """

    sensitivity: Count
    specificity: Count

    @classmethod
    def of(cls, ill: Bools, abnormal: Bools) -> Accuracy:
        """From who is ill and in whom the test is abnormal, ``(n,)`` each.

        Raises:
            TinelError: nobody is ill, or everybody.
        """
        return cls(
            Count(int((ill & abnormal).sum()), int(ill.sum())),
            Count(int((~ill & ~abnormal).sum()), int((~ill).sum())),
        )


@dataclass(frozen=True)
class Areas:
    """Areas read in ill and healthy people, and the conduction of those of the wrist.

    Args:
        ill: who is, ``(n,)``.
        read_mm2: area as read, nan where no nerve was found, ``(n,)``.
        drawn_mm2: area there, ``(n,)``.
        conduction: in whom it is abnormal, ``(n,)``; empty where it was not studied.
    """

    ill: Bools
    read_mm2: Floats
    drawn_mm2: Floats
    conduction: Bools

    def abnormal(self, limit_mm2: float) -> Bools:
        """Whose nerve was read as that large or larger; nobody's that was not found."""
        return np.asarray(np.nan_to_num(self.read_mm2, nan=0.0) >= limit_mm2)

    def accuracy(self, limit_mm2: float) -> Accuracy:
        """Of ultrasound with a limit."""
        return Accuracy.of(self.ill, self.abnormal(limit_mm2))

    def accuracy_as_drawn(self, limit_mm2: float) -> Accuracy:
        """Of a reader who makes no error: how much is lost by people being unlike each other."""
        return Accuracy.of(self.ill, self.drawn_mm2 >= limit_mm2)


def areas(
    cohort: str,
    n: int,
    parameters: Parameters,
    pictures: int = 3,
    conduction: bool = True,
    progress: Progress = silent,
) -> Areas:
    """Examine wrists or elbows.

    Args:
        cohort: ``tunnel`` or ``elbow``.
        n: how many ill people, and as many healthy ones.
        parameters: the numbers in use.
        pictures: of each place.
        conduction: whether wrists are also studied by conduction.
        progress: called with how far it is.
    """
    who = [(k, ill) for k in range(n) for ill in (True, False)]
    found, laboratories = [], dict[str, Laboratory]()
    studied = conduction and cohort == "tunnel"
    for done, (k, ill) in enumerate(who):
        progress(done, len(who), f"pictures of the {cohort}")
        limb = pressed(cohort, k, ill, parameters)
        slow = studied and _conduction(limb, laboratories)
        found.append((ill, *_largest(limb, cohort, pictures), slow))
    ill_, read, drawn, slow_ = (np.array(column) for column in zip(*found, strict=True))
    return Areas(ill_, read, drawn, slow_ if studied else np.zeros(0, bool))


def _conduction(limb: Limb, laboratories: dict[str, Laboratory]) -> bool:
    sex = limb.nerve.twins.patient.sex  # of which alone the tables of both tests depend
    if sex not in laboratories:
        laboratories[sex] = set_up(limb.nerve)
    return readings.conduction_is_abnormal(limb, laboratories[sex])


def _largest(limb: Limb, cohort: str, pictures: int) -> tuple[float, float]:
    """The largest area read at the places of a cohort, and the largest there is."""
    from tinel.exam.scanning import scanned
    from tinel.imaging.anatomy.shape import shape_at

    how = design()[cohort]
    at = [place_of(limb.nerve, how[key]) for key in ("size", "also") if key in how]
    one = scanned(limb, 0)
    read = [readings.area_mm2(limb, place, pictures) for place in at]
    drawn = [shape_at(one, place.position_mm, place.branch).area_mm2 for place in at]
    seen = [area for area in read if not math.isnan(area)]
    return max(seen, default=math.nan), max(drawn)


@dataclass(frozen=True)
class Severed:
    """Nerves cut through or not, as one kind of picture shows them.

    Args:
        is_cut: which are, ``(n,)``.
        interrupted: which are called so, 0 or 1, nan where nothing is said, ``(n,)``.
    """

    is_cut: Bools
    interrupted: Floats

    @property
    def accuracy(self) -> Accuracy:
        """Where something is said."""
        said = np.isfinite(self.interrupted)
        return Accuracy.of(self.is_cut[said], self.interrupted[said] > 0.5)


def severed(n: int, by: str, parameters: Parameters, progress: Progress = silent) -> Severed:
    """Examine nerves that are cut through, and as many that are not.

    Args:
        n: how many of each; the same nerves for both kinds.
        by: ``slide`` of ultrasound or ``stack`` of MR.
        parameters: the numbers in use.
        progress: called with how far it is.
    """
    who = [(k, is_cut) for k in range(n) for is_cut in (True, False)]
    found = []
    for done, (k, is_cut) in enumerate(who):
        progress(done, len(who), f"nerves cut or not, by a {by}")
        limb = hurt_at_once(k, is_cut, parameters)
        if by == "slide":
            found.append(float(readings.interrupted_on_ultrasound(limb)))
        else:
            verdict = readings.interrupted_on_mr(limb)
            found.append(math.nan if verdict is None else float(verdict))
    return Severed(np.array([is_cut for _, is_cut in who]), np.array(found))


def neuroma_ratios(n: int, parameters: Parameters) -> Floats:
    """Diameter of neuromas over that of their nerves as read, nan where not seen, ``(n,)``."""
    people = (with_neuroma(k, parameters) for k in range(n))
    return np.array([readings.neuroma_over_nerve(limb) for limb in people])


def normal_areas(n: int, parameters: Parameters) -> Iterator[tuple[str, Floats]]:
    """Keys of normal sizes, and areas of healthy people read there, ``(n,)``, nan where no nerve
    was found.

    Args:
        n: people of each site.
        parameters: the numbers in use.
    """
    for name, size in design()["sites"]["size"]:
        key = f"anatomy.size.{size}"
        limbs = (unhurt(name, k, parameters) for k in range(n))
        found = [readings.area_mm2(limb, place_of(limb.nerve, key), 1) for limb in limbs]
        yield key, np.array(found)
