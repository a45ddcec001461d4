"""Drugs by name: each lies in its own file of this folder."""

from __future__ import annotations

from tinel.cable.drugs.drug import Drug
from tinel.declare.find import found
from tinel.declare.offer import named


def drug_named(name: str) -> Drug:
    """The drug of that name.

    Raises:
        TinelError: there is none.

    Example:
        >>> drug_named("lidocaine").name
        'lidocaine'
    """
    return named(found("tinel.cable.drugs", Drug), name, "drug")[0]
