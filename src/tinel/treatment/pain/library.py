"""The remedies there are: one file each, read when first asked for."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources

from tinel.errors import TinelError, suggest
from tinel.treatment.pain.remedy import Remedy, remedy_of
from tinel.treatment.pain.trial import Trial


@cache
def known() -> dict[str, Remedy]:
    """Every remedy by name, sorted.

    Example:
        >>> known()["pregabalin"].trials[0].people
        539
    """
    folder = resources.files("tinel.treatment.pain").joinpath("data")
    found = {}
    for file in sorted(folder.iterdir(), key=str):
        if file.name.endswith(".toml"):
            table = tomllib.loads(file.read_text(encoding="utf-8"))
            name = file.name.removesuffix(".toml").replace("_", " ")
            found[name] = remedy_of({"name": name, **table}, file.name)
    return found


def remedy(name: str) -> Remedy:
    """The remedy of that name.

    Raises:
        TinelError: there is none; the nearest is suggested.

    Example:
        >>> remedy("duloxetine").in_general
        'Lunn 2014'
    """
    if not isinstance(name, str) or name not in known():
        told = f"no remedy is called {str(name)[:60]!r}"
        raise TinelError(told, advice=suggest(str(name), known()))
    return known()[name]


@cache
def trials() -> dict[str, Trial]:
    """Every trial by its key.

    Raises:
        TinelError: two trials share a key.
    """
    found: dict[str, Trial] = {}
    for each in known().values():
        for trial in each.trials:
            if trial.key in found:
                raise TinelError(f"two trials are called '{trial.key}'", each.name)
            found[trial.key] = trial
    return found
