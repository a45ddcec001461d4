"""A whole limb in cross-section, with its muscles as a nerve has left them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from scipy.interpolate import CubicSpline

from tinel.errors import TinelError, suggest
from tinel.evidence import Parameters
from tinel.evidence.files import published
from tinel.imaging.anatomy.muscles import MuscleState
from tinel.imaging.plane import Grid, Plane, Tissue

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

LIMBS = ("upper arm", "forearm", "hand", "thigh", "leg")
OF_A_NERVE = (Tissue.EPINEURIUM, Tissue.FASCICLE, Tissue.NEUROMA, Tissue.SCAR, Tissue.SUTURE)

# Air round a limb.
MARGIN_mm = 4.0


@dataclass(frozen=True)
class LimbSection:
    """A plane across a limb and where things lie in it.

    Args:
        plane: the whole limb; its top is the front of the limb (the palm of a hand).
        muscle_mm: where each muscle is thickest, down and across from the corner of the plane;
            one of which nothing is left is missing.
        nerve_mm: place of each nerve, likewise.
    """

    plane: Plane
    muscle_mm: dict[str, tuple[float, float]]
    nerve_mm: dict[str, tuple[float, float]]


def limbs_of(muscles: Iterable[str], parameters: Parameters) -> tuple[str, ...]:
    """Sections in which one of these muscles lies.

    Example:
        >>> limbs_of(["tibialis anterior"], Parameters.of_evidence())
        ('leg',)
    """
    wanted = set(muscles)
    return tuple(n for n in LIMBS if wanted & _rows(n, "muscle", parameters).keys())


def limb_section(
    limb: str,
    parameters: Parameters,
    muscles: Sequence[MuscleState] = (),
    nerves: dict[str, Plane] | None = None,
    *,
    spacing_mm: float = 0.2,
    position_mm: float = 0.0,
) -> LimbSection:
    """A limb with its skin, fat, fascia, bones, vessels, nerves and muscles.

    Args:
        limb: one of ``LIMBS``.
        parameters: outlines, ``mri.limb``.
        muscles: those that differ from healthy; others of the nerve are ignored here.
        nerves: planes across a nerve, by its name; what is nerve, neuroma, scar or suture in them
            is put into its place in the limb.
        spacing_mm: side of a pixel.
        position_mm: along the nerve.

    Raises:
        TinelError: no such limb, or a nerve that has no place in it.

    Example:
        >>> section = limb_section("forearm", Parameters.of_evidence(), spacing_mm=1.0)
        >>> section.plane.tissue.shape, "median" in section.nerve_mm
        ((80, 98), True)
    """
    if limb not in LIMBS:
        raise TinelError(f"limb is '{limb}'", "limb", suggest(limb, LIMBS))
    high, wide, fat_mm = (
        parameters.scalar(f"mri.limb.{limb}.{key}")
        for key in ("half_height_mm", "half_width_mm", "fat_mm")
    )

    def drawn(key: str) -> float:
        return parameters.scalar(f"mri.drawing.{key}")

    skin_mm, square, uneven_mm = drawn("skin_mm"), drawn("square"), drawn("uneven_mm")
    shape = tuple(round(2 * (half + MARGIN_mm) / spacing_mm) for half in (high, wide))
    places = [((np.arange(n) + 0.5 - n / 2) * spacing_mm).astype(np.float32) for n in shape]
    y, x = np.meshgrid(*places, indexing="ij")
    draws = np.random.default_rng(crc32(limb.encode()))
    y_bent, x_bent = (
        each + drawn("warp_mm") * _smooth(draws, shape, drawn("warp_over_mm") / spacing_mm)
        for each in (y, x)
    )
    tissue = np.full(shape, Tissue.OUTSIDE, np.uint8)
    # distance to the skin, near enough for an outline that is not flat
    round_out = np.abs(y / high) ** square + np.abs(x / wide) ** square
    depth_mm = (1 - round_out ** (1 / square)) * min(high, wide)
    depth_mm += uneven_mm * _smooth(draws, shape, 25.0 / spacing_mm)
    tissue[depth_mm > 0] = Tissue.SKIN
    tissue[depth_mm > skin_mm] = Tissue.FAT
    depth_mm += 2 * uneven_mm * _smooth(draws, shape, 18.0 / spacing_mm)
    deep = depth_mm > skin_mm + fat_mm
    tissue[deep] = Tissue.FASCIA
    deep = depth_mm > skin_mm + fat_mm + drawn("fascia_mm")
    tissue[deep] = Tissue.FAT
    rows = _rows(limb, "muscle", parameters)
    states = {m.name: m for m in muscles}
    owner, inside = _muscles(
        rows, states, (y_bent, x_bent), deep, fills=drawn("fills"), cleft_mm=drawn("cleft_mm")
    )
    tissue[inside] = Tissue.MUSCLE
    streak = np.abs(_smooth(draws, shape, drawn("streak_mm") / spacing_mm, 2.5))
    streaks = drawn("streaks") * (0.3 + 0.7 * _smooth(draws, shape, 40) ** 2)
    tissue[inside & (streak < streaks)] = Tissue.FAT
    for row in _rows(limb, "bone", parameters).values():
        out = np.hypot((y_bent - row["down"]) / row["half_height"],
                       (x_bent - row["across"]) / row["half_width"])  # fmt: skip
        tissue[(out <= 1.15) & (tissue == Tissue.MUSCLE)] = Tissue.FAT
        tissue[out <= 1] = Tissue.BONE
        tissue[out <= drawn("cortex")] = Tissue.FAT  # marrow
    water, fat, axons = (np.zeros(shape, np.float32) for _ in range(3))
    patchy = np.clip(1.0 + 0.6 * _smooth(draws, shape, 0.8 / spacing_mm, 3.0), 0.0, 2.0)
    for k, name in enumerate(rows):
        if name in states:
            water[inside & (owner == k)] = states[name].water
            fat[inside & (owner == k)] = states[name].fat
    fat = np.asarray(np.clip(fat * patchy, 0.0, 1.0), np.float32)
    for name, row in _rows(limb, "vessel", parameters).items():
        out = np.hypot(y - row["down"], 0.8 * (x - row["across"])) / row["radius"]
        tissue[(out <= 1.6) & (tissue == Tissue.MUSCLE)] = Tissue.FAT
        tissue[out <= 1] = Tissue.VEIN if name.endswith("vein") else Tissue.ARTERY
    plane = Plane(tissue, spacing_mm, "cross", position_mm, water, fat, axons)
    corner = np.array([shape[0], shape[1]]) * spacing_mm / 2
    beds = _rows(limb, "nerve", parameters)
    for row in beds.values():
        out = np.hypot(y - row["down"], x - row["across"])
        tissue[(out <= 2.2) & (tissue == Tissue.MUSCLE)] = Tissue.FAT
    for name, other in (nerves or {}).items():
        if name not in beds:
            told = f"the {name} nerve has no place in a section of the {limb}"
            raise TinelError(told, "nerves", suggest(name, beds))
        _put(plane, other, (beds[name]["down"] + corner[0], beds[name]["across"] + corner[1]))

    def from_corner(found: dict[str, dict[str, float]]) -> dict[str, tuple[float, float]]:
        return {
            n: (float(r["down"] + corner[0]), float(r["across"] + corner[1]))
            for n, r in found.items()
        }

    middles = {
        name: found
        for k, name in enumerate(rows)
        if (found := _middle(plane, inside & (owner == k))) is not None
    }
    return LimbSection(plane, middles, from_corner(beds))


def _middle(plane: Plane, muscle: Bools) -> tuple[float, float] | None:
    """The place in a muscle that lies farthest from its border; None where nothing is left."""
    step = max(1, round(0.6 / plane.spacing_mm))
    left = (muscle & (plane.tissue == Tissue.MUSCLE))[::step, ::step]
    if not left.any():
        return None
    # streaks of fat are no border
    within = ndimage.distance_transform_edt(np.pad(ndimage.binary_closing(left), 1))[1:-1, 1:-1]
    row, column = np.unravel_index(int(within.argmax()), within.shape)
    return float((row * step + 0.5) * plane.spacing_mm), float(
        (column * step + 0.5) * plane.spacing_mm
    )


def _rows(limb: str, kind: str, parameters: Parameters) -> dict[str, dict[str, float]]:
    """Rows of a table of outlines, by name, each by column."""
    found: dict[str, dict[str, float]] = {}
    for name, column, key in _keys(limb, kind):
        found.setdefault(name, {})[column] = parameters.scalar(key)
    return found


@cache
def _keys(limb: str, kind: str) -> tuple[tuple[str, str, str], ...]:
    """Name, column and key of every number of a table."""
    start = f"mri.limb.{limb}.{kind}."
    split = [
        (key.removeprefix(start).rpartition("."), key)
        for key in published()
        if key.startswith(start)
    ]
    return tuple((name, column, key) for (name, _, column), key in split)


@lru_cache(maxsize=64)
def _spline(few: int, n: int) -> Floats:
    """What each of a few values adds to ``n`` places between the second and the last but one."""
    return np.asarray(CubicSpline(np.arange(few), np.eye(few))(np.linspace(1, few - 2, n)))


def _smooth(
    draws: np.random.Generator, shape: Sequence[int], over: float, stretch: float = 1.0
) -> Grid:
    """A smooth random field of mean 0 and standard deviation near 1, longer across by a factor."""
    few = [
        max(4, round(n / each) + 3) for n, each in zip(shape, (over, over * stretch), strict=True)
    ]
    coarse = draws.standard_normal(few)
    rows, columns = (_spline(f, n) for f, n in zip(few, shape, strict=True))
    return np.asarray(rows @ coarse @ columns.T * 1.25, np.float32)


def _muscles(
    rows: dict[str, dict[str, float]],
    states: dict[str, MuscleState],
    place: tuple[Floats, Floats],
    deep: Bools,
    *,
    fills: float,
    cleft_mm: float,
) -> tuple[NDArray[np.intp], Bools]:
    """Which muscle each pixel belongs to, and whether it lies inside one."""
    y, x = place
    distance = np.stack(
        [
            np.hypot((y - r["down"]) / r["half_height"], (x - r["across"]) / r["half_width"])
            for r in rows.values()
        ]
    )
    owner = distance.argmin(axis=0)
    order = np.partition(distance, 1, axis=0)
    size = np.array([np.sqrt(r["half_height"] * r["half_width"]) for r in rows.values()])
    # a cleft of fat between two muscles, of the same width everywhere
    apart = (order[1] - order[0]) * size[owner] > cleft_mm * 2
    left = np.array([states[n].bulk if n in states else 1.0 for n in rows])
    filled = order[0] <= fills * np.sqrt(left)[owner]
    return owner, deep & apart & filled


def _put(plane: Plane, other: Plane, centre_mm: tuple[float, float]) -> None:
    """Put what is nerve in another plane into this one, about a place."""
    nerve = np.isin(other.tissue, OF_A_NERVE)
    if not nerve.any():
        return
    rows, columns = np.nonzero(nerve)
    middle = (rows.mean(), columns.mean())
    step = plane.spacing_mm / other.spacing_mm
    reach = int(max(np.ptp(rows), np.ptp(columns)) / step / 2) + 3
    row, column = (int(at / plane.spacing_mm) for at in centre_mm)
    down, across = np.mgrid[-reach : reach + 1, -reach : reach + 1]
    at = (
        np.round(middle[0] + down * step).astype(int),
        np.round(middle[1] + across * step).astype(int),
    )
    there = (at[0] >= 0) & (at[0] < nerve.shape[0]) & (at[1] >= 0) & (at[1] < nerve.shape[1])
    to = row + down, column + across
    there &= (to[0] >= 0) & (to[0] < plane.tissue.shape[0])
    there &= (to[1] >= 0) & (to[1] < plane.tissue.shape[1])
    at, to = (at[0][there], at[1][there]), (to[0][there], to[1][there])
    near = ndimage.binary_dilation(nerve, iterations=max(1, round(1.0 / other.spacing_mm)))
    bed = to[0][near[at]], to[1][near[at]]
    plane.tissue[bed] = np.where(plane.tissue[bed] == Tissue.MUSCLE, Tissue.FAT, plane.tissue[bed])
    put = nerve[at]
    to, at = (to[0][put], to[1][put]), (at[0][put], at[1][put])
    plane.tissue[to] = other.tissue[at]
    plane.water[to], plane.axons[to] = other.water[at], other.axons[at]
