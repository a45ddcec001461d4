"""A whole examination on one day: every chosen test on every study and target of the nerve."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from tinel.declare.kinds import takes_only_its_kinds
from tinel.declare.offer import named
from tinel.errors import TinelError
from tinel.exam.laboratory import Laboratory
from tinel.exam.limb import Limb
from tinel.exam.measurement import Measurement, Value
from tinel.exam.pictures import Pictures
from tinel.exam.reference_limits import ReferenceLimit, reference_limits
from tinel.exam.response import Response
from tinel.exam.test import Subject, Test
from tinel.nerve.anatomy import Study


@dataclass(frozen=True)
class Examination:
    """Everything that was measured: the values, and waveforms and pictures by what was examined.

    ``responses`` are by conduction study, ``pictures`` by test.
    """

    measurements: tuple[Measurement, ...]
    responses: Mapping[str, Response]
    pictures: Mapping[str, Pictures] = field(default_factory=dict)

    def of(self, subject: str, quantity: str, site: str = "") -> Measurement | None:
        """The measurement of a quantity at a subject, None where it was not made.

        Args:
            subject: a conduction study, a muscle or a patch of skin.
            quantity: e.g. ``amplitude``.
            site: stimulation site or segment; empty for the first one there is.
        """
        for one in self.measurements:
            if (one.subject, one.quantity) == (subject, quantity) and site in ("", one.site):
                return one
        return None

    def value(self, subject: str, quantity: str, site: str = "") -> float | None:
        """The first twin's value of that measurement; nan where the response is absent."""
        measurement = self.of(subject, quantity, site)
        return None if measurement is None else float(measurement.values[0])


@dataclass(frozen=True)
class Visit:
    """A limb examined on one day.

    Args:
        day: days after the injury; 0 for the healthy side.
        limb: nerve, lesion and state of the day.
        examination: what was measured.
        limits: the laboratory's reference limits, by name.
    """

    day: float
    limb: Limb
    examination: Examination
    limits: Mapping[str, ReferenceLimit] = field(default_factory=reference_limits)

    def study_of(self, subject: str) -> Study | None:
        """The conduction study of that name; None for a muscle or a patch of skin."""
        return next((s for s in self.limb.nerve.studies if s.name == subject), None)


@takes_only_its_kinds
def examine(limb: Limb, laboratory: Laboratory, tests: Sequence[str] | None = None) -> Examination:
    """Do the tests on every study, muscle and patch of skin they examine.

    Args:
        limb: nerve, lesion and state of the day.
        laboratory: from ``laboratory.set_up``, of the same nerve.
        tests: names of the tests; None for all but those that only an example gets.

    Returns:
        Measurements study by study, then target by target, in the order of the nerve.

    Raises:
        TinelError: no test has such a name.

    Example:
        >>> from tinel.exam.laboratory import set_up
        >>> from tinel.exam.limb import healthy
        >>> from tinel.nerve import build
        >>> from tinel.twins import Patient, Twins
        >>> two = Twins(Patient(age=40, sex="female", height_cm=170), range(2))
        >>> shoulder = build("axillary", side="left", twins=two)
        >>> found = examine(healthy(shoulder), set_up(shoulder), ["strength"])
        >>> found.of("deltoid", "MRC grade").values.tolist()
        [5.0, 5.0]
    """
    known = laboratory.tests
    wanted = [test for test in known.values() if not test.example_only]
    if tests is not None:
        chosen = {named(known, test, "test")[0].name for test in tests}
        wanted = [test for test in known.values() if test.name in chosen]
    measurements: list[Measurement] = []
    responses: dict[str, Response] = {}
    pictures: dict[str, Pictures] = {}
    given: dict[str, Sequence[Subject]] = {test.name: test.subjects(limb.nerve) for test in wanted}
    subjects = {name: [s.name for s in of_test] for name, of_test in given.items()}
    own: tuple[Subject, ...] = (*limb.nerve.studies, *limb.nerve.targets)
    every = {s.name: s for s in own}
    # what is no part of the nerve's file, such as the whole hand, comes last
    every |= {s.name: s for of_test in given.values() for s in of_test if s.name not in every}
    for subject in every.values():
        for test in wanted:
            if subject.name not in subjects[test.name]:
                continue
            found = test.examine(limb, subject, laboratory)
            if isinstance(found, Response):
                responses[subject.name] = found
                found = found.values()
            elif isinstance(found, Pictures):
                pictures[test.name] = pictures.get(test.name, Pictures()).with_more(found)
                found = found.measured
            for v in found:
                _check(test, v, limb.nerve.n_twin)
                one = Measurement(test.name, subject.name, v.site, v.quantity, v.unit, v.values)
                measurements.append(one)
    return Examination(tuple(measurements), responses, pictures)


def _check(test: Test, value: Value, n_twin: int) -> None:
    given = np.shape(value.values) if isinstance(value, Value) else type(value).__name__
    if given != (n_twin,):
        message = f"the test '{test.name}' gave {given} (allowed: a Value with one number per twin)"
        raise TinelError(message, advice="mend its file")


def visit(
    limb: Limb, laboratory: Laboratory, day: float = 0.0, tests: Sequence[str] | None = None
) -> Visit:
    """Examine a limb and keep it with what was measured; arguments as in ``examine``."""
    return Visit(day, limb, examine(limb, laboratory, tests), laboratory.limits)
