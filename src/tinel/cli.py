"""The command line. Heavy parts are imported by the command that needs them."""

from __future__ import annotations

import errno
import os
import signal
import sys
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import current_thread, main_thread
from types import FrameType
from typing import TYPE_CHECKING, Annotated

import typer

from tinel import __version__
from tinel.errors import TinelError
from tinel.terminal import (
    allow_any_encoding,
    discard_output,
    print_json,
    printable,
    reopen_closed_streams,
    say,
)

if TYPE_CHECKING:
    from tinel.result import Result

ABOUT = (
    "A digital peripheral nerve: lesion, time, treatment and examination, computed. "
    "Research and teaching software; no medical device and no advice for a person."
)
NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EIO)  # what a stream of output may answer
TABLES = (".parquet", ".csv", ".nc")
app = typer.Typer(help=ABOUT, add_completion=False, pretty_exceptions_enable=False)
Json = Annotated[bool, typer.Option("--json", help="Machine-readable output on standard output.")]


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
    case_files: Annotated[
        list[Path], typer.Argument(metavar="CASE ...", help="One case file (TOML), or several.")
    ],
    out: Annotated[
        Path | None,
        typer.Option(
            help="Folder of the result; default out/<name of CASE>. Of several cases, "
            "the folder that holds one folder each."
        ),
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Overrides run.seed.")] = None,
    twins: Annotated[int | None, typer.Option(help="Overrides run.twins.")] = None,
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
    with watched(sparse=as_json) as progress:
        for case, folder in zip(cases, folders, strict=True):
            results.append(compute(case, progress=progress, workers=_cores(), keep=True))
            with whole(folder) as temporary:
                write(results[-1], temporary)
                if sensitive:
                    from tinel.calibration.sensitivity import sensitivity
                    from tinel.calibration.sensitivity_files import write_sensitivity

                    write_sensitivity(sensitivity(case, progress=progress), temporary)
        if file is not None:
            from tinel.report import write_table

            progress(0, 1, "writing the table")
            write_table(results, file)
    for result in results:
        result.forget_parts()
    reports = [folder / "report.html" for folder in folders]
    if as_json:
        _print_results(results, folders, file)
    else:
        for result, report in zip(results, reports, strict=True):
            print(printable(result.summary()))
            print(f"report: {printable(str(report))}")
        if file is not None:
            print(f"table: {printable(str(file))}")
    if show:
        import webbrowser

        for report in reports:
            if not webbrowser.open(report.as_uri()):
                say(f"no browser could be started; open {report} yourself")


def _print_results(results: list[Result], folders: list[Path], file: Path | None) -> None:
    told = [
        {**result.as_json(), "folder": str(folder), "report": str(folder / "report.html")}
        for result, folder in zip(results, folders, strict=True)
    ]
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


@app.command()
def words(
    about: Annotated[
        str,
        typer.Argument(help="nerve, cause, treatment, test, limit, drug, or one of their names."),
    ] = "",
    own: Annotated[
        list[Path] | None, typer.Option("--with", metavar="FILE.py", help="A file of your own.")
    ] = None,
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


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code.

    0, 1 (fault, or standard output refused), 2 (bad input), 130 (Ctrl-C), 143 (SIGTERM), 129
    (SIGHUP) or 141 (the reader of a pipe has gone).

    Args:
        arguments: words after ``tinel``; those of the process where None.
    """
    words = list(sys.argv[1:] if arguments is None else arguments) or ["--help"]
    reopen_closed_streams()
    allow_any_encoding()
    stopped = Stopped()
    try:
        with _notes(), _stopping(stopped):
            code = _outcome(words, stopped)
            sys.stdout.flush()
        return code
    except BrokenPipeError:
        # python would complain once more when it flushes
        discard_output()
        return 141
    except OSError as problem:
        if problem.errno not in NO_ROOM:
            raise
        discard_output()
        say(f"standard output cannot be written: {problem.strerror}")
        return 1


def _outcome(words: list[str], stopped: Stopped) -> int:
    try:
        code = typer.main.get_command(app).main(words, "tinel", standalone_mode=False) or 0
    except KeyboardInterrupt:
        code = 130
    except BrokenPipeError:
        raise
    except SystemExit as ended:
        # typer turns a closed pipe into exit code 1 of its own
        if isinstance(ended.__context__, BrokenPipeError):
            raise ended.__context__ from None
        raise
    except TinelError as problem:
        return _failed(2, str(problem), "--json" in words, problem)
    except typer.TyperException as problem:
        told = f"{problem.format_message()} (see tinel --help)"
        return _failed(problem.exit_code, told, "--json" in words)
    except MemoryError:
        told = "there is not enough memory (close other programs, or compute fewer twins)"
        return _failed(1, told, "--json" in words)
    except Exception as problem:
        refused = isinstance(problem, OSError) and problem.errno in NO_ROOM
        if refused or os.environ.get("TINEL_DEBUG"):
            raise
        told = f"a fault in Tinel, not in your input: {type(problem).__name__}: {problem}"
        return _failed(1, f"{told} (set TINEL_DEBUG=1 to see where)", "--json" in words)
    if code == 130:
        return _failed(128 + stopped.signal, "interrupted; nothing was written", "--json" in words)
    return int(code)


class Stopped:
    """Which signal ended the command, if one did."""

    signal = signal.SIGINT


@contextmanager
def _stopping(stopped: Stopped) -> Iterator[None]:
    """Answer the first Ctrl-C at once, and what a cluster or a closed terminal sends: what runs
    may need seconds until it has ended."""
    if current_thread() is not main_thread():
        yield
        return

    def stop(number: int, _frame: FrameType | None) -> None:
        stopped.signal = signal.Signals(number)
        for other in usual:
            # while remains are cleared away only a second Ctrl-C counts
            signal.signal(
                other, signal.default_int_handler if other == signal.SIGINT else signal.SIG_IGN
            )
        with suppress(OSError):  # not by print, which may itself have been interrupted
            os.write(2, b"stopping ...\n")
        raise KeyboardInterrupt

    names = ("SIGINT", "SIGTERM", "SIGHUP")
    each = [getattr(signal, name) for name in names if hasattr(signal, name)]
    default = (signal.default_int_handler, signal.SIG_DFL)
    # where someone else decides what a signal means, as nohup does, it is left to them
    usual = {one: was for one in each if (was := signal.getsignal(one)) in default}
    for one in usual:
        signal.signal(one, stop)
    try:
        yield
    finally:
        for one, was in usual.items():
            signal.signal(one, was)


@contextmanager
def _notes() -> Iterator[None]:
    """Say a warning as a note, not with a line of code."""
    with warnings.catch_warnings():
        warnings.showwarning = lambda message, *_, **__: say(f"note: {message}")
        yield


def _cores() -> int:
    # those this process may use, which on a cluster are fewer than there are
    allowed = getattr(os, "sched_getaffinity", None)
    return len(allowed(0)) if allowed else os.cpu_count() or 1


def _failed(code: int, told: str, as_json: bool, problem: TinelError | None = None) -> int:
    if as_json:
        error = {"message": problem.message if problem else told, "code": code}
        if problem:
            error |= {"where": problem.where, "advice": problem.advice}
        print_json({"error": error})
    say(told)
    return code
