"""What a solver is driven by: a spatial pattern times samples, one per step."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tinel.declare.arrays import numbers
from tinel.errors import TinelError

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Drive:
    """A spatial pattern times a sampled waveform; arrays of any number type become floats.

    Args:
        waveform: factor during the step that starts at each sample, shape ``(n_step,)``.
        current_nA: into each node at waveform 1, shape ``(n_fibre or 1, n_node)``.
        potential_mV: of the medium at waveform 1, node, ten compartments, node, ..., shape
            ``(n_fibre or 1, 11 n_node - 10)``.

    Raises:
        TinelError: an array of another number of axes or of no numbers, an empty waveform or one
            with a value that is not finite, or no pattern.

    Example:
        >>> Drive([0, 1, 1], current_nA=[[5, 0, 0]]).current_nA
        array([[5., 0., 0.]])
    """

    waveform: Floats
    current_nA: Floats | None = None
    potential_mV: Floats | None = None

    def __post_init__(self) -> None:
        for name in ("waveform", "current_nA", "potential_mV"):
            given = getattr(self, name)
            if given is not None:
                object.__setattr__(self, name, numbers(name, given))
        if self.waveform.ndim != 1 or self.waveform.size == 0:
            raise TinelError(f"waveform has shape {self.waveform.shape} (allowed: (1 or more,))")
        if not np.all(np.isfinite(self.waveform)):
            raise TinelError("waveform holds a value that is not finite (allowed: numbers)")
        if self.current_nA is None and self.potential_mV is None:
            raise TinelError(
                "a stimulus needs a pattern (allowed: current_nA, potential_mV or both)"
            )
        for name in ("current_nA", "potential_mV"):
            a = getattr(self, name)
            if a is not None and a.ndim != 2:
                raise TinelError(f"{name} has shape {a.shape} (allowed: (n_fibre or 1, places))")


def at_ends(waveform: Floats) -> Floats:
    """What drives steps that look at their end: the mean of a step's sample and the next.

    Held over each step, a drive would come half a step late. One step more than samples: the first
    one ends where the waveform begins. Times on the last axis.

    Example:
        >>> at_ends(np.array([0.0, 1.0, 1.0, 0.0]))
        array([0. , 0.5, 1. , 0.5, 0. ])
    """
    before, after = np.zeros_like(waveform[..., :1]), waveform[..., -1:]
    held = np.concatenate([before, waveform, after], axis=-1)
    return (held[..., :-1] + held[..., 1:]) / 2
