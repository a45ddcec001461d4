"""From a file, or a text, to a checked case."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping, Sequence
from os import PathLike, fspath
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from tinel.case.arms import read_arms
from tinel.case.case import Case, NerveChoice
from tinel.case.exams import read_exams
from tinel.case.injury import read_injury
from tinel.case.place import place_of
from tinel.case.problem import error_from
from tinel.case.schema import NerveSection, Sections
from tinel.case.settings import changed, flat
from tinel.case.source import Source, read_source
from tinel.errors import TinelError
from tinel.nerve.atlas import lay_out
from tinel.nerve.library import Entry, find, parameters
from tinel.twins import Patient


def load(path: str | PathLike[str], files: Sequence[str | PathLike[str]] = ()) -> Case:
    """Read and check a case file.

    Args:
        path: the case file (TOML). It is data: nothing in it is run.
        files: Python files of your own that declare causes, treatments or tests. They are run, so
            name only files you trust.

    Returns:
        The case; everything in it fits its nerve and what the files declare.

    Raises:
        TinelError: a file cannot be read, or anything in it is not allowed; with file and field.

    Example:
        >>> load("examples/tanya.toml").nerve.name  # doctest: +SKIP
        'sciatic'
    """
    return checked(read_source(Path(fspath(path))), files)


def parse(
    text: str,
    path: str | PathLike[str] = "case.toml",
    files: Sequence[str | PathLike[str]] = (),
) -> Case:
    """Check the text of a case file; ``path`` is named in errors, and a nerve's file is looked for
    beside it.

    Raises:
        TinelError: as ``load``.
    """
    source = Source(Path(fspath(path)), hashlib.sha256(text.encode()).hexdigest(), text)
    return checked(source, files)


def checked(
    source: Source,
    files: Sequence[str | PathLike[str]] = (),
    by_hand: Mapping[str, Any] | None = None,
    twins: int | None = None,
) -> Case:
    """The case of a text, with parameters changed by hand on top of its section [set].

    ``twins`` is how many will be computed, where not the file's own number.

    Raises:
        TinelError: as ``load``.
    """
    own = tuple(str(Path(fspath(file)).absolute()) for file in files)
    name = source.path.name
    try:
        sections = Sections.model_validate(_table_of(source.text, name))
    except ValidationError as problem:
        raise error_from(problem, Sections, name) from None
    nerve, entry = _nerve(sections.nerve, source)
    patient = Patient(**sections.patient.model_dump())
    numbers = parameters().including(entry.numbers())
    n_twin = sections.run.twins if twins is None else twins
    numbers = changed(numbers, flat(sections.settings), f"{name}: set.", n_twin)
    numbers = changed(numbers, by_hand or {}, "", n_twin)
    injury, notes = read_injury(sections.cause, f"{name}: cause", own)
    exams, more = read_exams(sections.exam, name, sections.run.horizon_days, own)
    arms, last = read_arms(sections.arm, name, injury, sections.run.horizon_days, own)
    try:
        layout = lay_out(entry.blueprint.in_use(entry.name, numbers), patient, numbers)
    except TinelError as problem:
        raise problem.at(entry.where) from None
    return Case(
        source=source,
        patient=patient,
        nerve=nerve,
        cause=injury,
        place=place_of(injury, layout, f"{name}: cause"),
        exam=exams,
        arm=arms,
        run=sections.run,
        parameters=numbers,
        symptom=sections.symptom,
        finding=sections.finding,
        files=own,
        notes=tuple(notes + more + last),
        by_hand=dict(by_hand or {}),
    )


def _nerve(section: NerveSection, source: Source) -> tuple[NerveChoice, Entry]:
    own = section.name.endswith(".toml")
    file = source.path.parent / section.name if own else None
    try:
        entry = find(file or section.name)
    except TinelError as problem:
        if file and problem.where:
            raise  # the error names the nerve's own file
        where = f"{source.path.name}: nerve.name"
        raise TinelError(problem.message, where, problem.advice) from None
    return NerveChoice(entry.name, section.side, str(file.absolute()) if file else None), entry


def _table_of(text: str, name: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        message = f"not valid TOML: {problem}"
        raise TinelError(message, name, "texts need quotes; see examples/tanya.toml") from None
    except (ValueError, RecursionError):
        message = "not valid TOML: a number too long or lists nested too deep"
        raise TinelError(message, name, "see examples/tanya.toml") from None
