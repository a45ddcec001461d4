"""When regrowing axons reach each target, and how many never do."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tinel.course.timeline import Course
from tinel.errors import TinelError, suggest
from tinel.lesion.state import Floats


@dataclass(frozen=True)
class Arrival:
    """Reinnervation per target, shape ``(n_twin, n_target)`` unless stated.

    ``targets`` and ``distance_mm`` (``(n_target,)``, from the twins' mean site, of two
    injuries that nearer to the cord) name the columns.
    ``lost`` is the fraction of the target's axons that broke within ``horizon_d``, ``never`` the
    fraction of those broken ones that never come back to it: an axon that ends elsewhere is not
    back. ``first_d`` and ``half_d`` are the days by
    which a twentieth and half of the broken ones are back: inf for never, nan where none broke.
    """

    targets: tuple[str, ...]
    distance_mm: Floats
    lost: Floats
    never: Floats
    first_d: Floats
    half_d: Floats
    horizon_d: float

    def first(self, target: str, q: float = 0.5) -> float:
        """Quantile over twins of the day of the first arrivals; inf when that many never see it.

        Raises:
            TinelError: unknown target, or ``q`` outside 0 to 1.
        """
        return self._over_twins(self.first_d, target, q)

    def half(self, target: str, q: float = 0.5) -> float:
        """Quantile over twins of the day by which half of the broken axons are back.

        Raises:
            TinelError: unknown target, or ``q`` outside 0 to 1.
        """
        return self._over_twins(self.half_d, target, q)

    def _over_twins(self, days: Floats, target: str, q: float) -> float:
        if target not in self.targets:
            raise TinelError(
                f"no target is called '{target}'", advice=suggest(target, list(self.targets))
            )
        if not 0.0 <= q <= 1.0:
            raise TinelError(f"q {q:g} is out of range (allowed: 0 to 1)")
        column = days[:, self.targets.index(target)]
        column = column[~np.isnan(column)]
        if column.size == 0:
            return float("nan")
        # No interpolation: between a date and never there is nothing.
        return float(np.quantile(column, q, method="inverted_cdf"))


def arrival(course: Course, horizon_d: float = 1825.0) -> Arrival:
    """Expected reinnervation per target, from the dates of the course.

    A scar that stays goes on breaking axons, so only those count that break within ``horizon_d``
    (five years). A course in which the injured piece was cut out counts what happens after that; of
    an axon that a later injury breaks again the arrival after that counts.

    Args:
        course: from ``follow``.
        horizon_d: days after the injury, 1 to 36500.

    Raises:
        TinelError: a horizon outside its range.

    Example:
        >>> from tinel import course, lesion, nerve, treatment
        >>> from tinel.twins import Patient, Twins
        >>> few = Twins(Patient(age=40, sex="female", height_cm=170), range(2))
        >>> arm = nerve.build("ulnar", side="left", twins=few)
        >>> cut = lesion.laceration.make(arm, "ulnar trunk", site_mm=400.0, fraction=1.0)
        >>> left_alone = course.follow(arm, cut, treatment.plan("wait", []))
        >>> arrival(left_alone).never.min()
        np.float64(1.0)
    """
    if not 1.0 <= horizon_d <= 36500.0:
        told = f"{horizon_d:g} days is out of range (allowed: 1 to 36500 days)"
        raise TinelError(told, "horizon_d")
    nerve = course.nerve
    n_twin, n_target = course.cut_d.shape[0], len(nerve.targets)
    lost, never, first, half = (np.full((n_twin, n_target), np.nan) for _ in range(4))
    for index in range(n_target):
        member = nerve.fibres.target == index
        weight = nerve.fibres.weight[member]
        broken = course.cut_d[:, member] <= horizon_d
        home = (course.regrowth.destination == index) & course.regrowth.right
        home = home[:, member]
        arrive = np.where(home, course.regrowth.arrive_d[:, member], np.inf)
        back = (broken & np.isfinite(arrive)) @ weight
        gone = broken @ weight
        lost[:, index] = gone / max(float(weight.sum()), 1e-300)
        some = gone > 0
        never[some, index] = 1.0 - back[some] / gone[some]
        for twin in np.flatnonzero(some):
            order = np.argsort(arrive[twin], kind="stable")
            sums = np.cumsum((weight * broken[twin])[order])
            for days, fraction in ((first, 0.05), (half, 0.5)):
                place = int(np.searchsorted(sums, fraction * gone[twin] * (1.0 - 1e-12)))
                days[twin, index] = arrive[twin][order][min(place, order.size - 1)]
    path = np.array([t.path_mm for t in nerve.targets])
    return Arrival(
        targets=tuple(t.name for t in nerve.targets),
        distance_mm=path - float(course.lesion.site_mm.mean()),
        lost=lost,
        never=never,
        first_d=first,
        half_d=half,
        horizon_d=horizon_d,
    )
