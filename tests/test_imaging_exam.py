"""Ultrasound and MR neurography as tests of a case: values, pictures, files and report."""

from __future__ import annotations

import hashlib
import json
import math
import re
import shutil
import subprocess
import sys
from base64 import b64encode
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.people import some
from tinel.case import load
from tinel.cli import main
from tinel.errors import TinelError
from tinel.evidence import Parameters
from tinel.exam import ultrasound_pictures, ultrasound_views
from tinel.exam.examination import Examination, Visit
from tinel.exam.findings import findings
from tinel.exam.limb import Limb, healthy
from tinel.exam.limits.nerve_area import largest_mm2
from tinel.exam.measurement import Measurement
from tinel.exam.pictures import DiffusionView, Slide, TakenPicture
from tinel.exam.reference_limits import reference_limits
from tinel.exam.scanning import INJURED, places, scanned
from tinel.exam.tests import mri, ultrasound
from tinel.exam_command.asked import ask_exam
from tinel.exam_command.compute import Examined, examined
from tinel.exam_command.lines import EXAMPLE_ALONE, lines
from tinel.exam_command.pictures import file_name, write_pictures
from tinel.exam_command.readings import readings
from tinel.exam_command.show import as_text
from tinel.imaging.anatomy.shape import shape_at
from tinel.imaging.extra import PACKAGES
from tinel.imaging.files.colour_frame import tracts_frame
from tinel.imaging.files.frame import greys
from tinel.imaging.files.given import Given
from tinel.imaging.files.read import read_picture
from tinel.imaging.measured.mr_tracts import Tracts
from tinel.imaging.mri.diffusion import DiffusionSlice
from tinel.imaging.picture import Picture
from tinel.nerve import build
from tinel.report.moving_figure import slide_panel, tract_words
from tinel.report.pictures_figure import as_image
from tinel.report.write import write
from tinel.treatment.plan import Intervention

for package in PACKAGES:
    pytest.importorskip(package)

NAN = np.full(1, np.nan)
CASE = """
[patient]
sex = "female"
age = 40
height_cm = 165
limb_temperature_c = 32
[nerve]
name = "median"
side = "left"
[cause]
kind = "laceration"
procedure = "fell on glass"
site = "carpal tunnel"
severed_percent = 100
[[exam]]
days = [30]
tests = ["ultrasound", "mri"]
[[arm]]
name = "wait"
[[arm]]
name = "sewn later"
[[arm.step]]
treatment = "repair"
day = 60
[run]
seed = 1
twins = 2
horizon_days = 90
"""


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> Examined:
    """A cut median nerve on day 30, by both tests."""
    path = tmp_path_factory.mktemp("case") / "hand.toml"
    path.write_text(CASE, encoding="utf-8")
    (found,) = examined(ask_exam(load(path), 30, "sewn later"))
    return found


@pytest.fixture(autouse=True)
def short_slides(monkeypatch: pytest.MonkeyPatch) -> None:
    """Slides of five pictures, made once for each limb, as a slide takes seconds."""
    monkeypatch.setattr(ultrasound_views, "slide", lambda limb, *_: made_once(limb))


MADE: dict[int, Slide | None] = {}
FULL = ultrasound_views.slide


def made_once(limb: Limb) -> Slide | None:
    key = id(limb.state)
    if key not in MADE:
        MADE[key] = FULL(limb, 5)
    return MADE[key]


def test_both_sides_are_scanned_at_the_same_places(one: Examined) -> None:
    for test, subject in (("ultrasound", ultrasound.SUBJECT), ("MR neurography", mri.SUBJECT)):
        here, there = (
            [m.labels for m in side.examination.measurements if m.test == test]
            for side in (one.visit, one.other_side)
        )
        assert here and {labels[1] for labels in here} == {subject}
        sites = {labels[2] for labels in here if labels[3] not in (mri.STIR, ultrasound.SWELLING)}
        assert INJURED in sites and sites <= {labels[2] for labels in there}
        taken = one.visit.examination.pictures[test].taken
        assert {shot.site for shot in taken} >= sites
        assert all(shot.picture.simulated for shot in taken)


def test_only_the_example_is_scanned(one: Examined) -> None:
    measured = lines(one)
    assert {line.test for line in measured} == {"ultrasound", "MR neurography"}
    assert all(line.of_twins == EXAMPLE_ALONE and line.median is None for line in measured)
    assert not {labels[2] for labels in one.result.outcomes.exams.labels}
    print(as_text([one]))


