"""``python -m tinel.checks.pictures``: how often pictures find what simulated people have.

A table of what was computed beside what is published, in the words of docs/imaging.md.
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from tinel.claims.computations.agreement import TwoByTwo, of_two
from tinel.errors import TinelError
from tinel.evidence import Count, Parameters
from tinel.exam.accuracy.study import (
    Accuracy,
    Areas,
    areas,
    neuroma_ratios,
    normal_areas,
    severed,
)
from tinel.exam.limb import Floats
from tinel.progress import Progress, silent, watched
from tinel.terminal import say

GROSS = 0.3
READ_OVER_DRAWN = "read over drawn (median), healthy people; pressed ones"
PARTS = ("tunnel", "elbow", "slide", "stack", "neuroma", "sites")


@dataclass(frozen=True)
class Row:
    """One value beside the published one.

    Args:
        value, published, computed: as the table prints them.
    """

    value: str
    published: str
    computed: str

    @property
    def line(self) -> str:
        """The row of a Markdown table.

        Example:
            >>> Row("area", "9.3 mm²", "8.0 mm²").line
            '| area | 9.3 mm² | 8.0 mm² |'
        """
        return f"| {self.value} | {self.published} | {self.computed} |"


def of_tunnels(found: Areas) -> Iterator[Row]:
    """Ultrasound and conduction of wrists, and how they agree."""
    yield _mean("area at the inlet, healthy", "9.0 to 9.3 mm²", found.read_mm2[~found.ill])
    yield _mean("area at the inlet, pressed", "16.8 mm²", found.read_mm2[found.ill])
    yield Row(READ_OVER_DRAWN, "", _errors(found))
    for limit, published in ((9.0, "87.3 / 83.3 %"), (11.0, "70 % / not told")):
        yield from _read_and_drawn(f"inlet, {limit:g} mm² or more", published, found, limit)
    if not len(found.conduction):
        return
    of_conduction = Accuracy.of(found.ill, found.conduction)
    yield _accuracy("conduction of the same people", "not compared", of_conduction)
    for limit in (11.0, 9.0):
        one = of_two(found.abnormal(limit), found.conduction)
        told = f"kappa of ultrasound ({limit:g} mm²) and conduction"
        yield Row(told, "0.54 by its table, 0.71 printed", _kappa(one))
        if one.both + one.second and one.neither + one.first:
            against = Accuracy.of(found.conduction, found.abnormal(limit))
            told = f"ultrasound ({limit:g} mm²) where conduction is abnormal / normal"
            yield _accuracy(told, "88.5 / 65 %", against)


def rows(n: int, parts: Sequence[str], progress: Progress = silent) -> Iterator[Row]:
    """Every row of the table, as it is computed.

    Args:
        n: ill people of each cohort and as many healthy ones; a quarter as many neuromas and
            people of each site.
        parts: some of ``PARTS``.
        progress: called with how far it is.
    """
    numbers, few = Parameters.of_evidence(), max(n // 4, 1)
    if "tunnel" in parts:
        yield from of_tunnels(areas("tunnel", n, numbers, progress=progress))
    if "elbow" in parts:
        of_elbows = areas("elbow", n, numbers, progress=progress)
        yield _mean("area at the elbow, healthy", "7.3 mm²", of_elbows.read_mm2[~of_elbows.ill])
        yield _mean("area at the elbow, pressed", "", of_elbows.read_mm2[of_elbows.ill])
        yield Row(READ_OVER_DRAWN, "", _errors(of_elbows))
        yield from _read_and_drawn("elbow, 10 mm² or more", "85 / 91 %", of_elbows, 10.0)
    if "slide" in parts:
        cut = severed(n, "slide", numbers, progress)
        published = "89 / 95 %, 92 / 86 %, 80.4 / 100 %"
        yield _accuracy("cut nerve, ultrasound", published, cut.accuracy)
    if "stack" in parts:
        cut = severed(n, "stack", numbers, progress)
        yield _accuracy("cut nerve, MR", "92.6 / 66.6 %", cut.accuracy)
        unsaid = int(np.isnan(cut.interrupted).sum())
        yield Row("MR that says nothing", "", f"{unsaid} of {len(cut.interrupted)}")
    if "neuroma" in parts:
        ratios = neuroma_ratios(few, numbers)
        seen = ratios[np.isfinite(ratios)]
        low, middle, high = np.quantile(seen, (0.25, 0.5, 0.75)) if len(seen) else [np.nan] * 3
        told = f"{middle:.2f} ({low:.2f} to {high:.2f}); {len(seen)} of {len(ratios)} seen"
        yield Row("terminal neuroma over nerve, diameters", "2.48 (1.70 to 3.44)", told)
    if "sites" in parts:
        for key, read in normal_areas(few, numbers):
            mean, sd = (numbers.scalar(f"{key}.{which}") for which in ("mean", "sd"))
            told = key.rpartition(".")[2].replace("_", " ")
            yield _mean(f"area: {told}", f"{mean:.2f} ({sd:.2f}) mm²", read)


def _read_and_drawn(value: str, published: str, found: Areas, limit: float) -> Iterator[Row]:
    yield _accuracy(value, published, found.accuracy(limit))
    yield _accuracy("the same without errors of reading", "", found.accuracy_as_drawn(limit))


def _errors(found: Areas) -> str:
    over = found.read_mm2 / found.drawn_mm2
    gross = np.abs(over - 1.0) > GROSS
    parts = []
    for who in (~found.ill, found.ill):
        seen = who & np.isfinite(over)
        told = f"{np.median(over[seen]):.2f}" if seen.any() else "none seen"
        parts.append(f"{told}, off by more than 30 %: {int((gross & seen).sum())} of {who.sum()}")
    return "; ".join(parts)


def _accuracy(value: str, published: str, one: Accuracy) -> Row:
    told = f"{_percent(one.sensitivity)} / {_percent(one.specificity)} %"
    of = f"{one.sensitivity.denominator} and {one.specificity.denominator}"
    return Row(value, published, f"{told}, n {of}")


def _percent(count: Count) -> str:
    low, high = count.interval_percent
    return f"{count.percent:.0f} ({low:.0f} to {high:.0f})"


def _kappa(one: TwoByTwo) -> str:
    low, high = one.kappa_interval
    table = f"both {one.both}, ultrasound alone {one.first}, conduction alone {one.second}"
    return f"{one.kappa:.2f} ({low:.2f} to {high:.2f}); {table}, neither {one.neither}"


def _mean(value: str, published: str, read: Floats) -> Row:
    seen = read[np.isfinite(read)]
    of = f"{len(seen)} of {len(read)} seen"
    if not len(seen):
        return Row(value, published, of)
    middle = f"median {np.median(seen):.1f}"
    return Row(value, published, f"{seen.mean():.1f} ({seen.std():.1f}), {middle} mm²; {of}")


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line asks for; the exit status."""
    parser = ArgumentParser(prog="python -m tinel.checks.pictures", description=__doc__)
    parser.add_argument("--people", type=int, default=40, help="ill people of each cohort")
    parser.add_argument("--part", choices=PARTS, action="append", help="one cohort; default all")
    given = parser.parse_args(arguments)
    try:
        if given.people < 1:
            raise TinelError(f"{given.people} is out of range (allowed: 1 or more)", "--people")
        with watched(sparse=True) as progress:
            print("| value | published | computed |\n| --- | --- | --- |")
            for row in rows(given.people, given.part or PARTS, progress):
                print(row.line, flush=True)
    except TinelError as problem:
        say(f"error: {problem}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
