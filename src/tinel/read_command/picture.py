"""``tinel read`` of a picture of ultrasound or MR: what is measured on it, or that no nerve is."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tinel.case.finding_text import plain, quoted
from tinel.errors import TinelError
from tinel.evidence import Parameters
from tinel.exam.scanning import INJURED
from tinel.exam.tests.mri import AREA as AREA_ON_MR
from tinel.exam.ultrasound_names import AREA
from tinel.imaging.files.given import Given
from tinel.imaging.files.read import read_picture
from tinel.imaging.picture import Modality, Picture
from tinel.terminal import print_json, printable, shown_name
from tinel.writing import check_file, whole_file

Outline = NDArray[np.float64]
SPOKEN = {"ultrasound": "ultrasound", "mri": "MR"}
BIAS = "bias of such an area"
# test and quantity of a finding of a case file
FINDING = {"ultrasound": ("ultrasound", AREA), "mri": ("MR neurography", AREA_ON_MR)}
NOTE = (
    "Measured by its grey values alone, by code taught and tested on simulated pictures and on no "
    "patient's: look at the outline. Research and teaching software, and no advice for a person."
)


@dataclass(frozen=True)
class Asked:
    """What the command line says of a picture; None where it says nothing."""

    mm_per_pixel: float | None = None
    at: str | None = None
    frame: int | None = None
    modality: Modality | None = None

    @property
    def is_picture(self) -> bool:
        """Whether an option stands that only a picture has."""
        return any(
            one is not None for one in (self.mm_per_pixel, self.at, self.frame, self.modality)
        )


@dataclass(frozen=True)
class Row:
    """One value of a picture.

    Args:
        quantity, unit: what was measured.
        value: the number.
        sd: standard deviation of one reading, None where it was not found out.
    """

    quantity: str
    value: float
    unit: str
    sd: float | None = None


@dataclass(frozen=True)
class ReadPicture:
    """A picture from a file, with what was measured on it.

    Args:
        file: name of the file.
        picture: its pixels and scale.
        at_mm: where a nerve was looked for: depth and distance from the middle column.
        rows: empty where no nerve was found.
        outline: rows and columns ``(n, 2)`` of the nerve's border in the picture's pixels; None
            where no nerve was found.
        why: why none was found; empty where one was.
    """

    file: str
    picture: Picture
    at_mm: tuple[float, float]
    rows: tuple[Row, ...]
    outline: Outline | None = None
    why: str = ""


def read_picture_file(file: Path, asked: Asked, as_json: bool, out: Path | None = None) -> None:
    """Read a picture, measure the nerve on it, and print what was found.

    Args:
        file: DICOM or PNG.
        asked: scale, point, frame and modality.
        as_json: whether one JSON object is printed instead of text.
        out: file for the picture with the outline that was measured, a PNG; None for none.

    Raises:
        TinelError: the file, its scale or an option is not allowed, or a package is missing.
    """
    if out is not None:
        check_file(out, (".png",), "--out")
        if out.exists() and out.samefile(file):
            raise TinelError("is the file that is read", f"--out {shown_name(out)}", "name another")
    picture = read_picture(file, Given(asked.mm_per_pixel, asked.frame, asked.modality))
    point = point_mm(asked.at, picture)
    found = measured(shown_name(file), picture, point, Parameters.of_evidence())
    if out is not None:
        write_outlined(found, out)
    if as_json:
        print_json(as_data(found))
    else:
        print(printable(as_text(found)))


def point_mm(text: str | None, picture: Picture) -> tuple[float, float]:
    """Where a nerve is looked for: what is given, else the middle of the picture.

    Args:
        text: ``DEPTH,ACROSS`` in mm, across from the middle column, to the right above 0.
        picture: in which the point has to lie.

    Raises:
        TinelError: a text that is no two numbers, or a point outside the picture.
    """
    height, width = picture.size_mm
    if text is None:
        return height / 2, 0.0
    allowed = f"0 to {height:.1f} and {-width / 2:.1f} to {width / 2:.1f} mm"
    try:
        depth, across = (float(part) for part in text.split(","))
    except ValueError:
        told = f"'{printable(text)[:40]}' is no point (allowed: DEPTH,ACROSS in mm, as in 6.5,-2)"
        raise TinelError(told, "--at", "count across from the middle of the picture") from None
    if not (0 <= depth <= height and abs(across) <= width / 2):
        told = f"{depth:g},{across:g} lies outside the picture (allowed: {allowed})"
        raise TinelError(told, "--at")
    return depth, across


def measured(
    file: str, picture: Picture, at_mm: tuple[float, float], parameters: Parameters
) -> ReadPicture:
    """Measure the nerve nearest to a point of a picture.

    Args:
        file: name of the file.
        picture: with a scale.
        at_mm: depth and distance from the middle column.
        parameters: of the measures.
    """
    of_kind = _on_ultrasound if picture.modality == "ultrasound" else _on_mri
    return ReadPicture(file, picture, at_mm, *of_kind(picture, at_mm, parameters))


def write_outlined(found: ReadPicture, out: Path) -> None:
    """Write a picture with the outline that was measured; without one where no nerve was found.

    Args:
        found: from ``measured``.
        out: a PNG; replaced where it is there.
    """
    from tinel.imaging.files.png import as_png

    outlines = () if found.outline is None else (found.outline,)
    with whole_file(out) as begun:
        begun.write_bytes(as_png(found.picture, outlines))


def _on_ultrasound(
    picture: Picture, at_mm: tuple[float, float], parameters: Parameters
) -> tuple[tuple[Row, ...], Outline | None, str]:
    from tinel.imaging.measured.nerve_on_ultrasound import NoNerve, nerve_on_ultrasound

    found = nerve_on_ultrasound(picture, at_mm, parameters)
    if isinstance(found, NoNerve):
        return (), None, found.why
    sizes = np.array([picture.row_mm, picture.column_mm])
    outline = (found.outline_mm + np.array([0.0, picture.size_mm[1] / 2])) / sizes - 0.5
    return (
        (
            Row("area", found.area_mm2, "mm²", found.sd_mm2),
            Row(BIAS, found.bias_mm2, "mm²"),
            Row("width", found.width_mm, "mm"),
            Row("height", found.height_mm, "mm"),
            Row("flattening", found.width_to_height, "1"),
            Row("fascicles seen", float(len(found.fascicles)), "1"),
            Row("largest fascicle seen", found.largest_fascicle_mm2, "mm²"),
            Row("fascicle area ratio", found.fascicle_area_ratio, "1"),
            Row("surround over nerve brightness", found.contrast_index, "1"),
            Row("likelihood of a nerve within it", found.sure, "1"),
        ),
        outline,
        "",
    )


def _on_mri(
    picture: Picture, at_mm: tuple[float, float], parameters: Parameters
) -> tuple[tuple[Row, ...], Outline | None, str]:
    from tinel.exam.mr_pictures import points
    from tinel.imaging.measured.mr_outline import nerve_on_mri

    across_mm = at_mm[1] + picture.size_mm[1] / 2  # from the left border
    found = nerve_on_mri(picture, (at_mm[0], across_mm), parameters)
    if found is None:
        return (), None, "nothing near this point is brighter than all that surrounds it"
    return (
        (
            Row("area", found.area_mm2, "mm²"),
            Row("flattening", found.width_to_height, "1"),
            Row("nerve over surround brightness", found.brightness / found.surround, "1"),
        ),
        points(found, picture),
        "",
    )


def as_text(found: ReadPicture) -> str:
    """What a terminal shows of it."""
    picture = found.picture
    height, width = picture.size_mm
    rows, columns = picture.pixels.shape
    what = " ".join(filter(None, (SPOKEN[picture.modality], picture.shows)))
    told = [
        f"{found.file}: {what}, {rows} x {columns} pixels, {height:.1f} x {width:.1f} mm "
        f"({picture.row_mm:.4g} x {picture.column_mm:.4g} mm per pixel)",
        f"looked near {found.at_mm[0]:.1f} mm deep and {found.at_mm[1]:.1f} mm from the middle",
        "",
    ]
    if found.why:
        told.append(f"No nerve found: {found.why}. Point at it with --at DEPTH,ACROSS (mm).")
    for row in found.rows:
        unit = "" if row.unit == "1" else f" {row.unit}"
        spread = "" if row.sd is None else f" ± {1.96 * row.sd:.2g} (95 %)"
        told.append(f"  {row.quantity}: {row.value:.3g}{spread}{unit}")
    line = to_paste(found)
    if line:
        told += ["", "As a finding of a case file (fill in the day, and the place):", "", line]
    return "\n".join([*told, "", NOTE])


def to_paste(found: ReadPicture) -> str:
    """The area as a ``[[finding]]`` of a case file, less its bias; empty where there is none.

    The day is left to be filled in, as a file that is read with a day that nobody gave would be
    wrong without a word. An area on MR is told only where its bias is known.

    Example:
        >>> import numpy as np
        >>> flat = Picture(np.zeros((9, 9), np.float32), 0.5, 0.5, "ultrasound")
        >>> rows = (Row("area", 12.34, "mm²"), Row(BIAS, 0.2, "mm²"))
        >>> print(to_paste(ReadPicture("a.png", flat, (2.0, 0.0), rows)))
        [[finding]]
        test = "ultrasound"
        place = "injured place"
        day = "fill in"
        quantity = "cross-sectional area"
        value = 12.1
        unit = "mm²"
    """
    values = {row.quantity: row.value for row in found.rows}
    test, quantity = FINDING[found.picture.modality]
    if "area" not in values or (found.picture.modality == "mri" and BIAS not in values):
        return ""
    area_mm2 = values["area"] - values.get(BIAS, 0.0)
    return "\n".join(
        [
            "[[finding]]",
            f"test = {quoted(test)}",
            f"place = {quoted(INJURED)}",
            'day = "fill in"',
            f"quantity = {quoted(quantity)}",
            f"value = {plain(float(f'{area_mm2:.3g}'))}",
            'unit = "mm²"',
        ]
    )


def as_data(found: ReadPicture) -> dict[str, Any]:
    """One object; ``findings`` is empty and ``no_nerve`` says why where none was found."""
    picture = found.picture
    return {
        "file": found.file,
        "modality": picture.modality,
        "pixels": list(picture.pixels.shape),
        "row_mm": picture.row_mm,
        "column_mm": picture.column_mm,
        "at_mm": list(found.at_mm),
        "findings": [asdict(row) for row in found.rows],
        "no_nerve": found.why or None,
        "finding": to_paste(found) or None,
        "advice": NOTE,
    }
