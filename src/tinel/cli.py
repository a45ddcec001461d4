"""The command line: what surrounds a command, from signals to exit codes.

The commands are imported late, so that a signal during their imports is answered like any other.
"""

from __future__ import annotations

import errno
import os
import signal
import sys
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from threading import current_thread, main_thread
from types import FrameType

from tinel.errors import TinelError
from tinel.terminal import (
    allow_any_encoding,
    discard_output,
    print_json,
    reopen_closed_streams,
    say,
)
from tinel.undisturbed import STOPPING

NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EIO)  # what a stream of output may answer
INTERRUPTED = 130
AGAIN_s = 0.01  # long enough for what dropped an interrupt to be over; at need it comes again


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code.

    0, 1 (fault, or standard output refused), 2 (bad input), 130 (Ctrl-C), 143 (SIGTERM), 129
    (SIGHUP) or 141 (the reader of a pipe has gone).

    Args:
        arguments: words after ``tinel``; those of the process where None.
    """
    words = list(sys.argv[1:] if arguments is None else arguments) or ["--help"]
    stopped = Stopped()
    try:
        with _stopping(stopped), _notes():
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
        reopen_closed_streams()
        allow_any_encoding()
        if (code := _done(words)) != INTERRUPTED:
            if stopped.signal is not None:
                say("ended before it could be stopped")
            return code
    except KeyboardInterrupt:
        pass
    except Exception as problem:
        # a library that is interrupted while it is imported fails in any way
        if stopped.signal is None:
            return _told(problem, "--json" in words)
    number = 128 + (stopped.signal or signal.SIGINT)
    return _failed(number, "interrupted; nothing unfinished was written", "--json" in words)


def _done(words: list[str]) -> int:
    import typer

    from tinel.commands import app

    try:
        return int(typer.main.get_command(app).main(words, "tinel", standalone_mode=False) or 0)
    except SystemExit as ended:
        # typer turns a closed pipe into exit code 1 of its own
        if isinstance(ended.__context__, BrokenPipeError):
            raise ended.__context__ from None
        raise
    except typer.TyperException as problem:
        told = f"{problem.format_message()} (see tinel --help)"
        return _failed(problem.exit_code, told, "--json" in words)


def _told(problem: Exception, as_json: bool) -> int:
    if isinstance(problem, TinelError):
        return _failed(2, str(problem), as_json, problem)
    if isinstance(problem, MemoryError):
        told = "there is not enough memory (close other programs, or compute fewer twins)"
        return _failed(1, told, as_json)
    refused = isinstance(problem, OSError) and problem.errno in NO_ROOM
    if refused or isinstance(problem, BrokenPipeError) or os.environ.get("TINEL_DEBUG"):
        raise problem
    told = f"a fault in Tinel, not in your input: {type(problem).__name__}: {problem}"
    return _failed(1, f"{told} (set TINEL_DEBUG=1 to see where)", as_json)


class Stopped:
    """Which signal ended the command, if one did."""

    signal: int | None = None


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

    def again(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    def dropped(told: sys.UnraisableHookArgs) -> None:
        # Python drops what is raised in a destructor or when a weak reference ends
        if stopped.signal is None or told.exc_type is not KeyboardInterrupt:
            hook(told)
        elif hasattr(signal, "setitimer"):
            signal.setitimer(signal.ITIMER_REAL, AGAIN_s)

    default = (signal.default_int_handler, signal.SIG_DFL)
    # where someone else decides what a signal means, as nohup does, it is left to them
    usual = {one: was for one in STOPPING if (was := signal.getsignal(one)) in default}
    for one in usual:
        signal.signal(one, stop)
    hook, sys.unraisablehook = sys.unraisablehook, dropped
    alarm = signal.signal(signal.SIGALRM, again) if hasattr(signal, "SIGALRM") else None
    try:
        yield
    finally:
        sys.unraisablehook = hook
        if hasattr(signal, "SIGALRM"):
            signal.setitimer(signal.ITIMER_REAL, 0.0)
            signal.signal(signal.SIGALRM, alarm or signal.SIG_DFL)
        for one, was in usual.items():
            signal.signal(one, was)


@contextmanager
def _notes() -> Iterator[None]:
    """Say a warning as a note, not with a line of code."""
    with warnings.catch_warnings():
        warnings.showwarning = lambda message, *_, **__: say(f"note: {message}")
        yield


def _failed(code: int, told: str, as_json: bool, problem: TinelError | None = None) -> int:
    if as_json:
        error = {"message": problem.message if problem else told, "code": code}
        if problem:
            error |= {"where": problem.where, "advice": problem.advice}
        print_json({"error": error})
    say(told)
    return code
