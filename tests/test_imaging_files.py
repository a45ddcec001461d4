"""Files of pictures: read back by others with the right sizes, and never by a crash."""

from __future__ import annotations

import io
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tinel.errors import TinelError
from tinel.imaging import extra
from tinel.imaging.files.frame import MARK, framed, in_colour
from tinel.imaging.files.given import Given
from tinel.imaging.files.header import Study
from tinel.imaging.files.measurement_report import Reported, measurement_report
from tinel.imaging.files.mri_dicom import Slice, mr_series
from tinel.imaging.files.png import as_png
from tinel.imaging.files.read import is_picture, read_picture
from tinel.imaging.files.secondary_capture import secondary_capture
from tinel.imaging.files.ultrasound_dicom import ultrasound_image
from tinel.imaging.picture import Picture

pydicom = pytest.importorskip("pydicom")
pytest.importorskip("highdicom")

STUDY = Study("median, left, day 42, wait", "hand.toml, seed 1, twin 3", "left")
DEEP_px, ACROSS_px = 240, 320
ROW_mm, COLUMN_mm = 0.06, 0.05
# a dark ellipse of 3 mm by 2 mm, its centre 6 mm deep
HALF_DEEP_px, HALF_ACROSS_px = 1.0 / ROW_mm, 1.5 / COLUMN_mm
AREA_mm2 = np.pi * 1.0 * 1.5


def drawn(modality: str = "ultrasound", shows: str = "B-mode") -> Picture:
    """A dark ellipse of known area in a grey field; the pixels are not square."""
    row, column = np.mgrid[:DEEP_px, :ACROSS_px]
    inside = ((row - 100) / HALF_DEEP_px) ** 2 + ((column - 160) / HALF_ACROSS_px) ** 2 <= 1
    grey = np.where(inside, 0.1, 0.7).astype(np.float32)
    return Picture(grey, ROW_mm, COLUMN_mm, modality, "cross", shows)  # type: ignore[arg-type]


def ellipse() -> Any:
    turn = np.linspace(0, 2 * np.pi, 73)[:-1]
    return np.stack([100 + HALF_DEEP_px * np.sin(turn), 160 + HALF_ACROSS_px * np.cos(turn)], 1)


def saved(data: Any, path: Path) -> Any:
    """Written, and read by pydicom alone."""
    data.save_as(path, enforce_file_format=True)
    return pydicom.dcmread(path)


def dark_mm2(pixels: Any, row_mm: float, column_mm: float, below: float) -> float:
    return float((np.asarray(pixels) < below).sum() * row_mm * column_mm)


def test_an_ultrasound_image_has_its_size_in_cm(tmp_path: Path) -> None:
    data = saved(ultrasound_image(drawn(), STUDY), tmp_path / "us.dcm")
    (region,) = data.SequenceOfUltrasoundRegions
    assert (region.PhysicalUnitsXDirection, region.PhysicalUnitsYDirection) == (3, 3)
    rows = slice(region.RegionLocationMinY0, region.RegionLocationMaxY1 + 1)
    columns = slice(region.RegionLocationMinX0, region.RegionLocationMaxX1 + 1)
    part = data.pixel_array[rows, columns]
    found = 100 * dark_mm2(part[40:160], region.PhysicalDeltaY, region.PhysicalDeltaX, 100)
    print(f"area of the ellipse: {AREA_mm2:.2f} mm2; in the file {found:.2f} mm2")
    assert found == pytest.approx(AREA_mm2, rel=0.01)
    assert data.SOPClassUID == "1.2.840.10008.5.1.4.1.1.6.1"
    assert list(data.ImageType)[:2] == ["DERIVED", "PRIMARY"]
    assert "simulated" in data.Manufacturer and str(data.PatientID) == MARK