def test_the_same_seed_gives_the_same_picture(one: Examined) -> None:
    limb = one.visit.limb
    place = places(limb, 0)[1]
    again = ultrasound_pictures.at_place(limb, place, 0)
    first = one.visit.examination.pictures["ultrasound"].taken[1]
    assert (again.picture.pixels == first.picture.pixels).all()
    assert again.read == first.read


def test_arms_share_their_pictures_before_anything_is_done(one: Examined) -> None:
    visits = [by_day[30.0] for by_day in one.result.visits.values()]
    assert len(visits) == 2 and visits[0].examination is visits[1].examination
    assert visits[0].limb is not visits[1].limb


def test_the_reading_says_what_is_seen(one: Examined) -> None:
    said = {reading.test: reading.sentence for reading in readings(one)}
    assert set(said) == {"ultrasound", "MR neurography"}
    for sentence in said.values():
        print(sentence)
        assert "injured place" in sentence.casefold() and "nan" not in sentence


def test_what_is_not_seen_is_no_number_and_not_abnormal(one: Examined) -> None:
    for finding in findings(one.visit, one.other_side):
        if math.isnan(finding.value):
            assert finding.abnormal is None, finding


def test_files_are_pictures_with_the_same_measures(one: Examined, tmp_path: Path) -> None:
    files = write_pictures([one], tmp_path, "dicom")
    made = one.visit.examination.pictures
    taken = [(file_name(test, s), s) for test, p in made.items() for s in p.taken]
    by_name = {f.stem: f for f in files}
    assert {name for name, _ in taken} <= set(by_name) and len(by_name) == len(files)
    for name, shot in taken:
        back = read_picture(by_name[name])
        assert back.pixels.shape == shot.picture.pixels.shape
        assert (back.row_mm, back.column_mm) == pytest.approx(
            (shot.picture.row_mm, shot.picture.column_mm), rel=1e-4
        )
        assert back.modality == shot.picture.modality
    checker = shutil.which("dciodvfy")
    for file in files if checker else ():
        done = subprocess.run(
            [str(checker), file], capture_output=True, text=True, errors="replace"
        )
        assert "Error" not in done.stdout + done.stderr, (file.name, done.stderr)


def test_an_injury_is_shown_along_the_nerve(one: Examined) -> None:
    taken = ultrasound_views.along(one.visit.limb)
    assert taken is not None and not taken.read
    print(taken.says)
    assert taken.picture.view == "long"
    assert taken.picture.size_mm[1] == pytest.approx(ultrasound_views.LONG_mm)
    assert "cut, with a gap of" in taken.says and "spinal cord to the left" in taken.says
    assert ultrasound_views.along(one.other_side.limb) is None
    assert FULL(one.other_side.limb) is None


def test_a_slide_says_where_each_picture_was_taken(one: Examined) -> None:
    slide = made_once(one.visit.limb)
    assert slide is not None and len(slide.pictures) == 5
    places = np.array(slide.from_middle_mm)
    assert (np.diff(places) > 0).all() and places[slide.middle] == pytest.approx(0.0)
    assert slide.place(slide.middle) == "middle of the injury"
    assert slide.place(0) == f"{-places[0]:.1f} mm nearer to the cord"
    assert slide.place(4).endswith("further from the cord")
    near, far = (
        np.corrcoef(slide.pictures[0].pixels.ravel(), slide.pictures[k].pixels.ravel())[0, 1]
        for k in (0, 4)
    )
    assert near > far


def test_a_needle_is_shown_on_the_day_of_its_injection_alone(one: Examined) -> None:
    limb = one.visit.limb
    day = limb.state.day
    assert ultrasound_views.guided(limb) is None

    def after(days: float) -> Limb:
        done = Intervention("hydrodissection", day=day - days, fluid_mL=5.0)
        return replace(limb, interventions=(done,))

    assert ultrasound_views.guided(after(1.0)) is None
    taken = ultrasound_views.guided(after(0.0))
    assert taken is not None and "5 mL" in taken.says and "25 degrees" in taken.says
    picture = taken.picture
    place = places(limb, 0)[0]
    needle = ultrasound_views.needle_beside(
        shape_at(scanned(after(0.0), 0), place.position_mm, place.branch), 25.0
    )
    down, across = needle.along

    def grey(aside_mm: float) -> float:
        """Mean along the near wall of the shaft, half of its width above its middle, or beside."""
        back = np.arange(2.0, 9.0, 0.1)[:, None]
        wall_mm = needle.tip_mm[0] - back * down - 0.51 / 2 / across
        depth = wall_mm + aside_mm + np.array([-0.05, 0.0, 0.05])
        column = (needle.tip_mm[1] - back * across + picture.size_mm[1] / 2) / picture.column_mm
        rows = np.rint(depth / picture.row_mm - 0.5).astype(int)
        return float(picture.pixels[rows, np.rint(column - 0.5).astype(int)].mean())

    shaft, above = grey(0.0), grey(-1.0)
    print(f"grey along the needle {shaft:.2f}, above it {above:.2f}")
    assert shaft > above + 0.15


