"""Electrical thresholds of a preparation: to a pulse, and for a block by kilohertz currents."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tinel.cable.protocols.preparation import Preparation
from tinel.cable.protocols.search import Ints, Threshold, search
from tinel.cable.stimulation.drive import Drive
from tinel.cable.stimulation.waveform import pulse_samples
from tinel.errors import TinelError

Floats = NDArray[np.float64]

START_ms = 0.1  # of the first pulse
ARRIVAL_ms = 4.0  # time given to a spike, from the test's end to the watched node


def threshold(
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
        tolerance: relative, 1e-6 to 0.1, as in ``search``.
        also: further stimuli of the same length, at fixed strength.
        since_ms: only spikes after it count, 0 or more.

    Returns:
        ``amplitude`` and ``status``, ``(n_fibre,)``.

    Raises:
        TinelError: an argument outside its range, or stimuli of different length.

    Example:
        >>> from tinel.cable.models import mrg
        >>> from tinel.cable.fibres.internode import elements, healthy
        >>> from tinel.cable.solvers.batch import Condensed
        >>> from tinel.cable.stimulation.waveform import pulse_samples
        >>> fibres = elements(mrg.table_geometry(np.array([5.7, 10.0])), healthy(2))
        >>> current = np.zeros((1, 21)); current[0, 10] = 1.0
        >>> inside = Preparation(Condensed(fibres, 21), 17, current_nA=current)
        >>> t = threshold(inside, pulse_samples(2.0, 0.01, 0.1, 0.1), largest=10.0)
        >>> bool(0.4 < t.amplitude[0] < t.amplitude[1] < 2.0)
        True
    """
    return search(
        lambda which, a: preparation.spikes(which, [(waveform, a)], since_ms=since_ms, also=also),
        preparation.fibres.count, largest=largest, tolerance=tolerance,
        at_once=preparation.fibres.at_once,
    )  # fmt: skip


def pulse_threshold(
    preparation: Preparation, width_ms: float, *, largest: float, tolerance: float = 2e-3
) -> Threshold:
    """Threshold to one rectangular pulse of a width in ms.

    Args:
        width_ms: finite, above 0.
        largest: amplitude up to which to look, above 0.
        tolerance: relative, 1e-6 to 0.1, as in ``search``.

    Raises:
        TinelError: an argument outside its range.
    """
    if not 0 < width_ms < np.inf:
        raise TinelError(f"width_ms is {width_ms:g} (allowed: finite, above 0)")
    wave = pulse_samples(START_ms + width_ms + ARRIVAL_ms, preparation.dt_ms, START_ms, width_ms)
    return threshold(preparation, wave, largest=largest, tolerance=tolerance)


def block_threshold(
    preparation: Preparation,
    waveform: Floats,
    test: Drive,
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
        tolerance: relative, as in ``search``.

    An amplitude at which the blocking electrode itself keeps firing the fibre counts as not
    blocked. Status 2: no test spike arrives even without the blocking current.
    """

    def silent(which: Ints, amplitude: Floats) -> Ints:
        said = preparation.spikes(which, [(waveform, amplitude)], since_ms=since_ms, also=[test])
        return np.where(said < 0, -1, 1 - said)

    return search(
        silent, preparation.fibres.count, largest=largest, tolerance=tolerance,
        at_once=preparation.fibres.at_once,
    )  # fmt: skip
