"""Tissue around a fibre, as a conductor: uniform, along and across the fibre, or in layers.

Conductivities are in S/m.

Example:
    >>> import tinel as tn
    >>> tn.media.anisotropic(along_S_per_m=0.6, across_S_per_m=0.1)
    Homogeneous(sigma_S_per_m=(0.6, 0.1, 0.1))
"""

from tinel.cable.stimulation.layers import layered
from tinel.cable.stimulation.medium import anisotropic, half_space, homogeneous

__all__ = ["anisotropic", "half_space", "homogeneous", "layered"]