def test_slices_of_mr_lie_where_they_were_taken(tmp_path: Path) -> None:
    picture = drawn("mri", "T2-weighted")
    slices = [Slice(picture, z, 3.0, 3.0, 7020.0, 52.0) for z in (310.0, 304.0, 307.0)]
    read = [saved(one, tmp_path / f"{k}.dcm") for k, one in enumerate(mr_series(slices, STUDY))]
    assert [float(one.ImagePositionPatient[2]) for one in read] == [-304.0, -307.0, -310.0]
    assert len({one.FrameOfReferenceUID for one in read}) == 1
    assert len({one.SeriesInstanceUID for one in read}) == 1
    assert len({one.SOPInstanceUID for one in read}) == 3
    one = read[0]
    assert list(one.ImageOrientationPatient) == [1, 0, 0, 0, 1, 0]
    assert (list(one.PixelSpacing), one.SliceThickness) == ([ROW_mm, COLUMN_mm], 3.0)
    left, top = (float(mm) for mm in one.ImagePositionPatient[:2])
    assert left == pytest.approx(-(ACROSS_px - 1) / 2 * COLUMN_mm)
    assert top == pytest.approx(ROW_mm / 2)
    dark = dark_mm2(one.pixel_array[40:160], ROW_mm, COLUMN_mm, 1000)
    assert dark == pytest.approx(AREA_mm2, rel=0.01)


def test_a_map_says_what_its_numbers_mean(tmp_path: Path) -> None:
    picture = drawn("mri", "FA")
    (data,) = mr_series([Slice(picture, 300.0, 3.0, 3.0)], STUDY)
    read = saved(data, tmp_path / "fa.dcm")
    meaning = read.RealWorldValueMappingSequence[0]
    value = read.pixel_array[10, 10] * meaning.RealWorldValueSlope
    assert value == pytest.approx(0.7, abs=0.001)
    assert list(read.ImageType) == ["DERIVED", "SECONDARY", "DIFFUSION MAP"]
    back = read_picture(tmp_path / "fa.dcm")
    assert back.shows == "FA" and back.pixels.shape == picture.pixels.shape
    assert np.abs(back.pixels - picture.pixels).max() < 0.001


def test_every_picture_says_simulated_in_its_pixels() -> None:
    flat = Picture(np.zeros((300, 300), np.float32), 0.05, 0.05, "ultrasound")
    frame = framed(flat)
    inside = frame.pixels[frame.top : frame.top + 20, frame.left : frame.left + 80]
    assert inside.max() > 200
    small = Picture(np.ones((30, 90), np.float32), 0.4, 0.4, "mri", shows="STIR")
    (data,) = mr_series([Slice(small, 1.0, 3.0, 3.0)], STUDY)
    below = data.pixel_array[30:]
    assert below.max() > 2000 and below.min() == 0


def test_the_report_has_area_outline_and_source(tmp_path: Path) -> None:
    source = saved(ultrasound_image(drawn(), STUDY), tmp_path / "us.dcm")
    outline = framed(drawn()).placed(ellipse())
    values = (("area", AREA_mm2, "mm²"), ("flattening", 1.5, "1"), ("fascicles", np.nan, "1"))
    report = measurement_report([Reported(source, outline, values, "wrist")], STUDY)
    read = saved(report, tmp_path / "sr.dcm")
    numbers = {item.ConceptNameCodeSequence[0].CodeMeaning: item for item in every(read)}
    area = numbers["Area"].MeasuredValueSequence[0]
    assert float(area.NumericValue) == pytest.approx(AREA_mm2)
    assert area.MeasurementUnitsCodeSequence[0].CodeValue == "mm2"
    assert "flattening" in numbers and "fascicles" not in numbers
    points = np.reshape(numbers["Image Region"].GraphicData, (-1, 2))
    shoelace = 0.5 * abs(np.sum(points[:-1, 0] * points[1:, 1] - points[1:, 0] * points[:-1, 1]))
    found = shoelace * ROW_mm * COLUMN_mm
    print(f"area within the report's outline: {found:.2f} mm2 of {AREA_mm2:.2f}")
    assert found == pytest.approx(AREA_mm2, rel=0.01)
    used = read.CurrentRequestedProcedureEvidenceSequence[0].ReferencedSeriesSequence[0]
    assert used.ReferencedSOPSequence[0].ReferencedSOPInstanceUID == source.SOPInstanceUID


def every(data: Any) -> Iterator[Any]:
    for item in data.get("ContentSequence", []):
        if "ConceptNameCodeSequence" in item:
            yield item
        yield from every(item)


def test_a_secondary_capture_shows_the_outline(tmp_path: Path) -> None:
    read = saved(secondary_capture(drawn(), (ellipse(),), STUDY), tmp_path / "sc.dcm")
    assert read.SOPClassUID == "1.2.840.10008.5.1.4.1.1.7"
    assert (read.pixel_array[..., 2] < read.pixel_array[..., 0]).sum() > 100  # yellow
    assert read.StudyInstanceUID == STUDY.uid("study")


