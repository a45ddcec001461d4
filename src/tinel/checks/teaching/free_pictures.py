"""B-mode pictures of tissues laid out at random, with or without a nerve, to teach the measure.

Limbs as ``imaging.anatomy`` draws them are alike; these are not limbs at all, so that a nerve is
known by itself and not by what lies round it.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from tinel.checks.teaching.known_pictures import (
    KnownPicture,
    changed_at_random,
    whole_of,
)
from tinel.evidence import Parameters
from tinel.imaging.plane import Plane, Tissue
from tinel.imaging.ultrasound.b_mode import b_mode
from tinel.imaging.ultrasound.echo import NERVE
from tinel.imaging.ultrasound.handling import usual_handling
from tinel.imaging.ultrasound.held import as_held
from tinel.imaging.ultrasound.phantom import uniform
from tinel.imaging.ultrasound.probe import linear_probe

STREAM, FREQUENCIES_MHz = 91, (10.0, 12.0, 15.0, 18.0, 22.0)
NEIGHBOURS = (
    *(Tissue.MUSCLE,) * 4,
    *(Tissue.TENDON,) * 3,
    *(Tissue.ARTERY, Tissue.VEIN, Tissue.FAT, Tissue.FLUID, Tissue.SCAR),
)
# chances: no nerve, no fascicles but one dark mass, water in the nerve
NONE, ONE_MASS, SWOLLEN = 0.15, {False: 0.12, True: 0.6}, 0.4
LARGEST_mm2, LARGE_mm2 = 110.0, 20.0  # of a terminal neuroma, and from where most are one


def free_picture(number: int, parameters: Parameters) -> KnownPicture:
    """One picture of tissues at random places; the same number gives the same picture."""
    rng = np.random.default_rng((STREAM, number))
    plane = _layers(rng)
    middle = (
        float(rng.uniform(5.0, plane.depth_mm[-1] - 5.0)),
        float(rng.uniform(-0.25, 0.25) * 2 * plane.across_mm[-1]),
    )
    for _ in range(int(rng.integers(2, 9))):
        _neighbour(plane, rng)
    if rng.random() >= NONE:
        plane = _with_nerve(plane, middle, rng)
    held = usual_handling(rng, parameters)
    numbers = changed_at_random(rng, parameters)
    probe = linear_probe(float(rng.choice(FREQUENCIES_MHz)), parameters)
    picture = b_mode(plane, probe, rng, numbers, handling=held)
    nerve = np.isin(as_held(plane, held, parameters).tissue, NERVE)
    if nerve.any():
        rows, columns = np.nonzero(nerve)
        middle = float(plane.depth_mm[rows].mean()), float(plane.across_mm[columns].mean())
    return KnownPicture(picture, whole_of(nerve), middle, "laid out at random")


def _layers(rng: np.random.Generator) -> Plane:
    deep = Tissue.MUSCLE if rng.random() < 0.6 else Tissue.FAT
    width, depth = float(rng.uniform(22.0, 34.0)), float(rng.uniform(14.0, 26.0))
    plane = uniform(deep, width_mm=width, depth_mm=depth)
    down, wave = plane.depth_mm[:, None], _wave(plane, rng)
    skin, fat = rng.uniform(1.0, 2.0), rng.uniform(0.5, 6.0)
    fascia = rng.uniform(0.1, 0.4)
    label = plane.tissue
    label[down < skin + fat + fascia + wave] = Tissue.FASCIA
    label[down < skin + fat + wave] = Tissue.FAT
    label[(down < skin) & (wave > -np.inf)] = Tissue.SKIN
    if rng.random() < 0.3:
        bone = depth - rng.uniform(1.0, 6.0) + 0.05 * (plane.across_mm - rng.uniform(-8, 8)) ** 2
        label[down > bone[None]] = Tissue.BONE
    return plane


def _wave(plane: Plane, rng: np.random.Generator) -> NDArray[np.float32]:
    wave = 0.4 * rng.random() * np.sin(plane.across_mm / rng.uniform(2, 6) + rng.uniform(0, 6))
    return np.asarray(wave[None], np.float32)


def _oval(
    plane: Plane, middle: tuple[float, float], half: tuple[float, float], turn: float
) -> NDArray[np.float32]:
    """Distance from a middle in units of an oval's own radius, 1 on its border."""
    down, across = plane.depth_mm[:, None] - middle[0], plane.across_mm[None] - middle[1]
    along = across * np.cos(turn) + down * np.sin(turn)
    aside = -across * np.sin(turn) + down * np.cos(turn)
    return np.asarray(np.hypot(along / half[0], aside / half[1]), np.float32)


