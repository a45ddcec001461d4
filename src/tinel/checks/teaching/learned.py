"""How well nerves are found and measured on known pictures of people that were never taught."""

from __future__ import annotations

import math
import sys
from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from tinel.checks.teaching.known_pictures import KnownPicture, known_pictures
from tinel.evidence import Count, Parameters
from tinel.imaging.measured.nerve_on_ultrasound import NoNerve, nerve_on_ultrasound
from tinel.imaging.measured.outline import area_mm2, length_mm
from tinel.progress import Progress, silent, watched
from tinel.terminal import say

GROSS = 0.3
# how far beside a nerve's border an examiner who errs points
BESIDE_mm = (3.0, 7.0)


@dataclass(frozen=True)
class Reading:
    """One picture as it was read.

    Args:
        true_mm2: area of the nerve on the picture, 0 where there is none.
        read_mm2: as read; nan where no nerve was found.
        overlap: what drawn and read outlines share over what both cover; nan likewise.
        border_mm: how far outside the true border the outline lies on average; nan likewise.
        beside: whether a nerve was called where the examiner pointed beside it; None where there
            was no room for that.
        told: what was drawn.
    """

    true_mm2: float
    read_mm2: float
    overlap: float
    border_mm: float
    beside: bool | None
    told: str


def readings(
    first: int, people: int, parameters: Parameters, progress: Progress = silent
) -> Iterator[Reading]:
    """Read every picture of some people, who should lie beyond those that were taught.

    Args:
        first: number of the first person.
        people: how many.
        parameters: the numbers in use.
        progress: called with how many are done.
    """
    for k in range(people):
        progress(k, people, "reading pictures")
        rng = np.random.default_rng((1, first + k))
        for known in known_pictures(first + k, parameters):
            yield reading(known, rng, parameters)


def reading(known: KnownPicture, rng: np.random.Generator, parameters: Parameters) -> Reading:
    """Read one picture where an examiner points, and where one points who errs."""
    from skimage.draw import polygon2mask

    picture, true = known.picture, known.nerve
    pixel_mm2 = picture.row_mm * picture.column_mm
    height, width = picture.size_mm
    down, aside = rng.standard_normal(2) * parameters.scalar("pictures.point_sd_mm")
    near = (
        float(np.clip(known.middle_mm[0] + down, 0.5, height - 0.5)),
        float(known.middle_mm[1] + aside),
    )
    found = nerve_on_ultrasound(picture, near, parameters)
    beside = _beside(known, rng, parameters)
    area = float(true.sum()) * pixel_mm2
    if isinstance(found, NoNerve):
        return Reading(area, math.nan, math.nan, math.nan, beside, known.told)
    sizes = np.array([picture.row_mm, picture.column_mm])
    middle = np.array([0.0, width / 2])
    inside = polygon2mask(true.shape, (found.outline_mm + middle) / sizes - 0.5)
    either = float((inside | true).sum())
    border = (area_mm2(found.outline_mm) - area) / length_mm(found.outline_mm)
    shared = float((inside & true).sum()) / max(either, 1.0)
    return Reading(area, found.area_mm2, shared, border, beside, known.told)


def _beside(known: KnownPicture, rng: np.random.Generator, parameters: Parameters) -> bool | None:
    """Whether a nerve is called at a point that lies some millimetres beside the border."""
    from scipy.ndimage import distance_transform_edt

    picture = known.picture
    if not known.nerve.any():
        return None
    away = distance_transform_edt(~known.nerve, sampling=[picture.row_mm, picture.column_mm])
    depth = (np.arange(len(away)) + 0.5) * picture.row_mm
    beyond_skin = (depth > 3.0) & (depth < picture.size_mm[0] - 2.0)
    rows, columns = np.nonzero(
        (away >= BESIDE_mm[0]) & (away <= BESIDE_mm[1]) & beyond_skin[:, None]
    )
    if not len(rows):
        return None
    one = int(rng.integers(len(rows)))
    across = (columns[one] + 0.5) * picture.column_mm - picture.size_mm[1] / 2
    at = (float(depth[rows[one]]), float(across))
    return not isinstance(nerve_on_ultrasound(picture, at, parameters), NoNerve)


def table(read: list[Reading]) -> Iterator[tuple[str, str]]:
    """What was measured, and the value with its count."""
    there = [one for one in read if one.true_mm2 > 0]
    seen = [one for one in there if not math.isnan(one.read_mm2)]
    over = np.array([one.read_mm2 / one.true_mm2 for one in seen])
    right = np.abs(over - 1) <= GROSS
    border = np.array([one.border_mm for one in seen])[right]
    gaps = [one for one in read if one.true_mm2 == 0]
    beside = [one.beside for one in read if one.beside is not None]
    yield "nerves found", _percent(len(seen), len(there))
    yield "areas off by more than 30 %, of those found", _percent(int((~right).sum()), len(seen))
    yield "area, median error", f"{100 * (np.median(over) - 1):+.0f} %"
    yield "area, spread of the error without those", f"{100 * over[right].std():.1f} %"
    yield "overlap of outlines, median", f"{np.median([one.overlap for one in seen]):.2f}"
    yield "border outside the true one, mean (SD)", f"{border.mean():+.3f} ({border.std():.3f}) mm"
    yield "a nerve called in a gap", _percent(sum(g.read_mm2 > 0 for g in gaps), len(gaps))
    yield "a nerve called beside it", _percent(sum(beside), len(beside))
    large = [one for one in seen if one.true_mm2 >= 12.0]
    if large:
        told = np.median([one.read_mm2 / one.true_mm2 for one in large])
        yield f"read over drawn from 12 mm² on, median of {len(large)}", f"{told:.2f}"


def _percent(part: int, whole: int) -> str:
    return f"{Count(part, whole).percent:.0f} %, {part} of {whole}" if whole else "none"


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table for the people that the command line names."""
    parser = ArgumentParser(prog="python -m tinel.checks.teaching.learned", description=__doc__)
    parser.add_argument("--first", type=int, default=30_000, help="number of the first person")
    parser.add_argument("--people", type=int, default=12, help="of eight pictures each")
    given = parser.parse_args(arguments)
    if given.first < 0 or given.people < 1:
        say("error: --first has to be 0 or more and --people 1 or more")
        return 1
    with watched() as progress:
        read = list(readings(given.first, given.people, Parameters.of_evidence(), progress))
    for what, value in table(read):
        print(f"{what}: {value}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
