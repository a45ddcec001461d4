"""One row of a table of needle EMG: what was found in one muscle, as findings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from tinel.case.observed import Observed
from tinel.errors import TinelError
from tinel.exam.needle.reading import (
    FIBRILLATIONS,
    INSERTION,
    INSERTION_WORDS,
    PLUS_WORDS,
    PLUSES,
    RECRUITMENT,
    RECRUITMENT_WORDS,
    WAVES,
)
from tinel.lab_table.header import Column
from tinel.lab_table.labels import Own
from tinel.lab_table.reading import LabFinding
from tinel.lab_table.study import LeftOutError, muscle_of
from tinel.lab_table.words import NOT_SIMULATED, by_word, named, plain

# by role: the quantity, its unit, Tinel's words from 0 on, and the table of a laboratory's words
SCALES: Mapping[str, tuple[str, str, Sequence[str], str]] = {
    "insertion": (INSERTION, "0 to 2", INSERTION_WORDS, "insertion"),
    "fibrillations": (FIBRILLATIONS, PLUSES, PLUS_WORDS, "spontaneous"),
    "waves": (WAVES, PLUSES, PLUS_WORDS, "spontaneous"),
    "recruitment": (RECRUITMENT, "0 to 4", RECRUITMENT_WORDS, "recruitment"),
}


def needle_findings(
    row: int,
    cells: Mapping[str, tuple[Column, str]],
    day: float,
    own: Own,
    nerve: str,
    side: str = "",
) -> list[LabFinding]:
    """The findings of a row.

    Args:
        row: its number.
        cells: by role, the column and the text of the cell.
        day: after the injury.
        own: the laboratory's words.
        nerve: of the case; empty for any.
        side: of rows that say none.

    Raises:
        TinelError: a word that is not understood; names the column.
        LeftOutError: no nerve has the muscle.
    """
    muscle, side = _muscle(cells, own, side)
    which, name = muscle_of(muscle, nerve)
    found = []
    for role, (quantity, unit, words, table) in SCALES.items():
        if role in cells:
            column, text = cells[role]
            word = by_word(table).get(plain(text))
            if text.strip() == "0" and table == "spontaneous":
                word = "none"
            if word is None:
                told = f"'{text[:40]}' is no word for {quantity}"
                raise TinelError(told, column.text, f"allowed: {', '.join(words)}")
            value = float(words.index(word))
            blank = Observed(f"row {row}", text, "needle EMG", name, "", quantity, unit, day, day,
                             "value", side=side)  # fmt: skip
            found.append(LabFinding(row, which, replace(blank, low=value, high=value)))
    if not found:
        raise LeftOutError("nothing is said of insertion, rest or recruitment")
    return found


def _muscle(cells: Mapping[str, tuple[Column, str]], own: Own, side: str) -> tuple[str, str]:
    muscle, sides = "", set[str]()
    for role, tables in (("recording", ("place", "side")), ("side", ("side", "side_column"))):
        if role not in cells:
            continue
        column, text = cells[role]
        told = named(text, tables, own)
        if told.unknown or told.twice:
            what = "muscle" if role == "recording" else "side"
            raise TinelError(f"'{text[:60]}' is no {what} that is known", column.text,
                             "add it under [places] in the mapping file")  # fmt: skip
        muscle = told.one("place") or muscle
        sides |= {told.one("side") or told.one("side_column")} - {""}
    if not muscle:
        raise TinelError("the muscle is not given")
    if len(sides) > 1:
        raise TinelError("two sides are named")
    if not sides and not side:
        raise TinelError("the side is missing", advice="write right or left, or give --side")
    if muscle == NOT_SIMULATED:
        raise LeftOutError("Tinel has no such muscle")
    return muscle, next(iter(sides), side)
