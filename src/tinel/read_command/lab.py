"""``tinel read`` of a laboratory's table or of a report's text: findings for a case file."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tinel.errors import TinelError
from tinel.evidence import Parameters
from tinel.lab_table.days import Days, injury_date
from tinel.lab_table.grid import MOST_BYTES, bytes_of, text_of
from tinel.lab_table.guess import guess_lab
from tinel.lab_table.lab import lab_text, read_lab
from tinel.lab_table.paste import report_rows
from tinel.lab_table.rules import Rules
from tinel.lab_table.show import as_data, columns_text, findings_text, left_out_text
from tinel.lab_table.table import Sheet, read_sheet, sheet_of
from tinel.nerve.library import find
from tinel.terminal import print_json, printable, say, shown_name
from tinel.writing import check_file, whole_file

STANDARD_INPUT = "standard input"
TOML = (".toml",)


@dataclass(frozen=True)
class Asked:
    """What the command line says of a table; None or empty where it says nothing."""

    file: Path | None
    paste: bool
    lab: Path | None
    save_lab: Path | None
    day: float | None
    injury: str | None
    nerve: str | None
    side: str | None
    out: Path | None

    @property
    def is_table(self) -> bool:
        """Whether an option stands that only a table has."""
        return self.paste or any(
            option is not None
            for option in (self.lab, self.save_lab, self.day, self.injury, self.nerve, self.side)
        )

    @property
    def from_standard_input(self) -> bool:
        """Whether no file is named."""
        return self.file is None or str(self.file) == "-"


def read_lab_file(asked: Asked, as_json: bool) -> None:
    """Read the table or text, and print findings, columns and what was left out.

    The findings go to standard output, so that they can be appended to a case file; the rest, which
    may quote the laboratory's lines, to standard error.

    Raises:
        TinelError: an option, the file or its content is not allowed.
    """
    asked_for = ((asked.out, "--out"), (asked.save_lab, "--save-lab"))
    for path, option in asked_for:
        if path is not None:
            _check_new(path, option)
    rules = _rules(asked)
    sheet = _sheet(asked, rules)
    if asked.save_lab is not None:  # also where reading then finds what does not fit
        _write(asked.save_lab, lab_text(rules.lab or guess_lab(sheet.rows, sheet.between)))
        say(f"written: {asked.save_lab}")
    reading = read_sheet(sheet, rules)
    if asked.out is not None:
        _write(asked.out, findings_text(reading))
    if as_json:
        print_json({**as_data(reading), "out": _named(asked.out), "lab": _named(asked.save_lab)})
        return
    say(columns_text(reading))
    if reading.left_out:
        say(f"\nnot read:\n{left_out_text(reading)}")
    count = len(reading.findings)
    say(f"\n{count} finding{'s' * (count != 1)}" + (":" if count and not asked.out else ""))
    if asked.out is None and reading.findings:
        print(printable(findings_text(reading)))
    if asked.out is not None:
        say(f"written: {asked.out}")


def _write(path: Path, text: str) -> None:
    with whole_file(path) as temporary:
        temporary.write_text(printable(text), encoding="utf-8")


def _named(path: Path | None) -> str | None:
    return None if path is None else str(path)


def _check_new(path: Path, option: str) -> None:
    """Refuse a file that is there already, or cannot be written."""
    check_file(path, TOML, option)
    if os.path.lexists(path):
        raise TinelError("is there already", f"{option} {path}", "choose another name")


def _rules(asked: Asked) -> Rules:
    if asked.day is not None and not asked.day >= 0:
        raise TinelError(f"day {asked.day:g} is out of range (allowed: 0 or more)", "--day")
    return Rules(
        name=STANDARD_INPUT if asked.from_standard_input else shown_name(asked.file or Path()),
        lab=None if asked.lab is None else read_lab(asked.lab),
        days=Days(asked.day, None if asked.injury is None else injury_date(asked.injury)),
        parameters=Parameters.of_evidence(),
        nerve="" if asked.nerve is None else _nerve(asked.nerve),
        side=asked.side or "",
        strict=not asked.paste,
    )


def _sheet(asked: Asked, rules: Rules) -> Sheet:
    there = asked.file is not None and not asked.from_standard_input
    if asked.paste:
        data = bytes_of(asked.file) if asked.file is not None and there else _standard_input()
        return Sheet(report_rows(text_of(data, rules.name, rules.words.encoding), rules))
    if asked.file is None or not there:
        raise TinelError("no file is given", "FILE", "name one, or give --paste for standard input")
    return sheet_of(asked.file, rules.words)


def _nerve(given: str) -> str:
    try:
        return find(given).name
    except TinelError as problem:
        raise TinelError(problem.message, "--nerve", problem.advice) from None


def _standard_input() -> bytes:
    with suppress(ValueError):
        if sys.stdin.isatty():
            say("paste the report, then end it with Ctrl-D (Windows: Ctrl-Z and Enter)")
    stream = getattr(sys.stdin, "buffer", None)
    data: bytes = b"" if stream is None else stream.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise TinelError(f"is larger than {MOST_BYTES:,} bytes", STANDARD_INPUT, "paste one report")
    if not data.strip():
        raise TinelError("nothing was pasted", STANDARD_INPUT, "pipe or paste a report's text")
    return data
