"""What every threshold protocol needs: fibres at rest, an electrode, and a node that is watched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypedDict

import numpy as np
from numpy.typing import NDArray

from tinel.cable.fibres.fibre import Fibre
from tinel.cable.solvers.arguments import check_kept, check_numbers, check_temperature
from tinel.cable.solvers.batch import Batch
from tinel.cable.solvers.choice import LONGEST_STEP_ms, chosen_solver
from tinel.cable.solvers.condensed.rest import NoRestError
from tinel.cable.solvers.laid import unit_strength_mV
from tinel.cable.solvers.response import Response
from tinel.cable.solvers.runner import RESTLESS, RefusedError, drive, lay, part
from tinel.cable.solvers.status import Status
from tinel.cable.solvers.step import MOST_ms, default_step_ms, step_for
from tinel.cable.stimulation.drive import Drive
from tinel.cable.stimulation.site import Site, Where
from tinel.cable.stimulation.stimulus import Stimulus
from tinel.errors import TinelError

Floats = NDArray[np.float64]
Ints = NDArray[np.int_]
Bools = NDArray[np.bool_]

ARRIVAL_ms = 4.0  # time given to a spike, from the test's end to the watched node


class Setting(TypedDict, total=False):
    """How a threshold is measured, in any protocol.

    - ``watch``: node at which a spike is waited for, far enough from the electrode that only a
      travelling one arrives; by default the fourth from the end.
    - ``arrival_ms``: time given to it from the end of the stimulus, by default 4; thin and
      unmyelinated fibres need more.
    - ``dt_ms``: step, by default 0.005 (recovery cycle and threshold electrotonus, whose runs are
      long and whose pulses are too: 0.01), or shorter where stimuli and fibre need it: ten steps a
      pulse, up to fifty for strong ones, the amplitude that is found among them.
    - ``temperature_C``: by default 37.
    - ``solver``: as for ``simulate``.
    """

    watch: int
    arrival_ms: float
    dt_ms: float | None
    temperature_C: float
    solver: str


class SettingAndWhere(Setting, Where, total=False):
    """A ``Setting``, and where the stimulus acts (``Where``)."""


def with_step(how: Setting, width_ms: float, most_ms: float = MOST_ms) -> Setting:
    """The setting with a step that has ten steps in the shortest pulse, where none was given.

    Example:
        >>> with_step({"watch": 17}, 0.02)["dt_ms"]
        0.002
    """
    if how.get("dt_ms") is not None:
        return how
    return {**how, "dt_ms": default_step_ms(width_ms, 0.0, most_ms)}


def split(how: SettingAndWhere) -> tuple[Setting, Where]:
    """The two apart.

    Raises:
        TinelError: a word that belongs to neither.

    Example:
        >>> setting, where = split({"watch": 17, "node": 10})
        >>> setting, where
        ({'watch': 17}, {'node': 10})
    """
    settings = {k: v for k, v in how.items() if k in Setting.__annotations__}
    where = {k: v for k, v in how.items() if k in Where.__annotations__}
    unknown = set(how) - set(settings) - set(where)
    if unknown:
        allowed = ", ".join([*Setting.__annotations__, *Where.__annotations__])
        raise TinelError(f"{', '.join(sorted(unknown))} (allowed: {allowed})")
    return settings, where  # type: ignore[return-value]


@dataclass(frozen=True)
class Preparation:
    """A batch at rest with a stimulating electrode, and the node that is watched.

    Args:
        fibres: laid out for their solver.
        watched: the node.
        current_nA, potential_mV: the electrode at amplitude 1, shapes of ``Drive``.
        dt_ms: the step, above 0 and as the solver allows.
        arrival_ms: time given to a spike.

    Raises:
        TinelError: neither a current nor a potential, or ``dt_ms`` not above 0.
    """

    fibres: Batch
    watched: int
    current_nA: Floats | None = None
    potential_mV: Floats | None = None
    dt_ms: float = 0.01
    arrival_ms: float = ARRIVAL_ms

    def __post_init__(self) -> None:
        if self.current_nA is None and self.potential_mV is None:
            raise TinelError("no electrode (allowed: current_nA, potential_mV or both)")
        if not self.dt_ms > 0:
            raise TinelError(f"dt_ms is {self.dt_ms:g} (allowed: above 0)")
        check_kept("watched", (self.watched,), self.fibres.node_um.shape[1])

    def rows(self, which: Ints) -> Preparation:
        """Some of the fibres, repeated where named twice, each with its electrode."""
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

        ``parts`` and ``also``: as for ``respond``.
        """
        run = self.respond(which, parts, since_ms=since_ms, also=also)
        fired = np.isfinite(run.spike_ms[:, self.watched]).astype(int)
        return np.where(run.status == Status.NOT_FINITE, -1, fired)

    def respond(
        self,
        which: Ints,
        parts: Sequence[tuple[Floats, Floats | float]],
        *,
        since_ms: float = 0.0,
        also: Sequence[Drive] = (),
    ) -> Response:
        """What fibres ``which`` do.

        ``parts`` are pairs of waveform ``(n_step,)`` and amplitude ``(n_row,)`` through the
        electrode; ``also`` are further stimuli for all fibres, by other electrodes.
        """
        some = self.rows(which)
        others = [
            Drive(s.waveform, self._rows(s.current_nA, which), self._rows(s.potential_mV, which))
            for s in also
        ]
        return some.fibres.run(
            [*some._through(parts), *others], dt_ms=self.dt_ms, since_ms=since_ms
        )  # fmt: skip

    def held(
        self, parts: Sequence[tuple[Floats, Floats | float]], until_ms: float
    ) -> tuple[Preparation, Bools]:
        """All fibres after some time of these stimuli, to go on from, and which have spiked.

        Later runs must begin with the same stimuli. A solver that holds no checkpoint runs from
        rest every time, and sees those spikes then.
        """
        fibres, spiked = self.fibres.held(
            self._through(parts), until_ms, dt_ms=self.dt_ms, node=self.watched
        )
        return replace(self, fibres=fibres), spiked

    def step_ms(self, phase_ms: float, amplitude: Floats) -> float:
        """The step that amplitudes of the electrode need, ``dt_ms`` or shorter.

        Args:
            phase_ms: the shortest phase of its waveform.
            amplitude: of each fibre, ``(n_fibre,)``; nan does not count.
        """
        strength = np.abs(np.nan_to_num(amplitude)) * self.strength_mV()
        return default_step_ms(phase_ms, strength, self.dt_ms)

    def strength_mV(self) -> Floats:
        """How strongly the electrode drives each fibre at amplitude 1, ``(n_fibre,)``."""
        unit = Drive(np.ones(1), self.current_nA, self.potential_mV)
        return unit_strength_mV(unit, self.fibres)

    def _through(self, parts: Sequence[tuple[Floats, Floats | float]]) -> list[Drive]:
        def scaled(a: Floats | None, factor: Floats | float) -> Floats | None:
            return None if a is None else a * np.broadcast_to(factor, self.fibres.count)[:, None]

        return [Drive(w, scaled(self.current_nA, a), scaled(self.potential_mV, a))
                for w, a in parts]  # fmt: skip

    def _rows(self, a: Floats | None, which: Ints) -> Floats | None:
        return None if a is None else np.broadcast_to(a, (self.fibres.count, a.shape[-1]))[which]