def _neighbour(plane: Plane, rng: np.random.Generator) -> None:
    tissue = NEIGHBOURS[int(rng.integers(len(NEIGHBOURS)))]
    big = tissue in (Tissue.MUSCLE, Tissue.FAT)
    half = rng.uniform(2.0, 8.0) if big else rng.uniform(0.4, 2.5)
    middle = float(rng.uniform(3.0, plane.depth_mm[-1])), float(rng.uniform(-15.0, 15.0))
    flat = float(rng.uniform(0.4, 1.0))
    far = _oval(plane, middle, (float(half), float(half * flat)), float(rng.normal(0, 0.3)))
    sheath = rng.uniform(0.1, 0.3) / (half * flat)
    below = plane.depth_mm[:, None] > 2.5
    if big and rng.random() < 0.8:
        plane.tissue[(far < 1.0 + sheath) & below] = Tissue.FASCIA
    plane.tissue[(far < 1.0) & below] = tissue


def _with_nerve(plane: Plane, middle: tuple[float, float], rng: np.random.Generator) -> Plane:
    area = float(np.exp(rng.uniform(np.log(1.0), np.log(LARGEST_mm2))))
    flat = float(np.exp(rng.normal(0.4, 0.35)))
    half = np.sqrt(area * flat / np.pi), np.sqrt(area / flat / np.pi)
    turn = float(rng.normal(0, 0.3))
    room = float(half[1]) + 2.0
    middle = float(np.clip(middle[0], room, max(plane.depth_mm[-1] - room, room))), middle[1]
    far = _oval(plane, middle, (float(half[0]), float(half[1])), turn)
    if rng.random() < 0.5:  # loose tissue round it
        plane.tissue[far < 1.0 + rng.uniform(0.1, 0.8)] = Tissue.FAT
    whole = far < 1.0
    plane.tissue[whole] = Tissue.EPINEURIUM
    rim = float(rng.uniform(0.08, 0.35)) / float(half[1])
    if rng.random() < ONE_MASS[area > LARGE_mm2]:
        plane.tissue[far < 1.0 - rim] = Tissue.NEUROMA
    else:
        _fascicles(plane, far, middle, half, turn, rim, rng)
    if rng.random() < SWOLLEN:
        water = np.where(whole, np.float32(rng.random()), plane.water)
        axons = np.where(whole, np.float32(rng.random()), plane.axons)
        plane = replace(plane, water=water, axons=axons)
    return plane


def _fascicles(
    plane: Plane,
    far: NDArray[np.float32],
    middle: tuple[float, float],
    half: tuple[float, float],
    turn: float,
    rim: float,
    rng: np.random.Generator,
) -> None:
    """Discs that do not touch, from large to small, until part of the nerve is filled."""
    n = int(rng.integers(1, 22))
    part = float(rng.uniform(0.3, 0.7))
    radii = np.sort(rng.lognormal(0.0, 0.4, n))[::-1]
    radii *= np.sqrt(part * half[0] * half[1] / (radii**2).sum())
    placed: list[tuple[float, float, float]] = []
    for radius in radii:
        for _ in range(60):
            around, out = rng.uniform(0, 2 * np.pi), np.sqrt(rng.random())
            u = out * np.cos(around) * max(half[0] * (1 - rim) - radius, 0.0)
            v = out * np.sin(around) * max(half[1] * (1 - rim) - radius, 0.0)
            if all(np.hypot(u - a, v - b) > radius + c + 0.08 for a, b, c in placed):
                placed.append((float(u), float(v), float(radius)))
                break
    for u, v, radius in placed:
        at = (
            middle[0] + u * np.sin(turn) + v * np.cos(turn),
            middle[1] + u * np.cos(turn) - v * np.sin(turn),
        )
        disc = _oval(plane, (float(at[0]), float(at[1])), (radius, radius), 0.0) < 1.0
        plane.tissue[disc & (far < 1.0 - rim)] = Tissue.FASCICLE
