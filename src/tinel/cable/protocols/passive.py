"""What a stimulus does to nodes by itself: how far it polarises them, in proportion.

A field or current may carry the potential of a node past the detection level without a spike: the
stronger, the further. A fibre without sodium channels does so everywhere. At a small amplitude
every membrane answers in proportion, which says at which amplitude a node would cross by
polarisation alone.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tinel.cable.protocols.preparation import Preparation
from tinel.cable.solvers.status import Status

Floats = NDArray[np.float64]
Ints = NDArray[np.int_]
Bools = NDArray[np.bool_]

SMALL_mV = 10.0  # polarisation up to which a membrane answers about in proportion
PART = 0.7  # of the way to the level: membranes rectify, so a line goes too far
LEVEL_mV, DECADES, AT_ONCE = -30.0, 12, 4


@dataclass(frozen=True)
class Passive:
    """Polarisation of nodes in proportion to the amplitude.

    Args:
        mV_per_unit: highest polarisation per amplitude, ``(n_fibre, n_node)``; 0 where unknown.
        rest_mV: ``(n_fibre, n_node)``.
        quiet: an amplitude that polarises no node by more than ``SMALL_mV``, ``(n_fibre,)``; nan
            where unknown.
    """

    mV_per_unit: Floats
    rest_mV: Floats
    quiet: Floats

    def drives(self, which: Ints, amplitude: Floats) -> Bools:
        """Nodes that an amplitude by itself brings near the level, ``(n_row, n_node)``."""
        far = amplitude[:, None] * self.mV_per_unit[which]
        return np.asarray(far >= PART * (LEVEL_mV - self.rest_mV[which]))


def passively(preparation: Preparation, waveform: Floats, largest: float) -> Passive:
    """How far a waveform of the electrode polarises every node, from runs at small amplitudes.

    Args:
        preparation: fibres and electrode.
        waveform: ``(n_step,)``.
        largest: amplitude from which to go down, by decades.

    Example:
        >>> from tinel.cable.models import build as models
        >>> from tinel.cable.protocols.preparation import prepare
        >>> from tinel.cable.stimulation.site import site
        >>> from tinel.cable.stimulation.waveform import pulse_samples
        >>> ready = prepare(models.mrg(diameter_um=10, nodes=21), site(node=10))
        >>> found = passively(ready.preparation, pulse_samples(2.0, 0.01, 0.1, 0.1), 10.0)
        >>> found.quiet, int(found.mV_per_unit.argmax())
        (array([0.1]), 10)
    """
    count = preparation.fibres.count
    everyone = np.arange(count)
    still = preparation.respond(everyone, [(waveform, np.zeros(count))])
    rest = still.peak_mV
    slope, quiet = np.zeros(rest.shape), np.full(count, np.nan)
    for start in range(0, DECADES, AT_ONCE):
        left = np.flatnonzero(np.isnan(quiet) & (still.status != Status.NOT_FINITE))
        if not len(left) or not 0 < largest < np.inf:
            break
        tried = largest * 10.0 ** -np.arange(start, start + AT_ONCE, dtype=float)
        which, amplitude = np.repeat(left, AT_ONCE), np.tile(tried, len(left))
        run = preparation.respond(which, [(waveform, amplitude)])
        far = run.peak_mV - rest[which]
        calm = (np.max(far, axis=1) < SMALL_mV) & (run.status != Status.NOT_FINITE)
        for k in left[::-1]:
            rows = np.flatnonzero((which == k) & calm)
            if len(rows):
                row = rows[0]
                quiet[k], slope[k] = amplitude[row], far[row] / amplitude[row]
    return Passive(np.maximum(slope, 0.0), rest, quiet)
