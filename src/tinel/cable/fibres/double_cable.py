"""What myelinated fibres are made of: sizes that differ between them, and what they share.

An internode is ten compartments: MYSA, FLUT, six STIN, FLUT, MYSA. Units: um, ohm cm, uF/cm2,
S/cm2, uS, nF.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tinel.errors import TinelError

Floats = NDArray[np.float64]
Ints = NDArray[np.int_]

COMPARTMENTS = 10
SIZES = ("fibre", "spacing", "node", "axon", "flut", "lamellae")
BLOCK = COMPARTMENTS + 1  # a node and the internode behind it
uS, nF = 1e-2, 1e-5  # from S/cm2 um2 and uF/cm2 um2


@dataclass(frozen=True)
class DoubleCable:
    """What all fibres of a model share.

    ``node_um`` and ``mysa_um`` are lengths; ``node_gap_um`` is the periaxonal gap at the node and
    under the paranodal loops, ``internode_gap_um`` elsewhere; ``myelin_...`` are per membrane, of
    which a lamella has two; ``mysa_S_per_cm2`` and ``internode_S_per_cm2`` are the leaks of an
    axolemma without channels (condensed engine).
    """

    node_um: float
    mysa_um: float
    node_gap_um: float
    internode_gap_um: float
    resistivity_ohm_cm: float
    axolemma_uF_per_cm2: float
    mysa_S_per_cm2: float
    internode_S_per_cm2: float
    myelin_uF_per_cm2: float
    myelin_S_per_cm2: float

    def stin_um(self, spacing_um: Any, flut_um: Any) -> Any:
        """Length of one of the six compartments in the middle of an internode."""
        return (spacing_um - self.node_um - 2 * self.mysa_um - 2 * flut_um) / 6

    def in_series(self, one: Any, other: Any) -> Any:
        """Conductance (uS) between neighbours, from half a length over area (1/um) of each."""
        return 100.0 / (self.resistivity_ohm_cm * (one + other))


@dataclass(frozen=True, eq=False)
class Geometry(Mapping[str, Floats]):
    """The sizes of a batch of fibres, by name, and the double cable they share.

    Args:
        sizes: arrays ``(n_fibre,)``: ``fibre`` (outer diameter), ``spacing`` (node to node),
            ``node`` and ``axon`` (diameters of the axon), ``flut`` (length), ``lamellae``, and
            optionally ``mysa`` (diameter of the axon there; the node's where it is missing).
        cable: lengths and electrical constants.

    Raises:
        TinelError: a size that is missing, or arrays that are not of one length.
    """

    sizes: Mapping[str, Floats]
    cable: DoubleCable

    def __post_init__(self) -> None:
        missing = [n for n in SIZES if n not in self.sizes]
        if missing:
            raise TinelError(
                f"a geometry without {', '.join(missing)} (needed: {', '.join(SIZES)})"
            )
        shapes = {name: np.shape(a) for name, a in self.sizes.items()}
        if len(set(shapes.values())) > 1 or len(shapes["fibre"]) != 1:
            said = ", ".join(f"{name} {shape}" for name, shape in shapes.items())
            raise TinelError(f"a geometry of shapes {said} (allowed: (n_fibre,), the same of all)")

    def __getitem__(self, name: str) -> Floats:
        return self.sizes[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.sizes)

    def __len__(self) -> int:
        return len(self.sizes)

    def rows(self, which: slice | Ints) -> Geometry:
        """Some of the fibres."""
        return replace(self, sizes={name: a[which] for name, a in self.sizes.items()})


def check_sizes(geometry: Geometry) -> None:
    """Refuse sizes that no fibre has.

    Raises:
        TinelError: one that is not finite and above 0, or an axon thicker than its fibre.
    """
    fibre = np.asarray(geometry["fibre"], float)
    for name, given in geometry.items():
        a = np.asarray(given, float)
        bad = ~((a > 0) & np.isfinite(a))
        if np.any(bad):
            raise TinelError(
                f"{name} of the geometry is {a[bad][0]:g} (allowed: finite, above 0); it leaves an "
                "internode no room"
            )
        if name in ("node", "axon", "mysa") and np.any(a > fibre):
            k = int(np.argmax(a > fibre))
            raise TinelError(
                f"the {name} is {a[k]:g} um wide in a fibre of {fibre[k]:g} um (allowed: at most "
                "the fibre's diameter, myelin included)"
            )


def disc(diameter_um: Any) -> Any:
    """Area (um2) of the axon's cross-section."""
    return np.pi * diameter_um**2 / 4


def ring(diameter_um: Any, gap_um: Any) -> Any:
    """Area (um2) of the periaxonal gap's cross-section."""
    return np.pi * ((diameter_um / 2 + gap_um) ** 2 - (diameter_um / 2) ** 2)