def test_the_same_study_has_the_same_bytes() -> None:
    def made() -> list[bytes]:
        source = ultrasound_image(drawn(), STUDY)
        outline = ellipse()
        report = measurement_report([Reported(source, outline, (), "wrist")], STUDY)
        capture = secondary_capture(drawn(), (outline,), STUDY)
        return [as_png(drawn(), (outline,)), *(raw(one) for one in (source, report, capture))]

    assert made() == made()


def raw(data: Any) -> bytes:
    out = io.BytesIO()
    data.save_as(out, enforce_file_format=True)
    return out.getvalue()


def test_files_keep_to_the_standard(tmp_path: Path) -> None:
    """``dciodvfy`` of dicom3tools finds no error; skipped where it is not installed."""
    checker = shutil.which("dciodvfy")
    if checker is None:
        pytest.skip("dciodvfy (Debian's dicom3tools) is not installed")
    source = ultrasound_image(drawn(), STUDY)
    kinds = {"T2-weighted": (7020.0, 52.0, None), "STIR": (6120.0, 66.0, 180.0)}
    files = [
        source,
        secondary_capture(drawn(), (ellipse(),), STUDY),
        measurement_report([Reported(source, ellipse(), (("area", 4.7, "mm²"),), "a")], STUDY),
        *(
            one
            for k, (shows, times) in enumerate(kinds.items())
            for one in mr_series([Slice(drawn("mri", shows), 1.0, 3.0, 3.0, *times)], STUDY, k)
        ),
        *mr_series([Slice(drawn("mri", "ADC (µm²/ms)"), 1.0, 3.0, 3.0)], STUDY, 3),
    ]
    for data in files:
        data.save_as(tmp_path / "one.dcm", enforce_file_format=True)
        done = subprocess.run([checker, tmp_path / "one.dcm"], capture_output=True, text=True)
        assert "Error" not in done.stdout + done.stderr, done.stderr


@pytest.mark.parametrize("ending", ["dcm", "png"])
def test_what_is_written_is_read_back(ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"one.{ending}"
    path.write_bytes(raw(ultrasound_image(drawn(), STUDY)) if ending == "dcm" else as_png(drawn()))
    found = read_picture(path)
    assert (found.row_mm, found.column_mm) == pytest.approx((ROW_mm, COLUMN_mm))
    assert not found.simulated and found.pixels.shape == (240, 320)
    assert np.abs(found.pixels - drawn().pixels)[30:].max() < 0.01


def foreign(**changed: Any) -> Any:
    """A file as a scanner might write it, with a person in it."""
    data = ultrasound_image(drawn(), STUDY)
    data.PatientName, data.PatientID, data.PatientBirthDate = "Roe^Jane", "4711", "19700101"
    for key, value in changed.items():
        if value is None:
            delattr(data, key)
        else:
            setattr(data, key, value)
    return data


def test_a_file_without_a_scale_gives_no_number(tmp_path: Path) -> None:
    path = tmp_path / "us.dcm"
    foreign(SequenceOfUltrasoundRegions=None).save_as(path, enforce_file_format=True)
    with pytest.raises(TinelError, match="no scale"):
        read_picture(path)
    assert read_picture(path, Given(mm_per_pixel=0.1)).row_mm == 0.1
    frame = framed(drawn())
    plain = tmp_path / "screen.png"
    extra.need("PIL.Image").fromarray(frame.pixels).save(plain, dpi=(300, 300))
    with pytest.raises(TinelError, match=r"no scale.*--mm-per-pixel"):
        read_picture(plain)  # the resolution for a printer is no scale
    assert read_picture(plain, Given(mm_per_pixel=0.05)).column_mm == 0.05


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"Modality": "CT"}, "holds CT"),
        ({"Modality": "\x1b[31mXX"}, "allowed: US for ultrasound, MR"),
        ({"Modality": None}, "no modality"),
        ({"PixelData": None}, "no picture"),
        ({"Rows": 65535, "Columns": 65535}, "65535 x 65535"),
        ({"Rows": 4000}, "pixels cannot be read"),
        ({"BitsAllocated": 7}, "pixels cannot be read"),
    ],
)
def test_a_wrong_file_is_refused_in_words(
    changed: dict[str, Any], told: str, tmp_path: Path
) -> None:
    path = tmp_path / "one.dcm"
    foreign(**changed).save_as(path, enforce_file_format=True)
    with pytest.raises(TinelError, match=told) as caught:
        read_picture(path)
    assert all(word not in str(caught.value) for word in ("Roe", "Jane", "4711", "\x1b"))


