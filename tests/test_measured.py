"""Blind measures of B-mode pictures: on known phantoms, and on pictures without a nerve."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from tests.ultrasound_phantom import Known, phantom
from tinel.errors import TinelError
from tinel.evidence import Parameters
from tinel.imaging.measured.crop import crop
from tinel.imaging.measured.ellipse import clearness, everywhere
from tinel.imaging.measured.nerve_on_ultrasound import NoNerve, nerve_on_ultrasound
from tinel.imaging.measured.slide import along_slide
from tinel.imaging.picture import Picture

MEASURED = Path(__file__).parents[1] / "src" / "tinel" / "imaging" / "measured"
ALLOWED = ("declare", "errors", "evidence", "imaging.measured", "imaging.picture")
NUMBERS = Parameters.of_evidence()


def test_blind_measures_import_nothing_of_what_was_drawn() -> None:
    for file in sorted(MEASURED.glob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            for name in (n.removeprefix("tinel.") for n in names if n.startswith("tinel.")):
                if name != "imaging.extra":
                    assert name.startswith(ALLOWED), f"{file.name} imports {name}"


@pytest.mark.truth
def test_area_on_known_phantoms() -> None:
    print("\narea drawn, area read mean (sd), n found of n, largest error")
    rng, borders, gross, n = np.random.default_rng(5), [], 0, 0
    for area, fascicles in ((6.0, 6), (9.0, 8), (20.0, 12)):
        read = []
        for seed in range(5):
            known = phantom(seed, area, fascicles=fascicles, around=("muscle", "fat")[seed % 2])
            spread = 0.2 * np.sqrt(area / np.pi)
            near = (
                known.centre_mm[0] + spread * rng.standard_normal(),
                known.centre_mm[1] + spread * rng.standard_normal(),
            )
            found = nerve_on_ultrasound(known.picture, near, NUMBERS)
            n += 1
            if isinstance(found, NoNerve):
                continue
            read.append(found.area_mm2)
            borders.append((found.area_mm2 - area) / (2 * np.sqrt(np.pi * area)))
            gross += abs(found.area_mm2 / area - 1) > 0.3
        errors = np.array(read) / area - 1
        print(
            f"{area:5.1f}  {np.mean(read):5.1f} ({np.std(read):.1f})  {len(read)} of 5  "
            f"{errors[np.abs(errors).argmax()]:+.0%}"
        )
    middle = float(np.median(borders))
    print(f"border {middle:+.3f} mm outside the drawn one; errors above 30 %: {gross} of {n}")
    said = NUMBERS.number("measured.area.border_bias_mm")
    assert said.low is not None and said.high is not None and said.low <= middle <= said.high
    assert len(borders) >= 0.8 * n and gross <= 0.2 * n


def picture(pixels: np.ndarray, side_mm: float = 0.05) -> Picture:
    return Picture(pixels, side_mm, side_mm, "ultrasound")


@pytest.mark.parametrize(
    ("given", "near", "says"),
    [
        (picture(np.zeros((300, 300), np.float32)), (5.0, 0.0), "one grey value"),
        (picture(np.full((300, 300), np.nan, np.float32)), (5.0, 0.0), "no numbers"),
        (picture(np.ones((1, 1), np.float32)), (0.0, 0.0), "no rows"),
        (picture(np.eye(40, dtype=np.float32)), (1.0, 0.0), "2 mm wide"),
        (picture(np.eye(300, dtype=np.float32), 0.0), (5.0, 0.0), "no scale"),
        (picture(np.eye(300, dtype=np.float32), np.nan), (5.0, 0.0), "no scale"),
        (picture(np.eye(300, dtype=np.float32), 0.5), (5.0, 0.0), "0.5 mm"),
        (picture(np.eye(300, dtype=np.float32)), (50.0, 0.0), "outside"),
        (picture(np.eye(300, dtype=np.float32)), (np.nan, 0.0), "no number"),
    ],
)
def test_a_picture_that_cannot_be_measured_is_refused(
    given: Picture, near: tuple[float, float], says: str
) -> None:
    found = nerve_on_ultrasound(given, near, NUMBERS)
    assert isinstance(found, NoNerve) and says in found.why


@pytest.mark.truth
def test_how_often_a_nerve_is_seen_where_there_is_none() -> None:
    rng, seen = np.random.default_rng(2), 0
    for k in range(8):
        known = phantom(2000 + k, around=("muscle", "fat")[k % 2], nerve=False)
        near = (rng.uniform(5, 16), rng.uniform(-7, 7))
        seen += not isinstance(nerve_on_ultrasound(known.picture, near, NUMBERS), NoNerve)
    grain = [picture(rng.random((400, 400), np.float32)) for _ in range(3)]
    plain = sum(not isinstance(nerve_on_ultrasound(g, (9.0, 0.0), NUMBERS), NoNerve) for g in grain)
    print(f"\nwithout a nerve, one was seen: muscle and fat {seen} of 8, speckle {plain} of 3")
    assert plain == 0 and seen <= 5


def test_a_stretch_without_a_nerve_is_a_gap() -> None:
    whole = phantom(3, 9.0)
    empty = picture(np.random.default_rng(1).random(whole.picture.pixels.shape, np.float32))
    slide = along_slide(
        [whole.picture, empty, empty, whole.picture], [0.0, 2.0, 4.0, 6.0], whole.centre_mm, NUMBERS
    )
    assert slide.longest_gap_mm == 4.0 and not slide.continuous


def test_an_expected_area_guides_and_does_not_decide() -> None:
    known = phantom(3, 20.0, fascicles=12)
    for expected in (4.0, 9.0, 20.0):
        found = nerve_on_ultrasound(known.picture, known.centre_mm, NUMBERS, expected)
        assert not isinstance(found, NoNerve) and abs(found.area_mm2 / 20.0 - 1) < 0.15
    with pytest.raises(TinelError, match="above 0"):
        nerve_on_ultrasound(known.picture, known.centre_mm, NUMBERS, 0.0)


def read(parameters: Parameters) -> Iterator[object]:
    """What is read off a small nerve near which an examiner points, and how ellipses rank there."""
    known = small()
    near = known.centre_mm[0] + 0.6, known.centre_mm[1] - 0.5
    tried = everywhere(near, NUMBERS)
    around = crop(known.picture, near, NUMBERS)
    yield clearness(around, tried, near, parameters, 3.0).tobytes()
    yield repr(nerve_on_ultrasound(known.picture, near, parameters, 3.0))


@cache
def small() -> Known:
    return phantom(4, 4.0, fascicles=5, size_mm=(14.0, 14.0))


@cache
def read_before() -> tuple[object, ...]:
    return tuple(read(NUMBERS))


# what no nerve of this size shows, and where it counts: how a picture is refused, and how a slide
# is judged
LIMITS = {
    "measured.picture.most_pixel_mm": 0.04,
    "measured.picture.least_mm": 15.0,
    "measured.found.least_stands": 79.0,
    "measured.found.least_rim": 13.0,
    "measured.fascicle.least_contrast": 19.0,
    "measured.fascicle.least_mm2": 0.5,
    "measured.ellipse.least_mm2": 6.0,
    "measured.ellipse.most_mm2": 10.0,
    "measured.ellipse.flattest": 1.1,
    "measured.ellipse.reach_mm": 0.2,
    "measured.reach_mm": 4.0,
    "measured.fascicle.apart_mm": 0.6,
    "measured.slide.gap_mm": 5.0,
}
OF_ULTRASOUND = [k for k in NUMBERS if k.startswith("measured.") and ".mr" not in k]


@pytest.mark.parametrize("key", OF_ULTRASOUND)
def test_a_changed_number_is_used(key: str) -> None:
    number = NUMBERS.number(key)
    least, most = number.allowed
    up = number.value * 1.5
    value = LIMITS.get(key, up if least <= up <= most else number.value * 0.6)
    changed = NUMBERS.replace({key: value})
    if key == "measured.slide.gap_mm":
        noise = picture(np.random.default_rng(1).random((100, 100), np.float32))
        slides = (along_slide([noise] * 2, [0.0, 4.0], (2.0, 0.0), n) for n in (changed, NUMBERS))
        assert [slide.continuous for slide in slides] == [True, False]
    else:
        pairs = zip(read(changed), read_before(), strict=True)
        assert any(now != before for now, before in pairs)
