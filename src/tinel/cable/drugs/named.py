"""Drugs by name: each lies in its own file of this folder."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

import tinel.cable.drugs
from tinel.cable.drugs.drug import Drug
from tinel.errors import TinelError, suggest


def drug_named(name: str) -> Drug:
    """The drug of that name.

    Raises:
        TinelError: there is none.

    Example:
        >>> drug_named("lidocaine").name
        'lidocaine'
    """
    files = [m.name for m in iter_modules(tinel.cable.drugs.__path__)]
    modules = (import_module(f"tinel.cable.drugs.{file}") for file in files)
    found = {d.name: d for m in modules for d in vars(m).values() if isinstance(d, Drug)}
    if name not in found:
        raise TinelError(f"no drug is called {name!r}", advice=suggest(name, found))
    return found[name]