def test_a_compressed_file_says_so(tmp_path: Path) -> None:
    data, path = foreign(), tmp_path / "one.dcm"
    jpeg = pydicom.uid.JPEG2000Lossless
    data.file_meta.TransferSyntaxUID = jpeg
    data.PixelData = pydicom.encaps.encapsulate([b"\xff\x4f\xff\x51 broken"])
    data["PixelData"].VR = "OB"
    data.save_as(path, enforce_file_format=True)
    with pytest.raises(TinelError, match=r"compressed .JPEG 2000.*export it uncompressed"):
        read_picture(path)


def test_frames_and_colours(tmp_path: Path) -> None:
    frame = framed(drawn())
    clip = np.stack([in_colour(frame), 255 - in_colour(frame)])
    data = foreign(
        NumberOfFrames=2, SamplesPerPixel=3, PhotometricInterpretation="RGB",
        PlanarConfiguration=0, SOPClassUID="1.2.840.10008.5.1.4.1.1.3.1",
    )  # fmt: skip
    data.PixelData = clip.tobytes()
    path = tmp_path / "clip.dcm"
    data.save_as(path, enforce_file_format=True)
    first, second = (read_picture(path, Given(frame=k)) for k in (1, 2))
    assert np.abs(first.pixels + second.pixels - 1).max() < 1e-5
    assert np.abs(first.pixels - drawn().pixels)[30:].max() < 0.01
    with pytest.raises(TinelError, match="has 2 frames"):
        read_picture(path, Given(frame=3))


@pytest.mark.parametrize("ending", ["dcm", "png"])
def test_no_damage_makes_it_crash(ending: str, tmp_path: Path) -> None:
    """Files that were cut, or had bytes changed: a picture or an error in words, nothing else."""
    whole = raw(foreign()) if ending == "dcm" else as_png(drawn())
    rng, path, refused = np.random.default_rng(1), tmp_path / f"one.{ending}", 0
    for k in range(150):
        broken = bytearray(whole)
        if k % 3 == 0:
            del broken[int(rng.integers(len(whole))) :]
        for _ in range(int(rng.integers(1, 8)) if broken else 0):
            last = min(len(broken), 1800 if k % 2 else len(broken))
            broken[int(rng.integers(last))] = int(rng.integers(256))
        path.write_bytes(bytes(broken))
        try:
            found = read_picture(path)
        except TinelError as problem:
            refused += 1
            assert not {"Roe", "Jane", "4711"} & set(str(problem).split())
        else:
            assert found.pixels.ndim == 2 and found.row_mm > 0 and found.column_mm > 0
    print(f"{ending}: {refused} of 150 damaged files refused")
    assert refused > 10


def test_what_is_no_picture(tmp_path: Path) -> None:
    text = tmp_path / "notes.dcm"
    text.write_text("no picture", encoding="utf-8")
    for path, told in ((text, "no picture that can be read"), (tmp_path, "a folder"),
                       (tmp_path / "none.png", "cannot be read")):  # fmt: skip
        with pytest.raises(TinelError, match=told):
            read_picture(path)
    assert is_picture(text) and not is_picture(Path(__file__))
    with pytest.raises(TinelError, match="out of range"):
        Given(mm_per_pixel=0.0)
    with pytest.raises(TinelError, match="out of range"):
        Given(mm_per_pixel=float("nan"))


def test_a_missing_package_is_said_plainly(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = tmp_path / "one.dcm"
    path.write_bytes(raw(foreign()))

    def blocked(name: str) -> Any:
        raise ModuleNotFoundError(f"No module named {name!r}", name=name)

    monkeypatch.setattr(extra, "import_module", blocked)
    with pytest.raises(TinelError, match=r"package pydicom.*pip install 'tinel\[imaging\]'"):
        read_picture(path)
    monkeypatch.setattr(extra, "find_spec", lambda name: None)
    with pytest.raises(TinelError, match=r"tinel\[imaging\]"):
        extra.check_installed()
