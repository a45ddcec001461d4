"""What a room offers under a name, declared in the file that does the work."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from tinel.declare.field import Field
from tinel.declare.quantity import short, shown
from tinel.errors import TinelError, suggest


@dataclass(frozen=True, kw_only=True)
class Offer:
    """A thing a case file may name, with its fields.

    Args:
        name: the word a user writes, a standard term of the field.
        text: what it is, one plain sentence.
        source: where its account comes from (DOI or PubMed id), or that it is an assumption.
        fields: what a user may say about it.
        other_names: other words for the same, common ones and those of earlier case files.
    """

    name: str
    text: str
    source: str = ""
    fields: tuple[Field, ...] = ()
    other_names: tuple[str, ...] = ()

    def read(self, table: Mapping[str, Any], where: str) -> tuple[dict[str, Any], tuple[str, ...]]:
        """The values of a table, one per field, and notes on keys that have a newer name.

        Args:
            table: keys and values as a user wrote them, without the key that names the offer.
            where: place for errors, e.g. ``tanya.toml: arm[2].step[1]``.

        Raises:
            TinelError: an unknown key (with the one probably meant), a key given twice under two
                names, a value that is not allowed, or a needed one that is missing.
        """
        by_name = {name: f for f in self.fields for name in (f.name, *f.other_names)}
        values: dict[str, Any] = {
            f.name: None if f.default is None else f.read(f.default) for f in self.fields
        }
        given: dict[str, str] = {}
        notes = []
        for key, value in table.items():
            field = by_name.get(key)
            if field is None:
                advice = suggest(str(key), [f.name for f in self.fields])
                place = f"{where}.{short(str(key))}"
                raise TinelError(f"does not belong to a {self.name}", place, advice)
            if field.name in given:
                message = f"means the same as '{given[field.name]}', which is given too"
                raise TinelError(message, f"{where}.{key}", "keep one of them")
            if key != field.name:
                notes.append(f"{where}.{key} is now called '{field.name}'")
            given[field.name] = key
            try:
                values[field.name] = field.read(value)
            except TinelError as problem:
                part = getattr(problem, "key", "")
                place = f"{where}.{key}.{part}" if part else f"{where}.{key}"
                raise TinelError(problem.message, place, problem.advice) from None
        for field in self.fields:
            if field.needed and field.name not in given:
                message = f"is missing; a {self.name} needs it"
                raise TinelError(message, f"{where}.{field.name}", f"add it: {field.description}")
        return values, tuple(notes)


AnyOffer = TypeVar("AnyOffer", bound=Offer)


def named(
    offers: Mapping[str, AnyOffer], given: str, what: str, where: str = ""
) -> tuple[AnyOffer, str]:
    """The offer a word means, and a note where the word has a newer name (empty otherwise).

    Raises:
        TinelError: no offer has that name or other name; the nearest is suggested.

    Example:
        >>> cut = Offer(name="laceration", text="A cut.", other_names=("division",))
        >>> named({"laceration": cut}, "division", "cause")[1]
        "'division' is now called 'laceration'"
    """
    if given in offers:
        return offers[given], ""
    for offer in offers.values():
        if given in offer.other_names:
            return offer, f"'{given}' is now called '{offer.name}'"
    others = [name for offer in offers.values() for name in offer.other_names]
    advice = suggest(given, [offer.name for offer in offers.values()], others)
    raise TinelError(f"no {what} is called {shown(given)}", where, advice)
