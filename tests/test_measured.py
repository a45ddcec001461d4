"""Blind measures of B-mode pictures: on known phantoms, and on pictures without a nerve."""

from __future__ import annotations

import ast
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter
from scipy.signal import correlate2d

from tests.ultrasound_phantom import Known, phantom
from tinel.evidence import Parameters
from tinel.imaging.measured.nerve_on_ultrasound import (
    NerveOnUltrasound,
    NoNerve,
    nerve_on_ultrasound,
)
from tinel.imaging.measured.network import (
    block,
    convolved,
    doubled,
    halved,
    likelihood,
    weights,
)
from tinel.imaging.measured.slide import along_slide, between
from tinel.imaging.measured.window import SIDE, Window, window
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
    noise = [rng.random((400, 400), np.float32) for _ in range(6)]
    noise += [np.clip(gaussian_filter(one, 2) * 3 - 1, 0, 1) for one in noise]
    grain = [picture(one) for one in noise]
    plain = sum(not isinstance(nerve_on_ultrasound(g, (9.0, 0.0), NUMBERS), NoNerve) for g in grain)
    print(f"\nwithout a nerve, one was seen: muscle and fat {seen} of 8, speckle {plain} of 12")
    assert plain == 0 and seen <= 5


def test_a_stretch_without_a_nerve_is_a_gap() -> None:
    whole = phantom(3, 9.0)
    empty = picture(np.random.default_rng(1).random(whole.picture.pixels.shape, np.float32))
    slide = along_slide(
        [whole.picture, empty, empty, whole.picture], [0.0, 2.0, 4.0, 6.0], whole.centre_mm, NUMBERS
    )
    assert slide.longest_gap_mm == 4.0 and not slide.continuous


def test_a_spot_in_a_gap_is_not_the_nerve() -> None:
    nerve, spot = (phantom(4, mm2, fascicles=n) for mm2, n in ((9.0, 8), (2.0, 3)))
    alone = nerve_on_ultrasound(spot.picture, spot.centre_mm, NUMBERS)
    assert isinstance(alone, NerveOnUltrasound) and alone.area_mm2 < 3.0
    at, pictures = [0.0, 4.0, 8.0], [nerve.picture, spot.picture, nerve.picture]
    slide = along_slide(pictures, at, nerve.centre_mm, NUMBERS)
    assert not slide.continuous and slide.longest_gap_mm == 4.0
    lax = NUMBERS.replace({"measured.slide.least_part": 0.05})
    assert along_slide(pictures, at, nerve.centre_mm, lax).continuous


def test_a_picture_between_two_that_show_the_nerve_is_looked_at_again() -> None:
    known = phantom(3, 9.0)
    one = nerve_on_ultrasound(known.picture, known.centre_mm, NUMBERS)
    assert isinstance(one, NerveOnUltrasound)
    lower = replace(one, outline_mm=one.outline_mm + np.array([2.0, -1.0]))
    nothing = NoNerve("none")
    found = between(np.array([0.0, 1.0, 4.0, 6.0]), [one, nothing, lower, nothing])
    depth, across = one.centre_mm
    assert found[0] is None and found[2] is None and found[3] is None
    assert found[1] == pytest.approx((depth + 0.5, across - 0.25))
    assert between(np.array([0.0, 1.0]), [nothing, nothing]) == [None, None]


def test_a_nerve_is_not_taken_from_far_beside_the_point() -> None:
    known = phantom(3, 9.0)
    depth, across = known.centre_mm
    near = nerve_on_ultrasound(known.picture, (depth, across + 1.0), NUMBERS)
    assert isinstance(near, NerveOnUltrasound)
    assert np.hypot(near.centre_mm[0] - depth, near.centre_mm[1] - across) < 0.5
    far = nerve_on_ultrasound(known.picture, (depth, across + 7.0), NUMBERS)
    assert isinstance(far, NoNerve) or np.hypot(*(np.array(far.centre_mm) - near.centre_mm)) > 3.0


