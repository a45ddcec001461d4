"""Electrodes that stimulate or record: points, discs, and pairs of them; positions in mm.

x runs along the limb, y across it, z is the depth below the skin.

Example:
    >>> import tinel as tn
    >>> needle = tn.electrodes.point(x_mm=0.0, y_mm=1.0, z_mm=0.0)
    >>> needle.within(tn.media.homogeneous(0.3)).medium
    Homogeneous(sigma_S_per_m=0.3)
"""

from tinel.cable.stimulation.electrode import Electrode, bipolar, disc, point, surface_pair

__all__ = ["Electrode", "bipolar", "disc", "point", "surface_pair"]
