"""From a file, or a text, to a checked case."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import Field, InstanceOf, ValidationError

from tinel.case.checks import WAIT, check
from tinel.case.problem import error_from
from tinel.case.protocol import Arm, Run, Sections
from tinel.case.source import Source, read_source
from tinel.errors import TinelError, suggest
from tinel.evidence import Parameters
from tinel.twins import Patient, Twins


class Case(Sections):
    """A checked case file, with where it came from and what was added to it.

    ``notes`` are sentences for the user about things the file did not say.
    """

    source: Source
    notes: tuple[str, ...] = ()
    parameters: InstanceOf[Parameters] = Field(default_factory=Parameters.of_evidence)
    files: tuple[str, ...] = ()

    def with_parameters(self, values: Mapping[str, Any]) -> Case:
        """The same case with parameters changed by hand."""
        return self.model_copy(update={"parameters": self.parameters.replace(values)})

    def where(self, field: str) -> str:
        """File and field for an error, e.g. ``tanya.toml: cause.site``."""
        return f"{self.source.path.name}: {field}"

    @property
    def exam_days(self) -> tuple[float, ...]:
        """All days on which anything is examined, sorted."""
        return tuple(sorted({day for exam in self.exam for day in exam.days}))

    def twins(self, numbers: range) -> Twins:
        """Some virtual twins of the case's patient, with the run's seed."""
        patient = Patient(**self.patient.model_dump())
        return Twins(patient, numbers, self.run.seed, self.parameters.of_twins(numbers))

    def tests_on(self, day: float) -> tuple[str, ...]:
        """The tests done on a day, in the order the file names them."""
        return tuple(dict.fromkeys(t for exam in self.exam if day in exam.days for t in exam.tests))

    def with_run(self, seed: int | None = None, twins: int | None = None) -> Case:
        """The same case with another seed or number of twins; None keeps the file's.

        Raises:
            TinelError: outside the legal range.
        """
        changed = {k: v for k, v in {"seed": seed, "twins": twins}.items() if v is not None}
        try:
            run = Run.model_validate(self.run.model_dump() | changed)
        except ValidationError as problem:
            raise error_from(problem, Run, "option") from None
        return self.model_copy(update={"run": run})


def load(path: str | Path, files: Sequence[str | Path] = ()) -> Case:
    """Read and check a case file.

    Raises:
        TinelError: the file cannot be read, or anything in it is not legal; says the field.

    Example:
        >>> load("examples/tanya.toml").nerve.name  # doctest: +SKIP
        'sciatic'
    """
    case = _checked(read_source(Path(path)))
    return case.model_copy(update={"files": tuple(str(file) for file in files)})


def parse(text: str, path: str | Path = "case.toml") -> Case:
    """Check the text of a case file; ``path`` is only named in errors.

    Raises:
        TinelError: as ``load``.
    """
    return _checked(Source(Path(path), hashlib.sha256(text.encode()).hexdigest(), text))


def _checked(source: Source) -> Case:
    name = source.path.name
    try:
        sections = Sections.model_validate(_table_of(source.text, name))
    except ValidationError as problem:
        raise error_from(problem, Sections, name) from None
    check(sections, name)
    _check_name(sections, name)
    arms, notes = sections.arm, []
    if all(arm.step for arm in arms):
        arms = (Arm(name=WAIT), *arms)
        notes.append(f"no arm waits; added '{WAIT}', as a treatment must stand beside recovery")
    kept = {key: getattr(sections, key) for key in Sections.model_fields} | {"arm": arms}
    return Case(**kept, source=source, notes=tuple(notes))


def _check_name(case: Sections, name: str) -> None:
    """Refuse an unknown nerve before anything is computed."""
    from tinel.nerve import names

    legal = list(names())
    if case.nerve.name not in legal:
        message = f"no nerve is called '{case.nerve.name}'"
        raise TinelError(message, f"{name}: nerve.name", suggest(case.nerve.name, legal))


def _table_of(text: str, name: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        message = f"not valid TOML: {problem}"
        raise TinelError(message, name, "texts need quotes; see examples/tanya.toml") from None
    except (ValueError, RecursionError):
        message = "not valid TOML: a number too long or lists nested too deep"
        raise TinelError(message, name, "see examples/tanya.toml") from None
