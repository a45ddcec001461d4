"""``python -m tinel.calibration``: fit the free parameters or move them together, compute every
cohort, or run cases."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Sequence
from pathlib import Path

from tinel.errors import TinelError
from tinel.progress import watched
from tinel.terminal import say

PAGE = Path("docs/validation.md")


def one_or_more(text: str) -> int:
    """A whole number of 1 or more from the command line.

    Example:
        >>> one_or_more("12")
        12
    """
    if not text.isdecimal() or int(text) < 1:
        raise ArgumentTypeError(f"'{text}' (allowed: a whole number, 1 or more)")
    return int(text)


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line asks for; the exit status."""
    from tinel.calibration import calibrate, cases, validate
    from tinel.calibration.runner import WORKERS

    parser = ArgumentParser(prog="python -m tinel.calibration", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    fit = commands.add_parser("fit", help="fit the free parameters to the fit cohorts")
    fit.add_argument(
        "--points",
        type=lambda text: tuple(map(one_or_more, text.split(","))),
        default=calibrate.POINTS,
        help="of each wave, with commas between them",
    )
    fit.add_argument(
        "--twins", type=one_or_more, default=calibrate.TWINS, help="patients per population"
    )
    move = commands.add_parser("together", help="move the free parameters together, downhill")
    move.add_argument("--steps", type=one_or_more, default=calibrate.STEPS, help="the most of them")
    move.add_argument(
        "--twins", type=one_or_more, default=calibrate.MOVED_TWINS, help="patients per population"
    )
    check = commands.add_parser("validate", help="compute every cohort and write the page")
    check.add_argument("--rows", type=one_or_more, default=validate.ROWS, help="of the posterior")
    check.add_argument(
        "--twins", type=one_or_more, default=validate.TWINS, help="patients per population"
    )
    check.add_argument("--page", type=Path, default=PAGE)
    single = commands.add_parser("cases", help="run published cases beside what was published")
    single.add_argument("folder", type=Path, help="with the case files")
    single.add_argument("--twins", type=one_or_more, default=cases.TWINS, help="of each case")
    for one in (fit, move, check, single):
        one.add_argument("--workers", type=one_or_more, default=WORKERS, help="processes")
    given = parser.parse_args(arguments)
    try:
        if given.command == "fit":
            _fit(given.points, given.twins, given.workers)
        elif given.command == "together":
            _together(given.steps, given.twins, given.workers)
        elif given.command == "cases":
            _cases(given.folder, given.twins, given.workers)
        else:
            _validate(given.rows, given.twins, given.workers, given.page)
    except TinelError as problem:
        say(f"error: {problem}")
        return 1
    except KeyboardInterrupt:
        say("stopped; what was computed is kept, the same command goes on")
        return 130
    return 0


def _fit(points: tuple[int, ...], n_twin: int, workers: int) -> None:
    from tinel.calibration.calibrate import about, calibrate
    from tinel.calibration.into_evidence import set_values
    from tinel.evidence.posterior import write
    from tinel.nerve.library import parameters

    with watched() as progress:
        fitted = calibrate(points, n_twin, workers, progress)
    for name, problem in fitted.problems.items():
        say(f"not fitted: {name}: {problem}")
    keys = tuple(one.key for one in fitted.free)
    write(keys, fitted.rows, about(fitted, n_twin))
    set_values(keys, fitted.rows, [parameters().scalar(key) for key in keys])
    for seen, emulated in fitted.checked:
        say(f"row checked: {seen:.2f} stated errors from the cohorts, emulated {emulated:.2f}")


def _together(steps: int, n_twin: int, workers: int) -> None:
    from tinel.calibration.calibrate import move_together
    from tinel.calibration.together import told

    with watched() as progress:
        prior, way = move_together(steps, n_twin, workers, progress)
    print("\n".join(told(way, prior)))


def _validate(n_row: int, n_twin: int, workers: int, file: Path) -> None:
    from tinel.calibration.page import into, page
    from tinel.calibration.rows import rows_of
    from tinel.calibration.validate import before_calibration, validate
    from tinel.evidence.validated import write

    text = file.read_text(encoding="utf-8")
    into(text, "")  # a page without a place for it is refused before hours of work
    with watched() as progress:
        now = validate(n_twin, n_row, workers, progress)
        before = None
        if now.posterior is not None:
            once = before_calibration(now.posterior)
            before = validate(n_twin, 1, workers, progress, once)
    file.write_text(into(text, page(now, before)), encoding="utf-8")
    write(rows_of(now))
    say(f"wrote {file} and the rows that reports show")


def _cases(folder: Path, n_twin: int, workers: int) -> None:
    from tinel.calibration.cases import as_text, compare_cases

    with watched() as progress:
        lines = list(compare_cases(folder, n_twin, workers, progress))
    print(as_text(lines))


if __name__ == "__main__":
    sys.exit(main())
