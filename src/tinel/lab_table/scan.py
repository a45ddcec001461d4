"""The rows of a table one after the other, each with what the rows above it say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from tinel.errors import TinelError
from tinel.lab_table import header
from tinel.lab_table.cell import decimal_mark
from tinel.lab_table.checks import contradictions
from tinel.lab_table.days import day_of
from tinel.lab_table.grid import Row, at_cell
from tinel.lab_table.header import Column
from tinel.lab_table.labels import Context, labels_of, nerve_line
from tinel.lab_table.needle_row import needle_findings
from tinel.lab_table.reading import LabFinding, LeftOut, Reading
from tinel.lab_table.row_numbers import Numbers
from tinel.lab_table.row_values import conduction_findings
from tinel.lab_table.rules import Rules
from tinel.lab_table.study import LeftOutError
from tinel.lab_table.words import named

LONGEST_SHOWN = 120


@dataclass
class _Scan:
    """Where the scan stands: the columns in use, the last title, what the rows above say."""

    columns: tuple[Column, ...] = ()
    width: int = 0
    title: str = ""
    above: Context = field(default_factory=Context)
    fresh: bool = False
    seen: list[Column] = field(default_factory=list)
    findings: list[LabFinding] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)


def scan(rows: Sequence[Row], rules: Rules) -> Reading:
    """Read the rows of a table or a report.

    Args:
        rows: in their order.
        rules: how.

    Raises:
        TinelError: no row of headers, or (strictly) anything that is not understood; names row
            and column.
    """
    state = _Scan()
    mark = rules.words.decimal or _decimal(rows, rules)
    for row in rows:
        try:
            _read(row, state, rules, mark)
        except LeftOutError as why:
            state.left_out.append(_left_out(row, str(why), understood=True))
        except TinelError as problem:
            if rules.strict:
                where = at_cell(rules.name, row.number, problem.where)
                raise TinelError(problem.message, where, problem.advice) from None
            column = f"{problem.where}: " if problem.where else ""
            state.left_out.append(_left_out(row, f"{column}{problem.message}"))
            # what follows a line of another nerve must not be read as of the nerve before
            same = _is_of_site(row, rules)
            state.above = replace(state.above, site_above="") if same else Context()
    lost = header.missing(state.seen, rules.words)
    if not state.seen or (lost and rules.strict):
        raise _no_header(rules, lost)
    state.left_out += [LeftOut(0, text, "no column of that name is found") for text in lost]
    kept = _settled(state, rules)
    shown = tuple(dict.fromkeys(state.seen))
    left_out = tuple(sorted(state.left_out, key=_row))
    return Reading(rules.name, kept, left_out, shown, rules.words)


def _is_of_site(row: Row, rules: Rules) -> bool:
    """Whether a row begins with a site and so belongs to the nerve above it."""
    first = re.split(r"\d", next((cell for cell in row.cells if cell), ""))[0]
    told = named(first, ("site", "place"), rules.words.own)
    return told.order[:1] == ("site",) and not told.unknown


def _row(one: LeftOut) -> int:
    return one.row


def _left_out(row: Row, why: str, understood: bool = False) -> LeftOut:
    text = " | ".join(cell for cell in row.cells if cell)
    short = text if len(text) <= LONGEST_SHOWN else f"{text[: LONGEST_SHOWN - 3]}..."
    return LeftOut(row.number, short, why, understood)


def _no_header(rules: Rules, lost: Sequence[str]) -> TinelError:
    if lost:
        told = f"no column is called '{lost[0]}', as the mapping file has it"
        return TinelError(told, rules.name, "correct [columns] in the mapping file")
    told = "no row of headers is found that names a nerve, muscle or site and something measured"
    return TinelError(told, rules.name, "state the columns in a mapping file and give --lab")


def _header(row: Row, rules: Rules) -> tuple[Column, ...]:
    if rules.lab is not None and rules.lab.columns:
        return header.by_lab(row, rules.lab)
    return header.guess(row)


def _decimal(rows: Iterable[Row], rules: Rules) -> str:
    cells: list[tuple[int, str]] = []
    columns: tuple[Column, ...] = ()
    for row in rows:
        columns = _header(row, rules) or columns
        cells += [
            (row.number, row.cells[c.place])
            for c in columns
            if c.measures and c.place < len(row.cells)
        ]
    return decimal_mark(cells, rules.name)


def _read(row: Row, state: _Scan, rules: Rules, mark: str) -> None:
    if row.unplaced:
        advice = "put tabs or bars between the columns"
        raise TinelError(row.unplaced, advice=advice)
    columns = _header(row, rules)
    if columns:
        header.check_columns(columns)
        state.columns, state.width, state.fresh = columns, len(row.cells), True
        state.seen += columns
        if not rules.strict and rules.lab is None:
            why = "no column of this name is known, so it is not read"
            state.left_out += [LeftOut(row.number, c.text, why) for c in columns if not c.known]
        return
    if state.fresh:
        state.fresh = False
        units = header.with_units(state.columns, row)
        if units:
            header.check_columns(units)
            state.seen[len(state.seen) - len(units) :] = units
            state.columns = units
            return
    if len(row.filled) == 1 and _line(row, state, rules):
        return
    if not state.columns:
        if not rules.strict:
            raise TinelError("no table has begun")
        return
    _data(row, state, rules, mark)


def _line(row: Row, state: _Scan, rules: Rules) -> bool:
    """Whether a row of one text is a title or names a nerve; then what follows belongs to it."""
    text = row.cells[row.filled[0]]
    kind = header.title_kind(text)
    if kind:
        state.title, state.above = kind, Context()
        return True
    opened = nerve_line(text, rules.words.own, state.title)
    if opened is not None:
        state.above = opened
        return True
    if not named(text, ("kind",)).unknown:  # a heading over several tables
        state.title, state.above = "", Context()
        return True
    if not rules.strict:
        first = min((c.place for c in state.columns), default=0)
        if not state.columns or row.filled[0] != first:
            state.above = Context()
            raise TinelError("is not understood")
    return False


def _data(row: Row, state: _Scan, rules: Rules, mark: str) -> None:
    # a decimal comma between commas makes two cells of one, or one of two
    if rules.strict and len(row.filled) > 1 and len(row.cells) != state.width:
        told = f"the row has {len(row.cells)} cells and the row of headers {state.width}"
        raise TinelError(told, advice="quote a cell that holds what stands between cells")
    beyond = [k for k in row.filled if k not in _places(state.columns)]
    if beyond:
        told = f"nothing stands above '{row.cells[beyond[0]][:40]}'"
        raise TinelError(told, advice="give each column a header")
    _check_unknown(row, state.columns, rules)
    cells = {
        c.role: (c, row.cells[c.place])
        for c in state.columns
        if c.place < len(row.cells) and row.cells[c.place]
    }
    day = day_of(cells, rules.days, rules.words.date_order)
    if {c.role for c in state.columns} & set(header.NEEDLE):
        state.findings += needle_findings(
            row.number, cells, day, rules.words.own, rules.nerve, rules.side
        )
        return
    labels = labels_of(cells, state.above, rules.words.own, state.title)
    context = labels.context
    state.above = replace(context, site_above=labels.site or context.site_above)
    if rules.side and not context.side:
        labels = replace(labels, context=replace(context, side=rules.side))
    limits = _limits(row, state.columns)
    numbers = Numbers(mark, rules.words, rules.parameters)
    if not any(role in header.UNITS or role == "no response" for role in cells):
        state.above = replace(state.above, site_above="" if labels.site else context.site_above)
        if labels.site or not context.nerve:
            state.left_out.append(_left_out(row, "nothing is measured in it", understood=True))
        return
    found, left_out = conduction_findings(row.number, cells, labels, day, numbers, rules.nerve)
    state.findings += [replace(one, limit=limits.get(one.observed.quantity, "")) for one in found]
    state.left_out += [LeftOut(row.number, text, why, True) for text, why in left_out]
    if not found and not left_out:
        state.left_out.append(_left_out(row, "nothing is measured in it", understood=True))


def _check_unknown(row: Row, columns: Iterable[Column], rules: Rules) -> None:
    """Refuse a number under a header that nobody knows: it may be what the others depend on."""
    if not rules.strict or rules.lab is not None:
        return
    for column in columns:
        text = "".join(row.cells[column.place : column.place + 1])
        if not column.known and any(c.isdigit() for c in text):
            told = "nobody knows what this column of numbers holds"
            advice = "save a mapping file with --save-lab, correct it, and give it as --lab"
            raise TinelError(told, column.text, advice)


def _places(columns: Iterable[Column]) -> set[int]:
    return {column.place for column in columns}


def _limits(row: Row, columns: Sequence[Column]) -> Mapping[str, str]:
    """By quantity, what stands in the column of limits to the right of it."""
    found, last = {}, ""
    order = [c.role == header.LIMIT for c in columns if c.measures or c.role == header.LIMIT]
    if order[:1] == [True]:  # they stand before their values, or nobody can say
        return {}
    for column in columns:
        if column.role == header.LIMIT and column.place < len(row.cells) and last:
            found[last] = row.cells[column.place]
        elif column.measures:
            last = {"latency": "onset latency", "base amplitude": "amplitude"}.get(
                column.role, column.role
            )
    return {quantity: text for quantity, text in found.items() if text}


def _settled(state: _Scan, rules: Rules) -> tuple[LabFinding, ...]:
    """The findings, without those that contradict each other, one nerve for what two share."""
    bad = contradictions(state.findings, rules.parameters)
    if bad and rules.strict:
        row, why = next(iter(bad.items()))
        raise TinelError(why, at_cell(rules.name, row), "correct the table")
    state.left_out += [LeftOut(row, "the whole row", why) for row, why in bad.items()]
    kept = [one for one in state.findings if one.row not in bad]
    if any(one.nerve == "sciatic" for one in kept):
        kept = [replace(one, nerve="sciatic") if one.nerve == "sural" else one for one in kept]
    return tuple(kept)
