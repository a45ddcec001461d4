"""Electrical thresholds: to any stimulus, and for a block by kilohertz currents."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Unpack

import numpy as np
from numpy.typing import NDArray

from tinel.cable.fibres.fibre import Fibre
from tinel.cable.protocols.found import Ints, Threshold, whole
from tinel.cable.protocols.lowest import lowest
from tinel.cable.protocols.passive import passively
from tinel.cable.protocols.preparation import Preparation, Prepared, Setting, prepare
from tinel.cable.solvers.response import Response
from tinel.cable.solvers.status import Status
from tinel.cable.solvers.step import too_long
from tinel.cable.stimulation.drive import Drive
from tinel.cable.stimulation.stimulus import Stimulus, as_stimuli
from tinel.cable.stimulation.waveform import pulse_samples, shortest_phase_ms
from tinel.declare.kinds import takes_only_its_kinds
from tinel.errors import TinelError

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

START_ms = 0.1  # of the first pulse
SEARCHES = 3  # at most: a shorter step moves the threshold, and so the step it needs, by little
TRAVELS = 2  # nodes that cross without being polarised to it by the stimulus itself


@takes_only_its_kinds
def threshold(
    fibre: Fibre,
    stimulus: Stimulus,
    *,
    largest: float,
    duration_ms: float | None = None,
    tolerance: float = 2e-3,
    also: Stimulus | Sequence[Stimulus] = (),
    since_ms: float = 0.0,
    **how: Unpack[Setting],
) -> Threshold:
    """Lowest multiple of a stimulus that sends a spike to the watched node, per fibre.

    Args:
        fibre: one or a batch, all of one length.
        stimulus: leave its amplitude at 1 to get nA or mA.
        largest: up to which to look, above 0.
        duration_ms: of every run; by default to the end of the stimulus and ``arrival_ms`` more.
        tolerance: relative, 1e-6 to 0.1.
        also: further stimuli, at fixed strength.
        since_ms: only spikes after it count, 0 or more.
        **how: ``watch``, ``arrival_ms``, ``dt_ms``, ``temperature_C``, ``solver`` (``Setting``).

    Raises:
        TinelError: an argument outside its range.

    Example:
        >>> from tinel.cable.models import build as models
        >>> from tinel.cable.stimulation.stimulus import pulse
        >>> fibre = models.mrg(diameter_um=[5.7, 10], nodes=21)
        >>> found = threshold(fibre, pulse(node=10, width_ms=0.1), largest=10, watch=17)
        >>> bool(0.4 < found.amplitude[0] < found.amplitude[1] < 2.0)
        True
    """
    (one,) = as_stimuli(stimulus)
    others = as_stimuli(also) if also else ()
    duration = _duration(one, others, duration_ms, how)

    def measured(ready: Prepared, wave: Floats) -> Threshold:
        return threshold_of(
            ready.preparation, wave, largest=largest, tolerance=tolerance, also=ready.also,
            since_ms=since_ms,
        )  # fmt: skip

    return _measured(fibre, one, others, duration, how, measured)


@takes_only_its_kinds
def block_threshold(
    fibre: Fibre,
    stimulus: Stimulus,
    test: Stimulus | Sequence[Stimulus],
    *,
    largest: float,
    since_ms: float,
    duration_ms: float,
    tolerance: float = 1e-2,
    **how: Unpack[Setting],
) -> Threshold:
    """Lowest multiple of a stimulus at which no spike passes any more, per fibre.

    An amplitude at which the blocking stimulus itself keeps firing the fibre counts as not
    blocked. Status 7: no test spike arrives even without it.

    Args:
        fibre: one or a batch, all of one length.
        stimulus: the blocking one (``alternating``), between the test's site and ``watch``.
        test: one or several, some of them after ``since_ms``.
        largest: up to which to look, above 0.
        since_ms: when the spikes that the blocking stimulus itself starts have died out.
        duration_ms: of every run.
        tolerance: relative, 1e-6 to 0.1.
        **how: as for ``threshold``.

    Raises:
        TinelError: an argument outside its range.

    Example:
        >>> from tinel.cable.models import build as models
        >>> from tinel.cable.stimulation.electrode import point
        >>> from tinel.cable.stimulation.stimulus import alternating, pulse
        >>> fibre = models.mrg(diameter_um=10, nodes=31)
        >>> current = alternating(frequency_kHz=10, electrode=point(y_mm=1, node=15))
        >>> test = pulse(node=1, amplitude_nA=5, start_ms=5)
        >>> found = block_threshold(
        ...     fibre, current, test, largest=10, since_ms=5, duration_ms=7, dt_ms=0.01
        ... )
        >>> bool(0.5 < found.amplitude[0] < 3)
        True
    """
    tests = as_stimuli(test)

    def measured(ready: Prepared, wave: Floats) -> Threshold:
        return block_of(
            ready.preparation, wave, ready.also, largest=largest, since_ms=since_ms,
            tolerance=tolerance,
        )  # fmt: skip

    return _measured(fibre, stimulus, tests, duration_ms, how, measured)


def _measured(
    fibre: Fibre,
    stimulus: Stimulus,
    also: Sequence[Stimulus],
    duration_ms: float,
    how: Setting,
    measured: Callable[[Prepared, Floats], Threshold],
) -> Threshold:
    # with the step that stimuli and fibre need; how strong the one looked for is, the search says
    wave, given = stimulus.waveform, how.get("dt_ms")
    how = {**how, "dt_ms": given}
    for _ in range(SEARCHES):
        ready = prepare(
            fibre, stimulus.site, **how, also=also, phase_ms=wave.phase_ms, duration_ms=duration_ms
        )
        found = measured(ready, wave.samples(duration_ms, ready.preparation.dt_ms))
        if given is not None or not np.any(found.status == Status.TOO_LONG):
            break
        largest = found.amplitude * wave.largest
        how = {**how, "dt_ms": ready.preparation.step_ms(wave.phase_ms, largest)}
    amplitude, status = (whole(a, ready.good, len(fibre)) for a in (found.amplitude, found.status))
    return Threshold(amplitude, status, ready.reasons)


def _duration(
    stimulus: Stimulus, also: Sequence[Stimulus], duration_ms: float | None, how: Setting
) -> float:
    if duration_ms is not None:
        return duration_ms
    end = max(s.waveform.end_ms for s in (stimulus, *also))
    if not end < np.inf:
        raise TinelError("duration_ms is missing (allowed: above 0) for a stimulus without end")
    return end + how.get("arrival_ms", 4.0)


def threshold_of(
    preparation: Preparation,
    waveform: Floats,
    *,
    largest: float,
    tolerance: float = 2e-3,
    also: Sequence[Drive] = (),
    since_ms: float = 0.0,
) -> Threshold:
    """Lowest amplitude of a waveform that sends a spike to the watched node, per fibre.

    Args:
        preparation: fibres, electrode and watched node.
        waveform: of the electrode, ``(n_step,)``, steps of ``preparation.dt_ms``.
        largest: amplitude up to which to look, above 0, in the unit of the electrode.
        tolerance: relative, 1e-6 to 0.1.
        also: further stimuli of the same length, at fixed strength.
        since_ms: only spikes after it count, 0 or more.

    Returns:
        ``amplitude`` and ``status``, ``(n_fibre,)``; status 9 where an end of the fibre fires
        first, away from where a current enters.

    Raises:
        TinelError: an argument outside its range, or stimuli of different length.

    Example:
        >>> from tinel.cable.models import build as models
        >>> from tinel.cable.stimulation.site import site
        >>> ready = prepare(models.mrg(diameter_um=10, nodes=21), site(node=10))
        >>> wave = pulse_samples(4.0, 0.01, 0.1, 0.1)
        >>> bool(0.4 < threshold_of(ready.preparation, wave, largest=10).amplitude[0] < 2.0)
        True
    """
    count = preparation.fibres.count
    passive = passively(preparation, waveform, largest)
    phase_ms = shortest_phase_ms(waveform, preparation.dt_ms)
    strength_mV = preparation.strength_mV() * np.abs(waveform).max()
    ends_meant = _ends_meant(preparation, also)

    def fires(which: Ints, amplitude: Floats) -> tuple[Bools, Bools, Ints]:
        run = preparation.respond(which, [(waveform, amplitude)], since_ms=since_ms, also=also)
        crossed = np.isfinite(run.spike_ms)
        spikes = crossed & ~passive.drives(which, amplitude)
        travels, arrived = spikes.sum(axis=1) >= TRAVELS, crossed[:, preparation.watched]
        excited = travels & arrived
        long = too_long(preparation.dt_ms, phase_ms, np.abs(amplitude) * strength_mV[which])
        at_end = _end_first(run, spikes) & ~ends_meant[which]
        said = np.where(at_end, Status.END_FIRST, Status.OK)
        said = np.where(long, Status.TOO_LONG, said)
        said = np.where(travels & ~arrived, Status.NO_THRESHOLD, said)
        said = np.where(run.status == Status.NOT_FINITE, Status.NOT_FINITE, said)
        return np.any(crossed, axis=1), np.asarray(excited), np.asarray(said)

    found = lowest(
        fires, count, largest=largest, tolerance=tolerance, at_once=preparation.fibres.at_once,
        quiet=None if also else passive.quiet,
    )  # fmt: skip
    return Threshold(found.amplitude, found.status)


def _end_first(run: Response, spikes: Bools) -> Bools:
    # whether, of the nodes that spike, the first or last one does so before all others
    when = np.where(spikes, run.spike_ms, np.inf)
    ends = np.minimum(when[:, 0], when[:, -1])
    return np.asarray(ends < when[:, 1:-1].min(axis=1, initial=np.inf))


def _ends_meant(preparation: Preparation, also: Sequence[Drive]) -> Bools:
    # a current into an end node means to fire it; so may a further stimulus
    count, into = preparation.fibres.count, preparation.current_nA
    if also:
        return np.ones(count, bool)
    if into is None:
        return np.zeros(count, bool)
    return np.broadcast_to(np.any(np.asarray(into)[:, [0, -1]] != 0, axis=1), count)


def pulse_threshold_of(
    preparation: Preparation, width_ms: float, *, largest: float, tolerance: float = 2e-3
) -> Threshold:
    """Threshold to one rectangular pulse of a width in ms.

    Args:
        width_ms: finite, above 0.
        largest: amplitude up to which to look, above 0.
        tolerance: relative, 1e-6 to 0.1, as in ``lowest``.

    Raises:
        TinelError: an argument outside its range.

    Example:
        >>> from tinel.cable.models import build as models
        >>> from tinel.cable.stimulation.site import site
        >>> ready = prepare(models.mrg(diameter_um=10, nodes=21), site(node=10))
        >>> short, long = (pulse_threshold_of(ready.preparation, w, largest=10) for w in (0.1, 1.0))
        >>> bool(short.amplitude[0] > long.amplitude[0])
        True
    """
    if not 0 < width_ms < np.inf:
        raise TinelError(f"width_ms is {width_ms:g} (allowed: finite, above 0)")
    wave = pulse_samples(
        START_ms + width_ms + preparation.arrival_ms, preparation.dt_ms, START_ms, width_ms
    )
    return threshold_of(preparation, wave, largest=largest, tolerance=tolerance)


def block_of(
    preparation: Preparation,
    waveform: Floats,
    test: Drive | Sequence[Drive],
    *,
    largest: float,
    since_ms: float,
    tolerance: float = 1e-2,
) -> Threshold:
    """Lowest amplitude at which no spike passes any more: block by a kilohertz current.

    Args:
        preparation: the blocking electrode; the watched node lies behind it.
        waveform: of the blocking current, as long as the test's (``alternating``).
        test: stimuli launched on the other side, some of them after ``since_ms``.
        since_ms: when the spikes that the blocking current itself starts have died out.
        tolerance: relative, as in ``lowest``.

    An amplitude at which the blocking electrode itself keeps firing the fibre counts as not
    blocked. Status 7: no test spike arrives even without the blocking current.
    """
    tests = (test,) if isinstance(test, Drive) else tuple(test)
    phase_ms = shortest_phase_ms(waveform, preparation.dt_ms)
    strength_mV = preparation.strength_mV() * np.abs(waveform).max()

    def blocks(which: Ints, amplitude: Floats) -> tuple[Bools, Bools, Ints]:
        spikes = preparation.spikes(which, [(waveform, amplitude)], since_ms=since_ms, also=tests)
        long = too_long(preparation.dt_ms, phase_ms, np.abs(amplitude) * strength_mV[which])
        said = np.where(long, Status.TOO_LONG, Status.OK)
        said = np.where(spikes < 0, Status.NOT_FINITE, said)
        return spikes == 0, spikes == 0, said

    # what polarises no node by much blocks nothing
    found = lowest(
        blocks, preparation.fibres.count, largest=largest, tolerance=tolerance,
        at_once=preparation.fibres.at_once, quiet=passively(preparation, waveform, largest).quiet,
    )  # fmt: skip
    return Threshold(found.amplitude, found.status)
