"""A batch of fibres together with the engine that runs it.

What excitability protocols need of an engine is little: run these rows with these stimuli, and go
on from a moment. ``Condensed`` (passive internodes, fast) and ``Full`` (any channels, any injury)
both do that, so that each protocol is written once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from tinel.cable.fibres.compartments import Compartments
from tinel.cable.fibres.internode import Elements
from tinel.cable.full import run_until, simulate_full
from tinel.cable.membranes.membrane import Membrane
from tinel.cable.models.mrg import MEMBRANE as MRG
from tinel.cable.simulate import Response, simulate
from tinel.cable.solvers.full.checkpoint import Moment, at_rest
from tinel.cable.stimulation.stimulus import Stimulus

Ints = NDArray[np.int_]
Bools = NDArray[np.bool_]


class Fibres(Protocol):
    """A batch of fibres with the engine that runs them."""

    at_once: int  # rows that fill the vector lanes of two cores

    @property
    def count(self) -> int:
        """Fibres in the batch."""
        ...

    def rows(self, which: Ints) -> Fibres:
        """Some of the fibres, repeated where asked."""
        ...

    def run(self, channels: Sequence[Stimulus], *, dt_ms: float, since_ms: float) -> Response:
        """Run all fibres; waveforms begin at rest, whatever was held before."""
        ...

    def held(
        self, channels: Sequence[Stimulus], until_ms: float, *, dt_ms: float, node: int
    ) -> tuple[Fibres, Bools]:
        """The fibres at a later moment, and whether a spike passed the node on the way there."""
        ...


@dataclass(frozen=True)
class Condensed:
    """Fibres of ``simulate``. They do not hold a moment: every run begins at rest."""

    elements: Elements
    nodes: int
    temperature_C: float = 37.0
    membrane: Membrane = MRG
    at_once: int = 128

    @property
    def count(self) -> int:
        return len(self.elements.spacing_um)

    def rows(self, which: Ints) -> Condensed:
        some = {n: getattr(self.elements, n)[which] for n in vars(self.elements)}
        return replace(self, elements=replace(self.elements, **some))

    def run(self, channels: Sequence[Stimulus], *, dt_ms: float, since_ms: float) -> Response:
        return simulate(
            self.elements, self.nodes, channels, dt_ms=dt_ms, since_ms=since_ms,
            temperature_C=self.temperature_C, membrane=self.membrane,
        )  # fmt: skip

    def held(
        self, channels: Sequence[Stimulus], until_ms: float, *, dt_ms: float, node: int
    ) -> tuple[Condensed, Bools]:
        return self, np.zeros(self.count, bool)


@dataclass(frozen=True)
class Full:
    """Fibres of ``simulate_full``, at the moment ``start``."""

    compartments: Compartments
    start: Moment
    at_once: int = 32

    @classmethod
    def resting(cls, compartments: Compartments) -> Full:
        """The fibres at rest."""
        return cls(compartments, at_rest(compartments))

    @property
    def count(self) -> int:
        return len(self.compartments.axolemma_nF)

    def rows(self, which: Ints) -> Full:
        return replace(
            self, compartments=self.compartments.rows(which), start=self.start.rows(which)
        )

    def run(self, channels: Sequence[Stimulus], *, dt_ms: float, since_ms: float) -> Response:
        return simulate_full(
            self.compartments, channels, dt_ms=dt_ms, since_ms=since_ms, start=self.start
        )

    def held(
        self, channels: Sequence[Stimulus], until_ms: float, *, dt_ms: float, node: int
    ) -> tuple[Full, Bools]:
        reached, spike_ms = run_until(
            self.compartments, channels, until_ms, dt_ms=dt_ms, start=self.start
        )
        return replace(self, start=reached), np.isfinite(spike_ms[:, node])
