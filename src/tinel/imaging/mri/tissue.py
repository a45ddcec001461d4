"""What a plane's tissues are to a scanner: protons, T1, T2 and fat, pixel by pixel."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tinel.evidence import Parameters
from tinel.imaging.mri.person import AVERAGE, Person
from tinel.imaging.plane import Grid, Plane, Tissue

NERVE = (Tissue.FASCICLE, Tissue.NEUROMA)
NO_SIGNAL = (Tissue.OUTSIDE, Tissue.NEEDLE)


@dataclass(frozen=True)
class Protons:
    """Protons of a plane, ``(n_depth, n_across)`` each; those of fat are alike everywhere.

    Args:
        water: density of water protons, against pure water.
        t1_ms, t2_ms: relaxation times of these.
        fat: density of fat protons, against pure water.
        fat_t1_ms, fat_t2_ms: relaxation times of these.
    """

    water: Grid
    t1_ms: Grid
    t2_ms: Grid
    fat: Grid
    fat_t1_ms: float
    fat_t2_ms: float


def free_water(plane: Plane, parameters: Parameters) -> Grid:
    """Part of each pixel's water that is free, 0 to 1, from what the plane says of its oedema.

    A plane states oedema between none and as much as there is in that tissue.

    Example:
        >>> from tinel.imaging.mri.phantom import nerve_phantom
        >>> plane = nerve_phantom(water=0.7)
        >>> found = free_water(plane, Parameters.of_evidence())
        >>> round(float(found[plane.tissue == Tissue.FASCICLE].mean()), 2)
        0.35
    """
    scale = np.full(len(Tissue), parameters.scalar("mri.water.in_nerve"), np.float32)
    scale[Tissue.MUSCLE] = parameters.scalar("mri.water.in_muscle")
    scale[Tissue.EPINEURIUM] *= parameters.scalar("mri.connective.water")
    scale[[*NO_SIGNAL, Tissue.FLUID, Tissue.BONE]] = 0.0
    return np.asarray(np.clip(plane.water, 0.0, 1.0) * scale[plane.tissue], np.float32)


def protons(
    plane: Plane, parameters: Parameters, field_T: float = 3.0, person: Person = AVERAGE
) -> Protons:
    """Water and fat of every pixel, with the oedema and the fat that the plane states.

    The free water of an oedema exchanges fast with that of the tissue: rates of relaxation mix.

    Example:
        >>> from tinel.imaging.mri.phantom import nerve_phantom
        >>> swollen = nerve_phantom(water=0.7)
        >>> at = swollen.tissue == Tissue.FASCICLE
        >>> found = protons(swollen, Parameters.of_evidence())
        >>> round(float(found.t2_ms[at].mean()), 1)
        68.5
    """

    def number(key: str) -> float:
        return parameters.scalar(f"mri.{key}")

    low_field = field_T < 3.0
    t1_key, t2_key = ("t1_at_1_5_ms", "t2_at_1_5_ms") if low_field else ("t1_ms", "t2_ms")
    nerve_t2 = parameters.number("mri.nerve.t2_ms").sd or 0.0
    nerve_t2 = number("nerve.t2_ms") + person.relaxation * nerve_t2
    nerve_t1, muscle_t1 = number(f"nerve.{t1_key}"), number(f"muscle.{t1_key}")
    connective = (
        number("connective.proton_density"),
        number("connective.t1_ms"),
        number("connective.t2_ms"),
    )
    water = (1.0, number("water.t1_ms"))
    blood = (number("blood.t1_ms"), number("blood.t2_ms"))
    # density of water protons, T1, T2, share of fat
    table = {
        Tissue.SKIN: (*connective[:2], number("skin.t2_ms"), 0.0),
        Tissue.FAT: (*connective, number("fat.share")),
        Tissue.FASCIA: (*connective, 0.0),
        Tissue.MUSCLE: (
            number("muscle.proton_density"), muscle_t1, number(f"muscle.{t2_key}"),
            number("muscle.fat"),
        ),
        Tissue.TENDON: (*connective[:2], number("tendon.t2_ms"), 0.0),
        Tissue.BONE: (number("bone.proton_density"), connective[1], number("tendon.t2_ms"), 0.0),
        Tissue.ARTERY: (number("blood.arterial"), *blood, 0.0),
        Tissue.VEIN: (1.0, *blood, 0.0),
        Tissue.EPINEURIUM: (*connective, number("connective.fat")),
        Tissue.FASCICLE: (number("nerve.proton_density"), nerve_t1, nerve_t2, 0.0),
        Tissue.NEUROMA: (number("nerve.proton_density"), nerve_t1, number("neuroma.t2_ms"), 0.0),
        Tissue.SCAR: (
            number("scar.proton_density"), connective[1], number("scar.t2_ms"), number("scar.fat"),
        ),
        Tissue.FLUID: (*water, number("water.fluid_t2_ms"), 0.0),
        Tissue.SUTURE: (*connective[:2], number("tendon.t2_ms"), 0.0),
    }  # fmt: skip
    columns = np.zeros((len(Tissue), 4), np.float32)
    columns[:, 1:3] = 1.0
    for tissue, row in table.items():
        columns[tissue] = row
    density, t1, t2, fat = (columns[:, k][plane.tissue] for k in range(4))
    free = free_water(plane, parameters)
    there = (density > 0) & (free > 0)
    mixed = np.where(there, (1.0 - free) * density + free, density)
    mixed_t1 = 1.0 / ((1.0 - free) / t1 + free / water[1])
    mixed_t2 = 1.0 / ((1.0 - free) / t2 + free / number("water.t2_ms"))
    turned = np.where(plane.tissue == Tissue.MUSCLE, np.clip(plane.fat, 0.0, 1.0), 0.0)
    fat_part = fat + turned * (1.0 - fat)
    return Protons(
        water=np.asarray(mixed * (1.0 - fat_part), np.float32),
        t1_ms=np.asarray(mixed_t1, np.float32),
        t2_ms=np.asarray(mixed_t2, np.float32),
        fat=np.asarray(fat_part * number("fat.proton_density"), np.float32),
        fat_t1_ms=number("fat.t1_at_1_5_ms" if low_field else "fat.t1_ms"),
        fat_t2_ms=number("fat.t2_ms"),
    )
