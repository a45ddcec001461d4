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
from tinel.lab_table.lab import lab_text, read_lab
from tinel.lab_table.paste import read_report
from tinel.lab_table.reading import Reading
from tinel.lab_table.rules import Rules
from tinel.lab_table.show import as_data, columns_text, findings_text, left_out_text
from tinel.lab_table.table import read_table
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


def read_lab_file(asked: Asked, as_json: bool) -> None:
    """Read the table or text, and print findings, columns and what was left out.

    The findings go to standard output, so that they can be appended to a case file; the rest, which
    may quote the laboratory's lines, to standard error.

    Raises:
        TinelError: an option, the file or its content is not allowed.
    """
    asked_for = ((asked.out, "--out"), (asked.save_lab, "--save-lab"))
    new = [_new(path, option) for path, option in asked_for if path]
    reading = _read(asked)
    for path in new:
        text = findings_text(reading) if path is asked.out else lab_text(reading.lab)
        with whole_file(path) as temporary:
            temporary.write_text(printable(text), encoding="utf-8")
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
    for path in new:
        say(f"written: {path}")


def _named(path: Path | None) -> str | None:
    return None if path is None else str(path)


def _new(path: Path, option: str) -> Path:
    """A file that may be written: an earlier one is never replaced."""
    check_file(path, TOML, option)
    if os.path.lexists(path):
        raise TinelError("is there already", f"{option} {path}", "choose another name")
    return path


def _read(asked: Asked) -> Reading:
    given = asked.file is not None and str(asked.file) != "-"
    name = shown_name(asked.file) if asked.file is not None and given else STANDARD_INPUT
    if asked.day is not None and not asked.day >= 0:
        raise TinelError(f"day {asked.day:g} is out of range (allowed: 0 or more)", "--day")
    rules = Rules(
        name=name,
        lab=None if asked.lab is None else read_lab(asked.lab),
        days=Days(asked.day, None if asked.injury is None else injury_date(asked.injury)),
        parameters=Parameters.of_evidence(),
        nerve="" if asked.nerve is None else _nerve(asked.nerve),
        side=asked.side or "",
    )
    if asked.paste:
        lab = rules.lab
        data = bytes_of(asked.file) if asked.file is not None and given else _standard_input()
        return read_report(text_of(data, name, lab.encoding if lab else ""), rules)
    if asked.file is None or not given:
        raise TinelError("no file is given", "FILE", "name one, or give --paste for standard input")
    return read_table(asked.file, rules)


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
