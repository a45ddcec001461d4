"""The plane as the held probe finds it: stretched by an oblique cut, flattened by pressure."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from tinel.evidence import Parameters
from tinel.imaging.plane import Plane, Tissue
from tinel.imaging.ultrasound.handling import Handling

Index = NDArray[np.intp]

SOFTNESS = {
    Tissue.VEIN: "vein",
    Tissue.FAT: "fat",
    Tissue.MUSCLE: "muscle",
    Tissue.ARTERY: "artery",
    Tissue.FLUID: "fluid",
    Tissue.EPINEURIUM: "nerve",
    Tissue.FASCICLE: "nerve",
    Tissue.NEUROMA: "nerve",
}


def as_held(plane: Plane, handling: Handling, parameters: Parameters) -> Plane:
    """The plane that the probe sees.

    Args:
        plane: at the place that was chosen.
        handling: its oblique cut acts on a view across the nerve only.

    Example:
        >>> from tinel.imaging.ultrasound.phantom import phantom
        >>> plane = phantom()
        >>> same = as_held(plane, Handling(), Parameters.of_evidence())
        >>> bool((same.tissue == plane.tissue).all())
        True
    """
    if handling.oblique_deg and plane.view == "cross":
        n = plane.tissue.shape[1]
        middle = (n - 1) / 2
        from_middle = (np.arange(n) - middle) * np.cos(np.deg2rad(handling.oblique_deg))
        columns = np.rint(middle + from_middle).astype(np.intp)
        plane = _taken(plane, np.arange(plane.tissue.shape[0])[:, None], columns[None])
    if handling.press:
        plane = _taken(plane, _rows_below(plane, handling.press, parameters), _columns(plane))
    return plane


def _columns(plane: Plane) -> Index:
    return np.arange(plane.tissue.shape[1])[None]


def _rows_below(plane: Plane, press: float, parameters: Parameters) -> Index:
    """Which row of the plane comes to lie in each row of what is seen, ``(n_depth, n_across)``."""
    thinner = np.zeros(len(Tissue))
    for tissue, name in SOFTNESS.items():
        thinner[tissue] = parameters.scalar(f"ultrasound.press.{name}")
    height = 1.0 - press * thinner[plane.tissue]
    # where each row's middle comes to lie, in rows
    place = np.cumsum(height, axis=0) - height / 2
    # neighbours move together, and not from one column to the next
    bends = parameters.scalar("ultrasound.press.bends_mm") / plane.spacing_mm
    place = gaussian_filter1d(place, bends, axis=1, mode="nearest")
    rows = np.arange(plane.tissue.shape[0])
    wanted = rows + 0.5
    found = [np.interp(wanted, column, rows) for column in place.T]
    return np.rint(np.array(found).T).astype(np.intp)


def _taken(plane: Plane, rows: Index, columns: Index) -> Plane:
    return replace(
        plane,
        tissue=plane.tissue[rows, columns],
        water=plane.water[rows, columns],
        fat=plane.fat[rows, columns],
        axons=plane.axons[rows, columns],
    )
