"""The signal of a spin echo in closed form, with or without an inversion before it."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from tinel.imaging.mri.protocol import Protocol
from tinel.imaging.plane import Grid


def spin_echo(
    t1_ms: ArrayLike, t2_ms: ArrayLike, protocol: Protocol, echo_ms: float | None = None
) -> Grid:
    """Signal of one proton density, against that of all protons upright and in phase, 0 to 1.

    Args:
        t1_ms, t2_ms: relaxation times, above 0, of any shape.
        protocol: its repetition, echo and inversion times.
        echo_ms: another echo time than the protocol's.

    Example:
        >>> from tinel.evidence import Parameters
        >>> from tinel.imaging.mri.protocol import t2_weighted_protocol
        >>> usual = t2_weighted_protocol(Parameters.of_evidence())
        >>> nerve, muscle = spin_echo([1300.0, 1420.0], [44.6, 34.1], usual)
        >>> round(float(nerve / muscle), 2)
        1.44
    """
    t1, t2 = np.asarray(t1_ms, np.float32), np.asarray(t2_ms, np.float32)
    recovered = 1.0 - np.exp(-protocol.repetition_ms / t1)
    if protocol.inversion_ms is not None:
        after = 2.0 * np.exp(-protocol.inversion_ms / t1)
        recovered = np.abs(1.0 - after + np.exp(-protocol.repetition_ms / t1))
    decays = np.exp(-(protocol.echo_ms if echo_ms is None else echo_ms) / t2)
    return np.asarray(recovered * decays, np.float32)
