"""A reading as text: findings for a case file, what columns hold, and what was left out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from tinel.case.finding_text import as_toml
from tinel.lab_table.header import PASSED_OVER, UNITS
from tinel.lab_table.reading import LabFinding, Reading

LONGEST = 60


def findings_text(reading: Reading) -> str:
    """The findings as ``[[finding]]`` tables, which stand at the end of a case file.

    Each has a comment with its row and what was written there.
    """
    told = []
    for one in reading.findings:
        limit = f"; the laboratory's limit: {_short(one.limit)}" if one.limit else ""
        seen = one.observed
        told.append(
            f"# row {one.row}: {_short(seen.text)}{limit}\n{as_toml(seen, nerve=one.nerve)}"
        )
    return "\n".join(told)


def columns_text(reading: Reading) -> str:
    """What each column was taken for, as a table."""
    rows = [("column", "taken for", "unit")]
    for column in reading.columns:
        role = column.role if column.known else "not known, passed over"
        rows.append((_short(column.text), role, _unit(column.unit, column.sensory_unit, role)))
    meant = {c.role for c in reading.columns} & {"latency", "amplitude"}
    told = [f"{reading.name}:", *_columns(rows)]
    measured = reading.lab.measured.model_dump()
    for role in sorted(meant):
        words = ", ".join(f"{kind}: {measured[f'{kind}_{role}']}" for kind in ("motor", "sensory"))
        told.append(f"{role} where a column says no more: {words}")
    return "\n".join(told)


def _unit(unit: str, sensory: str, role: str) -> str:
    if sensory and sensory != unit:
        return f"{unit} (motor), {sensory} (sensory)"
    return unit or ("not given" if role in UNITS else "")


def left_out_text(reading: Reading) -> str:
    """What was not read, line by line with the reason; empty where all was."""
    return "\n".join(
        f"{f'row {one.row}: ' if one.row else ''}{_short(one.text)}: {one.why}"
        for one in reading.left_out
    )


def as_data(reading: Reading) -> dict[str, Any]:
    """One object: ``findings``, ``left_out`` and ``columns``; null for an open end of a range."""
    return {
        "file": reading.name,
        "findings": [_finding(one) for one in reading.findings],
        "left_out": [
            {"row": o.row, "text": o.text, "why": o.why, "understood": o.understood}
            for o in reading.left_out
        ],
        "columns": [
            {
                "column": c.text,
                "holds": c.role if c.known else None,
                "read": c.role != PASSED_OVER,
                "unit": c.unit,
                "sensory_unit": c.sensory_unit or c.unit,
            }
            for c in reading.columns
        ],
        "measured": reading.lab.measured.model_dump(),
    }


def _finding(one: LabFinding) -> dict[str, Any]:
    seen = one.observed
    return {
        "row": one.row,
        "nerve": one.nerve,
        "side": seen.side,
        "test": seen.test,
        "study": seen.subject,
        "site": seen.site,
        "quantity": seen.quantity,
        "day": seen.first_day,
        "state": seen.state,
        "low": seen.low,
        "high": seen.high,
        "unit": seen.unit,
        "written": seen.text,
        "limit": one.limit,
    }


def _short(text: str) -> str:
    one = " ".join(text.split())
    return one if len(one) <= LONGEST else f"{one[: LONGEST - 3]}..."


def _columns(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    wide = [max(len(row[k]) for row in rows) for k in range(len(rows[0]))]
    for row in rows:
        yield "  ".join(c.ljust(w) for c, w in zip(row, wide, strict=True)).rstrip()
