"""Which column of a table holds what: guessed from the words above it, or by the mapping file."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from tinel.errors import TinelError
from tinel.lab_table.cell import PER_UNIT, unit_of
from tinel.lab_table.grid import Row
from tinel.lab_table.lab import Lab
from tinel.lab_table.words import by_word, named, plain, vocabulary

PASSED_OVER, LIMIT = "passed over", "limit"
LABELS = ("nerve", "side", "recording", "site", "segment", "segment start", "segment end", "kind")
NEEDLE = ("insertion", "fibrillations", "waves", "recruitment")
# the unit that each column of numbers needs; the first of two where the row is motor
UNITS = {
    "latency": ("ms",),
    "onset latency": ("ms",),
    "peak latency": ("ms",),
    "duration": ("ms",),
    "minimum F latency": ("ms",),
    "amplitude": ("mV", "µV"),
    "base amplitude": ("mV", "µV"),
    "peak-to-peak amplitude": ("mV", "µV"),
    "area": ("mV ms", "µV ms"),
    "velocity": ("m/s",),
    "distance": ("mm",),
    "F persistence": ("%",),
}
# nobody writes these in another unit, so that a header without one says enough
USUAL = {"ms": "ms", "m/s": "m/s", "%": "%"}
_BRACKET = re.compile(r"(.*?)[\s,]*[(\[]([^)\]]*)[)\]]")
_LAST = re.compile(r"(.+?)[\s,_\-]+(\S+)")


@dataclass(frozen=True)
class Column:
    """One column of a table.

    Args:
        place: counted from 0.
        text: what stands above it.
        role: what it holds, as in ``words.toml``; ``passed over`` where it is not read.
        unit: of its numbers; empty where the header does not say.
        sensory_unit: the same in sensory rows, where it is another.
        guessed: whether the words above it are known, for what is passed over.
    """

    place: int
    text: str
    role: str
    unit: str = ""
    sensory_unit: str = ""
    known: bool = True

    @property
    def measures(self) -> bool:
        """Whether it holds numbers that are read."""
        return self.role in UNITS


def split_unit(text: str) -> tuple[str, str, bool]:
    """What stands above a column without its unit, the unit, and whether two units are named.

    Example:
        >>> split_unit("O-P Amp (mV)"), split_unit("Lat. ms"), split_unit("Amp [mV/µV]")
        (('O-P Amp', 'mV', False), ('Lat.', 'ms', False), ('Amp', '', True))
    """
    for form in (_BRACKET, _LAST):
        found = form.fullmatch(text.strip())
        if found and unit_of(found[2]):
            return found[1], unit_of(found[2]), False
        if found and form is _BRACKET:
            each = [unit_of(part) for part in re.split(r"[/,;]|\bor\b", found[2])]
            if len(each) > 1 and all(each):
                return found[1], "", True
    return text.strip(), "", False


def guess(row: Row) -> tuple[Column, ...]:
    """The columns under a row of headers; empty where the row is none.

    A row of headers names at least a nerve, muscle, site or segment and something measured, and
    holds no number.

    Example:
        >>> head = Row(1, ("Nerve", "Site", "Lat (ms)", "Temperature", "Colour"))
        >>> [(c.role, c.unit) for c in guess(head)][2:]
        [('latency', 'ms'), ('passed over', ''), ('passed over', '')]
    """
    if any(re.fullmatch(r"[<>≤≥]?\s*\d+([.,]\d+)?", cell) for cell in row.cells):
        return ()
    found = [named_column(place, text) for place, text in enumerate(row.cells) if text]
    return _checked_roles(found)


def _checked_roles(found: list[Column]) -> tuple[Column, ...]:
    """The columns where they make a table; empty where they do not."""
    roles = {column.role for column in found}
    if not roles & set(LABELS) or not roles & (set(UNITS) | set(NEEDLE)):
        return ()
    if roles & set(NEEDLE):  # amplitude and duration there are those of motor unit potentials
        found = [replace(c, role=PASSED_OVER) if c.measures else c for c in found]
    return tuple(found)


def named_column(place: int, text: str) -> Column:
    """The column under a text; ``passed over`` and not ``known`` where no word fits."""
    told, unit, two = split_unit(text)
    words = plain(told)
    role = by_word("header").get(words) or by_word("header").get(plain(text))
    first = words.split()[:1] + words.split()[-1:]
    if role is None and any(by_word("header").get(word) == LIMIT for word in first):
        role = LIMIT
    if role in UNITS and two:
        motor, sensory = UNITS[role][0], UNITS[role][-1]
        return Column(place, text, role, *(("", "") if motor == sensory else (motor, sensory)))
    return Column(place, text, role or PASSED_OVER, unit, known=role is not None)


def with_units(columns: Sequence[Column], row: Row) -> tuple[Column, ...]:
    """The columns with units that stand in a row of their own below; empty where it is no such row.

    Example:
        >>> head = guess(Row(1, ("Site", "Latency", "Amplitude")))
        >>> [c.unit for c in with_units(head, Row(2, ("", "ms", "mV")))]
        ['', 'ms', 'mV']
    """
    units = {k: unit_of(row.cells[k]) for k in row.filled}
    if not units or not all(units.values()):
        return ()
    return tuple(replace(c, unit=units.get(c.place, c.unit)) for c in columns)


def by_lab(row: Row, lab: Lab) -> tuple[Column, ...]:
    """The columns of a row of headers by a mapping file; empty where the row is none.

    Columns that the file does not name are passed over.
    """
    return _checked_roles(
        [
            Column(place, text, at.holds, at.unit, at.sensory_unit)
            if (at := lab.columns.get(text))
            else Column(place, text, PASSED_OVER, known=False)
            for place, text in enumerate(row.cells)
            if text
        ]
    )


def missing(columns: Sequence[Column], lab: Lab) -> list[str]:
    """Columns of a mapping file that stand above no table."""
    there = {column.text for column in columns}
    wanted = [text for text, at in lab.columns.items() if at.holds != PASSED_OVER]
    return [text for text in wanted if text not in there]


def check_columns(columns: Sequence[Column]) -> None:
    """Refuse columns that contradict each other.

    Raises:
        TinelError: two columns hold the same, or one has a unit that it cannot have; names it.
    """
    seen: dict[str, str] = {}
    for column in columns:
        if column.role in (PASSED_OVER, LIMIT):
            continue
        if column.role in seen:
            told = f"holds {column.role} as column '{seen[column.role]}' does"
            raise TinelError(told, column.text, "correct one of them in the mapping file")
        seen[column.role] = column.text
        _check_unit(column, column.text)


def _check_unit(column: Column, where: str) -> None:
    if column.measures:
        allowed = [unit for wanted in UNITS[column.role] for unit in PER_UNIT[wanted]]
        for unit in (column.unit, column.sensory_unit):
            if unit and unit not in allowed:
                told = f"{column.role} in {unit} is not possible"
                raise TinelError(told, where, f"allowed: {', '.join(dict.fromkeys(allowed))}")
    elif column.unit and column.role in LABELS:
        raise TinelError(f"{column.role} has no unit, and {column.unit} is given", where)


def title_kind(text: str) -> str:
    """The kind of study that a line of a title names; empty where it is no title.

    Example:
        >>> title_kind("Motor Summary Table"), title_kind("Sensible Neurographie")
        ('motor', 'sensory')
    """
    told = named(text, ("kind", "direction"))
    if told.unknown or not told.one("kind") or told.twice:
        return ""
    ortho = told.one("direction") == "orthodromic"
    return f"orthodromic {told.one('kind')}" if ortho else told.one("kind")


def roles_of_line(text: str) -> tuple[str, ...]:
    """What the columns hold under a header whose words stand one blank apart; empty for no header.

    Example:
        >>> roles_of_line("Nerve / Sites Latency Amplitude Velocity")
        ('nerve', 'latency', 'amplitude', 'velocity')
    """
    told = named(text, ("header",))
    fillers = set(vocabulary()["filler"]["words"])
    lost = [w for w in told.unknown if w not in fillers]
    roles = told.found.get("header", ())
    return () if lost or len(roles) < 3 else roles