def test_views_are_written_with_their_scale(one: Examined, tmp_path: Path) -> None:
    from PIL import Image

    names = {file.name for file in write_pictures([one], tmp_path, "png")}
    assert names >= {
        "ultrasound_injured_place_along_B_mode.png",
        "ultrasound_injured_place_slide.gif",
        "MR_neurography_injured_place_FA_in_colour.png",
        "MR_neurography_injured_place_tracts.png",
    }
    with Image.open(tmp_path / "ultrasound_injured_place_slide.gif") as moving:
        assert moving.n_frames == 5 and b"SIMULATED" in moving.info["comment"]
    for name in ("FA_in_colour", "tracts"):
        with Image.open(tmp_path / f"MR_neurography_injured_place_{name}.png") as image:
            assert image.mode == "RGB" and len(set(image.info["dpi"])) <= 2
            colours = np.asarray(image)
            assert (np.ptp(colours.astype(int), axis=-1) > 60).any()
    made = one.visit.examination.pictures["MR neurography"].diffusion
    ((view,), healthy_side) = made, one.other_side.examination.pictures["MR neurography"].diffusion
    assert view.tracts is not None and healthy_side[0].tracts is None


def test_a_slide_is_one_dicom_file_of_several_frames(one: Examined, tmp_path: Path) -> None:
    import pydicom

    files = write_pictures([one], tmp_path, "dicom")
    read = [pydicom.dcmread(file) for file in files]
    unique = {str(data.SOPInstanceUID) for data in read}
    assert len(unique) == len(files), "no two files may have the same identifier"
    path = tmp_path / "ultrasound_injured_place_slide.dcm"
    data, slide = pydicom.dcmread(path), made_once(one.visit.limb)
    assert slide is not None and data.NumberOfFrames == 5
    assert data.SOPClassUID == "1.2.840.10008.5.1.4.1.1.3.1"
    assert data[data.FrameIncrementPointer].value == 240
    for k in (0, 4):
        back = read_picture(path, Given(frame=k + 1))
        picture = slide.pictures[k]
        assert (back.row_mm, back.column_mm) == pytest.approx(
            (picture.row_mm, picture.column_mm), rel=1e-4
        )
        # all but the word in the corner
        shown = np.rint(back.pixels[40:] * 255)
        assert (shown == greys(picture)[40:]).all()
    with pytest.raises(TinelError, match="has 5 frames, and frame 6 is asked for"):
        read_picture(path, Given(frame=6))
    along = read_picture(tmp_path / "ultrasound_injured_place_along_B_mode.dcm")
    assert along.size_mm[1] == pytest.approx(ultrasound_views.LONG_mm, rel=1e-4)
    tracts = pydicom.dcmread(tmp_path / "MR_neurography_injured_place_tracts.dcm")
    assert tracts.SamplesPerPixel == 3 and tracts.PixelSpacing[0] == tracts.PixelSpacing[1]


def test_the_report_has_one_slide_that_is_moved(one: Examined, tmp_path: Path) -> None:
    write(one.result, tmp_path)
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert page.count('<div class="slide">') == 1
    slide = page[page.index('<div class="slide">') :]
    slide = slide[: slide.index("</div>")]
    images = re.findall(r"<img [^>]+>", slide)
    assert len(images) == 5 and sum(" hidden" not in image for image in images) == 1
    middle = next(image for image in images if " hidden" not in image)
    assert 'data-place="middle of the injury"' in middle
    assert all("Simulated B-mode across the nerve" in image for image in images)
    assert re.search(r'<input type="range" min="0" max="4" value="2"', slide)
    assert '<p class="moves" hidden>' in slide and "<noscript>" in slide
    for said in ("along the nerve, day 30", "FA in colour, day 30", "tracts, day 30"):
        assert said in page, said
    assert "FA in colour, other side" in page
    # every picture has a sentence, the slide one for all of its own
    assert len(re.findall(r'<img [^>]+>(?!<p class="soft">)', page)) == 5
    digest = b64encode(
        hashlib.sha256(page[page.index("<script>") + 8 : page.index("</script>")].encode()).digest()
    ).decode("ascii")
    assert f"script-src 'sha256-{digest}'" in page
    print(f"{len(page) / 1e6:.2f} MB, of them the slide {len(slide) / 1e6:.2f}")


