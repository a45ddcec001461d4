"""A nerve preparation, in numbers: fibres, a stimulating electrode, and a place to listen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tinel.cable.solvers.batch import Fibres
from tinel.cable.stimulation.drive import Drive
from tinel.errors import TinelError

Floats = NDArray[np.float64]
Ints = NDArray[np.int_]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Preparation:
    """Fibres with a stimulating electrode, and the node where one waits for the spike.

    ``fibres`` are ``Condensed`` or ``Full``; ``current_nA`` or ``potential_mV`` (at amplitude 1,
    shapes of ``Stimulus``) is the electrode; ``watched`` the node, far enough from it that only a
    travelling spike arrives; ``dt_ms`` the step, above 0 and as the engine allows.

    Raises:
        TinelError: neither a current nor a potential, or ``dt_ms`` not above 0.

    Example:
        >>> from tinel.cable.models import gaines
        >>> from tinel.cable.fibres.compartments import compartments
        >>> from tinel.cable.solvers.batch import Full
        >>> from tinel.cable.stimulation.waveform import pulse_samples
        >>> c = compartments(gaines.geometry(np.array([10.0])), 21, gaines.MOTOR)
        >>> current = np.zeros((1, 21)); current[0, 10] = 1.0
        >>> inside = Preparation(Full.resting(c), 17, current_nA=current)
        >>> wave = pulse_samples(1.5, 0.01, 0.1, 0.1)
        >>> inside.spikes(np.array([0, 0]), [(wave, np.array([0.2, 3.0]))])
        array([0, 1])
    """

    fibres: Fibres
    watched: int
    current_nA: Floats | None = None
    potential_mV: Floats | None = None
    dt_ms: float = 0.01

    def __post_init__(self) -> None:
        if self.current_nA is None and self.potential_mV is None:
            raise TinelError("no electrode (allowed: current_nA, potential_mV or both)")
        if not self.dt_ms > 0:
            raise TinelError(f"dt_ms is {self.dt_ms:g} (allowed: above 0)")

    def rows(self, which: Ints) -> Preparation:
        """Some of the fibres, repeated where asked, each with its electrode."""
        return replace(
            self, fibres=self.fibres.rows(which), current_nA=self._rows(self.current_nA, which),
            potential_mV=self._rows(self.potential_mV, which),
        )  # fmt: skip

    def spikes(
        self,
        which: Ints,
        parts: Sequence[tuple[Floats, Floats | float]],
        *,
        since_ms: float = 0.0,
        also: Sequence[Drive] = (),
    ) -> Ints:
        """Whether fibres ``which`` spike at the watched node after ``since_ms`` (-1 not finite).

        ``parts`` are pairs of waveform ``(n_step,)`` and amplitude ``(n_row,)`` through the
        electrode; ``also`` are further stimuli for all fibres, by other electrodes.
        """
        some = self.rows(which)
        others = [
            Drive(s.waveform, self._rows(s.current_nA, which), self._rows(s.potential_mV, which))
            for s in also
        ]
        run = some.fibres.run(
            [*some._through(parts), *others], dt_ms=self.dt_ms, since_ms=since_ms
        )  # fmt: skip
        fired = np.isfinite(run.spike_ms[:, self.watched]).astype(int)
        return np.where(run.status == 2, -1, fired)

    def held(
        self, parts: Sequence[tuple[Floats, Floats | float]], until_ms: float
    ) -> tuple[Preparation, Bools]:
        """All fibres at a moment of these stimuli, to be asked from there, and which have spiked.

        What is asked of them later must begin with the same stimuli. An engine that cannot hold
        a moment runs from rest every time, and sees those spikes then.
        """
        fibres, spiked = self.fibres.held(
            self._through(parts), until_ms, dt_ms=self.dt_ms, node=self.watched
        )
        return replace(self, fibres=fibres), spiked

    def _through(self, parts: Sequence[tuple[Floats, Floats | float]]) -> list[Drive]:
        def scaled(a: Floats | None, factor: Floats | float) -> Floats | None:
            return None if a is None else a * np.broadcast_to(factor, self.fibres.count)[:, None]

        return [Drive(w, scaled(self.current_nA, a), scaled(self.potential_mV, a))
                for w, a in parts]  # fmt: skip

    def _rows(self, a: Floats | None, which: Ints) -> Floats | None:
        return None if a is None else np.broadcast_to(a, (self.fibres.count, a.shape[-1]))[which]
