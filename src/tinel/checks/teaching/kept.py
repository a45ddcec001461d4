"""Known pictures in the network's pixels, kept as one file for each sheet of eight."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tinel.checks.teaching.free_pictures import free_picture
from tinel.checks.teaching.known_pictures import PICTURES, KnownPicture, known_pictures
from tinel.errors import TinelError
from tinel.evidence import Parameters
from tinel.imaging.measured.window import SMOOTH_mm, SPACING_mm
from tinel.progress import Progress

# every tenth sheet is never taught and measures what was learned
HELD_BACK = 10


@dataclass(frozen=True)
class Lesson:
    """A picture in the network's pixels, and which of them show the nerve.

    Args:
        grey, nerve: 0 to 255, ``(n_row, n_column)``.
        row, column: the nerve's middle, or a gap's, in pixels.
    """

    grey: NDArray[np.uint8]
    nerve: NDArray[np.uint8]
    row: float
    column: float


def draw(folder: Path, kind: str, sheets: int, parameters: Parameters, progress: Progress) -> None:
    """Draw the sheets of eight pictures that are not in the folder yet.

    Args:
        folder: one file per sheet, made where it is missing.
        kind: ``person``, or ``free`` for tissues laid out at random.
        sheets: how many in all, 1 or more.
        parameters: the numbers in use.
        progress: called with how many are there.

    Raises:
        TinelError: fewer than one sheet.
    """
    if sheets < 1:
        raise TinelError(f"{sheets} sheets are out of range (allowed: 1 or more)", kind)
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(sheets):
        progress(number, sheets, f"drawing ({kind})")
        file = _file(folder, kind, number)
        if file.exists():
            continue
        arrays: dict[str, NDArray[np.generic]] = {}
        for n, known in enumerate(_pictures(kind, number, parameters)):
            one = lesson(known)
            arrays[f"grey{n}"], arrays[f"nerve{n}"] = one.grey, one.nerve
            arrays[f"middle{n}"] = np.array([one.row, one.column])
        begun = folder / f"begun_{kind}_{number:05d}.npz"
        np.savez_compressed(begun, **arrays)  # type: ignore[arg-type]
        os.replace(begun, file)


def _pictures(kind: str, number: int, parameters: Parameters) -> Iterator[KnownPicture]:
    if kind == "person":
        yield from known_pictures(number, parameters)
    else:
        for n in range(PICTURES):
            yield free_picture(PICTURES * number + n, parameters)


def lesson(known: KnownPicture) -> Lesson:
    """A known picture as the network sees it."""
    picture = known.picture
    sizes = picture.row_mm, picture.column_mm
    depth, across = known.middle_mm
    return Lesson(
        _resampled(picture.pixels, sizes),
        _resampled(known.nerve.astype(np.float32), sizes),
        depth / SPACING_mm - 0.5,
        (across + picture.size_mm[1] / 2) / SPACING_mm - 0.5,
    )


def lessons(folder: Path, kind: str, sheets: int, held_back: bool) -> Iterator[Lesson]:
    """Those of the sheets that are taught, or of those that are held back."""
    for number in range(sheets):
        if (number % HELD_BACK == HELD_BACK - 1) != held_back:
            continue
        with np.load(_file(folder, kind, number)) as kept:
            for n in range(len(kept.files) // 3):
                row, column = (float(at) for at in kept[f"middle{n}"])
                yield Lesson(kept[f"grey{n}"], kept[f"nerve{n}"], row, column)


def _file(folder: Path, kind: str, number: int) -> Path:
    return folder / f"{kind}_{number:05d}.npz"


def _resampled(values: NDArray[np.float32], sizes_mm: tuple[float, float]) -> NDArray[np.uint8]:
    from scipy.ndimage import gaussian_filter, map_coordinates

    smooth = gaussian_filter(values, [SMOOTH_mm / size for size in sizes_mm])
    rows, columns = (
        np.arange(SPACING_mm / 2, n * size, SPACING_mm) / size - 0.5
        for n, size in zip(values.shape, sizes_mm, strict=True)
    )
    at = np.meshgrid(rows, columns, indexing="ij")
    found = map_coordinates(smooth, at, order=1, mode="nearest")
    return np.asarray(np.rint(255 * np.clip(found, 0, 1)), np.uint8)
