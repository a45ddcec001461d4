"""How far a finding may lie from what the nerve would show: one model of error per quantity.

Three kinds: values that err by a factor, values that err by an amount, and grades that err by
steps. A response may be missed where it is small. A few findings say nothing about the nerve at
all: they are mistaken.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr

from tinel.evidence import Parameters

Floats = NDArray[np.float64]

TIMES = ("latency", "velocity", "duration", "chronodispersion")
SIZES = ("amplitude", "area")
COUNTS = ("motor unit count", "mean unit size", "D50")
FORCES = ("force", "grip", "pinch")
LEAST_FORCE = {"% of healthy": "smallest_force_percent", "kg": "smallest_force_kg"}
GRADES = {  # quantity to the grades that are written
    "MRC grade": (0.0, 1.0, 2.0, 3.0, 4.0, 5.0),
    "MRC grade with 4- and 4+": (0.0, 1.0, 2.0, 3.0, 4 - 1 / 3, 4.0, 4 + 1 / 3, 5.0),
    "S grade": (0.0, 1.0, 2.0, 3.0, 3.5, 4.0),
    "pin prick": (0.0, 1.0, 2.0),
    "tendon reflex": (0.0, 1.0, 2.0),
}
FILAMENTS = (
    "finest filament felt",
    "filament found by an examiner",
    "finest filament felt in the worst part",
)
FILAMENT_MARKINGS = (2.83, 3.61, 4.31, 4.56, 6.65, 7.0)  # the last stands for not felt
NEEDLE_GRADES = ("fibrillations", "positive sharp waves", "recruitment", "insertional activity")
# a mistaken value may be anything between a tenth and ten times, or the whole range of an amount
_WIDE_LOG, _WIDE_SDS = 2 * math.log(10.0), 20.0
_NOTHING = 1e-9  # has a logarithm, and is absent by any floor


@dataclass(frozen=True)
class Error:
    """The error of one quantity.

    Args:
        kind: ``factor``, ``amount`` or ``grade``.
        spread: standard deviation: of the logarithm, in the quantity's unit, or in grades.
        floor: what is smaller is absent, in the quantity's unit; 0 where nothing is.
        grades: the values that are written, rising; for the kind ``grade``.
        mistaken: share of findings that say nothing.
        chances: of verdicts, for the kind ``grade``: of every grade the chances that each of them
            is said, in their order; then ``spread`` says nothing.
        missed: share of values that are there and not found, beside those below the floor.
        invented: share of people in whom there is nothing and something is found, about
            ``middle`` and up to ten times it or a tenth.

    Example:
        >>> amplitude = Error("factor", 0.2, floor=0.1)
        >>> seen = amplitude.density(4.0, np.array([4.0, 8.0, np.nan]))
        >>> bool(seen[0] > seen[1] > seen[2] > 0)
        True
    """

    kind: str
    spread: float
    floor: float = 0.0
    grades: tuple[float, ...] = ()
    mistaken: float = 0.02
    chances: tuple[tuple[float, ...], ...] = ()
    missed: float = 0.0
    invented: float = 0.0
    middle: float = 1.0

    def as_percent_of_other_side(self) -> Error:
        """The error of a ratio of two such values, in percent."""
        return replace(self, kind="factor", spread=self.spread * math.sqrt(2.0), floor=0.0)

    def absent(self, true: Floats) -> Floats:
        """Chance that nothing is found where the nerve would show ``true``, ``(n_twin,)``.

        Args:
            true: nan for no response, infinite for not felt.
        """
        if self.kind == "grade":
            least = len(self.grades) - 1 if self.grades == FILAMENT_MARKINGS else 0
            return self._or_mistaken(self._of_grade(least, true), 0.5)
        small = self.below(self.floor, true) if self.floor > 0 else np.zeros(true.shape)
        small = self.missed + (1 - self.missed) * small
        return self._or_mistaken(np.where(np.isfinite(true), small, 1.0 - self.invented), 0.5)

    def density(self, found: float, true: Floats) -> Floats:
        """Likelihood of a value, or of a grade, ``(n_twin,)``; of a factor, per its logarithm."""
        if self.kind == "grade":
            k = int(np.argmin(np.abs(np.asarray(self.grades) - found)))
            return self._or_mistaken(self._of_grade(k, true), 1 / len(self.grades))
        if self.kind == "amount":
            z, wide = (found - true) / self.spread, 1 / (_WIDE_SDS * self.spread)
        else:
            z, wide = (_log(found) - _log(true)) / self.spread, 1 / _WIDE_LOG
        each = (1 - self.missed) * np.exp(-(z**2) / 2) / (math.sqrt(2 * math.pi) * self.spread)
        each = np.where(np.isfinite(true), each, self.invented * wide)
        return self._or_mistaken(each, 0.5 * wide)

    def below(self, bound: float, true: Floats) -> Floats:
        """Chance that something below ``bound`` is found, ``(n_twin,)``.

        What is not felt (infinite) is never below an end; no response (nan) always is.
        """
        if not math.isfinite(bound):
            return np.full(true.shape, 1.0 if bound > 0 else 0.0)
        if self.kind == "grade":
            under = [k for k, grade in enumerate(self.grades) if grade < bound - 1e-9]
            return sum((self._of_grade(k, true) for k in under), np.zeros(true.shape))
        if self.kind == "amount":
            each = ndtr((bound - true) / self.spread)
        elif bound <= 0:
            each = np.zeros(true.shape)
        else:
            each = ndtr((_log(bound) - _log(true)) / self.spread)
        return np.asarray(np.where(np.isnan(true), 1.0, np.where(np.isposinf(true), 0.0, each)))

    def drawn(self, true: Floats, rng: np.random.Generator) -> Floats:
        """What would be found, ``(n_twin,)``: nan for absent."""
        noise, luck = rng.standard_normal(true.shape), rng.random(true.shape)
        if self.kind == "grade":
            place = self._place(true) + self.spread * noise
            top = len(self.grades) - 1
            if self.chances:
                upto = np.cumsum(np.asarray(self.chances), axis=1)[np.rint(place).astype(np.intp)]
                place = (rng.random(true.shape)[..., None] > upto).sum(axis=-1)
            anything = rng.integers(0, top + 1, true.shape)
            steps = np.where(luck < self.mistaken, anything, np.clip(np.rint(place), 0, top))
            return np.asarray(self.grades)[steps.astype(np.intp)]
        if self.kind == "amount":
            found = true + self.spread * noise
            wide = true + _WIDE_SDS * self.spread * (rng.random(true.shape) - 0.5)
        else:
            found = np.exp(_log(true) + self.spread * noise)
            wide = np.exp(_log(true) + _WIDE_LOG * (rng.random(true.shape) - 0.5))
        found = np.where(np.isfinite(true), found, np.nan)
        if self.floor > 0:
            found = np.where(found < self.floor, np.nan, found)
        if self.missed > 0 or self.invented > 0:
            among = rng.random(true.shape)
            any_size = self.middle * np.exp(_WIDE_LOG * (rng.random(true.shape) - 0.5))
            imagined = np.where(among < self.invented, any_size, np.nan)
            seen = np.where(among < self.missed, np.nan, found)
            found = np.where(np.isfinite(true), seen, imagined)
        wrong = np.where(rng.random(true.shape) < 0.5, np.nan, wide)
        return np.asarray(np.where(luck < self.mistaken, wrong, found))

    def _or_mistaken(self, each: Floats, any_way: float) -> Floats:
        return np.asarray((1 - self.mistaken) * each + self.mistaken * any_way)

    @cached_property
    def _steps(self) -> Floats:
        return np.arange(len(self.grades), dtype=np.float64)

    def _place(self, true: Floats) -> Floats:
        capped = np.where(np.isnan(true), self.grades[0], np.minimum(true, self.grades[-1]))
        return np.asarray(np.interp(capped, self.grades, self._steps))

    def _of_grade(self, k: int, true: Floats) -> Floats:
        place, top = self._place(true), len(self.grades) - 1
        if self.chances:
            return np.asarray(self.chances)[np.rint(place).astype(np.intp), k]
        upper = ndtr((k + 0.5 - place) / self.spread) if k < top else 1.0
        lower = ndtr((k - 0.5 - place) / self.spread) if k > 0 else 0.0
        return np.asarray(upper - lower)


def _log(value: ArrayLike) -> Floats:
    return np.asarray(np.log(np.maximum(np.asarray(value, np.float64), _NOTHING)))


def error_of(test: str, quantity: str, unit: str, parameters: Parameters) -> Error:
    """The model of error of a quantity.

    Args:
        test: name of the test.
        quantity, unit: as the test writes them.
        parameters: with the table ``finding.error``.

    Example:
        >>> numbers = Parameters.of_evidence()
        >>> error_of("strength", "MRC grade", "0 to 5", numbers).kind
        'grade'
    """

    def size(name: str) -> float:
        return parameters.scalar(f"finding.error.{name}")

    mistaken = size("mistaken")

    def factor(name: str, floor: float = 0.0) -> Error:
        return Error("factor", size(name), floor=floor, mistaken=mistaken)

    from tinel.infer.picture_error import of_picture  # which makes an error of this kind

    pictured = of_picture(test, quantity, parameters)
    if pictured is not None:
        return pictured
    if quantity in GRADES:
        return Error("grade", size("grade_steps"), grades=GRADES[quantity], mistaken=mistaken)
    if quantity in FILAMENTS:
        return Error("grade", size("filament_steps"), 0.0, FILAMENT_MARKINGS, mistaken)
    if quantity in NEEDLE_GRADES:
        most = 3.0 if quantity == "insertional activity" else 5.0
        grades = tuple(np.arange(most).tolist())
        return Error("grade", size("needle_steps"), grades=grades, mistaken=mistaken)
    if test == "needle EMG" and unit != "%":
        return factor("needle_cv")
    if unit in LEAST_FORCE and quantity.startswith(FORCES):
        return factor("force_cv", size(LEAST_FORCE[unit]))
    if unit.startswith("%") or unit.startswith("0 to 1"):
        of_range = 1.0 if unit.startswith("%") else 0.1
        spread, small = size("points_percent"), size("smallest_percent")
        return Error("amount", of_range * spread, of_range * small, mistaken=mistaken)
    if quantity.endswith(SIZES) and unit.startswith(("mV", "µV")):
        motor, sensory = "finding.error.smallest_motor_mV", "laboratory.sensory.floor_uV"
        small = parameters.scalar(motor if unit.startswith("mV") else sensory)
        return factor("amplitude_cv", small)
    if quantity in COUNTS:
        return factor("count_cv")
    if quantity.endswith(TIMES) and unit in ("ms", "m/s"):
        return factor("time_cv")
    if quantity == "Tinel's sign beyond the injury":
        return Error("amount", size("tinel_mm"), mistaken=mistaken)
    if unit.startswith("mm"):
        return factor("two_point_cv")
    return factor("other_cv")
