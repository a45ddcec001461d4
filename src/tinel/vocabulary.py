"""Every word a case file may use for a nerve, cause, treatment, test, limit or drug.

Made from the declarations that the program itself reads, so that it cannot fall behind them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tinel.cable.drugs.drug import Drug
from tinel.declare import Field, Offer
from tinel.declare.find import found
from tinel.errors import TinelError, suggest
from tinel.exam.measure import Measure
from tinel.exam.reference_limits import reference_limits
from tinel.exam.test import known_tests
from tinel.lesion import known_causes
from tinel.nerve import find, names
from tinel.treatment import known_treatments

KINDS = ("nerve", "cause", "treatment", "test", "limit", "drug")


@dataclass(frozen=True)
class Word:
    """One thing that has a name, with what its own file declares.

    Args:
        kind: one of ``KINDS``.
        name: the word itself.
        text: what it means.
        other_names: words for the same.
        source: where its account comes from.
        fields: keys that go with it.
        measures: what a test gives, in which a patient's findings are written.
    """

    kind: str
    name: str
    text: str
    other_names: tuple[str, ...] = ()
    source: str = ""
    fields: tuple[Field, ...] = ()
    measures: tuple[Measure, ...] = ()


def vocabulary(about: str = "", files: Sequence[str | Path] = ()) -> list[Word]:
    """The words of a kind, one word, or all.

    Args:
        about: one of ``KINDS`` (also in the plural), or a name or other name; empty for all.
        files: a user's own Python files, which are run.

    Raises:
        TinelError: nothing is called so; the nearest word is suggested.

    Example:
        >>> [word.name for word in vocabulary("cause")][:3]
        ['compression', 'crush', 'heat']
        >>> vocabulary("suture")[0].name
        'repair'
    """
    every = [*_nerves(), *_offers(files)]
    kind = about.removesuffix("s")
    wanted = [w for w in every if not about or w.kind == kind]
    wanted = wanted or [w for w in every if about in (w.name, *w.other_names)]
    if not wanted:
        allowed = [*KINDS, *(w.name for w in every)]
        raise TinelError(f"no word is '{about}'", advice=suggest(about, allowed))
    return sorted(wanted, key=lambda w: (KINDS.index(w.kind), w.name))


def as_text(words: Sequence[Word]) -> str:
    """What a terminal shows: one word in full, several as a list."""
    if len(words) == 1:
        return _in_full(words[0])
    wide = max(len(word.name) for word in words)
    return "\n".join(f"{w.kind:9}  {w.name:{wide}}  {w.text}" for w in words)


def as_markdown(words: Sequence[Word]) -> str:
    """A table of kinds and their words, as the README shows it."""
    rows = []
    for kind in dict.fromkeys(word.kind for word in words):
        listed = ", ".join(f"`{word.name}`" for word in words if word.kind == kind)
        rows.append(f"| {kind} | {listed} |")
    return "\n".join(["| kind | words |", "| --- | --- |", *rows])


def _in_full(word: Word) -> str:
    lines = [f"{word.name} ({word.kind})", f"  {word.text}"]
    if word.other_names:
        lines.append(f"  also     {', '.join(word.other_names)}")
    if word.source:
        lines.append(f"  source   {word.source}")
    wide = max((len(field.name) for field in word.fields), default=0)
    for field in word.fields:
        needed = " (needed)" if field.needed else ""
        lines.append(f"  key      {field.name:{wide}}  {field.description}{needed}")
    for one in word.measures:
        also = f" (also {', '.join(one.other_names)})" if one.other_names else ""
        lines.append(f"  gives    {one.quantity}{also}: {', '.join(one.written)}")
    return "\n".join(lines)


def _nerves() -> list[Word]:
    return [
        Word("nerve", name, find(name).blueprint.title, find(name).blueprint.names)
        for name in names()
    ]


def _offers(files: Sequence[str | Path]) -> list[Word]:
    made: list[tuple[str, Sequence[Offer]]] = [
        ("cause", list(known_causes(files).values())),
        ("treatment", list(known_treatments(files).values())),
        ("test", list(known_tests(files).values())),
        ("limit", list(reference_limits(files).values())),
        ("drug", list(found("tinel.cable.drugs", Drug, files).values())),
    ]
    return [
        Word(kind, o.name, o.text, o.other_names, o.source, o.fields, getattr(o, "measures", ()))
        for kind, offers in made
        for o in offers
    ]
