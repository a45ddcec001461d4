"""From a result to the files of its folder."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from tinel.report.courses import CourseRow, course_rows
from tinel.report.delimited import as_csv
from tinel.report.diagnosis import diagnosis, typical
from tinel.report.drawing import style
from tinel.report.findings_table import FindingRow, finding_rows
from tinel.report.first_screen import first_screen
from tinel.report.overview import overview
from tinel.report.page import render
from tinel.report.pain_treatments import pain_treatments
from tinel.report.recovery import recovery
from tinel.report.sources import sources
from tinel.report.symptoms import symptom_chapter
from tinel.report.treatments import treatments
from tinel.result import Result
from tinel.writing import LETTER, MANIFEST


def write(result: Result, folder: Path) -> None:
    """Write ``report.html``, ``findings.csv``, ``course.csv``, ``letter.txt`` and the manifest.

    Further nerves of the case get the same files in a folder each, named after the nerve.

    The same result gives the same bytes. The manifest is the result's own, with the keys of all
    numbers that were read (reference limits too) and the hash of each file.

    Args:
        result: from ``tinel.run.run``.
        folder: exists; files of the same name are replaced.

    Raises:
        OSError: a file cannot be written.
    """
    with style():
        measured, first = finding_rows(result), first_screen(result)
        files = {
            "findings.csv": as_csv(FindingRow, measured),
            "course.csv": as_csv(CourseRow, course_rows(result)),
            LETTER: f"{first.letter}\n",
        }
        chapters: dict[str, Any] = {
            "first": first,
            "overview": overview(result),
            "tests": diagnosis(result, measured),
            "typical": typical(result),
            "recovery": recovery(result),
            "treatments": treatments(result),
            "symptoms": symptom_chapter(result),
            "pain_treatments": pain_treatments(),
        }
    manifest = {**result.manifest, "evidence": sorted(result.parameters.read)}
    chapters["sources"] = sources(result, manifest)
    files["report.html"] = render(result=result, **chapters)
    manifest["files"] = {
        name: hashlib.sha256(text.encode()).hexdigest() for name, text in sorted(files.items())
    }
    files[MANIFEST] = json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"
    for name, text in files.items():
        (folder / name).write_bytes(text.encode())
    for name, other in result.beside.items():
        inner = folder / name.replace(" ", "_")
        inner.mkdir(exist_ok=True)
        write(other, inner)
