"""Who is scanned: one twin's nerve on a day, with its injury and what was done."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from zlib import crc32

import numpy as np

from tinel.course import Course, NerveState
from tinel.course.whole import whole_state
from tinel.errors import TinelError
from tinel.evidence import Parameters
from tinel.imaging.anatomy.muscles import MuscleState, muscles_on
from tinel.lesion.state import Lesion
from tinel.nerve.anatomy import Nerve
from tinel.treatment.plan import Intervention


@dataclass(frozen=True)
class Scanned:
    """One twin's nerve on the day of a picture.

    Args:
        nerve, lesion, state: of the same twins.
        interventions: of the arm; those after the day of the state count for nothing.
        twin: which of the nerve's twins, 0 or more, by its place among them.
        course: how the nerve came to that state, by which muscles go; None where nothing happened,
            and where no muscle is asked for.

    Raises:
        TinelError: no such twin, or parts of different nerves.

    Example:
        >>> from tinel import nerve
        >>> from tinel.twins import Patient, Twins
        >>> one = Twins(Patient(age=40, sex="female", height_cm=170))
        >>> arm = nerve.build("median", side="left", twins=one)
        >>> Scanned.healthy(arm).state.intact.all()
        np.True_
    """

    nerve: Nerve
    lesion: Lesion
    state: NerveState
    interventions: tuple[Intervention, ...] = ()
    twin: int = 0
    course: Course | None = None
    # a long section asks for thousands
    _numbers: dict[str, float] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not 0 <= self.twin < self.nerve.n_twin:
            told = f"twin {self.twin} is out of range (allowed: 0 to {self.nerve.n_twin - 1})"
            raise TinelError(told)
        shape = self.nerve.fibres.diameter_um.shape
        parts = [self.lesion.cut_d.shape, self.state.intact.shape]
        parts += [] if self.course is None else [self.course.cut_d.shape]
        if any(part != shape for part in parts):
            told = "nerve, lesion, state and course differ in their twins or fibres"
            raise TinelError(told, advice="make lesion, course and state from this nerve")

    @classmethod
    def healthy(cls, nerve: Nerve, twin: int = 0) -> Scanned:
        """The nerve of a side on which nothing happened."""
        return cls(nerve, Lesion.none(nerve), whole_state(nerve), (), twin)

    @property
    def parameters(self) -> Parameters:
        """The numbers in use."""
        return self.nerve.twins.parameters

    @property
    def done(self) -> tuple[Intervention, ...]:
        """Interventions up to the day, in order."""
        by_day = sorted(self.interventions, key=lambda i: i.day)
        return tuple(i for i in by_day if i.day <= self.state.day)

    @cached_property
    def muscles(self) -> tuple[MuscleState, ...]:
        """Every muscle of the nerve on the day.

        Raises:
            TinelError: axons are broken, and no course says since when.
        """
        if self.course is not None:
            return muscles_on(self.course, self.state.day, self.twin)
        if not self.state.intact[self.twin].all():
            told = "axons are broken, and no course says how long muscles have been without them"
            raise TinelError(told, "course", "hand in the course that the state was read from")
        motor = [target.name for target in self.nerve.targets if target.kind == "motor"]
        return tuple(MuscleState(name, 0.0, 0.0, 0.0, 1.0) for name in motor)

    def number(self, key: str) -> float:
        """A number of ``evidence/data/anatomy.toml`` or another one, in this twin."""
        known = self._numbers.get(key)
        if known is None:
            full = key if key in self.parameters else f"anatomy.{key}"
            given = self.parameters.per_twin(full)
            known = float(given if isinstance(given, float) else given[self.twin])
            self._numbers[key] = known
        return known

    def normal(self, stream: str) -> float:
        """A standard normal draw of this person, the same on every day and under every plan."""
        return float(self.nerve.twins.normal(f"imaging.{stream}", 1)[self.twin, 0])

    def stream(self, name: str) -> np.random.Generator:
        """Random numbers of this twin's nerve, such as for the texture of its tissue."""
        twins = self.nerve.twins
        key = crc32(f"imaging.{self.nerve.name}.{self.nerve.side}.{name}".encode())
        return np.random.default_rng([twins.seed, key, twins.own[self.twin]])
