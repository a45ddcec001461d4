"""How the network that finds nerves is taught: pictures, windows, and that steps teach."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.people import PUBLISHED
from tinel.checks.teaching.__main__ import main
from tinel.checks.teaching.free_pictures import free_picture
from tinel.checks.teaching.kept import Lesson, draw, lesson, lessons
from tinel.checks.teaching.known_pictures import LARGEST, STREAM, KnownPicture, known_pictures
from tinel.checks.teaching.learned import Reading, reading, table
from tinel.checks.teaching.learned import main as read_people
from tinel.checks.teaching.samples import sample
from tinel.errors import TinelError
from tinel.exam.accuracy.people import COHORTS
from tinel.exam.accuracy.people import LARGEST as LARGEST_COHORT
from tinel.imaging.measured.window import SIDE, SPACING_mm
from tinel.imaging.picture import Picture
from tinel.progress import silent


@pytest.fixture(scope="module", autouse=True)
def packages() -> None:
    for package in ("pymust", "skimage"):
        pytest.importorskip(package)


def test_nobody_who_is_taught_is_counted_in_the_study_of_accuracy() -> None:
    assert (len(COHORTS) + 1) * LARGEST_COHORT < STREAM * LARGEST


def test_pictures_know_their_nerve() -> None:
    known = [next(known_pictures(0, PUBLISHED)), *(free_picture(k, PUBLISHED) for k in range(2))]
    for one in known:
        assert one.nerve.shape == one.picture.pixels.shape
        if one.nerve.any():
            rows, columns = np.nonzero(one.nerve)
            assert rows.mean() * one.picture.row_mm == pytest.approx(one.middle_mm[0], abs=0.3)
            across = (columns.mean() + 0.5) * one.picture.column_mm - one.picture.size_mm[1] / 2
            assert across == pytest.approx(one.middle_mm[1], abs=0.3)
    again = free_picture(1, PUBLISHED)
    assert np.array_equal(again.picture.pixels, known[2].picture.pixels)


def test_a_lesson_keeps_area_and_place() -> None:
    known = free_picture(1, PUBLISHED)
    one = lesson(known)
    area = known.nerve.sum() * known.picture.row_mm * known.picture.column_mm
    assert one.nerve.sum() / 255 * SPACING_mm**2 == pytest.approx(area, rel=0.03)
    rows, columns = np.nonzero(one.nerve > 127)
    assert (one.row, one.column) == pytest.approx((rows.mean(), columns.mean()), abs=1.0)


def shown(row: float, column: float) -> Lesson:
    down, across = np.mgrid[:180, :260]
    disc = np.hypot(down - row, across - column) < 15
    return Lesson(
        np.where(disc, 90, 180).astype(np.uint8), (255 * disc).astype(np.uint8), row, column
    )


def test_windows_lie_where_an_examiner_points() -> None:
    rng, one = np.random.default_rng(1), shown(70.0, 140.0)
    away, beside = [], 0
    for _ in range(200):
        image, nerve = sample(one, rng, varied=False)
        assert image.shape == (2, SIDE, SIDE) and nerve.shape == (SIDE, SIDE)
        rows, columns = np.nonzero(nerve)
        away.append([rows.mean() - (SIDE - 1) / 2, columns.mean() - (SIDE - 1) / 2])
    assert np.abs(np.mean(away, axis=0)).max() < 2.5
    assert np.std(away, axis=0) * SPACING_mm == pytest.approx([1.0, 1.0], rel=0.2)
    for _ in range(200):
        image, nerve = sample(one, rng)
        assert image.min() >= 0.0 and image.max() <= 1.0
        rows, columns = np.nonzero(nerve)
        middle = (SIDE - 1) / 2
        beside += not len(rows) or np.hypot(rows.mean() - middle, columns.mean() - middle) > 25
    assert 15 <= beside <= 80


def test_drawing_goes_on_where_it_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    grey = Picture(np.full((200, 300), 0.5, np.float32), 0.1, 0.1, "ultrasound")
    one = KnownPicture(grey, grey.pixels > 1.0, (10.0, 0.0), "nothing")
    monkeypatch.setattr("tinel.checks.teaching.kept.free_picture", lambda *_: one)
    draw(tmp_path, "free", 1, PUBLISHED, silent)
    (file,) = tmp_path.iterdir()
    made = file.stat().st_mtime_ns
    draw(tmp_path, "free", 1, PUBLISHED, silent)
    assert file.stat().st_mtime_ns == made
    assert len(list(lessons(tmp_path, "free", 1, held_back=False))) == 8
    assert not list(lessons(tmp_path, "free", 1, held_back=True))
    with pytest.raises(TinelError, match="1 or more"):
        draw(tmp_path, "free", 0, PUBLISHED, silent)


def test_a_picture_is_read_and_counted() -> None:
    one = reading(free_picture(1, PUBLISHED), np.random.default_rng(1), PUBLISHED)
    assert one.true_mm2 > 0 and one.beside in (True, False, None)
    gap = Reading(0.0, float("nan"), float("nan"), float("nan"), None, "gap")
    right, wrong = (Reading(10.0, mm2, 0.8, 0.01, False, "") for mm2 in (10.4, 15.0))
    told = dict(table([gap, right, wrong]))
    assert told["nerves found"] == "100 %, 2 of 2"
    assert told["areas off by more than 30 %, of those found"] == "50 %, 1 of 2"
    assert told["a nerve called in a gap"] == "0 %, 0 of 1"


def test_a_table_of_nobody_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert read_people(["--people", "0"]) == 1
    assert "1 or more" in capsys.readouterr().err


def test_without_pytorch_it_is_said_at_once(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "torch", None)
    assert main([str(tmp_path / "drawn")]) == 1
    assert "pip install 'tinel[teaching]'" in capsys.readouterr().err
    assert not (tmp_path / "drawn").exists()


@pytest.mark.slow
def test_steps_teach_what_is_written_out(tmp_path: Path) -> None:
    """A few steps on one bright disc find it, and the package's layers say what PyTorch's say."""
    pytest.importorskip("torch")
    from tinel.checks.teaching.learner import taught

    rng = np.random.default_rng(1)
    known = [shown(float(r), float(c)) for r, c in rng.uniform(60, 120, (24, 2))]
    learned = taught(known, 60, 1, silent)
    from tinel.imaging.measured.network import likelihood
    from tinel.imaging.measured.window import Window

    image, nerve = sample(known[0], rng, varied=False)
    likely = likelihood(Window(image[0], image[1], 0.0, 0.0), learned)
    assert likely[nerve > 0.5].mean() > likely[nerve < 0.5].mean() + 0.3
