"""B-mode: speckle, resolution, attenuation, shadow, fluid, needle, hand, beside what is known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from scipy import stats
from scipy.ndimage import binary_erosion

from tinel.errors import TinelError
from tinel.evidence import Parameters
from tinel.imaging.picture import Picture
from tinel.imaging.plane import Plane, Tissue
from tinel.imaging.ultrasound.b_mode import b_mode, clip, envelope
from tinel.imaging.ultrasound.handling import Handling, usual_handling
from tinel.imaging.ultrasound.medium import impedance
from tinel.imaging.ultrasound.needle import needle_grey
from tinel.imaging.ultrasound.pattern import drawn
from tinel.imaging.ultrasound.phantom import phantom, uniform
from tinel.imaging.ultrasound.probe import Probe, linear_probe
from tinel.imaging.ultrasound.psf import bank_of, beamformed
from tinel.imaging.ultrasound.waves import echoes, fine_grid, placed

pytest.importorskip("pymust")

NUMBERS = Parameters.of_evidence()
# nothing but scatterers of equal strength
PLAIN = NUMBERS.replace(
    {
        "ultrasound.texture.tissue_dB": 0.0,
        "ultrasound.reflection.perimysium": 0.0,
        "ultrasound.reflection.fat_septum": 0.0,
        "ultrasound.reflection.skin": 0.0,
        "ultrasound.display.smooth_wavelengths": 0.0,
    }
)


def rng() -> np.random.Generator:
    return np.random.default_rng(13)


def probe(frequency_MHz: float = 12.0) -> Probe:
    return linear_probe(frequency_MHz, NUMBERS)


def received(
    plane: Plane, numbers: Parameters = PLAIN, tilt_deg: float = 0.0, finer: int = 1
) -> np.ndarray:
    rows, columns = plane.tissue.shape
    pixel = plane.spacing_mm / finer, plane.spacing_mm
    grid = fine_grid((rows * finer, columns), pixel, probe())
    pattern = drawn((grid.rows, grid.columns), plane.tissue.shape, rng())
    return envelope(plane, probe(), pattern, numbers, grid, tilt_deg)


def decibel(magnitude: np.ndarray) -> float:
    return float(10 * np.log10((magnitude.astype(float) ** 2).mean()))


def width_mm(place: np.ndarray, magnitude: np.ndarray) -> float:
    """Full width at half of the largest value."""
    fine = np.linspace(place[0], place[-1], 20_001)
    curve = np.abs(np.interp(fine, place, magnitude))
    above = fine[curve >= curve.max() / 2]
    return float(above[-1] - above[0])


@cache
def usual() -> Picture:
    return b_mode(phantom(), probe(), rng(), NUMBERS)


@pytest.mark.truth
def test_the_resolution_cell_is_that_of_such_a_probe() -> None:
    bank = bank_of(probe())
    fine_axial, fine_lateral = (
        np.linspace(place[0], place[-1], 4001) for place in (bank.axial_mm, bank.lateral_mm)
    )
    from scipy.interpolate import CubicSpline

    print("depth mm, axial and lateral width mm (computed elsewhere: 0.112 and 0.25)")
    found = []
    for depth, answer in zip(bank.depths_mm, bank.answers, strict=True):
        row, column = np.unravel_index(np.abs(answer).argmax(), answer.shape)
        axial = np.abs(CubicSpline(bank.axial_mm, answer[:, column])(fine_axial))
        lateral = np.abs(CubicSpline(bank.lateral_mm, answer[row])(fine_lateral))
        found.append((width_mm(fine_axial, axial), width_mm(fine_lateral, lateral)))
        print(f"{depth:5.1f}  {found[-1][0]:.3f}  {found[-1][1]:.3f}")
    assert found[1][0] == pytest.approx(0.112, rel=0.1)
    assert found[1][1] == pytest.approx(0.25, rel=0.1)
    # high frequencies are lost on the way
    assert found[0][0] < found[1][0] < found[2][0] < found[3][0]


@pytest.mark.truth
def test_speckle_is_fully_developed() -> None:
    inner = received(uniform(width_mm=30, depth_mm=15))[40:-40, 40:-40].astype(float)
    ratio = inner.mean() / inner.std()
    level = np.sqrt((inner**2).mean() / 2)
    # samples further apart than a resolution cell are independent
    apart = inner[::6, ::12].ravel()
    fit = stats.kstest(apart, stats.rayleigh(scale=level).cdf)
    print(f"mean over standard deviation {ratio:.3f} (Rayleigh 1.913; 1.8 to 2.0 asked)")
    print(f"Kolmogorov-Smirnov {fit.statistic:.4f}, p {fit.pvalue:.2f}, {apart.size} samples")
    assert 1.8 < ratio < 2.0
    assert fit.pvalue > 0.01


def test_scatterers_and_interfaces_have_the_level_that_they_are_given() -> None:
    level = decibel(received(uniform(Tissue.EPINEURIUM, width_mm=15))[40:-40, 40:-40])
    given = NUMBERS.scalar("ultrasound.echo.epineurium")
    print(f"epineurium {level:+.2f} dB ({given:g} given)")
    assert level == pytest.approx(given, abs=0.3)
    numbers = PLAIN.replace(
        {
            "ultrasound.mirror.rough": 0.0,
            "ultrasound.echo.fat": -60.0,
            "ultrasound.echo.muscle": -60,
        }
    )
    heavy = impedance(numbers)
    fat, muscle = heavy[Tissue.FAT], heavy[Tissue.MUSCLE]
    given = NUMBERS.scalar("ultrasound.mirror.level_dB")
    given += 20 * np.log10((muscle - fat) / (muscle + fat))
    for spacing in (0.03, 0.05, 0.1):
        plane = uniform(Tissue.FAT, width_mm=12, depth_mm=12, spacing_mm=spacing)
        plane.tissue[plane.tissue.shape[0] // 2 :] = Tissue.MUSCLE
        middle = received(plane, numbers, finer=5)[:, 20:-20].max(axis=0)
        found = 20 * np.log10(np.median(middle))
        print(f"border, pixels of {spacing} mm: {found:.1f} dB ({given:.1f} given)")
        assert found == pytest.approx(given, abs=1.5)


def against_the_full_simulation(width: float, height: float, count: int) -> float:
    """Correlation of the magnitudes of PyMUST's pictures of points and of the convolution's."""
    used, random = probe(), np.random.default_rng(3)
    x, strength = random.uniform(-width / 2, width / 2, count), random.standard_normal(count)
    z = random.uniform(6.0, 6.0 + height, count)
    strength[np.hypot(x - width / 8, z - 6.0 - height / 2) < height / 5] *= 0.05
    pixel = 0.02
    shape = round(height / pixel), round(width / pixel)
    across = (np.arange(shape[1]) + 0.5) * pixel - width / 2
    down = 6.0 + (np.arange(shape[0]) + 0.5) * pixel
    pixels = np.meshgrid(across, down)
    full = np.abs(beamformed(used, x[None], z[None], strength[None], *pixels))
    grid = fine_grid((round((6.0 + height) / pixel), shape[1]), (pixel, pixel), used)
    column = ((x + width / 2) / grid.column_mm).astype(int)
    cells = placed(z, column, strength, grid)
    quick = np.abs(echoes(cells, grid, used, bank_of(used)))[-shape[0] :]
    # gain over depth: what the full simulation loses on the way, as an exponential
    ratio = np.log((full**2).mean(axis=1) / (quick.astype(float) ** 2).mean(axis=1)) / 2
    gain = np.exp(-np.polyval(np.polyfit(down, ratio, 1), down))[:, None]
    return float(np.corrcoef((full * gain).ravel(), quick.ravel())[0, 1])


@pytest.mark.truth
def test_the_convolution_agrees_with_the_full_simulation_of_a_few_points() -> None:
    agree = against_the_full_simulation(3.0, 2.0, 40)
    print(f"correlation of magnitudes {agree:.4f} (asked 0.98)")
    assert agree >= 0.98


@pytest.mark.slow
@pytest.mark.truth
def test_the_convolution_agrees_with_the_full_simulation() -> None:
    agree = against_the_full_simulation(8.0, 6.0, 1000)
    print(f"correlation of magnitudes, 1000 points in 8 x 6 mm: {agree:.4f} (asked 0.98)")
    assert agree >= 0.98


@pytest.mark.truth
@pytest.mark.parametrize("tissue", [Tissue.MUSCLE, Tissue.FAT, Tissue.FASCICLE])
def test_echoes_fall_with_depth_as_published(tissue: Tissue) -> None:
    name = {Tissue.MUSCLE: "muscle", Tissue.FAT: "fat", Tissue.FASCICLE: "nerve"}[tissue]
    numbers = PLAIN.replace({"ultrasound.gain.most_dB": 0.0, "ultrasound.gain.noise_dB": -150.0})
    seen = received(uniform(tissue, width_mm=20, depth_mm=15), numbers)
    rows = range(20, 280, 20)
    level = [decibel(seen[row : row + 20, 40:-40]) for row in rows]
    slope = np.polyfit([(row + 10) * 0.005 for row in rows], level, 1)[0]
    bank = bank_of(probe())
    depth_mm = np.arange(1.5, 14.0)
    mean_MHz = np.interp(depth_mm, bank.depths_mm, bank.frequency_MHz(probe())).mean()
    published = NUMBERS.scalar(f"ultrasound.attenuation.{name}")
    found = -slope / 2 / mean_MHz
    print(f"{name}: {found:.3f} dB/cm/MHz one way (published {published:.3f})")
    assert found == pytest.approx(published, rel=0.1)


def test_tissues_have_the_order_of_brightness_that_is_described() -> None:
    plane = phantom()
    grey = b_mode(plane, probe(18.0), rng(), NUMBERS).pixels
    mean = {}
    for tissue in ("BONE", "TENDON", "EPINEURIUM", "MUSCLE", "FASCICLE", "ARTERY"):
        inside = plane.tissue == Tissue[tissue]
        if tissue == "BONE":  # its surface
            inside &= ~binary_erosion(inside, iterations=3, border_value=1)
        elif tissue != "EPINEURIUM":  # away from borders
            inside = binary_erosion(inside, iterations=3)
        mean[tissue] = float(grey[inside].mean())
    print({name: round(value, 2) for name, value in mean.items()})
    assert list(mean) == sorted(mean, key=lambda name: -mean[name])


def test_fluid_is_black_and_what_lies_below_it_is_brighter() -> None:
    plane = uniform(width_mm=16, depth_mm=14)
    ball = np.hypot(plane.depth_mm[:, None] - 6.0, plane.across_mm[None]) < 2.0
    plane.tissue[ball] = Tissue.FLUID
    seen = received(plane)
    black = decibel(seen[110:130, 150:170])
    below, beside = decibel(seen[185:225, 145:175]), decibel(seen[185:225, 20:60])
    print(f"fluid {black:.0f} dB, muscle {beside:.0f} dB, below the fluid {below:.0f} dB")
    assert black < beside - 25
    assert 3 < below - beside < 12


def test_bone_is_bright_and_throws_a_shadow() -> None:
    plane = uniform(width_mm=20, depth_mm=15)
    plane.tissue[(plane.depth_mm[:, None] > 8.0) & (plane.across_mm[None] > 0)] = Tissue.BONE
    grey = b_mode(plane, probe(), rng(), NUMBERS).pixels
    line, shadow, beside = grey[155:165, 240:380], grey[220:, 240:380], grey[220:, 20:160]
    white = line.max(axis=0).mean()
    print(f"bone {white:.2f}, shadow {shadow.mean():.2f}, beside {beside.mean():.2f}")
    assert white > 0.95
    assert shadow.mean() < 0.03 < 0.2 < beside.mean()


def test_a_needle_is_dimmer_the_steeper_it_is() -> None:
    grey = []
    for degrees in (90, 70, 50, 30, 15):
        plane = uniform(width_mm=20, depth_mm=15)
        along = np.deg2rad(degrees)
        down, across = plane.depth_mm[:, None] - 7.0, plane.across_mm[None]
        away = np.abs(down * np.sin(along) - across * np.cos(along))
        plane.tissue[(away < 0.25) & (np.hypot(down, across) < 4)] = Tissue.NEEDLE
        picture = b_mode(plane, probe(), rng(), NUMBERS)
        middle = picture.pixels[120:160, 190:210]
        grey.append(float(middle.max()))
        described = needle_grey(degrees, NUMBERS)
        print(f"{degrees} degrees to the beam: {grey[-1]:.2f} (described {described:.2f})")
    assert grey[0] > grey[1] > grey[2] > grey[3]
    assert needle_grey(15, NUMBERS) == pytest.approx(5 / 68)


def test_copies_lie_below_a_needle() -> None:
    plane = uniform(Tissue.FLUID, width_mm=10, depth_mm=10)
    plane.tissue[60:70, 40:160] = Tissue.NEEDLE
    grey = b_mode(plane, probe(), rng(), NUMBERS).pixels[:, 60:140].mean(axis=1)
    print([round(float(grey[row]), 2) for row in (61, 66, 71, 76, 81)])
    assert grey[61] > grey[71] > grey[81] > 0.5
    assert grey[66] < grey[61]


@pytest.mark.truth
def test_a_tendon_is_as_bright_as_muscle_at_the_published_angle() -> None:
    levels = []
    for degrees in (0.0, 2.0, 4.5, 7.0, 10.0):
        tendon, muscle = (
            decibel(received(uniform(t, width_mm=10, depth_mm=8), tilt_deg=degrees)[40:-40])
            for t in (Tissue.TENDON, Tissue.MUSCLE)
        )
        levels.append(tendon - muscle)
        print(f"{degrees:4.1f} degrees: tendon {levels[-1]:+.1f} dB against muscle")
    assert levels[0] > levels[1] > 0 > levels[3] > levels[4]  # published: equal at 2 to 7


def area_mm2(plane: Plane, tissue: Tissue) -> float:
    return float((plane.tissue == tissue).sum()) * plane.spacing_mm**2


def test_pressing_closes_a_vein_and_not_an_artery() -> None:
    from tinel.imaging.ultrasound.held import as_held

    plane = phantom()
    pressed = as_held(plane, Handling(press=1.0), NUMBERS)
    left = {
        tissue.name: area_mm2(pressed, tissue) / area_mm2(plane, tissue)
        for tissue in (Tissue.VEIN, Tissue.ARTERY, Tissue.EPINEURIUM, Tissue.FAT)
    }
    print({name: round(part, 2) for name, part in left.items()})
    assert left["VEIN"] < 0.35 < 0.65 < left["ARTERY"] < left["EPINEURIUM"]


@pytest.mark.parametrize("degrees", [15.0, 40.0])
def test_an_oblique_cut_widens_by_one_over_the_cosine(degrees: float) -> None:
    from tinel.imaging.ultrasound.held import as_held

    plane = phantom()
    cut = as_held(plane, Handling(oblique_deg=degrees), NUMBERS)
    wider = area_mm2(cut, Tissue.FASCICLE) / area_mm2(plane, Tissue.FASCICLE)
    assert wider == pytest.approx(1 / np.cos(np.deg2rad(degrees)), rel=0.02)


def test_speckle_of_neighbouring_frames_is_alike() -> None:
    base = uniform(width_mm=8, depth_mm=6)
    planes = [replace(base, position_mm=place) for place in (0.0, 0.2, 3.0)]
    first, near, far = (p.pixels.ravel() for p in clip(planes, probe(), rng(), PLAIN))
    alike = np.corrcoef(first, near)[0, 1], np.corrcoef(first, far)[0, 1]
    print(f"correlation after 0.2 mm {alike[0]:.2f}, after 3 mm {alike[1]:.2f}")
    assert alike[0] > 0.8
    assert abs(alike[1]) < 0.2
    with pytest.raises(TinelError, match="one size in a clip"):
        list(clip([base, uniform(width_mm=9, depth_mm=6)], probe(), rng(), PLAIN))


def test_the_same_seed_gives_the_same_picture() -> None:
    again = b_mode(phantom(), probe(), rng(), NUMBERS)
    assert again.pixels.tobytes() == usual().pixels.tobytes()
    assert usual().pixels.min() == 0 and usual().pixels.max() == 1
    other = b_mode(phantom(), probe(), np.random.default_rng(2), NUMBERS)
    assert other.pixels.tobytes() != usual().pixels.tobytes()


def test_a_picture_has_the_size_of_its_plane_whatever_its_pixels() -> None:
    picture = b_mode(phantom(), probe(), rng(), NUMBERS, pixel_mm=(0.02, 0.1))
    assert picture.pixels.shape == (750, 200)
    assert picture.size_mm == pytest.approx((15.0, 20.0))
    assert (picture.modality, picture.view, picture.simulated) == ("ultrasound", "cross", True)


@pytest.mark.parametrize(
    ("width", "depth", "spacing", "pixel", "frequency"),
    [
        (3.0, 2.0, 0.05, None, 18.0),
        (11.3, 45.0, 0.15, (0.11, 0.23), 12.0),
        (60.0, 5.0, 0.1, (0.2, 0.2), 12.0),
    ],
)
def test_any_plane_has_a_picture(
    width: float,
    depth: float,
    spacing: float,
    pixel: tuple[float, float] | None,
    frequency: float,
) -> None:
    plane = uniform(width_mm=width, depth_mm=depth, spacing_mm=spacing)
    picture = b_mode(plane, probe(frequency), rng(), NUMBERS, pixel_mm=pixel)
    assert np.isfinite(picture.pixels).all()
    assert 0.1 < picture.pixels[5:-5, 5:-5].mean() < 0.5
    assert picture.size_mm == pytest.approx((depth, width), abs=max(pixel or (spacing,)))


def test_bad_input_is_refused() -> None:
    with pytest.raises(TinelError, match="5 MHz is out of range"):
        linear_probe(5.0, NUMBERS)
    with pytest.raises(TinelError, match="press"):
        Handling(press=1.5)
    with pytest.raises(TinelError, match="some millimetres"):
        b_mode(uniform(width_mm=0.1, depth_mm=5), probe(), rng(), NUMBERS)


def everything() -> Plane:
    """A small plane with every tissue, in states."""
    plane = uniform(width_mm=8, depth_mm=8.5)
    label = plane.tissue
    label[:10], label[10:24], label[24:28] = Tissue.SKIN, Tissue.FAT, Tissue.FASCIA
    for which, tissue in enumerate(
        (
            Tissue.TENDON,
            Tissue.ARTERY,
            Tissue.VEIN,
            Tissue.EPINEURIUM,
            Tissue.NEUROMA,
            Tissue.SCAR,
            Tissue.FLUID,
            Tissue.SUTURE,
            Tissue.FAT,
            Tissue.FASCIA,
        )
    ):
        row, column = 34 + 24 * (which % 2), 4 + 31 * (which // 2)
        label[row : row + 18, column : column + 26] = tissue
    label[64:70, 45:55] = Tissue.FASCICLE  # in the epineurium
    label[86:94, 20:140] = Tissue.FASCIA  # 2.4 mm2
    label[98:110, 10:150] = Tissue.FASCIA  # 4.2 mm2
    label[112:160, 42:] = Tissue.FASCIA  # 13 mm2 without the bone
    label[122:132, 50:100] = Tissue.BONE
    for step in range(30):  # at 45 degrees
        label[110 + step : 117 + step, 10 + step] = Tissue.NEEDLE
    plane.water[:] = 0.5
    plane.fat[:] = 0.2
    plane.axons[:] = 0.5
    return plane


def seen(numbers: Parameters) -> Iterator[bytes]:
    used = linear_probe(12.0, numbers)
    yield repr(used).encode()
    yield repr(usual_handling(rng(), numbers)).encode()
    held = Handling(tilt_deg=4.0, press=0.3)
    # waves of a changed probe would be computed anew
    yield b_mode(everything(), probe(), rng(), numbers, handling=held).pixels.tobytes()
    long = replace(everything(), view="long")
    yield b_mode(long, probe(), rng(), numbers).pixels.tobytes()
    slide = [everything(), replace(everything(), position_mm=0.5)]
    yield list(clip(slide, probe(), rng(), numbers))[1].pixels.tobytes()


@cache
def seen_before() -> list[bytes]:
    return list(seen(NUMBERS))


# what changes nothing here, and why
ELSEWHERE = {"ultrasound.gain.most_dB": "reached deeper than this plane; see the attenuation test"}


@pytest.mark.parametrize("key", [k for k in NUMBERS if k.startswith("ultrasound.")])
def test_a_changed_number_is_used(key: str) -> None:
    number = NUMBERS.number(key)
    least, most = number.allowed
    up, down = number.value * 1.5, number.value * 0.6
    value = next(v for v in (up, down) if least <= v <= most)
    changed = NUMBERS.replace({key: value})
    pairs = zip(seen(changed), seen_before(), strict=True)
    assert any(now != before for now, before in pairs) or key in ELSEWHERE
