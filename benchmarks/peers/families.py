"""The fibres in which Tinel and NEURON are held to each other, and how Tinel runs them.

A family is driven and watched alike. Fibres are named as NEURON's side names them.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.peers import compiled
from tinel.cable.fibres.fibre import Fibre as TinelFibre
from tinel.cable.models import build as models

Floats = NDArray[np.float64]
Fibre = tuple[str, float]  # model, diameter in um


@dataclass(frozen=True)
class Setup:
    """How fibres are driven and watched; ``neuron_tasks.Setup`` says what the fields mean."""

    nodes: int
    pushed: int
    current_nA: float
    current_ms: float
    first: int
    last: int
    stimulated: int
    watched: int
    start_ms: float
    duration_ms: float
    settle_ms: float
    bare: bool = False


@dataclass(frozen=True)
class Family:
    """Fibres, fields and pulses; the values NEURON gave lie in ``neuron_<name>.json``."""

    name: str
    setup: Setup
    fibres: tuple[Fibre, ...]
    distances_um: tuple[float, ...]
    widths_ms: tuple[float, ...]
    traced: tuple[Fibre, ...]
    since_ms: tuple[float, ...]  # of the kept traces, from the crossing of -30 mV
    mechanisms: str = ""

    @property
    def cases(self) -> list[dict[str, Any]]:
        """Every fibre under every field and pulse."""
        return [
            dict(model=model, diameter_um=diameter, distance_um=distance, width_ms=width)
            for model, diameter in self.fibres
            for distance in self.distances_um
            for width in self.widths_ms
        ]

    def request(self, task: str, **rest: Any) -> dict[str, Any]:
        """What NEURON's side is sent."""
        library = compiled(self.mechanisms) if self.mechanisms else ""
        return dict(task=task, setup=asdict(self.setup), mechanisms=library, **rest)


TINEL = {
    "MRG_DISCRETE": partial(models.mrg, geometry="table"),
    "MRG_INTERPOLATION": models.mrg,
    "PENA": models.pena,
    "GAINES_MOTOR": models.gaines_motor,
    "GAINES_SENSORY": models.gaines_sensory,
    "SUNDT": models.sundt,
    "TIGERHOLM": models.tigerholm,
}


def lay(model: str, diameter_um: Floats, nodes: int) -> TinelFibre:
    """Healthy fibres of one model."""
    return TINEL[model](diameter_um=diameter_um, nodes=nodes)


_MYELINATED = Setup(
    nodes=21, pushed=1, current_nA=5.0, current_ms=0.1, first=5, last=12, stimulated=10, watched=18,
    start_ms=0.5, duration_ms=5.0, settle_ms=200.0,
)  # fmt: skip
_BRIEF_ms = tuple(round(0.02 * k, 2) for k in range(-10, 51))
_LONG_ms = tuple(round(0.05 * k, 2) for k in range(-20, 41))

MRG = Family(
    "mrg", _MYELINATED,
    (
        *(("MRG_DISCRETE", d) for d in (5.7, 8.7, 10.0, 12.8, 16.0)),
        *(("MRG_INTERPOLATION", d) for d in (2.0, 4.0, 7.0, 10.0, 14.5)),
    ),
    (250.0, 1000.0, 3000.0), (0.05, 0.1, 0.5), (), (),
)  # fmt: skip
PENA = Family(
    "pena", _MYELINATED, tuple(("PENA", d) for d in (1.5, 2.0, 3.0, 4.0, 5.7)),
    (250.0, 1000.0, 3000.0), (0.05, 0.1, 0.5), (), (),
)  # fmt: skip
GAINES = Family(
    "gaines", Setup(**{**vars(_MYELINATED), "settle_ms": 2000.0}),
    tuple((m, d) for m in ("GAINES_MOTOR", "GAINES_SENSORY") for d in (5.7, 8.0, 10.0, 13.0, 16.0)),
    (250.0, 1000.0), (0.05, 0.1, 0.5), (("GAINES_MOTOR", 10.0), ("GAINES_SENSORY", 10.0)),
    _BRIEF_ms, "gaines",
)  # fmt: skip
C_FIBRES = Family(
    "c_fibres",
    Setup(
        nodes=181, pushed=0, current_nA=0.5, current_ms=0.5, first=60, last=144, stimulated=90,
        watched=163, start_ms=0.5, duration_ms=6.0, settle_ms=200.0, bare=True,
    ),
    tuple((m, d) for m in ("SUNDT", "TIGERHOLM") for d in (0.4, 0.8, 1.2)),
    (100.0, 500.0), (0.1, 0.5), (("SUNDT", 0.8), ("TIGERHOLM", 0.8)), _LONG_ms,
)  # fmt: skip
FAMILIES = (MRG, PENA, GAINES, C_FIBRES)
