"""Everything a laboratory has set up before the patient comes: tables that hold for every day."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tinel.declare.kinds import takes_only_its_kinds
from tinel.errors import TinelError
from tinel.exam.block import Block
from tinel.exam.limb import Limb
from tinel.exam.reference_limits import ReferenceLimit, reference_limits
from tinel.exam.test import Test, known_tests
from tinel.nerve.anatomy import Nerve, Study

if TYPE_CHECKING:
    from tinel.cable.conduction.table import Conduction
    from tinel.course import Course
    from tinel.exam.response import Response


@dataclass(frozen=True)
class Laboratory:
    """What the tests of a nerve need, computed once.

    Args:
        temperature_C: of the nerve.
        conduction: velocities, delays and blocks of fibres at that temperature.
        tables: what each test has prepared, by its name.
        files: a user's own Python files with tests and reference limits.
    """

    temperature_C: float
    conduction: Conduction
    tables: Mapping[str, Any] = field(default_factory=dict)
    files: tuple[str, ...] = ()

    @property
    def tests(self) -> dict[str, Test]:
        """Every test by name."""
        return known_tests(self.files)

    @property
    def limits(self) -> dict[str, ReferenceLimit]:
        """Every reference limit by name."""
        return reference_limits(self.files)

    def for_other_side(self, asked: Collection[str]) -> list[str]:
        """Names of the tests that the healthy side gets: all but those on request.

        Args:
            asked: names of the tests that a case asks for.
        """
        return [t.name for t in self.tests.values() if t.name in asked or not t.on_request]

    def for_every_twin(self, names: Collection[str]) -> list[str]:
        """Those of some tests that every twin gets, not the example alone."""
        tests = self.tests
        return [name for name in names if not tests[name].example_only]

    def limb(self, course: Course, day: float) -> Limb:
        """The injured limb on a day of its course."""
        from tinel.course import state_at

        block, state = Block.of(course.nerve, course.lesion, self.conduction), state_at(course, day)
        done = course.plan.interventions
        return block.limb(course.nerve, course.lesion, state, done, course)

    def conduct(self, limb: Limb, study: Study) -> Response:
        """Make one conduction study on a limb."""
        test = next(t for t in self.tests.values() if study in t.subjects(limb.nerve))
        response: Response = test.examine(limb, study, self)  # type: ignore[assignment]
        return response


@takes_only_its_kinds
def set_up(
    nerve: Nerve, *, temperature_C: float | None = None, files: Sequence[str | Path] = ()
) -> Laboratory:
    """Let the engine compute what the studies of a nerve need (seconds).

    Args:
        nerve: of any of the twins that will be examined; the engine computes with their
            parameters (``engine.mrg``).
        temperature_C: of the nerve, 5 to 45 °C; None for the limb temperature of the nerve's
            patient plus ``exam.temperature.nerve_above_skin_C``.
        files: a user's own Python files with tests and reference limits.

    Raises:
        TinelError: temperature out of range, a file that cannot be run, or numbers of the engine
            that differ between twins or leave a fibre unable to conduct.

    Example:
        >>> import tinel as tn
        >>> few = tn.Twins(tn.Patient(age=40, sex="female", height_cm=165), range(2))
        >>> sorted(tn.laboratory(tn.build("sural", side="left", twins=few)).tests)[-3:]
        ['ultrasound', 'vibration', 'warm and cold']
    """
    from tinel.cable.conduction.table import conduction

    if temperature_C is None:
        above = nerve.twins.parameters.scalar("exam.temperature.nerve_above_skin_C")
        temperature_C = nerve.twins.patient.limb_temperature_c + above
    names = tuple(str(file) for file in files)
    table = conduction(temperature_C, nerve.twins.parameters)
    prepared = {t.name: t.prepare(nerve, temperature_C) for t in known_tests(names).values()}
    return Laboratory(temperature_C, table, prepared, names)


def keep_tables_of_injury(nerve: Nerve, laboratory: Laboratory) -> None:
    """Compute the tables of open paranodes and regrown fibres into the cache folder (some ten
    seconds), so that several processes need not each do so.

    What cannot be computed, and which numbers are read, is for those to say that use the tables.

    Args:
        nerve: of any of the twins that will be examined.
        laboratory: from ``set_up`` for it.
    """
    from tinel.cable.conduction.opening import opened
    from tinel.cable.conduction.regrown import regrown

    unread = nerve.twins.parameters.replace({})
    for table in (opened, regrown):
        with suppress(TinelError):
            table(laboratory.temperature_C, unread)
