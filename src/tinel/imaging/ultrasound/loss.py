"""What the way down and back takes away, and what the machine's gain puts back."""

from __future__ import annotations

import numpy as np
from scipy.ndimage import gaussian_filter1d

from tinel.evidence import Parameters
from tinel.imaging.plane import Plane, Tissue
from tinel.imaging.ultrasound.medium import MEDIUM, by_tissue
from tinel.imaging.ultrasound.pattern import Grid
from tinel.imaging.ultrasound.probe import Probe
from tinel.imaging.ultrasound.psf import Bank


def lost_dB(plane: Plane, probe: Probe, bank: Bank, parameters: Parameters) -> Grid:
    """Attenuation on the way to each pixel and back, dB, ``(n_depth, n_across)``.

    Args:
        plane: as the probe sees it.
        bank: for the mean frequency at each depth, which falls as high ones are lost.

    Example:
        >>> from tinel.imaging.ultrasound.phantom import uniform
        >>> from tinel.imaging.ultrasound.probe import linear_probe
        >>> numbers = Parameters.of_evidence()
        >>> depths, none = np.array([5.0, 9.0]), np.zeros(2)
        >>> answers = np.ones((2, 3, 2), np.complex64)
        >>> bank = Bank(depths, np.arange(3.0), none, answers)
        >>> lost = lost_dB(uniform(depth_mm=10), linear_probe(10, numbers), bank, numbers)
        >>> round(float(lost[-1, 0]), 1)  # 2 cm of muscle at 10 MHz, less half a pixel
        19.1
    """
    per_mm = by_tissue("attenuation", MEDIUM, parameters)[plane.tissue] / 10.0
    frequency = np.interp(plane.depth_mm, bank.depths_mm, bank.frequency_MHz(probe))
    step = 2.0 * plane.spacing_mm * frequency[:, None] * per_mm
    lost = np.cumsum(step, axis=0) - step / 2
    # beams converge on a point, so that the edge of a shadow is not sharp
    edge = parameters.scalar("ultrasound.gain.edge_mm") / plane.spacing_mm
    return np.asarray(gaussian_filter1d(lost, edge, axis=1, mode="nearest"), np.float32)


def gain_dB(plane: Plane, lost: Grid, parameters: Parameters) -> Grid:
    """Gain over depth as an examiner sets it, so that tissue is equally bright from top to bottom.

    Args:
        lost: from ``lost_dB``.

    Returns:
        dB, ``(n_depth, 1)``; what lies behind bone or a needle does not count.
    """
    hard = np.cumsum(np.isin(plane.tissue, (Tissue.BONE, Tissue.NEEDLE)), axis=0) > 0
    counted = (~hard).sum(axis=1)
    mean = np.where(hard, 0.0, lost).sum(axis=1) / np.maximum(counted, 1)
    enough = counted >= plane.tissue.shape[1] / 10
    rows = np.arange(mean.size)
    if enough.any():
        slope = mean[enough][-1] / (rows[enough][-1] + 1)
        beyond = mean[enough][-1] + slope * (rows - rows[enough][-1])
        mean = np.where(enough, mean, beyond)
    most = parameters.scalar("ultrasound.gain.most_dB")
    return np.asarray(np.minimum(mean, most)[:, None], np.float32)