@dataclass(frozen=True)
class Prepared:
    """The fibres of a batch that can be run, the rows they have in it, and why others cannot."""

    preparation: Preparation
    good: Ints
    reasons: Mapping[int, str]
    also: tuple[Drive, ...] = ()


def prepare(
    fibre: Fibre,
    site: Site,
    *,
    watch: int | None = None,
    arrival_ms: float = ARRIVAL_ms,
    dt_ms: float | None = 0.01,
    temperature_C: float = 37.0,
    solver: str = "auto",
    also: Sequence[Stimulus] = (),
    phase_ms: float = np.inf,
    duration_ms: float = 0.0,
) -> Prepared:
    """Lay out a batch, find its rest, and bring the electrodes to it.

    Args:
        fibre: all of one length.
        site: of the electrode whose amplitude is looked for.
        watch, arrival_ms, temperature_C, solver: see ``Setting``.
        dt_ms: the step; None for the one that ``also`` and ``phase_ms`` need.
        also: further stimuli, at fixed strength.
        phase_ms: the shortest phase of the electrode's own waveform.
        duration_ms: of every run; needed with ``also``.

    Raises:
        TinelError: an argument outside its range, or no fibre that can be run.

    Example:
        >>> from tinel.cable.models import build as models
        >>> from tinel.cable.stimulation.site import site
        >>> ready = prepare(models.mrg(diameter_um=[8, 10], nodes=21), site(node=10))
        >>> ready.preparation.watched, ready.good.tolist()
        (17, [0, 1])
    """
    if not isinstance(fibre.nodes, int):
        raise TinelError("nodes differ from fibre to fibre (allowed: one number for a protocol)")
    watched = max(fibre.nodes - 4, 0) if watch is None else watch
    check_kept("watch", (watched,), fibre.nodes)
    check_temperature(temperature_C)
    name = chosen_solver(fibre, solver, temperature_C)
    step = MOST_ms if dt_ms is None else dt_ms
    check_numbers(step, LONGEST_STEP_ms[name], 0.0, "float32", arrival_ms)
    reasons = site.refusals(len(fibre)) | dict(fibre.refused)
    for one in also:
        reasons |= one.site.refusals(len(fibre))
    while len(reasons) < len(fibre):
        good = np.setdiff1d(np.arange(len(fibre)), list(reasons))
        try:
            batch = lay(fibre, good, fibre.nodes, name, temperature_C).settled()
        except RefusedError as problem:
            reasons |= problem.reasons
            continue
        except NoRestError as problem:
            reasons |= {int(k): RESTLESS for k in good[problem.fibres]}
            continue
        some = part(fibre, good, fibre.nodes)
        unit = drive(site, np.ones(1), some, good, batch, fibre)
        others = [drive(s.site, np.ones(1), some, good, batch, fibre) for s in also]
        if dt_ms is None:
            known = [s.waveform.largest * unit_strength_mV(d, batch)
                     for s, d in zip(also, others, strict=True)]  # fmt: skip
            phases = [phase_ms, *(s.waveform.phase_ms for s in also)]
            dt_ms = step_for(phases, [np.zeros(1), *known])
        rest = tuple(
            replace(d, waveform=s.waveform.samples(duration_ms, dt_ms))
            for s, d in zip(also, others, strict=True)
        )
        made = Preparation(batch, watched, unit.current_nA, unit.potential_mV, dt_ms, arrival_ms)
        return Prepared(made, good, reasons, rest)
    raise TinelError(next(iter(reasons.values())))
