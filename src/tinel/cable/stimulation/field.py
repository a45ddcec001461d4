"""The potential along a fibre: electrodes of any shape in a medium, or an outside solver's table.

Points are (x, y, z) in mm as in ``medium``: x along the limb, y across it, z the depth below the
skin. A potential per mA is both what an electrode does to a fibre (``Stimulus.potential_mV``) and,
by reciprocity, what it records from it (``simulate``'s ``lead_mV_per_mA``).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline

from tinel.cable.fibres.double_cable import BLOCK
from tinel.cable.stimulation.electrode import Electrode
from tinel.cable.stimulation.medium import Medium
from tinel.declare.arrays import numbers
from tinel.errors import TinelError

Floats = NDArray[np.float64]


def straight(along_um: Floats, *, depth_mm: Floats | float, across_mm: Floats | float = 0.0,
             from_mm: Floats | float = 0.0) -> Floats:  # fmt: skip
    """Points ``(n_fibre, n_place, 3)`` in mm of fibres parallel to the skin.

    Args:
        along_um: from ``Fibre``.
        depth_mm, across_mm, from_mm: z, y and the first node's x; one number or one per fibre.

    Example:
        >>> straight(np.array([[0.0, 500.0]]), depth_mm=5.0)[0, 1].tolist()
        [0.5, 0.0, 5.0]
    """
    x, *rest = (
        np.broadcast_to(np.asarray(a, float).reshape(-1, 1), along_um.shape)
        for a in (from_mm, across_mm, depth_mm)
    )
    return np.stack([x + along_um / 1000, *rest], axis=-1)


def potential(medium: Medium, electrode: Electrode, places_mm: Floats) -> Floats:
    """Potential per mA at any points, mV: the sum over the electrode's points.

    Example:
        >>> from tinel.cable.stimulation.electrode import point
        >>> from tinel.cable.stimulation.medium import HalfSpace
        >>> places = straight(np.array([[0.0, 500.0, 1000.0]]), depth_mm=10.0)
        >>> potential(HalfSpace(0.3), point(0.5), places).round(2)
        array([[52.99, 53.05, 52.99]])
    """
    each = zip(electrode.points_mm, electrode.fraction, strict=True)
    return np.asarray(sum(part * medium.potential(xyz, places_mm) for xyz, part in each))


def fade_ends(potential_mV: Floats, internodes: int = 12) -> Floats:
    """Let the field's gradient along the fibre fade to zero over the last internodes of each end.

    A simulated fibre is a stretch of a longer one, but its ends are sealed: where the field still
    has a gradient there, axial current stops and polarises the end (in a broad field enough to
    fire it). Fading spreads that polarisation over many internodes.

    Args:
        potential_mV: shape ``(n_fibre, 11 n_node - 10)``.
        internodes: over how many the gradient fades, a raised cosine; 1 or more, at most half of
            those the fibre has.

    Raises:
        TinelError: no such potentials, or a number of internodes that is not allowed.

    Example:
        >>> slope = np.linspace(0.0, 1.0, 11 * 40 + 1)[None]
        >>> faded = fade_ends(slope)
        >>> bool(np.diff(faded)[0, 0] < 1e-3 * np.diff(faded)[0, 220])
        True
    """
    potential_mV = numbers("potential_mV", potential_mV)
    shape = potential_mV.shape
    if len(shape) != 2 or not np.all(np.isfinite(potential_mV)):
        raise TinelError(f"potential_mV has shape {shape} (allowed: (n_fibre, places), finite)")
    most = (shape[1] - 1) // (2 * BLOCK)
    whole = isinstance(internodes, (int, np.integer)) and not isinstance(internodes, bool)
    if not (whole and 1 <= internodes <= most):
        raise TinelError(
            f"{internodes} internodes at either end (allowed: 1 to {most}, half of the fibre's)"
        )
    step = np.diff(potential_mV, axis=1)
    length = BLOCK * internodes
    from_end = np.minimum(np.arange(step.shape[1]), np.arange(step.shape[1])[::-1]) + 0.5
    fade = (1 - np.cos(np.pi * np.clip(from_end / length, 0, 1))) / 2
    middle = potential_mV.shape[1] // 2
    faded = np.concatenate([np.zeros((len(step), 1)), np.cumsum(step * fade, axis=1)], axis=1)
    return faded + (potential_mV - faded)[:, middle : middle + 1]


def from_table(table_um: Floats, table_mV: Floats, along_um: Floats) -> Floats:
    """Interpolate an outside field solver's potentials along the fibre onto its compartments.

    A cubic spline: a fibre answers to the second difference of the potential, which straight lines
    between table points would put into the table's kinks.

    Args:
        table_um: positions along the fibre from its first node, rising, shape ``(n,)``, n >= 4.
        table_mV: potential there, per mA or at full stimulus, shape ``(n,)`` or ``(n_fibre, n)``.
        along_um: from ``Fibre``, shape ``(n_fibre, n_place)``.

    Raises:
        TinelError: positions not rising, values missing, or a fibre that leaves the table.

    Example:
        >>> table_um = np.array([0.0, 100.0, 200.0, 300.0])
        >>> from_table(table_um, table_um / 100, np.array([[50.0, 250.0]])).round(3)
        array([[0.5, 2.5]])
    """
    table_um, table_mV = np.asarray(table_um, float), np.asarray(table_mV, float)
    if table_um.ndim != 1 or len(table_um) < 4 or not np.all(np.diff(table_um) > 0):
        raise TinelError("table_um is not rising (allowed: four or more rising positions)")
    if table_mV.shape[-1:] != table_um.shape or not np.all(np.isfinite(table_mV)):
        raise TinelError(
            f"table_mV has shape {table_mV.shape} (allowed: (..., {len(table_um)}), finite)"
        )
    low, high = float(along_um.min()), float(along_um.max())
    if not (low >= table_um[0] and high <= table_um[-1]):
        raise TinelError(
            f"the fibre runs from {low:g} to {high:g} um, the table from {table_um[0]:g} to "
            f"{table_um[-1]:g} (allowed: within the table)",
            advice="solve a longer stretch or shorten the fibre",
        )
    rows = np.broadcast_to(table_mV, (len(along_um), len(table_um)))
    each = zip(rows, along_um, strict=True)
    return np.array([CubicSpline(table_um, row)(places) for row, places in each])
