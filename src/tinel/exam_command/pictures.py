"""The example's pictures as files: PNG and GIF, or DICOM with a report of what was measured."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tinel.declare.quantity import shown_day
from tinel.errors import TinelError
from tinel.exam.pictures import DiffusionView, Pictures, Slide, TakenPicture
from tinel.exam.test import known_tests
from tinel.exam_command.asked import Asked
from tinel.exam_command.compute import Examined
from tinel.exam_command.plots import check_folder
from tinel.exam_command.recordings import check_format
from tinel.imaging.files.colour_frame import ColourFrame, fa_frame, tracts_frame
from tinel.imaging.files.frame import framed
from tinel.imaging.files.header import Study
from tinel.imaging.files.measurement_report import Reported, measurement_report
from tinel.imaging.files.moving import as_gif
from tinel.imaging.files.mri_dicom import Slice, mr_series
from tinel.imaging.files.png import as_png
from tinel.imaging.files.secondary_capture import colour_capture, secondary_capture
from tinel.imaging.files.ultrasound_dicom import ultrasound_clip, ultrasound_image
from tinel.writing import whole_file

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

FORMATS = ("png", "dicom")


def check_written(name: str, asked: Asked) -> None:
    """Refuse early a format that nothing asked for could be written in, or a missing package.

    Args:
        name: given with ``--format``.
        asked: with the tests of the day.

    Raises:
        TinelError: says what to do.
    """
    known = known_tests(asked.case.files)
    some = any(known[test].example_only for test in asked.tests)
    if name == "png":
        if not some:
            advice = "add --test ultrasound or --test mri"
            raise TinelError("no test of this day makes pictures", "--format png", advice)
        return
    check_format(name)


def written_kind(file: str, tests: Collection[str]) -> str:
    """What a file is called where it is listed: plot, picture or recording.

    Example:
        >>> written_kind("out/ultrasound_wrist_B_mode.png", ["ultrasound"])
        'picture'
    """
    if file.endswith(".svg"):
        return "plot"
    begins = tuple(re.sub(r"[^A-Za-z0-9]+", "_", test) for test in tests)
    return "picture" if begins and Path(file).name.startswith(begins) else "recording"


def write_pictures(every: Sequence[Examined], folder: Path, name: str) -> tuple[Path, ...]:
    """Write the pictures of an examination into a folder, which is made where it is missing.

    Of ultrasound an injury is also shown along the nerve, as a slide through it, and with the
    needle on a day on which fluid was injected; of MR, directions of diffusion and tracts.

    Args:
        every: from ``compute.examined``.
        folder: older files of the same names there are replaced.
        name: ``png`` with what was measured drawn in and the slide as a GIF, or ``dicom``: a file
            for each picture, one with the outline for each that was measured, the slide as one of
            several frames, and one report.

    Raises:
        TinelError: a package is missing, the folder cannot be made, or the disk refused a write.
    """
    check_folder(folder)
    written: list[Path] = []
    for one in every:
        nerve = one.visit.limb.nerve.name if len(every) > 1 else ""
        for test, pictures in one.visit.examination.pictures.items():
            views = _views(one, pictures)
            wrote = _write_png if name == "png" else _write_dicom
            written += wrote(one, test, views, folder, nerve)
    return tuple(written)


@dataclass(frozen=True)
class _Views:
    """All that is written of one test: pictures, a slide, and screens in colours by name."""

    taken: tuple[TakenPicture, ...]
    slide: Slide | None
    colours: tuple[tuple[str, ColourFrame], ...]


def _views(one: Examined, pictures: Pictures) -> _Views:
    taken = pictures.taken
    colours = tuple((view.site, screen) for view in pictures.diffusion for screen in _screens(view))
    if not taken or taken[0].picture.modality != "ultrasound":
        return _Views(taken, None, colours)
    from tinel.exam.ultrasound_views import along, guided, slide

    limb = one.visit.limb
    more = (along(limb), guided(limb))
    return _Views((*taken, *(each for each in more if each is not None)), slide(limb), colours)


def _screens(view: DiffusionView) -> Iterator[ColourFrame]:
    yield fa_frame(view.found)
    if view.tracts is not None:
        yield tracts_frame(view.tracts, view.found.position_mm - view.first_mm)


def _write_png(one: Examined, test: str, views: _Views, folder: Path, nerve: str) -> Iterator[Path]:
    for shot in views.taken:
        raw = as_png(shot.picture, shot.outlines)
        yield _kept(raw, folder / f"{file_name(test, shot, nerve)}.png")
    for site, screen in views.colours:
        yield _kept(screen.as_png(), folder / f"{_plain(test, nerve, site, screen.shows)}.png")
    if views.slide is not None:
        raw = as_gif(views.slide.pictures, _places(views.slide))
        yield _kept(raw, folder / f"{_plain(test, nerve, views.slide.site, 'slide')}.gif")


def _places(slide: Slide) -> list[str]:
    return [slide.place(k) for k in range(len(slide.pictures))]


def _kept(raw: bytes, file: Path) -> Path:
    with whole_file(file) as temporary:
        temporary.write_bytes(raw)
    return file


def file_name(test: str, shot: TakenPicture, nerve: str = "") -> str:
    """Name of a picture's file without its ending.

    Args:
        test: by which it was taken.
        shot: the picture.
        nerve: named where a case has several.
    """
    view = "along" if shot.picture.view == "long" else ""
    return _plain(test, nerve, shot.site, view, shot.picture.shows.partition(" (")[0])


def _plain(*words: str) -> str:
    return re.sub(r"[^A-Za-z0-9]+", "_", " ".join(words)).strip("_")


def study_of(one: Examined) -> Study:
    """The DICOM study of a nerve on the day: what was examined, and from which numbers."""
    case = one.result.case
    nerve, day = one.visit.limb.nerve.name, shown_day(one.asked.day)
    words = f"{nerve}, {case.nerve.side}, day {day}, {one.asked.arm}"
    seed = f"{case.source.sha256} {case.run.seed} {one.result.middle}"
    return Study(words, seed, case.nerve.side)


def _write_dicom(
    one: Examined, test: str, views: _Views, folder: Path, nerve: str
) -> Iterator[Path]:
    study = study_of(one)
    reported = []
    # both tests are in one study, where no two files have the same number
    captured = 100 * len(test)
    for number, (shot, data) in enumerate(_datasets(views.taken, study), captured + 1):
        name = file_name(test, shot, nerve)
        yield _saved(data, folder / f"{name}.dcm")
        if not shot.read:
            continue
        outline = None
        if shot.outlines:
            outline = shot.outlines[0]
            if shot.picture.modality == "ultrasound":
                outline = framed(shot.picture).placed(outline)
            capture = secondary_capture(shot.picture, shot.outlines, study, number)
            yield _saved(capture, folder / f"{name}_outline.dcm")
        reported.append(Reported(data, outline, shot.read, f"{shot.site}, {shot.picture.shows}"))
    if reported:
        report = measurement_report(reported, study, len(test))
        yield _saved(report, folder / f"{_plain(test, nerve, 'measurements')}.dcm")
    for number, (site, screen) in enumerate(views.colours, captured + 90):
        capture = colour_capture(screen, study, number)
        yield _saved(capture, folder / f"{_plain(test, nerve, site, screen.shows)}.dcm")
    if views.slide is not None:
        frames = ultrasound_clip(views.slide.pictures, _places(views.slide), study)
        file = folder / f"{_plain(test, nerve, views.slide.site, 'slide')}.dcm"
        yield _saved(frames, file)


def _datasets(
    taken: Sequence[TakenPicture], study: Study
) -> Iterator[tuple[TakenPicture, Dataset]]:
    """A dataset for each picture; slices of MR of the same kind and size are one series."""
    kinds: dict[tuple[Any, ...], list[TakenPicture]] = {}
    for number, shot in enumerate(taken, 1):
        if shot.protocol is None:
            words = f"{shot.site}, {shot.picture.view}"
            yield shot, ultrasound_image(shot.picture, study, number, words)
        else:
            picture = shot.picture
            key = (picture.shows, picture.pixels.shape, picture.row_mm, picture.column_mm)
            kinds.setdefault(key, []).append(shot)
    for series, shots in enumerate(kinds.values(), 1):
        ordered = sorted(shots, key=lambda shot: shot.position_mm)
        slices = [_slice(shot) for shot in ordered]
        yield from zip(ordered, mr_series(slices, study, series), strict=True)


def _slice(shot: TakenPicture) -> Slice:
    used = shot.protocol
    assert used is not None
    is_map = shot.picture.shows != used.name
    return Slice(
        picture=shot.picture,
        position_mm=shot.position_mm,
        thickness_mm=used.slice_mm,
        field_T=used.field_T,
        repetition_ms=used.repetition_ms,
        echo_ms=None if is_map else used.echo_ms,
        inversion_ms=used.inversion_ms,
    )


def _saved(data: Dataset, file: Path) -> Path:
    with whole_file(file) as temporary:
        data.save_as(temporary, enforce_file_format=True)
    return file