def test_text_of_a_case_is_escaped_beside_pictures() -> None:
    picture = Picture(np.zeros((40, 40), np.float32), 0.1, 0.1, "ultrasound")
    hostile = '"><script>alert(1)</script>'
    panel = slide_panel(Slide("injured place", (0.0,), (picture,)), f"day 3, {hostile}")
    taken = TakenPicture("injured place", 1.0, picture, says=hostile)
    for shown in (panel.svg, as_image(taken, hostile)):
        assert "<script" not in shown and "&lt;script&gt;" in shown


def test_tracts_are_told_in_words() -> None:
    flat = Picture(np.zeros((4, 4), np.float32), 1.0, 1.0, "mri", shows="FA")
    found = DiffusionSlice(flat, flat, np.zeros((4, 4, 3), np.float32), flat, 100.0)
    line = np.array([[1.0, 1.0, z] for z in range(21)])
    for every, wanted in (
        ((), "No tract begins"),
        ((line, line), "100 % of 2 come through all 20 mm."),
        ((line, line[:6], line[:6]), "33 % of 3 come through all 20 mm; half of them stop within"),
    ):
        view = DiffusionView("injured place", found, Tracts(every, 20.0), 90.0)
        assert wanted in tract_words(view)
        assert view.tracts is not None
        assert tracts_frame(view.tracts, 10.0).pixels.shape[2] == 3


def test_a_written_picture_is_measured_as_it_was(one: Examined, tmp_path: Path) -> None:
    """In the file are 256 greys and a word in a corner; the nerve is measured nearly as before."""
    from tinel.imaging.measured.nerve_on_ultrasound import NoNerve, nerve_on_ultrasound

    write_pictures([one], tmp_path, "png")
    compared = 0
    for shot in one.other_side.examination.pictures["ultrasound"].taken:
        if not shot.outlines:
            continue
        from tinel.imaging.files.png import as_png

        (tmp_path / "one.png").write_bytes(as_png(shot.picture))
        back = read_picture(tmp_path / "one.png", Given())
        middle = shot.outlines[0].mean(axis=0) + 0.5
        near = (
            float(middle[0] * back.row_mm),
            float(middle[1] * back.column_mm - back.size_mm[1] / 2),
        )
        found = nerve_on_ultrasound(back, near, Parameters.of_evidence())
        assert not isinstance(found, NoNerve)
        print(f"{shot.site}: {shot.read[0][1]:.2f} mm2, from its file {found.area_mm2:.2f}")
        compared += 1
    print(f"{compared} nerves compared")


def test_the_report_shows_them_with_a_text_for_who_cannot_see(
    one: Examined, tmp_path: Path
) -> None:
    write(one.result, tmp_path)
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    images = re.findall(r'<img src="data:image/png;base64,[^"]+" alt="([^"]+)"', page)
    assert len(images) >= 5 and all(text.startswith("Simulated") for text in images)
    assert "Ultrasound of the nerve" in page and "MR neurography" in page
    assert "<script" in page and "http-equiv" in page  # as strict as before
    rows = (tmp_path / "findings.csv").read_text(encoding="utf-8")
    assert "ultrasound" in rows and "MR neurography" in rows


