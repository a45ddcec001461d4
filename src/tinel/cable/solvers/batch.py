"""A batch of fibres laid out for the solver that runs it.

``simulate`` and the excitability protocols need little of a solver: run these rows with these
drives, and go on from a checkpoint. Each solver's batch does that, so that each is written once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from tinel.cable.fibres.bathe import bathe
from tinel.cable.fibres.build import cable_of, compartments_of, elements_of
from tinel.cable.fibres.compartments import Compartments
from tinel.cable.fibres.double_cable import BLOCK
from tinel.cable.fibres.fibre import Fibre
from tinel.cable.fibres.internode import Elements
from tinel.cable.fibres.positions import positions_um
from tinel.cable.fibres.single_cable import Cable, along_um
from tinel.cable.membranes.membrane import Membrane
from tinel.cable.solvers.condensed.condense import modes
from tinel.cable.solvers.condensed.rest import rest
from tinel.cable.solvers.condensed.run import simulate_condensed
from tinel.cable.solvers.full.checkpoint import Checkpoint, at_rest
from tinel.cable.solvers.full.run import run_until, simulate_full
from tinel.cable.solvers.response import Response
from tinel.cable.solvers.single_cable.run import simulate_cable
from tinel.cable.stimulation.drive import Drive

Floats = NDArray[np.float64]
Ints = NDArray[np.int_]
Bools = NDArray[np.bool_]


class Batch(Protocol):
    """A batch of fibres with the solver that runs them."""

    @property
    def at_once(self) -> int:
        """Rows that fill the vector lanes of two cores."""
        ...

    @property
    def count(self) -> int:
        """Fibres in the batch."""
        ...

    @property
    def along_um(self) -> Floats:
        """Where potentials are taken along each fibre, ``(n_fibre, n_place)``."""
        ...

    @property
    def places_per_node(self) -> int:
        """From node to node along them."""
        ...

    @property
    def node_um(self) -> Floats:
        """Where the nodes lie along each fibre, ``(n_fibre, n_node)``."""
        ...

    @property
    def axial_uS(self) -> Floats:
        """Conductance from node to node inside a typical internode, ``(n_fibre,)``."""
        ...

    def rows(self, which: Ints) -> Batch:
        """Some of the fibres; a row may be named twice."""
        ...

    def settled(self) -> Batch:
        """The batch with what is the same for many runs computed once.

        Raises:
            NoRestError: fibres that cannot be run because they fire by themselves.
        """
        ...

    def run(self, channels: Sequence[Drive], *, dt_ms: float, **more: Any) -> Response:
        """Run all fibres; waveforms begin at rest, whatever was held before.

        ``more``: ``since_ms``, ``level_mV``, ``keep_nodes``, ``lead_mV_per_mA``, ``precision`` and
        ``progress``, as for ``simulate``.
        """
        ...

    def held(
        self, channels: Sequence[Drive], until_ms: float, *, dt_ms: float, node: int
    ) -> tuple[Batch, Bools]:
        """The fibres at a later time, and whether a spike passed the node on the way there.

        A solver that holds no checkpoint stays at rest and runs from there every time.
        """
        ...


@dataclass(frozen=True)
class Condensed:
    """Fibres with passive internodes; every run begins at rest."""

    elements: Elements
    nodes: int
    temperature_C: float
    membrane: Membrane
    at_once: int = 128
    method: str = "lanes"

    @property
    def count(self) -> int:
        return len(self.elements.spacing_um)

    @property
    def along_um(self) -> Floats:
        return positions_um(self.elements, self.nodes)

    @property
    def places_per_node(self) -> int:
        return BLOCK

    @property
    def node_um(self) -> Floats:
        return self.elements.spacing_um[:, None] * np.arange(self.nodes)

    @property
    def axial_uS(self) -> Floats:
        return _typical(self.elements.inner_uS)

    def rows(self, which: Ints) -> Condensed:
        some = {n: getattr(self.elements, n)[which] for n in vars(self.elements)}
        return replace(self, elements=replace(self.elements, **some))

    def settled(self) -> Condensed:
        rest(
            self.elements, self.nodes, modes(self.elements), self.temperature_C, self.membrane
        )  # fmt: skip
        return self

    def run(self, channels: Sequence[Drive], *, dt_ms: float, **more: Any) -> Response:
        return simulate_condensed(
            self.elements, self.nodes, channels, dt_ms=dt_ms, temperature_C=self.temperature_C,
            membrane=self.membrane, method=self.method, **more,
        )  # fmt: skip

    def held(
        self, channels: Sequence[Drive], until_ms: float, *, dt_ms: float, node: int
    ) -> tuple[Condensed, Bools]:
        return self, np.zeros(self.count, bool)


@dataclass(frozen=True)
class Full:
    """Fibres of which every compartment is kept, at rest or at the checkpoint ``start``."""

    compartments: Compartments
    start: Checkpoint | None = None
    at_once: int = 32

    @classmethod
    def resting(cls, compartments: Compartments) -> Full:
        """The fibres with their rest computed, once for all runs."""
        return cls(compartments, at_rest(compartments))

    @property
    def count(self) -> int:
        return len(self.compartments.axolemma_nF)

    @property
    def along_um(self) -> Floats:
        return self.compartments.centre_um

    @property
    def places_per_node(self) -> int:
        return BLOCK

    @property
    def node_um(self) -> Floats:
        return self.along_um[:, ::BLOCK]

    @property
    def axial_uS(self) -> Floats:
        return _typical(self.compartments.inner_uS.reshape(self.count, -1, BLOCK))

    def rows(self, which: Ints) -> Full:
        start = None if self.start is None else self.start.rows(which)
        return replace(self, compartments=self.compartments.rows(which), start=start)

    def settled(self) -> Full:
        return Full.resting(self.compartments)

    def run(self, channels: Sequence[Drive], *, dt_ms: float, **more: Any) -> Response:
        return simulate_full(self.compartments, channels, dt_ms=dt_ms, start=self.start, **more)

    def held(
        self, channels: Sequence[Drive], until_ms: float, *, dt_ms: float, node: int
    ) -> tuple[Full, Bools]:
        reached, spike_ms = run_until(
            self.compartments, channels, until_ms, dt_ms=dt_ms, start=self.start
        )
        return replace(self, start=reached), np.isfinite(spike_ms[:, node])


@dataclass(frozen=True)
class SingleCable:
    """Fibres that are single cables; every run begins at rest."""

    cable: Cable
    points: int
    membrane: Any
    temperature_C: float = 37.0
    at_once: int = 128

    @property
    def count(self) -> int:
        return len(self.cable.area_um2)

    @property
    def along_um(self) -> Floats:
        return along_um(self.cable, self.points)

    @property
    def places_per_node(self) -> int:
        return 1

    @property
    def node_um(self) -> Floats:
        return self.along_um

    @property
    def axial_uS(self) -> Floats:
        return self.cable.axial_uS

    def rows(self, which: Ints) -> SingleCable:
        some = {n: a[which] for n, a in vars(self.cable).items()}
        return replace(self, cable=Cable(**some))

    def settled(self) -> SingleCable:
        return self

    def run(self, channels: Sequence[Drive], *, dt_ms: float, **more: Any) -> Response:
        more["keep_points"] = more.pop("keep_nodes", ())
        return simulate_cable(
            self.cable, self.points, channels, self.membrane, dt_ms=dt_ms,
            temperature_C=self.temperature_C, **more,
        )  # fmt: skip

    def held(
        self, channels: Sequence[Drive], until_ms: float, *, dt_ms: float, node: int
    ) -> tuple[SingleCable, Bools]:
        return self, np.zeros(self.count, bool)


def _typical(inner_uS: Floats) -> Floats:
    # of each fibre's internodes in the middle of all: an injured one does not count
    along = 1 / np.sum(1 / np.asarray(inner_uS, float), axis=2)
    return np.asarray(np.median(along, axis=1))


def laid_out(fibre: Fibre, solver: str, temperature_C: Any) -> Batch:
    """A batch of fibres of equal length, for a solver that can run them (``choice.chosen``)."""
    return LAY_OUT[solver](fibre, temperature_C)


def _condensed(fibre: Fibre, temperature_C: Any, method: str = "lanes") -> Condensed:
    assert fibre.model.membrane is not None
    return Condensed(
        elements_of(fibre), fibre.longest, temperature_C, fibre.model.membrane(), method=method
    )


def _full(fibre: Fibre, temperature_C: Any) -> Full:
    laid = compartments_of(fibre, temperature_C)
    for bath in fibre.baths:
        laid = bathe(laid, bath.drug, bath.concentration_uM, bath.parameters)
    return Full(laid)


def _single_cable(fibre: Fibre, temperature_C: Any) -> SingleCable:
    assert fibre.model.membrane is not None
    return SingleCable(cable_of(fibre), fibre.longest, fibre.model.membrane(), temperature_C)


LAY_OUT: dict[str, Callable[[Fibre, Any], Batch]] = {
    "condensed": _condensed,
    "jax": lambda fibre, temperature_C: _condensed(fibre, temperature_C, "jax"),
    "full": _full,
    "single_cable": _single_cable,
    "ions": _single_cable,
}
