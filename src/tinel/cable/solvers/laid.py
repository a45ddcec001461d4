"""The parts of a batch laid out for their solver, each once, and the step that they need."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tinel.cable.fibres.fibre import Fibre
from tinel.cable.solvers.batch import Batch
from tinel.cable.solvers.response import Response
from tinel.cable.solvers.runner import RefusedError, drive, lay, length_groups, part
from tinel.cable.solvers.status import Status
from tinel.cable.solvers.step import step_for, strength_mV, too_long
from tinel.cable.stimulation.drive import Drive
from tinel.cable.stimulation.stimulus import Stimulus

Floats = NDArray[np.float64]
Ints = NDArray[np.int_]


@dataclass(frozen=True)
class Part:
    """Rows of a batch of one length, their layout, and every stimulus at waveform 1."""

    fibre: Fibre
    batch: Batch
    unit: tuple[Drive, ...]

    def driven(self, waves: Sequence[Floats]) -> list[Drive]:
        """What drives the rows, one waveform per stimulus."""
        return [replace(d, waveform=w) for d, w in zip(self.unit, waves, strict=True)]

    def strengths_mV(self, stimuli: Sequence[Stimulus]) -> list[Floats]:
        """How strongly each stimulus drives each row at its largest value."""
        each = zip(stimuli, self.unit, strict=True)
        return [one.waveform.largest * unit_strength_mV(d, self.batch) for one, d in each]

    def checked(self, found: Response, stimuli: Sequence[Stimulus], dt_ms: float) -> Response:
        """The response, with the status of rows whose stimulus needs a shorter step."""
        each = zip(stimuli, self.strengths_mV(stimuli), strict=True)
        long = np.any([too_long(dt_ms, s.waveform.phase_ms, mV) for s, mV in each], axis=0)
        status = np.where(long & (found.status != Status.NOT_FINITE), Status.TOO_LONG, found.status)
        return replace(found, status=status)


@dataclass(frozen=True)
class Laid:
    """A batch of fibres and its stimuli for one solver; parts are laid out when first needed."""

    fibre: Fibre
    stimuli: tuple[Stimulus, ...]
    solver: str
    temperature_C: Any
    known: dict[bytes, Part] = field(default_factory=dict)

    def part(self, rows: Ints, nodes: int) -> Part:
        """Rows of one length.

        Raises:
            RefusedError: some of them cannot be built.
        """
        key = rows.tobytes()
        if key not in self.known:
            some = part(self.fibre, rows, nodes)
            batch = lay(self.fibre, rows, nodes, self.solver, self.temperature_C)
            unit = (drive(s.site, np.ones(1), some, rows, batch, self.fibre) for s in self.stimuli)
            self.known[key] = Part(some, batch, tuple(unit))
        return self.known[key]

    def step_ms(self, reasons: dict[int, str], most_ms: float) -> float:
        """The step that the stimuli need, ``most_ms`` or shorter; rows refused do not count."""
        without = dict(reasons)
        while len(without) < len(self.fibre):
            try:
                groups = length_groups(self.fibre, without)
                parts = [self.part(rows, nodes) for rows, nodes in groups]
            except RefusedError as problem:
                without |= problem.reasons
                continue
            phases = [s.waveform.phase_ms for s in self.stimuli]
            return min(step_for(phases, p.strengths_mV(self.stimuli), most_ms) for p in parts)
        return most_ms


def unit_strength_mV(unit: Drive, batch: Batch) -> Floats:
    """How strongly a drive at waveform 1 acts on each fibre of a batch, ``(n_fibre,)``."""
    at_nodes = None
    if unit.potential_mV is not None:
        at_nodes = unit.potential_mV[:, :: batch.places_per_node]
    found = strength_mV(at_nodes, unit.current_nA, batch.axial_uS)
    return np.broadcast_to(found, batch.count)