def test_the_command_writes_and_reads(
    one: Examined, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from tinel.imaging.files.png import as_png

    shot = one.visit.examination.pictures["ultrasound"].taken[0]
    path = tmp_path / "scan.png"
    path.write_bytes(as_png(shot.picture))
    assert main(["read", str(path), "--json", "--at", "6,0"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["modality"] == "ultrasound" and told["row_mm"] == pytest.approx(shot.picture.row_mm)
    assert bool(told["findings"]) != bool(told["no_nerve"])
    flat = np.full((200, 200), 90, np.uint8)
    from PIL import Image

    outlined = tmp_path / "outlined.png"
    taken = one.other_side.examination.pictures["ultrasound"].taken
    clear = next(t for t in taken if t.outlines)
    (tmp_path / "clear.png").write_bytes(as_png(clear.picture))
    down, across = (clear.outlines[0].mean(axis=0) + 0.5) * clear.picture.row_mm
    at = f"{down:.1f},{across - clear.picture.size_mm[1] / 2:.1f}"
    told = ["read", str(tmp_path / "clear.png"), "--at", at, "--out", str(outlined)]
    assert main(told) == 0
    assert "area" in capsys.readouterr().out
    with Image.open(outlined) as drawn:
        red, green, blue = np.asarray(drawn.convert("RGB"), int).reshape(-1, 3).T
    assert ((red > 200) & (green > 150) & (blue < 120)).sum() > 50

    Image.fromarray(flat).save(tmp_path / "flat.png")
    assert main(["read", str(tmp_path / "flat.png"), "--mm-per-pixel", "0.1"]) == 0
    assert "No nerve found" in capsys.readouterr().out
    for words, wanted in (
        (["read", str(path), "--at", "6"], "DEPTH,ACROSS"),
        (["read", str(path), "--at", "900,0"], "outside the picture"),
        (["read", str(path), "--at", "nan,0"], "outside the picture"),
        (["read", str(path), "--mm-per-pixel", "0"], "out of range"),
        (["read", str(path), "--out", "x.edf"], "allowed: .png"),
        (["read", str(path), "--out", str(path)], "is the file that is read"),
        (["read", "--mm-per-pixel", "0.1"], "no file is given"),
    ):
        assert main(words) != 0
        assert wanted in capsys.readouterr().err


def test_png_without_pictures_is_refused_early() -> None:
    from tinel.exam_command.pictures import check_written

    case = load(Path(__file__).parents[1] / "examples" / "cut.toml").with_run(twins=2)
    asked = ask_exam(case, 21, "", ["strength"])
    with pytest.raises(TinelError, match="no test of this day makes pictures"):
        check_written("png", asked)


BLOCKED = """
import sys
class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("skimage", "pydicom", "highdicom", "dipy", "pymust"):
            raise ModuleNotFoundError(name, name=name)
sys.meta_path.insert(0, Blocked())
from tinel.cli import main
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (["exam", "examples/cut.toml", "--day", "21", "--test", "mri"], "pip install 'tinel[imag"),
        (["check", "examples/cut.toml"], "laceration of the ulnar nerve"),
    ],
)
def test_without_the_packages_the_rest_works(words: list[str], wanted: str) -> None:
    root = Path(__file__).parents[1]
    done = subprocess.run(
        [sys.executable, "-c", BLOCKED, *words], cwd=root, capture_output=True, text=True
    )
    assert wanted in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def numbers_of(changed: dict[str, float]) -> list[object]:
    """What the numbers of pictures decide, without any picture."""
    from tinel.exam.mr_pictures import slices_mm
    from tinel.exam.picture_words import side_ratio
    from tinel.exam.scanning import pointed_mm, size_of, spread_mm
    from tinel.exam.ultrasound_views import needle_beside
    from tinel.imaging.anatomy.scanned import Scanned
    from tinel.lesion.causes import laceration

    nerve = build("ulnar", side="left", twins=some(range(1), changed=changed))
    p, found = nerve.twins.parameters, list[object]()
    for name, aside_mm in (("cubital tunnel", 6.0), ("mid-forearm", 0.0)):
        site_mm = nerve.landmark(name).position_mm + aside_mm
        hurt = laceration.make(nerve, "ulnar trunk", site_mm=site_mm, fraction=1.0)
        limb = healthy(nerve, hurt)
        where = places(limb, 0)
        found += [where, [size_of(limb, place.name) for place in where]]
        one = Scanned(nerve, hurt, limb.state)
        found.append(slices_mm(one, where[0]))
        found.append(spread_mm(one, where[0], round(p.scalar("pictures.slide_pictures"))))
        found.append(side_ratio(Visit(0.0, limb, Examination((), {}), {})))
        shape = shape_at(one, where[0].position_mm, where[0].branch)
        found.append(needle_beside(shape, p.scalar("pictures.needle_deg")))
    found.append(pointed_mm(9.0, limb, np.random.default_rng(1)))
    found += [
        ultrasound_pictures.frequency_MHz(depth_mm, p) for depth_mm in (8.0, 18.0, 23.0, 40.0)
    ]
    sizes = sorted(
        key.removesuffix(".mean") for key in p.numbers if key.startswith("anatomy.size.")
    )
    found += [largest_mm2(key, p) for key in sizes if f"{key}.mean" in p]
    measured = Measurement("ultrasound", ultrasound.SUBJECT, "", ultrasound.SWELLING, "ratio", NAN)
    limit = reference_limits()[ultrasound.SWELLING]
    found.append(limit.bound(measured, Visit(0.0, limb, Examination((), {}), {})))
    return found


def test_every_number_of_pictures_decides_something() -> None:
    usual = numbers_of({})
    published = Parameters.of_evidence()
    keys = [key for key in published.numbers if key.startswith("pictures.")]
    assert len(keys) > 20
    idle = []
    for key in keys:
        number = published.number(key)
        least, most = number.allowed
        values = (number.value * factor for factor in (0.6, 1.5, 3.0, 0.1))
        if all(numbers_of({key: v}) == usual for v in values if least <= v <= most):
            idle.append(key)
    assert idle == []
