"""The text of a report, as copied from a page: what is not understood is listed line by line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from tinel.errors import TinelError
from tinel.lab_table import header
from tinel.lab_table.cell import unit_of
from tinel.lab_table.grid import MOST_ROWS, Row
from tinel.lab_table.guess import guess_lab
from tinel.lab_table.labels import nerve_line
from tinel.lab_table.reading import Reading
from tinel.lab_table.rules import Rules
from tinel.lab_table.scan import scan
from tinel.lab_table.words import by_word, plain

_WIDE = re.compile(r"\S+(?: \S+)*")  # words one blank apart are one cell
_NUMBER = re.compile(r"[<>≤≥]?\d+(?:[.,]\d+)?[*↑↓#!]*")
_SEPARATORS = ("\t", "|", ";")
_RULE = re.compile(r"[\s|+=:_-]*")


def read_report(text: str, rules: Rules) -> Reading:
    """Read the text of a report.

    Args:
        text: as copied; columns stand apart by tabs, bars or two blanks.
        rules: how; nothing that is not understood is an error.

    Raises:
        TinelError: no table is found in it.

    Example:
        >>> from tinel.evidence import Parameters
        >>> from tinel.lab_table.days import Days
        >>> report = '''Motor NCS
        ... Nerve / Sites        Latency   Amplitude
        ...                      ms        mV
        ... R Ulnar - ADM
        ...   Wrist              3.1       0.7
        ...   (cold hand)
        ... '''
        >>> it = read_report(report, Rules("report", None, Days(42), Parameters.of_evidence()))
        >>> [(o.observed.quantity, o.observed.low) for o in it.findings], it.left_out[0].text
        ([('onset latency', 3.1), ('amplitude', 0.7)], '(cold hand)')
    """
    rows = report_rows(text, rules)
    found = scan(rows, replace(rules, strict=False))
    return replace(found, lab=rules.lab or guess_lab(rows))


def report_rows(text: str, rules: Rules) -> tuple[Row, ...]:
    """The lines of a report as rows, each cell under its header where that is certain.

    Raises:
        TinelError: too many lines.
    """
    lines = text.lstrip("\ufeff").splitlines()
    if len(lines) > MOST_ROWS:
        raise TinelError(f"more than {MOST_ROWS:,} lines", rules.name, "paste one report")
    return tuple(_rows(lines, rules))


@dataclass(frozen=True)
class _Header:
    """The headers in use: what stands between them, where they stand, or their roles."""

    mark: str = ""
    spans: tuple[tuple[int, int], ...] = ()
    roles: tuple[str, ...] = ()


def _rows(lines: Sequence[str], rules: Rules) -> Iterator[Row]:
    head = _Header()
    for number, line in enumerate(lines, 1):
        if _RULE.fullmatch(line):
            continue
        mark = next((m for m in _SEPARATORS if m in line), "")
        found = [] if mark else [(m.start(), m.end(), m.group()) for m in _WIDE.finditer(line)]
        row = Row(number, _cells(line, mark) if mark else tuple(text for *_, text in found))
        whole = " ".join(line.split())
        if header.guess(row) or (rules.lab and header.by_lab(row, rules.lab)):
            head = _Header(mark, tuple((start, end) for start, end, _ in found))
            yield row
        elif len(found) == 1 and header.roles_of_line(line):
            head = _Header(roles=header.roles_of_line(line))
            yield Row(number, tuple(_printed(head.roles, line)))
        elif not mark and (header.title_kind(whole) or nerve_line(whole, rules.words.own, "")):
            yield _placed(Row(number, (whole,)), [(found[0][0], found[-1][1], whole)], head)
        elif mark != head.mark and head != _Header() and len(row.filled) > 1:
            yield replace(row, unplaced="its cells stand apart in another way than the headers")
        else:
            yield row if mark else _placed(row, found, head)


def _cells(line: str, mark: str) -> tuple[str, ...]:
    told = line.strip().removeprefix("|").removesuffix("|") if mark == "|" else line
    return tuple(" ".join(cell.split()) for cell in told.split(mark))


def _printed(roles: Sequence[str], line: str) -> Iterator[str]:
    """The words of a header line, one text for each column."""
    words = line.split()
    for k, role in enumerate(roles):
        n = 1
        while n <= len(words) and by_word("header").get(plain(" ".join(words[:n]))) != role:
            n += 1
        longer = n
        while longer < len(words) and k + 1 < len(roles):
            longer += 1
            if by_word("header").get(plain(" ".join(words[:longer]))) == role:
                n = longer
        yield " ".join(words[:n])
        words = words[n:]


def _placed(row: Row, found: Sequence[tuple[int, int, str]], head: _Header) -> Row:
    """The cells of a line under their headers; a text alone stands first."""
    spans = head.spans
    if head.roles:
        return _counted(row, head.roles)
    if not spans or len(found) == len(spans):
        return row
    if len(found) == 1 and found[0][0] < spans[0][1]:
        return Row(row.number, (found[0][2], *[""] * (len(spans) - 1)))
    under = [
        [k for k, (a, b) in enumerate(spans) if start < b and a < end] for start, end, _ in found
    ]
    first = _foremost(under)
    last = tuple(-k for k in _foremost([[-k for k in each] for each in under[::-1]])[::-1])
    if not first or first != last:  # no way, or more than one
        return replace(row, unplaced="its cells do not stand under the headers")
    cells = [""] * len(spans)
    for k, (*_, text) in zip(first, found, strict=True):
        cells[k] = text
    return Row(row.number, tuple(cells))


def _foremost(under: Sequence[Sequence[int]]) -> tuple[int, ...]:
    """The way to put cells under rising headers, each as early as it can; empty for none."""
    found: list[int] = []
    for each in under:
        later = [k for k in each if not found or k > found[-1]]
        if not later:
            return ()
        found.append(min(later))
    return tuple(found)


def _counted(row: Row, roles: Sequence[str]) -> Row:
    """A line whose words stand one blank apart: as many numbers at its end as there are columns."""
    words = " ".join(row.cells).split()
    numbers = [k for k, role in enumerate(roles) if role in header.UNITS]
    labels = [k for k, role in enumerate(roles) if role not in header.UNITS]
    tail = words[len(words) - len(numbers) :]
    whole = len(words) > len(numbers) and all(_is_number(word) for word in tail)
    before = words[: len(words) - len(numbers)]
    if all(_is_unit(word) for word in words) and len(words) == len(numbers):
        before, tail, whole = [], words, True
    if not any(map(_NUMBER.fullmatch, words[1:])) and not whole:
        return Row(row.number, (" ".join(words), *[""] * (len(roles) - 1)))
    if not whole or labels != list(range(len(labels))) or any(map(_NUMBER.fullmatch, before[1:])):
        told = f"it does not have {len(numbers)} numbers at its end, one for each column"
        return replace(row, unplaced=told)
    cells = [""] * len(roles)
    for k, word in zip(numbers, tail, strict=True):
        cells[k] = word
    cells[0] = " ".join(before)
    return Row(row.number, tuple(cells))


def _is_number(word: str) -> bool:
    return bool(_NUMBER.fullmatch(word)) or plain(word) in by_word("response")


def _is_unit(word: str) -> bool:
    return bool(unit_of(word))
