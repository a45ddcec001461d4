"""Where the compartments of a fibre lie along it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tinel.cable.fibres.internode import Elements

Floats = NDArray[np.float64]


def positions_um(elements: Elements, nodes: int) -> Floats:
    """Centres of node, ten compartments, node, ..., shape ``(n_fibre, 11 n_node - 10)``."""
    n_fibre = len(elements.spacing_um)
    block = np.concatenate([np.zeros((n_fibre, 1)), elements.centre_um], axis=1)
    starts = np.arange(nodes)[None, :, None] * elements.spacing_um[:, None, None]
    return (starts + block[:, None, :]).reshape(n_fibre, -1)[:, : 11 * nodes - 10]
