"""The step that a stimulus needs: shorter for short pulses, shorter still for strong ones.

A pulse's edge is spread over a step, and gates learn of a jump of the potential a step late: an
error of the order dt / width in what a pulse does. Near threshold the membrane answers in some
50 us and a tenth of the pulse is enough. A strong pulse drives the sodium gate in much less than a
step (its opening rate grows in proportion to the potential), so that whole steps count: there
a fiftieth of the pulse keeps the boundary of upper block within 2 %. Between the two the number of
steps grows in proportion to the strength.

Strength is what drives a node: the second difference of the medium's potential from node to node,
or the current into a node over the axial conductance, in mV. Threshold is 30 to 60 mV for pulses
of 0.1 ms and myelinated fibres of any size.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tinel.errors import TinelError

Floats = NDArray[np.float64]

MOST_ms, LEAST_ms = 0.005, 0.0001
STEPS, STRONG_STEPS, WEAK_mV = 10, 50, 120.0


def strength_mV(
    potential_mV: Floats | None = None,
    current_nA: Floats | None = None,
    axial_uS: Floats | float | None = None,
) -> Floats:
    """How strongly a stimulus drives the nodes of each fibre, mV, ``(n_fibre,)``.

    Args:
        potential_mV: of the medium at the nodes (every eleventh compartment of a myelinated
            fibre; all points of a single cable), ``(n_fibre, n_node)``, at full amplitude.
        current_nA: into each node, ``(n_fibre, n_node)``.
        axial_uS: conductance from node to node, ``(n_fibre,)``; needed with ``current_nA``.

    Raises:
        TinelError: a current without ``axial_uS``, or neither pattern.

    Example:
        >>> strength_mV(np.array([[0.0, 0.0, -20.0, 0.0, 0.0]]))
        array([40.])
    """
    if potential_mV is None and current_nA is None:
        raise TinelError("a stimulus needs a pattern (allowed: potential_mV, current_nA or both)")
    found: Any = 0.0
    if potential_mV is not None:
        v = np.pad(np.atleast_2d(potential_mV), ((0, 0), (1, 1)), mode="edge")  # sealed ends
        found = np.abs(np.diff(v, 2, axis=1)).max(axis=1)
    if current_nA is not None:
        if axial_uS is None:
            raise TinelError("current_nA needs axial_uS, the conductance from node to node")
        found = found + np.abs(np.atleast_2d(current_nA)).max(axis=1) / np.asarray(axial_uS)
    return np.asarray(found, float)


def default_step_ms(
    width_ms: float, strength_mV: Floats | float, most_ms: float = MOST_ms
) -> float:
    """The longest step, ms, that serves every fibre of a batch.

    Args:
        width_ms: of the shortest pulse or phase, above 0; ``inf`` for none.
        strength_mV: of the strongest amplitude, 0 or more (``strength_mV``); the largest counts.
        most_ms: longest step the fibre allows, 0.0001 to 0.05.

    Returns:
        ``most_ms`` where it serves, else a whole fraction of the width, so that a pulse's edges
        fall on steps.

    Raises:
        TinelError: an argument outside its range.

    Example:
        >>> [default_step_ms(w, 50.0) for w in (1.0, 0.1, 0.02)]
        [0.005, 0.005, 0.002]
        >>> round(default_step_ms(0.1, 5000.0), 6)
        0.002
    """
    if not width_ms > 0:
        raise TinelError(f"width_ms {width_ms:g} is out of range (allowed: above 0)")
    if not LEAST_ms <= most_ms <= 0.05:
        raise TinelError(f"most_ms {most_ms:g} is out of range (allowed: {LEAST_ms:g} to 0.05 ms)")
    strongest = float(np.max(strength_mV))
    if not 0 <= strongest < np.inf:
        raise TinelError(f"strength_mV {strongest:g} is out of range (allowed: 0 or more, finite)")
    if width_ms == np.inf:
        return most_ms
    steps = int(np.ceil(_steps(strongest) - 1e-9))
    return most_ms if width_ms / most_ms >= steps - 1e-9 else max(width_ms / steps, LEAST_ms)


def step_for(
    phases_ms: Sequence[float], strengths_mV: Sequence[Floats], most_ms: float = MOST_ms
) -> float:
    """The step, ms, that serves several stimuli: as short as the most exacting one needs.

    Args:
        phases_ms: the shortest phase of each (``Waveform.phase_ms``), ``inf`` for none.
        strengths_mV: of each, ``(n_fibre,)``.
        most_ms: longest step the fibre allows.

    Example:
        >>> step_for([1.0, 0.02], [np.array([50.0]), np.array([20.0])])
        0.002
    """
    each = zip(phases_ms, strengths_mV, strict=True)
    return min(default_step_ms(width, s, most_ms) for width, s in each)


def too_long(dt_ms: float, width_ms: float, strength_mV: Floats) -> NDArray[np.bool_]:
    """Which fibres' stimuli need shorter steps: fewer than half of ``default_step_ms``'s a pulse.

    ``strength_mV`` ``(n_fibre,)``. For a status that says so: the error of a block boundary is
    then above 4 %, and short pulses may be off by more at threshold.

    Example:
        >>> too_long(0.005, 0.1, np.array([50.0, 5000.0]))
        array([False,  True])
    """
    wanted = np.clip(STEPS * np.asarray(strength_mV) / WEAK_mV, STEPS, STRONG_STEPS)
    return width_ms / dt_ms < wanted / 2 - 1e-9


def _steps(strength: float) -> float:
    return float(np.clip(STEPS * strength / WEAK_mV, STEPS, STRONG_STEPS))
