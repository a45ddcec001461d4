"""From a file, or a text, to a checked case."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from os import PathLike, fspath
from pathlib import Path

from tinel.case.case import Case, checked
from tinel.case.source import Source, read_source
from tinel.declare.kinds import takes_only_its_kinds


@takes_only_its_kinds
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


@takes_only_its_kinds
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
