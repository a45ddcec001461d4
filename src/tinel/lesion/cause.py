"""What a file has to declare so that a case may name it as the cause of an injury."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tinel.declare import Offer, found
from tinel.errors import TinelError
from tinel.lesion.place import Place
from tinel.lesion.state import Lesion
from tinel.nerve.anatomy import Nerve


@dataclass(frozen=True, kw_only=True)
class Cause(Offer):
    """Something that injures a nerve.

    Args:
        name, text, source, fields, other_names: as in ``tinel.declare.Offer``.
        phrase: what a title calls it, e.g. ``scar round the nerve``.
        injure: makes the lesion from its place, the value of each field and the nerve. The value
            of a field of the form ``prior`` is an array ``(n_twin,)``.
        at_once: True where all of it happens on day 0. A cause that lasts may stand beside one
            that happened at once at the same place.
        begins: the field that holds the day from which a lasting cause acts; empty for day 0.
        length_mm: length of the injured stretch where a user gives none; None where it is needed.

    Raises:
        TinelError: ``begins`` names no field, or the cause is at once and begins later.

    Example:
        >>> every = known_causes()
        >>> every["laceration"].at_once, every["scar constriction"].begins
        (True, 'onset_days')
    """

    phrase: str
    injure: Callable[[Place, Mapping[str, Any], Nerve], Lesion]
    at_once: bool = True
    begins: str = ""
    length_mm: float | None = None

    def __post_init__(self) -> None:
        if self.begins and (self.at_once or self.begins not in [f.name for f in self.fields]):
            told = f"'{self.begins}' is no field of a lasting cause"
            raise TinelError(told, f"cause '{self.name}': begins", "name one of its fields")


def known_causes(files: Sequence[str | Path] = ()) -> dict[str, Cause]:
    """Every cause by name: those of ``tinel/lesion/causes``, then those of a user's own files.

    Raises:
        TinelError: a file cannot be read or run, or two causes share a name.
    """
    return found("tinel.lesion.causes", Cause, files)
