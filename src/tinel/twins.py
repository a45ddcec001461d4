"""Virtual twins: who is computed, with which random draws, under which parameters.

A twin is a virtual patient alike in all that is known and drawn in all that is not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from tinel.declare.kinds import check_kind
from tinel.declare.quantity import apart, as_plain, shown
from tinel.errors import TinelError, suggest
from tinel.evidence import Parameters

Floats = NDArray[np.float64]

AGE_years = (1.0, 100.0)
HEIGHT_cm = (60.0, 220.0)
LIMB_TEMPERATURE_C = (20.0, 40.0)


@dataclass(frozen=True)
class Patient:
    """What is known of the body that all twins share.

    Args:
        age: years, 1 to 100. Below 18 the ways are those of the height and fibres thicken until
            4 years; limits of normal are those of adults.
        sex: ``female`` or ``male``.
        height_cm: 60 to 220 cm.
        limb_temperature_c: skin temperature over the nerve, 20 to 40 °C.
        conditions: what makes the nerves vulnerable, of ``tinel.lesion.vulnerability.CONDITIONS``.

    Raises:
        TinelError: a value outside its range.

    Example:
        >>> Patient(age=40, sex="female", height_cm=165).limb_temperature_c
        32.0
    """

    age: float
    sex: str
    height_cm: float
    limb_temperature_c: float = 32.0
    conditions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name, (least, most), unit in (
            ("age", AGE_years, "years"),
            ("height_cm", HEIGHT_cm, "cm"),
            ("limb_temperature_c", LIMB_TEMPERATURE_C, "°C"),
        ):
            given = as_plain(getattr(self, name))
            if isinstance(given, bool) or not isinstance(given, int | float):
                told = f"{shown(given)} is no number (allowed: {least:g} to {most:g} {unit})"
                raise TinelError(told, name)
            if not least <= given <= most:  # also refuses nan
                digits = apart(given, least, most)
                told = f"{digits} {unit} is out of range (allowed: {least:g} to {most:g} {unit})"
                raise TinelError(told, name)
        check_kind("sex", self.sex, str)
        if self.sex not in ("female", "male"):
            raise TinelError(f"sex is '{self.sex}'", "sex", suggest(self.sex, ["female", "male"]))


@dataclass(frozen=True)
class Chosen:
    """Twins that were chosen because they agree with a patient's findings.

    Args:
        own: the number of the twin whose draws each of them has, where no trait says otherwise,
            ``(n_all,)``.
        traits: standard normal draws that belong to the whole person, by stream, ``(n_all,)`` each.
        numbers: values of parameters, by key, ``(n_all,)`` each.
    """

    own: NDArray[np.intp]
    traits: Mapping[str, Floats] = field(default_factory=dict)
    numbers: Mapping[str, Floats] = field(default_factory=dict)


@dataclass(frozen=True)
class Twins:
    """Some virtual twins of one patient: their numbers, the run's seed and the parameters.

    A twin's draws depend on the seed, the name of the draw and the twin's own number alone, so
    that any splitting over processes gives the same people, and two arms differ only by what was
    done.

    Args:
        patient: what all of them share.
        numbers: which twins, e.g. ``range(50)``; twin 7 is the same in every range that has it.
        seed: 0 or more; same seed, same people.
        parameters: the numbers behind them; an array holds one value for every twin of the run,
            and those of ``numbers`` are read.
        chosen: what the twins of a run have instead of draws of their own; None for drawn twins.
        place: of the injury that is drawn, where it is not the only one; see ``elsewhere``.

    Raises:
        TinelError: a negative or broken seed, or a range that is empty, falls, or begins below 0.

    Example:
        >>> person = Patient(age=40, sex="female", height_cm=165)
        >>> some = Twins(person, range(2, 4), seed=7)
        >>> every = Twins(person, range(9), seed=7)
        >>> bool((some.normal("height", 3) == every.normal("height", 3)[2:4]).all())
        True
    """

    patient: Patient
    numbers: range = range(1)
    seed: int = 1
    parameters: Parameters = field(default_factory=Parameters.of_evidence)
    chosen: Chosen | None = None
    place: str = ""
    # draws are the same under every plan, and take as long as the rest of a course
    _drawn: dict[tuple[str, int, float], Floats] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        check_kind("patient", self.patient, Patient)
        check_kind("parameters", self.parameters, Parameters)
        seed = as_plain(self.seed)
        if isinstance(seed, bool) or not isinstance(seed, int):
            told = f"seed {shown(seed)} is no whole number (allowed: 0 or more)"
            raise TinelError(told)
        object.__setattr__(self, "seed", seed)
        if not isinstance(self.numbers, range):
            raise TinelError(f"twins are {shown(self.numbers)} (allowed: a range of numbers)")
        if self.seed < 0:
            raise TinelError(f"seed {self.seed} is out of range (allowed: 0 or more)")
        if len(self.numbers) < 1 or self.numbers.start < 0 or self.numbers.step < 1:
            told = f"twins are {self.numbers} (allowed: a rising range of at least one, from 0 on)"
            raise TinelError(told)
        object.__setattr__(self, "parameters", self.parameters.of_twins(self.numbers))

    def __len__(self) -> int:
        return len(self.numbers)

    @property
    def own(self) -> tuple[int, ...]:
        """The number that each twin's draws depend on; its own but for chosen twins."""
        if self.chosen is None:
            return tuple(self.numbers)
        return tuple(self.chosen.own[list(self.numbers)].tolist())

    def trait(self, stream: str) -> Floats | None:
        """What chosen twins have instead of a draw ``(n_twin,)``; None where they draw."""
        given = None if self.chosen is None else self.chosen.traits.get(stream)
        return None if given is None else np.array(given[list(self.numbers)])

    def traits_drawn(self) -> tuple[str, ...]:
        """The streams of one number per twin that were drawn so far, sorted."""
        return tuple(sorted({stream for stream, n, _ in self._drawn if n == 1}))

    def only(self, numbers: range) -> Twins:
        """Other twins of the same patient, seed and parameters."""
        return replace(self, numbers=numbers)

    def elsewhere(self, place: str) -> Twins:
        """The same people, hurt at another place: only what belongs to the person is drawn alike.

        Args:
            place: its name, which goes into the name of every draw but those of ``lesion.person``.

        Example:
            >>> few = Twins(Patient(age=40, sex="female", height_cm=165), range(2))
            >>> far = few.elsewhere("distal")
            >>> [bool((few.normal(s, 1) == far.normal(s, 1)).all())
            ...  for s in ("lesion.person.tolerance", "lesion.crush.axon")]
            [True, False]
        """
        there = replace(self, place=place)
        object.__setattr__(there, "_drawn", self._drawn)  # two names never share a draw
        return there

    def each(self, key: str) -> Floats:
        """The value of a parameter in each twin, ``(n_twin,)``.

        Raises:
            TinelError: no such key.
        """
        value: Floats = np.broadcast_to(self.parameters.per_twin(key), len(self.numbers))
        return value

    def normal(self, stream: str, n: int) -> Floats:
        """Standard normal draws, ``(n_twin, n)``; two streams never share any.

        Args:
            stream: what the draws are for, e.g. ``lesion.susceptibility``.
            n: draws per twin: the number of fibres, or 1 for a trait of the whole person.
        """
        if self.place and not stream.startswith("lesion.person"):
            stream = f"{stream}.{self.place}"
        known = self._drawn.get((stream, n, -1.0))
        if known is not None:
            return known
        trait = self.trait(stream) if n == 1 else None
        if trait is not None:
            return self._keep((stream, n, -1.0), trait[:, None])
        key = crc32(stream.encode())
        rows = [
            np.random.default_rng(np.random.SeedSequence([self.seed, key, t])).standard_normal(n)
            for t in self.own
        ]
        return self._keep((stream, n, -1.0), np.array(rows, np.float64).reshape(len(self), n))

    def uniform(self, stream: str, n: int, likeness: float | Floats = 0.0) -> Floats:
        """Uniform draws in 0 to 1 that are alike within a twin, ``(n_twin, n)``.

        Args:
            stream: what the draws are for.
            n: draws per twin.
            likeness: variance that the draws of one twin share on the normal scale: 0 for fibres
                that fare independently, 1 for one fate per person.
        """
        here = f"{stream}.{self.place}" if self.place else stream
        key = (here, n, likeness if isinstance(likeness, float) else -2.0)
        known = self._drawn.get(key)
        if known is not None and key[2] >= 0.0:
            return known
        from scipy.special import ndtr  # a tenth of a second, and a case file needs none of it

        shared = self.normal(f"{stream}.twin", 1)
        own = self.normal(f"{stream}.fibre", n)
        mixed = np.sqrt(likeness) * shared + np.sqrt(1.0 - likeness) * own
        return self._keep(key, np.asarray(ndtr(mixed), np.float64))

    def _keep(self, key: tuple[str, int, float], values: Floats) -> Floats:
        values.setflags(write=False)
        self._drawn[key] = values
        return values

    def __getstate__(self) -> dict[str, object]:
        # workers draw for themselves
        return {**self.__dict__, "_drawn": {}}
