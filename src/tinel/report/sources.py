"""Chapter five: every number that was used, assumptions first, and how to make this again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from tinel import __version__
from tinel.evidence import GRADES, Number
from tinel.report.figure import Table, table
from tinel.report.limitations import LIMITATIONS
from tinel.report.track_record import TrackRecord, track_record
from tinel.result import Result

_ORDER = ("assumption", "calibrated", "unverified", "animal", "secondary", "read")


@dataclass(frozen=True)
class Sources:
    """What the fifth chapter shows."""

    summary: str
    changed: Table | None
    evidence_grades: Table
    numbers: tuple[tuple[str, Table], ...]
    limitations: tuple[tuple[str, str], ...]
    track_record: TrackRecord
    manifest: Table
    cite: str


def sources(result: Result, manifest: Mapping[str, Any]) -> Sources:
    """Collect the fifth chapter from all numbers that were read."""
    used = result.used
    graded = {g: [used[k] for k in sorted(used) if used[k].evidence_grade == g] for g in _ORDER}
    assumed = len(graded["assumption"])
    return Sources(
        summary=(
            f"{len(used)} numbers went into this report; {assumed} of them are assumptions that "
            f"nobody has measured, and {len(graded['animal'])} come from animals."
        ),
        changed=_changed(result),
        evidence_grades=table(
            "Grades",
            ("grade", "what it means", "numbers"),
            [[g, GRADES[g], str(len(graded[g]))] for g in _ORDER],
        ),
        numbers=tuple((g, _numbers(g, found)) for g, found in graded.items() if found),
        limitations=LIMITATIONS,
        track_record=track_record(result.case.nerve.name),
        manifest=table("Manifest", ("field", "value"), _flat(manifest)),
        cite=(
            f"Tinel contributors. Tinel: a digital peripheral nerve, version {__version__}. "
            f"Apache-2.0. Report of {result.manifest['case']} "
            f"(SHA-256 {result.case.source.sha256[:12]}), seed {result.case.run.seed}, "
            f"{result.case.run.twins} twins."
        ),
    )


def _changed(result: Result) -> Table | None:
    """The parameters changed by hand, beside the values they otherwise have."""
    rows = []
    for key, given in sorted(result.case.parameters.changed.items()):
        number = result.parameters.numbers[key]
        low, high = float(np.min(given)), float(np.max(given))
        value = f"{low:g}" if low == high else f"{low:g} to {high:g}, by twin"
        unit = "" if number.unit == "1" else number.unit
        read = "yes" if key in result.parameters.read else "no"
        rows.append([key, value, f"{number.value:g}", unit, read, number.source])
    if not rows:
        return None
    head = ("number", "changed to", "otherwise", "unit", "used here", "source of the other value")
    return table("Changed by hand", head, rows, wide=True)


def _numbers(evidence_grade: str, found: list[Number]) -> Table:
    rows = [
        [
            n.key,
            f"{n.value:g}",
            n.spread,
            "" if n.unit == "1" else n.unit,
            n.species,
            n.source,
            n.note,
        ]
        for n in found
    ]
    head = ("number", "value", "spread", "unit", "species", "source", "note")
    return table(f"{evidence_grade}: {GRADES[evidence_grade]}", head, rows, wide=True)


def _flat(manifest: Mapping[str, Any]) -> list[list[str]]:
    rows: list[list[str]] = []
    for key, value in manifest.items():
        if key in ("evidence", "files", "changed") or (key == "own_files" and not value):
            continue  # the tables above; and a file cannot state its own hash
        if isinstance(value, Mapping):
            rows.extend([f"{key}: {name}", str(inner)] for name, inner in value.items())
        elif isinstance(value, list | tuple):
            rows.append([key, "; ".join(str(v) for v in value) or "none"])
        else:
            rows.append([key, str(value)])
    return rows
