"""The section [cause]: what happened to the nerve and where, as the cause's file declares it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tinel.declare import Field, Offer, Spread, named
from tinel.declare.field import LONGEST_DAYS
from tinel.declare.quantity import kind_of, shown
from tinel.errors import TinelError
from tinel.lesion.cause import Cause, known_causes
from tinel.lesion.place import LENGTH_mm

LENGTH = Field("length_mm", "length of the injured stretch", "prior", "mm", *LENGTH_mm)
PART = Field(
    "part",
    "what is hurt of the cross-section, by branches or targets, such as 'fibular half'; all of it "
    "where not given",
    "text",
    other_names=("fascicles",),
)
ONSET = Field(
    "onset_days", "days from the operation to the injury", "prior", "days", 0, LONGEST_DAYS
)
PLACE = (
    Field("branch", "the branch, where not the main trunk", "text", other_names=("division",)),
    Field("site", "a landmark's name", "text"),
    Field("site_mm", "upper end from the spinal cord along the nerve", "prior", "mm", 0, 2500),
)
ABOUT = (
    Field("procedure", "the operation or event of day 0, in words", "text", needed=True),
    Field("story", "what happened, in words", "text"),
    *PLACE,
)
DISTAL = "distal"


@dataclass(frozen=True)
class Part:
    """One cause with the values of its fields: known numbers and stated priors.

    ``length_mm`` is None where the length of the whole injury holds for this part too, ``part``
    names what is hurt of the cross-section (None for all of it), and ``onset_d`` is the day on
    which a cause that acts at once did so (None for day 0).
    """

    kind: str
    values: Mapping[str, Any]
    length_mm: Spread | None = None
    part: str | None = None
    onset_d: Spread | None = None


@dataclass(frozen=True)
class Injury(Part):
    """What happened to the nerve; day 0 is the day of ``procedure``.

    ``acute`` is what happened at once at the same place beside it. ``begins`` names the field with
    the day from which a lasting cause acts (empty for day 0), and ``begins_d`` is the first day on
    which anything of the injury may begin. ``section`` is where the file says it. ``beyond`` is
    a second injury farther from the cord, in whichever order a user wrote the two.
    """

    procedure: str = ""
    story: str | None = None
    branch: str | None = None
    site: str | None = None
    site_mm: Spread | None = None
    acute: Part | None = None
    phrase: str = ""
    begins: str = ""
    begins_d: float = 0.0
    section: str = "cause"
    beyond: Injury | None = None

    def at(self, place: str) -> Injury:
        """The injury at one of two places, ``proximal`` (also where there is one) or ``distal``."""
        return self.beyond if place == DISTAL and self.beyond is not None else self

    @property
    def first_d(self) -> float:
        """The first day on which the nerve may be hurt, by what happened at once too."""
        if self.acute is None:
            return self.begins_d
        return min(self.begins_d, self.acute.onset_d.low if self.acute.onset_d else 0.0)

    def beside(self, field: str) -> str:
        """Name of a field of ``acute``: ``with.hours`` where this injury has such a field too."""
        own = field in self.values or (field == "onset_days" and self.onset_d is not None)
        return f"with.{field}" if own else field

    def sizes(self) -> dict[str, Spread]:
        """Every size the file gives, known or a prior, by field.

        The acute part's come after the others; those of a second injury last, as ``distal.hours``.
        """
        found = {"site_mm": self.site_mm, "length_mm": self.length_mm, **self.values}
        found["onset_days"] = found.get("onset_days", self.onset_d)
        if self.acute:
            beside = {**self.acute.values, "onset_days": self.acute.onset_d}
            found |= {self.beside(k): v for k, v in beside.items()}
        if self.beyond:
            found |= {f"{DISTAL}.{k}": v for k, v in self.beyond.sizes().items()}
        return {name: size for name, size in found.items() if isinstance(size, Spread)}


def read_injury(
    table: Mapping[str, Any], where: str, files: Sequence[str] = ()
) -> tuple[Injury, list[str]]:
    """The injury of a section [cause], and notes on words that have newer names.

    A second one, at another place, is its section [cause.second]; ``place.in_order`` says which of
    the two is nearer to the cord.

    Args:
        table: keys and values as a user wrote them.
        where: place for errors, e.g. ``tanya.toml: cause``.
        files: a user's own Python files, which may declare causes.

    Raises:
        TinelError: an unknown cause or key, or a value that is not allowed.
    """
    own = dict(table)
    second, more = None, list[str]()
    if "second" in own:
        second, more = _second(own.pop("second"), f"{where}.second", files)
    injury, notes = _one(own, where, files, ABOUT)
    return replace(injury, beyond=second), [*notes, *more]


def _second(table: Any, where: str, files: Sequence[str]) -> tuple[Injury, list[str]]:
    if not isinstance(table, Mapping):
        raise TinelError(f"{shown(table)} is {kind_of(table)}, not a section", where)
    if "second" in table:
        advice = "two places are modelled; give the two that matter most"
        raise TinelError("is a third injury", f"{where}.second", advice)
    second, notes = _one(table, where, files, PLACE)
    return replace(second, section="cause.second"), notes


def _one(
    table: Mapping[str, Any], where: str, files: Sequence[str], about: tuple[Field, ...]
) -> tuple[Injury, list[str]]:
    own = dict(table)
    beside = {key: own.pop(key) for key in ("acute", "with") if key in own}
    if len(beside) == 2:
        told = "means the same as 'acute', which is given too"
        raise TinelError(told, f"{where}.with", "keep one of them")
    cause, values, notes = _read(own, where, files, (LENGTH, PART, *about))
    if (values["site"] is None) == (values["site_mm"] is None):
        none = values["site"] is None
        told = "neither 'site' nor 'site_mm' is given" if none else "is given twice"
        advice = "give a landmark as 'site' or a position as 'site_mm'"
        raise TinelError(told, f"{where}.site", advice)
    length = values["length_mm"]
    if length is None:
        if cause.length_mm is None:
            told, advice = f"is missing; a {cause.name} needs it", f"add it: {LENGTH.description}"
            raise TinelError(told, f"{where}.length_mm", advice)
        length = Spread(cause.length_mm, cause.length_mm, "mm")
    acute = None
    for key, beside_table in beside.items():
        acute, more = _acute(beside_table, f"{where}.{key}", files)
        notes += more
    told_about = {f.name: values.pop(f.name) for f in about}
    del values["length_mm"]
    part, onset = values.pop("part"), _onset(cause, values)
    begins = values[cause.begins] if cause.begins else onset
    injury = Injury(
        kind=cause.name,
        values=values,
        length_mm=length,
        part=part,
        onset_d=onset,
        acute=acute,
        phrase=cause.phrase,
        begins=cause.begins,
        begins_d=begins.low if isinstance(begins, Spread) else begins or 0.0,
        **told_about,
    )
    return injury, notes


def _acute(table: Any, where: str, files: Sequence[str]) -> tuple[Part, list[str]]:
    if not isinstance(table, Mapping):
        raise TinelError(f"{shown(table)} is {kind_of(table)}, not a section", where)
    acute, values, notes = _read(table, where, files, (LENGTH, PART))
    if not acute.at_once:
        raise TinelError(f"a {acute.name} does not happen at once", f"{where}.kind")
    length, part = values.pop("length_mm"), values.pop("part")
    return Part(acute.name, values, length, part, _onset(acute, values)), notes


def _read(
    table: Mapping[str, Any], where: str, files: Sequence[str], more: tuple[Field, ...]
) -> tuple[Cause, dict[str, Any], list[str]]:
    causes = known_causes(files)
    own = dict(table)
    if "kind" not in own:
        raise TinelError("is missing", f"{where}.kind", f"add it: {', '.join(causes)}")
    kind = own.pop("kind")
    if not isinstance(kind, str):
        told = f"{shown(kind)} is {kind_of(kind)}, not a text"
        raise TinelError(told, f"{where}.kind", f"allowed: {', '.join(causes)}")
    cause, note = named(causes, kind, "cause", f"{where}.kind")
    late = (ONSET,) if _comes_later(cause) else ()
    own_names = [field.name for field in cause.fields]  # a cause may say what its length means
    usual = (field for field in (*late, *more) if field.name not in own_names)
    together = Offer(name=cause.name, text=cause.text, fields=(*cause.fields, *usual))
    values, notes = together.read(own, where)
    return cause, values, [*([f"{where}.kind: {note}"] if note else []), *notes]


def _comes_later(cause: Cause) -> bool:
    # a cause that acts at once may do so days after the operation; one with such a field says how
    return cause.at_once and ONSET.name not in [field.name for field in cause.fields]


def _onset(cause: Cause, values: dict[str, Any]) -> Spread | None:
    found: Spread | None = values.pop(ONSET.name) if _comes_later(cause) else None
    return found
