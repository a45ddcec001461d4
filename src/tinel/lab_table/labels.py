"""What the words of a row say: nerve, side, kind, muscle or skin, site and segment."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from tinel.errors import TinelError
from tinel.lab_table.header import Column
from tinel.lab_table.words import NOT_SIMULATED, Named, named

Own = Sequence[tuple[str, str, str]]
# which tables of the vocabulary may be named in a column
TABLES = {
    "nerve": ("nerve", "side", "kind", "direction", "place", "site"),
    "side": ("side", "side_column"),
    "recording": ("place", "site", "side"),
    "site": ("site", "place", "side"),
    "kind": ("kind", "direction"),
}
NERVE_LINE = ("nerve", "side", "kind", "direction", "place")
ORTHODROMIC = "orthodromic"
_TEMPERATURE = re.compile(r"[(\[]?\d+(?:[.,]\d+)?\s*°\s*[CF]?[)\]]?\s*$")


@dataclass(frozen=True)
class Context:
    """What the rows above say: nerve, side, kind, place and direction; empty where they do not."""

    nerve: str = ""
    side: str = ""
    kind: str = ""
    place: str = ""
    direction: str = ""
    site_above: str = ""


@dataclass(frozen=True)
class Labels:
    """What one row says beside its numbers, with what the rows above say."""

    context: Context
    site: str
    segment: tuple[str, ...] = ()


def nerve_line(text: str, own: Own, title: str) -> Context | None:
    """The context that a line with a nerve's name alone opens; None where it is no such line.

    Args:
        text: of the line.
        own: the laboratory's words.
        title: kind of study that the last title named; empty for none.

    Example:
        >>> it = nerve_line("R. Medianus - APB", (), "motor")
        >>> it.side, it.nerve, it.place
        ('right', 'median', 'abductor pollicis brevis')
    """
    told = named(_TEMPERATURE.sub("", text), NERVE_LINE, own)
    if told.unknown or told.twice or not told.one("nerve"):
        return None
    return _opened(told, title)


def _opened(told: Named, title: str) -> Context:
    word, kind = told.one("nerve"), told.one("kind") or title.removeprefix(f"{ORTHODROMIC} ")
    direction = told.one("direction") or (ORTHODROMIC if title.startswith(ORTHODROMIC) else "")
    if word == "superficial radial":
        kind = kind or "sensory"
    return Context(word, told.one("side"), kind, told.one("place"), direction)


def labels_of(
    cells: Mapping[str, tuple[Column, str]], above: Context, own: Own, title: str
) -> Labels:
    """What a row's words say.

    Args:
        cells: by role, the column and the text of the cell; empty cells are left out.
        above: what the rows above say.
        own: the laboratory's words.
        title: kind of study that the last title named.

    Raises:
        TinelError: a word that is not known, or two things where one belongs.
    """
    said: dict[str, list[str]] = {}
    sites: list[tuple[str, Named]] = []
    for role, tables in TABLES.items():
        if role not in cells:
            continue
        column, text = cells[role]
        told = _known(text, tables, own, column)
        if role == "site":
            sites.append((text, told))
        for table, names in told.found.items():
            said.setdefault(table.removesuffix("_column"), []).extend(names)
        of_foot = said.get("nerve", [above.nerve])[:1] in (["sural"], ["superficial fibular"])
        if role == "recording" and told.one("site") == "ankle" and of_foot:
            said["site"].remove("ankle")  # where their electrode lies, whatever it is called
        elif role == "recording" and told.one("site"):
            said.setdefault("direction", []).append(ORTHODROMIC)
            said["site"].clear()
    for text, told in sites:
        if told.order[:2] == ("place", "site") and told.one("place").endswith("skin"):
            told_why = f"'{text}' may be from finger to nerve or from nerve to finger"
            raise _at(told_why, "site", cells)
        if told.order == ("place",):
            raise _at(f"'{text}' is where a response is recorded, not a site", "site", cells)
    for table, all_named in said.items():
        if len(set(all_named)) > 1 and table != "direction":
            raise TinelError(f"two things are named: {' and '.join(sorted(set(all_named)))}")
    site = "".join(said.get("site", [])[:1])
    return Labels(_context(said, above, title), site, _segment(cells, own))


def _known(text: str, tables: Sequence[str], own: Own, column: Column) -> Named:
    told = named(text, tables, own)
    if told.unknown:
        what = {"nerve": "nerve", "recording": "muscle", "kind": "kind of study"}.get(
            column.role, column.role
        )
        told_to = f"add it under [{what}s] in the mapping file" if what != "kind of study" else ""
        bad = " ".join(told.unknown)
        raise TinelError(f"'{bad}' in '{text[:60]}' is no {what} that is known", column.text,
                         told_to.replace("[muscles]", "[places]"))  # fmt: skip
    return told


def _at(message: str, role: str, cells: Mapping[str, tuple[Column, str]]) -> TinelError:
    return TinelError(message, cells[role][0].text, "say it under [sites] in the mapping file")


def _context(said: Mapping[str, list[str]], above: Context, title: str) -> Context:
    one = {table: names[0] for table, names in said.items() if names}
    plain_title = title.removeprefix(f"{ORTHODROMIC} ")
    ortho = ORTHODROMIC in said.get("direction", []) or title.startswith(ORTHODROMIC)
    direction = ORTHODROMIC if ortho else one.get("direction", "")
    if "nerve" in one:
        kind = one.get("kind") or plain_title
        kind = kind or ("sensory" if one["nerve"] == "superficial radial" else "")
        opened = Context(one["nerve"], one.get("side", ""), kind, one.get("place", ""), direction)
        same = opened == replace(above, site_above="")
        return replace(opened, site_above=above.site_above) if same else opened
    found = replace(
        above,
        side=one.get("side") or above.side,
        kind=one.get("kind") or above.kind or plain_title,
        place=one.get("place") or above.place,
        direction=direction or above.direction,
    )
    new = (found.side, found.kind, found.place) != (above.side, above.kind, above.place)
    started = bool(above.side or above.place or above.kind)
    return replace(found, site_above="") if new and started else found


def _segment(cells: Mapping[str, tuple[Column, str]], own: Own) -> tuple[str, ...]:
    ends: list[str] = []
    for role in ("segment", "segment start", "segment end"):
        if role in cells:
            column, text = cells[role]
            told = _known(text, ("site", "place"), own, column)
            left = {table: list(each) for table, each in told.found.items()}
            ends += [left[table].pop(0) for table in told.order]
    if ends and len(ends) != 2:
        raise TinelError("a segment has two ends", advice="write both, as Elbow - Wrist")
    if NOT_SIMULATED in ends:
        return (NOT_SIMULATED, NOT_SIMULATED)
    return tuple(ends)
