"""The one entry of the engine: a batch of fibres and stimuli in, spikes and recordings out."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tinel.cable.fibres.fibre import Fibre
from tinel.cable.solvers.arguments import check_kept, check_numbers
from tinel.cable.solvers.choice import LONGEST_STEP_ms, chosen_solver
from tinel.cable.solvers.laid import Laid
from tinel.cable.solvers.response import Response, Stats
from tinel.cable.solvers.runner import check_warmth, lead, placed, run_good
from tinel.cable.solvers.step import MOST_ms
from tinel.cable.stimulation.electrode import Electrode
from tinel.cable.stimulation.stimulus import Stimulus, as_stimuli
from tinel.cable.stimulation.waveform import step_count
from tinel.declare.kinds import takes_only_its_kinds
from tinel.errors import TinelError
from tinel.progress import Progress, silent

Floats = NDArray[np.float64]
Ints = NDArray[np.int_]


@takes_only_its_kinds
def simulate(
    fibre: Fibre,
    stimulus: Stimulus | Sequence[Stimulus],
    *,
    duration_ms: float,
    dt_ms: float | None = None,
    temperature_C: ArrayLike = 37.0,
    record: Sequence[Electrode] | Floats = (),
    keep_nodes: Sequence[int] | str = (),
    level_mV: float = -30.0,
    since_ms: float = 0.0,
    precision: str = "float32",
    solver: str = "auto",
    progress: Progress = silent,
) -> Response:
    """Run a batch of fibres of any model.

    The solver follows from the fibre: internodes are condensed where they are passive, every
    compartment is kept where a change or a drug needs it, unmyelinated fibres are single cables.
    A fibre that cannot be run is refused (``status`` 4, ``status_text`` says why, its values are
    nan) and changes nothing for the others.

    Args:
        fibre: from ``models``, one or a batch.
        stimulus: one or several, which add up.
        duration_ms: of the run, one step or more.
        dt_ms: step, 0.0001 to 0.02 ms (every compartment: 0.01; single cables: 0.05). By default
            0.005, and shorter where stimulus and fibre need it: ten steps a pulse, up to fifty
            for strong ones. Where a given step is too long, ``status`` is 5.
        temperature_C: one number, 5 to 45; where every compartment is kept also ``(n_fibre,)`` or
            ``(n_fibre or 1, 11 n_node - 10)``.
        record: electrodes; or lead fields ``(n_fibre, n_electrode, n_place)``, mV per mA.
        keep_nodes: nodes whose potential is returned for every step, or ``"all"``.
        level_mV: potential whose upward crossing counts as the spike, -70 to 20.
        since_ms: crossings before this time are not spikes (a test stimulus after another).
        precision: ``"float32"`` or ``"float64"``.
        solver: ``"auto"``, ``"condensed"``, ``"jax"``, ``"full"``, ``"single_cable"``, ``"ions"``.
        progress: called with how many parts are done; ``tinel.progress.watched`` draws a bar.

    Raises:
        TinelError: an argument outside its range, or a solver that cannot run the fibre.

    Example:
        >>> from tinel.cable.models import build as models
        >>> from tinel.cable.stimulation.stimulus import pulse
        >>> fibre = models.mrg(diameter_um=10, nodes=31)
        >>> thin = fibre.demyelinate(slice(8, 16), lamellae_fraction=[1.0, 0.1, 0.005])
        >>> run = simulate(thin, pulse(node=1, amplitude_nA=5), duration_ms=4)
        >>> run.velocity_m_per_s().round(0)
        array([55., 31., nan])
    """
    begun = time.perf_counter()
    stimuli = as_stimuli(stimulus)
    warm, reasons = check_warmth(temperature_C, len(fibre))
    name = chosen_solver(fibre, solver, warm)
    longest = LONGEST_STEP_ms[name]
    check_numbers(MOST_ms if dt_ms is None else dt_ms, longest, level_mV, precision, since_ms)
    step_count(duration_ms, MOST_ms if dt_ms is None else dt_ms)
    kept = _kept(keep_nodes, int(np.min(fibre.nodes)))
    for one in stimuli:
        reasons |= one.site.refusals(len(fibre))
    reasons |= dict(fibre.refused)
    laid = Laid(fibre, stimuli, name, warm)
    dt = laid.step_ms(reasons, MOST_ms) if dt_ms is None else dt_ms
    waves = [one.waveform.samples(duration_ms, dt) for one in stimuli]

    def run(rows: Ints, nodes: int) -> Response:
        some = laid.part(rows, nodes)
        found = some.batch.run(
            some.driven(waves), dt_ms=dt, since_ms=since_ms, level_mV=level_mV, keep_nodes=kept,
            lead_mV_per_mA=lead(record, some.fibre, rows, some.batch, fibre), precision=precision,
            progress=progress,
        )  # fmt: skip
        return placed(some.checked(found, stimuli, dt), some.batch)

    found, reasons = run_good(fibre, reasons, run)
    texts = tuple(reasons.get(k, "") for k in range(len(fibre))) if reasons else ()
    steps = step_count(duration_ms, dt)
    stats = Stats(name, dt, steps, len(fibre), time.perf_counter() - begun)
    return replace(found, kept_nodes=kept, reasons=texts, stats=stats, steps=steps)


def _kept(keep_nodes: Sequence[int] | str, nodes: int) -> tuple[int, ...]:
    if isinstance(keep_nodes, str):
        if keep_nodes != "all":
            raise TinelError(f"keep_nodes is {keep_nodes!r} (allowed: nodes, or 'all')")
        return tuple(range(nodes))
    check_kept("keep_nodes", keep_nodes, nodes)
    return tuple(int(k) for k in keep_nodes)
