"""What an injury changes along a fibre, internode by internode and node by node."""

from __future__ import annotations

from dataclasses import dataclass, field, fields

import numpy as np
from numpy.typing import NDArray

from tinel.errors import TinelError

Floats = NDArray[np.float64]


def _one() -> Floats:
    return np.ones((1, 1))


def _none() -> Floats:
    return np.zeros((1, 1))


@dataclass(frozen=True)
class Injury:
    """Factors on the healthy fibre; arrays ``(n_fibre or 1, count or 1)``, 1 (shift, leak: 0)
    where nothing changed.

    Per internode:

    - ``lamellae_left`` fraction of the lamellae left, above 0 to 1;
    - ``gap_factor`` how many times wider the periaxonal gap is, all along;
    - ``paranode_gap_factor`` the same under the paranodal loops (MYSA) alone, on top of it;
    - ``exposed_kv1`` factor on the density of fast (Kv1) potassium channels of MYSA and FLUT;
    - ``length_factor`` of the internode (node and MYSA keep theirs, FLUT and STIN share it);
    - ``axon_factor`` of the axon's diameter under the myelin, and of the sheath around it.

    Per node:

    - ``node_length_factor``: a node so many times longer, its channels spread thinner: capacitance
      and leak grow with the exposed membrane, the other conductances stay;
    - ``sodium_factor`` on the sodium conductance;
    - ``left_shift_mV`` of all sodium gates, positive for opening at more negative potentials.

    Per end, left and right: ``end_leak_uS`` from axoplasm to medium, as through a cut that has not
    closed. ``passive_ends`` leaves the end nodes their leak alone.
    """

    lamellae_left: Floats = field(default_factory=_one)
    gap_factor: Floats = field(default_factory=_one)
    paranode_gap_factor: Floats = field(default_factory=_one)
    exposed_kv1: Floats = field(default_factory=_one)
    length_factor: Floats = field(default_factory=_one)
    axon_factor: Floats = field(default_factory=_one)
    node_length_factor: Floats = field(default_factory=_one)
    sodium_factor: Floats = field(default_factory=_one)
    left_shift_mV: Floats = field(default_factory=_none)
    end_leak_uS: Floats = field(default_factory=_none)
    passive_ends: bool = False

    def __post_init__(self) -> None:
        for name, (low, high) in ALLOWED.items():
            a = getattr(self, name)
            if a.ndim != 2 or not np.all((a >= low) & (a <= high)):
                raise TinelError(
                    f"{name} is out of range (allowed: two axes, fibre and place, {low:g} to "
                    f"{high:g})"
                )


# Below a thousandth of the lamellae or a tenth of a length the compartments mean nothing.
ALLOWED = {
    "lamellae_left": (1e-3, 1.0),
    "gap_factor": (1.0, 1e4),
    "paranode_gap_factor": (1.0, 1e4),
    "exposed_kv1": (0.0, 1e3),
    "length_factor": (0.1, 3.0),
    "axon_factor": (0.1, 1.5),
    "node_length_factor": (1.0, 100.0),
    "sodium_factor": (0.0, 10.0),
    "left_shift_mV": (-50.0, 50.0),
    "end_leak_uS": (0.0, 1e3),
}
assert {f.name for f in fields(Injury)} == {*ALLOWED, "passive_ends"}
