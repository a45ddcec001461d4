"""Case files of published patients, run and printed beside what was published.

The files are not part of this package; a folder of them is read where it is, and a missing case is
said and left out.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tinel.calibration.outcome import beyond
from tinel.calibration.runner import WORKERS
from tinel.case import Case, load
from tinel.case.schema import Exam
from tinel.errors import TinelError
from tinel.exam.tests.strength import MRC_GRADE
from tinel.exam.tests.touch import FILAMENT, healthy_marking
from tinel.flow import run
from tinel.progress import Progress, silent
from tinel.result import Result

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

FILE = Path(__file__).with_name("case_figures.toml")
TWINS = 100
FEWEST = 5  # twins that fit the first finding, below which nothing is compared


@dataclass(frozen=True)
class Line:
    """One compared finding, in words; ``inside`` is None where nothing can be compared."""

    case: str
    counted: str
    published: str
    computed: str
    inside: bool | None


def compare_cases(
    folder: Path, n_twin: int = TWINS, workers: int = WORKERS, progress: Progress = silent
) -> Iterator[Line]:
    """Run the published cases of a folder, one after another.

    Args:
        folder: with case files named as in ``case_figures.toml``.
        n_twin: twins of each case.
        workers: processes.
        progress: called while a case is computed.

    Raises:
        TinelError: no such folder.
    """
    if not folder.is_dir():
        raise TinelError(f"{folder} is no folder", advice="name one with case files")
    figures: dict[str, list[dict[str, Any]]] = {}
    for figure in tomllib.loads(FILE.read_text(encoding="utf-8"))["figure"]:
        figures.setdefault(figure["case"], []).append(figure)
    for name, own in figures.items():
        file = folder / f"{name}.toml"
        if not file.is_file():
            yield Line(name, "", "", f"{file.name} is not there", None)
            continue
        try:
            case = _examined(load(file), own)
            result = run(case.with_run(twins=n_twin), progress=progress, workers=workers)
        except TinelError as problem:
            yield Line(name, "", "", str(problem), None)
            continue
        for figure in own:
            try:
                yield _line(name, figure, result)
            except TinelError as problem:
                yield Line(name, figure["counted"], _range(figure["published"]), str(problem), None)


def _examined(case: Case, figures: Sequence[Mapping[str, Any]]) -> Case:
    """The case with the tests that its figures need beside its own."""
    more = [Exam(days=(f["day"],), tests=(f["also"],)) for f in figures if "also" in f]
    return replace(case, exam=(*case.exam, *more))


def as_text(lines: Sequence[Line]) -> str:
    """The lines as a table for the terminal, and how many lie inside."""
    known = [line for line in lines if line.inside is not None]
    rows = [
        f"{line.case:21} {line.counted:52.52} {line.published:>14}  {line.computed:34} "
        f"{ {None: '-', True: 'inside', False: 'OUTSIDE'}[line.inside] }"
        for line in lines
    ]
    head = f"{'case':21} {'what':52} {'published':>14}  {'computed':34} "
    inside = sum(bool(line.inside) for line in known)
    return "\n".join([head, *rows, f"{inside} of {len(known)} inside"])


def _line(name: str, figure: Mapping[str, Any], result: Result) -> Line:
    arm = next((p.name for p in result.plans if p.interventions), result.waiting)
    if figure.get("arm") == "wait":
        arm = result.waiting
    chosen = np.ones(result.case.run.twins, bool)
    if given := figure.get("given"):
        chosen = _meets(given, result, result.waiting, given["day"])
    n = int(chosen.sum())
    published = figure["published"]
    if n < FEWEST:
        told = f"{n} of {len(chosen)} twins fit the first finding"
        return Line(name, figure["counted"], _range(published), told, None)
    of = "" if n == len(chosen) else f" ({n} twins fit)"
    low, high = float(published[0]), float(published[-1])
    value, ends = _KINDS[figure["kind"]](figure, result, arm, chosen)
    if ends is None:
        inside, told = low <= value <= high, f"{value:.0f} %{of}"
    else:
        inside = ends[0] <= high and ends[1] >= low
        told = f"{_short(value)} ({_short(ends[0])} to {_short(ends[1])}){of}"
    return Line(name, figure["counted"], _range(published), told, bool(inside))


Ends = tuple[float, float] | None


def _percent(figure: Mapping[str, Any], result: Result, arm: str, chosen: Bools) -> Any:
    return 100 * float(_meets(figure, result, arm, figure["day"])[chosen].mean()), None


def _touch(figure: Mapping[str, Any], result: Result, arm: str, chosen: Bools) -> Any:
    limit = healthy_marking(result.healthy.limb.nerve) + 1e-9
    names = figure.get("targets") or _hit(result, "sensory")
    day = _day(result, figure["day"])
    normal = [result.twins(arm, FILAMENT, n)[:, day] <= limit for n in names]
    return 100 * float(np.all(normal, axis=0)[chosen].mean()), None


def _value(figure: Mapping[str, Any], result: Result, arm: str, chosen: Bools) -> Any:
    if "test" not in figure:
        curve = result.twins(arm, figure["quantity"], figure["target"])
        return _middle(curve[chosen, _day(result, figure["day"])])
    day = f"{figure['day']:g}"
    wanted = {"test": figure["test"], "quantity": figure["quantity"]}
    for labels, _, values in result.outcomes.exams.rows():
        if all(labels[k] == v for k, v in {**wanted, "arm": arm, "day": day}.items()):
            if figure.get("other_side"):
                same = {k: labels[k] for k in ("test", "subject", "site", "quantity")}
                values = 100 * values / result.outcomes.healthy.of(**same)
            return _middle(values[chosen])
    raise TinelError(f"{figure['test']}, {figure['quantity']} is not examined on day {day}")


def _motor_domain(figure: Mapping[str, Any], result: Result, arm: str, chosen: Bools) -> Any:
    place, day = _day(result, figure["day"]), f"{figure['day']:g}"
    mrc = [result.twins(arm, MRC_GRADE, name)[:, place] for name in figure["targets"]]
    for labels, _, values in result.outcomes.exams.rows():
        if (labels["quantity"], labels["arm"], labels["day"]) == ("grip fraction", arm, day):
            return _middle(((100 * np.mean(mrc, axis=0) / 5 + values) / 2)[chosen])
    raise TinelError(f"grip is not examined on day {day}")


def _first_day(figure: Mapping[str, Any], result: Result, arm: str, chosen: Bools) -> Any:
    ok = np.stack([_meets(figure, result, arm, day) for day in result.days], axis=1)
    first = np.where(ok.any(axis=1), np.array(result.days)[ok.argmax(axis=1)], np.inf)
    low, middle, high = np.quantile(first[chosen], (0.05, 0.5, 0.95), method="nearest")
    return float(middle), (float(low), float(high))


_KINDS: dict[str, Callable[[Mapping[str, Any], Result, str, Bools], tuple[float, Ends]]] = {
    "percent": _percent,
    "touch": _touch,
    "value": _value,
    "first day": _first_day,
    "motor domain": _motor_domain,
}


def _meets(rule: Mapping[str, Any], result: Result, arm: str, day: float) -> Bools:
    place = _day(result, day)
    names = rule.get("targets") or _hit(result, "motor")
    mrc = np.stack([result.twins(arm, MRC_GRADE, n)[:, place] for n in names], axis=1)
    ok = (mrc >= rule.get("at_least", 0)) & (mrc <= rule.get("at_most", 5))
    return np.asarray(ok.any(axis=1) if rule.get("of") == "any" else ok.all(axis=1))


def _hit(result: Result, kind: str) -> tuple[str, ...]:
    visit = next(iter(next(iter(result.visits.values())).values()))  # of the middle twin
    return beyond(result.healthy.limb.nerve, visit.limb.lesion.present, kind)


def _day(result: Result, day: float) -> int:
    return int(np.abs(np.array(result.days) - day).argmin())


def _middle(values: Floats) -> tuple[float, tuple[float, float]]:
    known = values[~np.isnan(values)]
    if not len(known):
        raise TinelError("no twin has a response")
    low, middle, high = np.quantile(known, (0.05, 0.5, 0.95))
    return float(middle), (float(low), float(high))


def _range(published: Sequence[float]) -> str:
    low, high = published[0], published[-1]
    return f"{low:g}" if low == high else f"{low:g} to {high:g}"


def _short(value: float) -> str:
    return "never" if np.isinf(value) else f"{value:.3g}"
