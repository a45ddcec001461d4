"""Options of ``tinel run``, read and checked; errors name the option."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tinel.errors import TinelError
from tinel.writing import check_target

if TYPE_CHECKING:
    from tinel.case import Case


def cases_of(
    files: Sequence[Path],
    seed: int | None,
    twins: int | None,
    changes: Sequence[str],
    own: Sequence[Path],
) -> list[Case]:
    """Read the case files as the options say.

    Args:
        files: case files.
        seed: instead of each file's own.
        twins: how many, instead of each file's own number.
        changes: ``KEY=VALUE``, parameters changed by hand.
        own: a user's Python files.

    Raises:
        TinelError: a file or an option is not allowed; names it.
    """
    from tinel.case import load
    from tinel.declare.find import own as run_own

    for file in own:
        with _named("--with"):
            run_own(file)
    values = dict(change(text) for text in changes)
    cases = []
    for file in files:
        case = load(file, files=own)
        with _named("--set"):
            case = case.with_parameters(values) if values else case
        try:
            cases.append(case.with_run(seed, twins))
        except TinelError as problem:
            where = problem.where.replace("option: ", "--")
            raise TinelError(problem.message, where, problem.advice) from None
    return cases


def change(text: str) -> tuple[str, float | str]:
    """Key and value of one ``--set``; a number where the value is one, else a text with a unit.

    Raises:
        TinelError: no ``=``, or nothing on one side of it.

    Example:
        >>> change("course.growth.rate=2"), change("course.growth.rate = 2 mm/day")
        (('course.growth.rate', 2.0), ('course.growth.rate', '2 mm/day'))
    """
    key, equals, value = (part.strip() for part in text.partition("="))
    if not (key and equals and value):
        advice = "write for example --set course.growth.rate=2"
        raise TinelError(f"'{text}' is not KEY=VALUE", "--set", advice)
    try:
        return key, float(value)
    except ValueError:
        return key, value


def targets_of(files: Sequence[Path], out: Path | None) -> list[Path]:
    """One checked folder per case file.

    Raises:
        TinelError: two cases would be written to one folder, or as ``writing.check_target``.
    """
    names = [file.stem for file in files]
    for name in names:
        if names.count(name) > 1:
            message = f"two cases are called {name}"
            raise TinelError(message, "--out", "run them one by one, each with its own --out")
    if len(files) == 1 and out is not None:
        return [check_target(out)]
    return [check_target((out or Path("out")) / name) for name in names]


@contextmanager
def _named(option: str) -> Iterator[None]:
    try:
        yield
    except TinelError as problem:
        where = f"{option} {problem.where}".strip()
        raise TinelError(problem.message, where, problem.advice) from None
