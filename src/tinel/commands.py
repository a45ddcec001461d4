"""The commands. Heavy parts are imported by the command that needs them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tinel import __version__
from tinel.arguments import CaseFiles, Json, OwnFiles, Seed, Twins, cores
from tinel.ask.command import ask_
from tinel.case.command import check as check_
from tinel.claims.command import claims as claims_command
from tinel.exam_command.command import exam
from tinel.forecast_command.command import forecast_
from tinel.quiz.command import quiz
from tinel.read_command.command import read_
from tinel.referral.command import next_
from tinel.risk.command import risk
from tinel.terminal import print_json, printable, say

if TYPE_CHECKING:
    from tinel.case import Case
    from tinel.progress import Progress
    from tinel.result import Result

ABOUT = (
    "A digital peripheral nerve: lesion, time, treatment and examination, computed. "
    "Research and teaching software; no medical device and no advice for a person."
)
TABLES = (".parquet", ".csv", ".nc")
app = typer.Typer(help=ABOUT, add_completion=False, pretty_exceptions_enable=False)


def _version(wanted: bool) -> None:
    if wanted:
        print(f"tinel {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Options before any command."""


@app.command()
def run(
    case_files: CaseFiles,
    out: Annotated[
        Path | None,
        typer.Option(
            help="Folder of the result; default out/<name of CASE>. Of several cases, "
            "the folder that holds one folder each."
        ),
    ] = None,
    seed: Seed = None,
    twins: Twins = None,
    table: Annotated[
        Path | None,
        typer.Option(help="Also write every twin's values to this file: .parquet, .csv or .nc."),
    ] = None,
    changes: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="KEY=VALUE",
            help="Changes a number; see tinel evidence. May be given several times.",
        ),
    ] = None,
    own: Annotated[
        list[Path] | None,
        typer.Option(
            "--with",
            metavar="FILE.py",
            help="A file of your own with causes, treatments, "
            "tests or limits; it is run. May be given several times.",
        ),
    ] = None,
    show: Annotated[bool, typer.Option("--open", help="Open the report in a browser.")] = False,
    sensitive: Annotated[
        bool,
        typer.Option("--sensitivity", help="Also find which assumptions move each forecast most."),
    ] = False,
    as_json: Json = False,
) -> None:
    """Compute cases from cause to recovery and write their reports."""
    from tinel.options import cases_of, targets_of
    from tinel.progress import watched
    from tinel.writing import check_file, whole

    cases = cases_of(case_files, seed, twins, changes or [], own or [])
    folders = targets_of(case_files, out)
    file = None if table is None else check_file(table, TABLES, "--table")
    for note in (note for case in cases for note in case.notes):
        say(f"note: {note}")
    from tinel.flow import run as compute
    from tinel.report import write

    results = []
    with _told_when_stopped() as written:
        with watched(sparse=as_json) as progress:
            for case, folder in zip(cases, folders, strict=True):
                results.append(compute(case, progress=progress, workers=cores(), keep=True))
                with whole(folder, written) as temporary:
                    write(results[-1], temporary)
            if file is not None:
                from tinel.report import write_table

                progress(0, 1, "writing the table")
                write_table(results, file)
            moved = [""] * len(results)
            if sensitive:
                # after every report stands: what stops it costs none of them
                moved = [
                    _sensitivity(case, result, folder, progress)
                    for case, result, folder in zip(cases, results, folders, strict=True)
                ]
        for result in results:
            result.forget_parts()
        if as_json:
            _print_results(results, folders, file, sensitive)
        else:
            _say_results(results, folders, file, moved)
    if show:
        import webbrowser

        for folder in folders:
            if not webbrowser.open((report := folder / "report.html").as_uri()):
                say(f"no browser could be started; open {report} yourself")


@contextmanager
def _told_when_stopped() -> Iterator[list[Path]]:
    """A list of results that stand; whoever stops the command is told of them."""
    written: list[Path] = []
    try:
        yield written
    except KeyboardInterrupt:
        for folder in written:
            say(f"this report stands: {folder / 'report.html'}")
        raise


def _say_results(
    results: list[Result], folders: list[Path], file: Path | None, moved: list[str]
) -> None:
    for result, folder, movers in zip(results, folders, moved, strict=True):
        print(printable(result.summary()))
        print(f"report: {printable(str(folder / 'report.html'))}")
        if movers:
            print(printable(movers))
    if file is not None:
        print(f"table: {printable(str(file))}")


def _sensitivity(case: Case, result: Result, folder: Path, progress: Progress) -> str:
    from tinel.calibration.sensitivity import sensitivity
    from tinel.calibration.sensitivity_files import as_text, write_sensitivity
    from tinel.report import write
    from tinel.writing import whole

    movers = sensitivity(case, progress=progress)
    with whole(folder) as temporary:
        write(result, temporary)
        write_sensitivity(movers, temporary)
    return as_text(movers)


def _print_results(
    results: list[Result], folders: list[Path], file: Path | None, sensitive: bool
) -> None:
    from tinel.writing import SENSITIVITY_FILES

    told = []
    for result, folder in zip(results, folders, strict=True):
        one = {**result.as_json(), "folder": str(folder), "report": str(folder / "report.html")}
        if sensitive:
            one["sensitivity"] = [str(folder / name) for name in sorted(SENSITIVITY_FILES)]
        told.append(one)
    table = {} if file is None else {"table": str(file)}
    print_json({**(told[0] if len(told) == 1 else {"results": told}), **table})


@app.command()
def evidence(
    key: Annotated[str, typer.Argument(help="A key, or the beginning of one.")] = "",
    as_json: Json = False,
) -> None:
    """Show a number with its source and evidence grade, or list the keys that begin like KEY."""
    from tinel.lookup import as_text, found

    numbers = found(key)
    if as_json:
        from dataclasses import asdict

        print_json({"numbers": [asdict(number) for number in numbers]})
    else:
        print(printable(as_text(key, numbers)))


app.command("claims")(claims_command)


@app.command()
def words(
    about: Annotated[
        str,
        typer.Argument(help="nerve, cause, treatment, test, limit, drug, or one of their names."),
    ] = "",
    own: OwnFiles = None,
    as_json: Json = False,
) -> None:
    """List the words that a case file may use, with their keys, units and ranges."""
    from tinel.vocabulary import as_text, vocabulary

    found = vocabulary(about, own or [])
    if as_json:
        from dataclasses import asdict

        print_json({"words": [asdict(word) for word in found]})
    else:
        print(printable(as_text(found)))


app.command()(exam)
app.command("forecast")(forecast_)
app.command("read")(read_)
app.command()(quiz)
app.command()(risk)


@app.command()
def doctor(as_json: Json = False) -> None:
    """Check the installation, and say what is missing and how to fix it."""
    from dataclasses import asdict

    from tinel.doctor import examine

    checks = examine()
    if as_json:
        print_json({"fine": all(c.fine for c in checks), "checks": [asdict(c) for c in checks]})
    for check in [] if as_json else checks:
        fix = "" if check.fine else f"  -> {check.fix}"
        print(printable(f"{'ok ' if check.fine else 'BAD'}  {check.name:18} {check.found}{fix}"))
    if not all(check.fine for check in checks):
        raise typer.Exit(1)


app.command("check")(check_)
app.command("next")(next_)
app.command("ask")(ask_)
