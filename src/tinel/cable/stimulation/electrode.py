"""Electrodes: where their current enters the tissue, in which fractions, and in which medium.

Points are (x, y, z) in mm as in ``medium``: x along the limb, y across it, z the depth below the
skin. A fibre lies along x (``Fibre.place``), by default at y = z = 0 from x = 0 on.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from tinel.cable.stimulation.medium import Medium, homogeneous
from tinel.declare.kinds import takes_only_its_kinds
from tinel.errors import TinelError

Floats = NDArray[np.float64]
GOLDEN_ANGLE = np.pi * (3 - np.sqrt(5))


@dataclass(frozen=True, eq=False)
class Electrode:
    """Where current leaves an electrode and its leads.

    Args:
        points_mm: ``(n, 3)``.
        fraction: current out of each point per mA of stimulus, ``(n,)``; a cathode takes current
            up, so its fraction is negative.
        medium: the tissue, by default ``homogeneous()``.
        node: x counts from this node of each fibre, where given.

    Example:
        >>> needle = Electrode(np.zeros((1, 3)), np.array([-1.0]))
        >>> needle.within(homogeneous(1.0)).medium.sigma_S_per_m
        1.0
    """

    points_mm: Floats
    fraction: Floats
    medium: Medium = field(default_factory=homogeneous)
    node: int | None = None

    def within(self, medium: Medium) -> Electrode:
        """The electrode in another medium."""
        return replace(self, medium=medium)


@takes_only_its_kinds
def point(
    x_mm: float = 0.0,
    y_mm: float = 0.0,
    z_mm: float = 0.0,
    *,
    node: int | None = None,
    medium: Medium | None = None,
) -> Electrode:
    """A point anode (needle tip, small surface electrode at z = 0).

    Args:
        x_mm, y_mm, z_mm: along the limb, across it, and the depth below the skin.
        node: x counts from this node of each fibre, so that the electrode lies beside it.
        medium: the tissue, by default ``homogeneous()``.

    Example:
        >>> beside = point(y_mm=1.0, node=10)
        >>> beside.points_mm
        array([[0., 1., 0.]])
    """
    return Electrode(
        np.array([[x_mm, y_mm, z_mm]], dtype=float), np.ones(1), medium or homogeneous(), node
    )


@takes_only_its_kinds
def disc(
    x_mm: float,
    y_mm: float,
    radius_mm: float,
    count: int = 64,
    *,
    medium: Medium | None = None,
) -> Electrode:
    """A round anode on the skin, its current spread evenly over its area.

    ``count`` points on a sunflower spiral stand for equal areas; with 64 of them the potential
    below the centre is that of a uniform disc to 1 % at depths of half a radius and more.

    Args:
        x_mm, y_mm: its centre, along the limb and across it.
        radius_mm: above 0.
        count: points that stand for it, 1 or more.
        medium: the tissue, by default ``homogeneous()``.

    Raises:
        TinelError: radius or count not above zero.

    Example:
        >>> float(disc(0.0, 0.0, 5.0).fraction.sum())
        1.0
    """
    if radius_mm <= 0 or count < 1:
        raise TinelError(f"radius {radius_mm:g} mm, {count} points (allowed: above zero)")
    each = np.arange(count)
    r, turn = radius_mm * np.sqrt((each + 0.5) / count), each * GOLDEN_ANGLE
    xyz = np.stack([x_mm + r * np.cos(turn), y_mm + r * np.sin(turn), np.zeros(count)], axis=1)
    return Electrode(xyz, np.full(count, 1 / count), medium or homogeneous())


@takes_only_its_kinds
def bipolar(cathode: Electrode, anode: Electrode) -> Electrode:
    """A pair: 1 mA from the anode to the cathode, so that positive amplitudes excite there.

    Args:
        cathode, anode: in the same medium, counted from the same node.

    Raises:
        TinelError: electrodes in different media, or counted from different nodes.

    Example:
        >>> bipolar(point(0.0), point(23.0)).fraction.tolist()
        [-1.0, 1.0]
    """
    if cathode.medium != anode.medium or cathode.node != anode.node:
        raise TinelError(
            f"cathode in {cathode.medium}, from node {cathode.node}; anode in {anode.medium}, "
            f"from node {anode.node} (allowed: the same of both)"
        )
    return Electrode(
        np.concatenate([cathode.points_mm, anode.points_mm]),
        np.concatenate([-cathode.fraction, anode.fraction]),
        cathode.medium,
        cathode.node,
    )


@takes_only_its_kinds
def surface_pair(
    cathode_mm: float,
    *,
    separation_mm: float = 23.0,
    towards: float = -1.0,
    angle_deg: float = 0.0,
    radius_mm: float = 4.0,
    medium: Medium | None = None,
) -> Electrode:
    """A clinic's stimulator on the skin above the fibre: two felt pads, the cathode at x.

    Args:
        cathode_mm: x of the cathode's centre, over the fibre.
        separation_mm: between the centres: 20 to 30 in a hand-held bar; 100 in excitability
            testing, where the anode lies over muscle away from the nerve.
        towards: side of the anode along the fibre: -1 at smaller x, +1 at larger. Conduction
            studies put the cathode on the side of the recording electrode.
        angle_deg: turn of the pair away from the fibre's line, 0 to 90 (across the limb).
        radius_mm: of both pads.
        medium: the tissue, by default ``homogeneous()``; ``half_space`` keeps current out of the
            air.

    Example:
        >>> pair = surface_pair(20.0, separation_mm=23.0)
        >>> pair.points_mm[:64].mean(axis=0).round(0), float(pair.fraction.sum().round(12))
        (array([20.,  0.,  0.]), 0.0)

    Raises:
        TinelError: pads that overlap, or a side or angle outside the above.
    """
    if separation_mm < 2 * radius_mm:
        raise TinelError(f"pads of {radius_mm:g} mm overlap at {separation_mm:g} mm; move apart")
    if towards not in (-1.0, 1.0) or not 0 <= angle_deg <= 90:
        raise TinelError(f"towards {towards:g}, angle {angle_deg:g} (allowed: -1 or 1, 0 to 90)")
    a = np.radians(angle_deg)
    x = cathode_mm + towards * separation_mm * np.cos(a)
    anode = disc(float(x), float(separation_mm * np.sin(a)), radius_mm, medium=medium)
    return bipolar(disc(cathode_mm, 0.0, radius_mm, medium=medium), anode)


point_electrode, disc_electrode, pair_electrode = point, disc, bipolar