def test_layers_of_the_network_are_what_they_are_called() -> None:
    rng = np.random.default_rng(1)
    image = rng.standard_normal((3, 8, 6)).astype(np.float32)
    kernel = rng.standard_normal((2, 3, 3, 3)).astype(np.float32)
    plain = [sum(correlate2d(image[n], kernel[m, n], "same") for n in range(3)) for m in range(2)]
    assert np.allclose(convolved(image, kernel), plain, atol=1e-5)
    assert halved(image).shape == (3, 4, 3) and halved(image)[0, 0, 0] == image[0, :2, :2].max()
    assert np.array_equal(halved(doubled(image)), image)
    learned = {"x.a.kernel": kernel, "x.a.offset": np.array([0.5, -0.5], np.float32)}
    learned |= {"x.b.kernel": kernel[:, :2], "x.b.offset": np.zeros(2, np.float32)}
    first = np.maximum(np.array(plain) + np.array([0.5, -0.5])[:, None, None], 0)
    second = [sum(correlate2d(first[n], kernel[m, n], "same") for n in range(2)) for m in range(2)]
    assert np.allclose(block(image, learned, "x"), np.maximum(second, 0), atol=1e-4)


def test_the_network_does_not_mind_the_side() -> None:
    """Each window is looked at both ways round."""
    known = phantom(6, 9.0)
    around = window(known.picture, known.centre_mm)
    turned = Window(around.grey[:, ::-1], around.held[:, ::-1], 0.0, 0.0)
    one, other = (likelihood(w, weights()) > 0.5 for w in (around, turned))
    assert one.any() and one.shape == (SIDE, SIDE)
    assert (one == other[:, ::-1]).mean() > 0.999


def read(parameters: Parameters) -> str:
    """What is read off a small nerve near which an examiner points."""
    known = small()
    near = known.centre_mm[0] + 0.6, known.centre_mm[1] - 0.5
    return repr(nerve_on_ultrasound(known.picture, near, parameters))


@cache
def small() -> Known:
    return phantom(4, 6.0, fascicles=6, size_mm=(14.0, 14.0))


@cache
def read_before() -> str:
    return read(NUMBERS)


# what no nerve of this size shows, and where it counts: how a picture is refused, and how a slide
# is judged
LIMITS = {
    "measured.area.border_bias_mm": 0.1,
    "measured.picture.most_pixel_mm": 0.04,
    "measured.picture.least_mm": 15.0,
    "measured.found.least_sure": 1.0,
    "measured.found.least_mm2": 5.0,
    "measured.found.most_mm2": 20.0,
    "measured.fascicle.least_contrast": 19.0,
    "measured.fascicle.least_mm2": 0.5,
    "measured.reach_mm": 4.0,
    "measured.fascicle.apart_mm": 0.6,
    "measured.slide.gap_mm": 5.0,
    "measured.found.reach_mm": 3.0,
}
ELSEWHERE = {"measured.slide.least_part": "test_a_spot_in_a_gap_is_not_the_nerve"}
OF_ULTRASOUND = [
    k for k in NUMBERS if k.startswith("measured.") and ".mr" not in k and k not in ELSEWHERE
]


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
    elif key == "measured.found.most_mm2":
        large = phantom(3, 30.0, fascicles=12)
        found = [nerve_on_ultrasound(large.picture, large.centre_mm, n) for n in (changed, NUMBERS)]
        assert isinstance(found[0], NoNerve) and not isinstance(found[1], NoNerve)
    elif key == "measured.area.foreign_sd_mm":
        known = small()
        own = replace(known.picture, simulated=True)
        read_sd = [
            [nerve_on_ultrasound(shot, known.centre_mm, n).sd_mm2 for n in (changed, NUMBERS)]
            for shot in (own, replace(own, simulated=False))
        ]
        assert read_sd[0][0] == read_sd[0][1] and read_sd[1][0] > read_sd[1][1] > read_sd[0][0]
    elif key == "measured.found.reach_mm":
        known = small()
        beside = known.centre_mm[0], known.centre_mm[1] + 3.8
        found = [nerve_on_ultrasound(known.picture, beside, n) for n in (changed, NUMBERS)]
        assert repr(found[0]) != repr(found[1])
    else:
        assert read(changed) != read_before()
