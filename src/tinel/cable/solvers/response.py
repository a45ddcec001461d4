"""What a run came to: spikes, peaks, potentials, recordings, and what to make of each fibre."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tinel.cable.solvers.status import STATUS, Status
from tinel.cable.stimulation.drive import Drive
from tinel.errors import TinelError

if TYPE_CHECKING:
    from tinel.cable.solvers.condensed.prepare import Answer

Floats = NDArray[np.float64]
Ints = NDArray[np.int_]

PER_NODE = ("spike_ms", "peak_mV", "position_mm")
PER_FIBRE = (*PER_NODE, "status", "v_mV", "recorded_uV")


@dataclass(frozen=True)
class Stats:
    """How a run was made: solver, step (ms), steps, fibres, and the seconds it took."""

    solver: str
    dt_ms: float
    steps: int
    fibres: int
    seconds: float


@dataclass(frozen=True)
class Response:
    """What a batch of fibres did.

    Args:
        spike_ms: first upward crossing of the detection level, ``(n_fibre, n_node)``, nan for
            none.
        peak_mV: highest potential, ``(n_fibre, n_node)``.
        status: values of ``Status``, ``(n_fibre,)``; ``status_text`` says it in words.
        v_mV: potentials of the kept nodes after each step, ``(n_fibre, n_step, n_kept)``, or None.
        recorded_uV: ``(n_fibre, n_step, n_electrode)``, or None.
        dt_ms: the step.
        position_mm: of each node along its fibre, the first at 0, ``(n_fibre, n_node)``.
        kept_nodes: the nodes of ``v_mV``.
        reasons: why a fibre was refused, one text per fibre, empty for the others.
        stats: solver, steps and seconds.
        steps: how many were run.
    """

    spike_ms: Floats
    peak_mV: Floats
    status: Ints
    v_mV: Floats | None
    recorded_uV: Floats | None
    dt_ms: float
    position_mm: Floats | None = None
    kept_nodes: tuple[int, ...] = ()
    reasons: tuple[str, ...] = ()
    stats: Stats | None = None
    steps: int = 0

    @property
    def time_ms(self) -> Floats:
        """Time of each row of ``v_mV`` and ``recorded_uV``, ``(n_step,)``: the end of its step."""
        return np.array((np.arange(self.steps) + 1) * self.dt_ms)

    @property
    def status_text(self) -> tuple[str, ...]:
        """What became of each fibre, and what to do about it."""
        reasons = self.reasons or ("",) * len(self.status)
        each = zip(self.status.tolist(), reasons, strict=True)
        return tuple(f"{STATUS[s]}: {why}" if why else STATUS[s] for s, why in each)

    def velocity_m_per_s(self, first: int | None = None, last: int | None = None) -> Floats:
        """Conduction velocity between two nodes, ``(n_fibre,)``; nan where no spike passed both.

        Args:
            first: a node, by default a quarter of the way along.
            last: another, by default the fourth from the end.

        Raises:
            TinelError: a node the fibre does not have, or twice the same.
        """
        if self.position_mm is None:
            raise TinelError("this response has no positions (allowed: one from simulate)")
        count = self.spike_ms.shape[1]
        first = count // 4 if first is None else first
        last = max(count - 4, first + 1) if last is None else last
        if not (0 <= first < count and 0 <= last < count and first != last):
            raise TinelError(
                f"nodes {first} and {last} (allowed: two different ones, 0 to {count - 1})"
            )
        away = self.position_mm[:, last] - self.position_mm[:, first]
        return np.abs(away / (self.spike_ms[:, last] - self.spike_ms[:, first]))

    def plot(self, ax: Any = None, *, show: str = "auto", fibre: int = 0) -> Any:
        """Draw the response with matplotlib and return the axes.

        Args:
            ax: axes to draw into, by default new ones.
            show: ``"potential"`` of the kept nodes of one fibre, ``"recording"`` of its
                electrodes, ``"spikes"`` of all fibres along their length; ``"auto"`` takes the
                first of them that the response holds.
            fibre: which fibre, where one is drawn.

        Raises:
            TinelError: something the response does not hold.
        """
        from tinel.cable.solvers import tables

        return tables.plot(self, ax, show, fibre)

    def to_dataframe(self) -> Any:
        """One row per fibre and node (pandas): position, spike, peak, status."""
        from tinel.cable.solvers import tables

        return tables.dataframe(self)

    def to_xarray(self) -> Any:
        """All of it as an ``xarray.Dataset``, with names of dimensions and units."""
        from tinel.cable.solvers import tables

        return tables.dataset(self)


def response(answer: Answer, level_mV: float, dt_ms: float) -> Response:
    """What a loop answered, without the step it ran before the waveforms began."""
    spike, peak, last, traces, recorded = answer
    traces = None if traces is None else traces[:, 1:]
    recorded = None if recorded is None else recorded[:, 1:]
    return assembled((spike - 1) * dt_ms, peak, last, traces, recorded, level_mV, dt_ms)


def assembled(
    spike_ms: Floats,
    peak_mV: Floats,
    last_mV: Floats,
    v_mV: Floats | None,
    recorded_uV: Floats | None,
    level_mV: float,
    dt_ms: float,
) -> Response:
    """Times, peaks and potentials with the status they mean; no peak of what is not finite."""
    status = status_of(spike_ms, last_mV, level_mV)
    peak_mV = np.where(status[:, None] == Status.NOT_FINITE, np.nan, peak_mV)
    return Response(spike_ms, peak_mV, status, v_mV, recorded_uV, dt_ms)


def status_of(spike: Floats, last_mV: Floats, level_mV: float) -> Ints:
    """Values of ``Status`` from spikes (nan for none) and last potentials ``(n_fibre, n_node)``."""
    status = np.zeros(len(spike), int)
    status[np.all(np.isnan(spike), axis=1)] = Status.NO_SPIKE
    status[np.any(last_mV > level_mV, axis=1)] = Status.STILL_ACTIVE
    status[~np.all(np.isfinite(last_mV), axis=1)] = Status.NOT_FINITE
    return status


def joined(parts: Sequence[Response], n_fibre: int) -> Response:
    """Responses of parts of a batch as one."""

    def one(name: str) -> Any:
        pieces = [getattr(p, name) for p in parts]
        return None if pieces[0] is None else np.concatenate(pieces)[:n_fibre]

    return replace(parts[0], **{name: one(name) for name in PER_FIBRE})


def spread(rows: Sequence[Ints], parts: Sequence[Response], n_fibre: int, nodes: int) -> Response:
    """Responses of some rows each as those of a whole batch, nan where there is none.

    Rows that no part holds are refused.
    """

    def one(name: str) -> Any:
        pieces = [getattr(p, name) for p in parts]
        if pieces[0] is None:
            return None
        wide = name in PER_NODE
        shape = (n_fibre, nodes) if wide else (n_fibre, *pieces[0].shape[1:])
        blank = Status.REFUSED if name == "status" else np.nan
        out = np.full(shape, blank, pieces[0].dtype)
        for each, piece in zip(rows, pieces, strict=True):
            if wide:
                out[each, : piece.shape[1]] = piece
            else:
                out[each] = piece
        return out

    return replace(parts[0], **{name: one(name) for name in PER_FIBRE})


def channels_of(stimulus: Drive | Sequence[Drive]) -> tuple[Drive, ...]:
    """One drive or several as channels of equal length.

    Raises:
        TinelError: none, or of different length.
    """
    channels = (stimulus,) if isinstance(stimulus, Drive) else tuple(stimulus)
    if len({len(c.waveform) for c in channels}) != 1:
        lengths = [len(c.waveform) for c in channels]
        raise TinelError(f"stimuli have {lengths} steps (allowed: one or more of equal length)")
    return channels
