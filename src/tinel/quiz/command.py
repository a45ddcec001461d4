"""The command ``tinel quiz``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tinel.arguments import CaseFiles, OwnFiles
from tinel.errors import TinelError
from tinel.terminal import print_json, printable, say

MOST = 50


def quiz(
    case_files: CaseFiles,
    out: Annotated[Path, typer.Option(metavar="FILE.html", help="The page to write (needed).")],
    seed: Annotated[int, typer.Option(help="Another seed gives other people and days.")] = 1,
    count: Annotated[int, typer.Option(help="How many studies, 1 to 50.")] = 1,
    own: OwnFiles = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="The answers on standard output, machine-readable.")
    ] = False,
) -> None:
    """Write blind studies of people drawn from cases, with questions and the truth, as one page."""
    from tinel.options import cases_of
    from tinel.progress import watched
    from tinel.quiz.draw import draw
    from tinel.quiz.page import render
    from tinel.quiz.study import examine
    from tinel.writing import check_file, whole_file

    for option, given, least, most in (("--count", count, 1, MOST), ("--seed", seed, 0, None)):
        if given < least or (most is not None and given > most):
            allowed = f"{least} or more" if most is None else f"{least} to {most}"
            raise TinelError(f"{given} is out of range (allowed: {allowed})", option)
    check_file(out, (".html",), "--out")
    cases = cases_of(case_files, None, None, [], own or [])
    for note in (note for case in cases for note in case.remarks):
        say(f"note: {note}")
    studies = []
    with watched(sparse=as_json) as progress:
        for k in range(count):
            progress(k, count, "examining")
            studies.append(examine(draw(cases, seed, k)))
    page, shown = render(studies, seed)
    with whole_file(out) as temporary:
        temporary.write_text(page, encoding="utf-8")
    if as_json:
        answers = [{one.name: one.options[one.right] for one in study.questions} for study in shown]
        print_json({"file": str(out), "seed": seed, "count": count, "answers": answers})
        return
    print(f"quiz: {printable(str(out))} ({count} {'study' if count == 1 else 'studies'})")
