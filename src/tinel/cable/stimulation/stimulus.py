"""A stimulus: a waveform, and where it acts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Unpack

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tinel.cable.stimulation.site import Site, Where, site
from tinel.cable.stimulation.waveform import Alternating, Pulse, Samples, Train, Waveform
from tinel.declare.kinds import takes_only_its_kinds
from tinel.errors import TinelError

__all__ = ["Stimulus", "alternating", "pulse", "train", "waveform"]


@dataclass(frozen=True, eq=False)
class Stimulus:
    """A waveform times a site, made by ``pulse``, ``train``, ``alternating`` or ``waveform``.

    Example:
        >>> one = pulse(node=1, amplitude_nA=5)
        >>> one.waveform.end_ms
        0.2
    """

    waveform: Waveform
    site: Site

    def rows(self, which: NDArray[np.int_], count: int) -> Stimulus:
        """The stimulus for some of ``count`` fibres."""
        return replace(self, site=self.site.rows(which, count))


@takes_only_its_kinds
def pulse(*, start_ms: float = 0.1, width_ms: float = 0.1, **where: Unpack[Where]) -> Stimulus:
    """A rectangular pulse.

    Args:
        start_ms: 0 or more.
        width_ms: above 0; take ten steps of the run or more.
        **where: ``node`` and ``amplitude_nA``, or ``electrode`` and ``amplitude_mA``, or patterns
            ``current_nA``, ``potential_mV`` (see ``Where``).

    Raises:
        TinelError: an argument outside its range, or no site.

    Example:
        >>> one = pulse(node=1, amplitude_nA=5, start_ms=0.1, width_ms=0.1)
        >>> one.waveform
        Pulse(start_ms=0.1, width_ms=0.1)
    """
    return Stimulus(Pulse(start_ms, width_ms), site(**where))


@takes_only_its_kinds
def train(
    *,
    count: int,
    frequency_Hz: float,
    start_ms: float = 0.1,
    width_ms: float = 0.1,
    **where: Unpack[Where],
) -> Stimulus:
    """Rectangular pulses at a frequency.

    Args:
        count: of pulses, 1 or more.
        frequency_Hz: above 0; pulses must not overlap.
        start_ms, width_ms, **where: as for ``pulse``.

    Raises:
        TinelError: an argument outside its range, or no site.

    Example:
        >>> train(count=10, frequency_Hz=100, node=1, amplitude_nA=5).waveform.end_ms
        90.19999999999999
    """
    return Stimulus(Train(start_ms, width_ms, count, frequency_Hz), site(**where))


@takes_only_its_kinds
def alternating(
    *, frequency_kHz: float, start_ms: float = 0.0, form: str = "sine", **where: Unpack[Where]
) -> Stimulus:
    """A kilohertz current from a start on, to the end of the run.

    Args:
        frequency_kHz: above 0; a run takes ten steps per period or more.
        start_ms: 0 or more.
        form: ``"sine"`` or ``"square"``.
        **where: as for ``pulse``.

    Raises:
        TinelError: an argument outside its range, or no site.

    Example:
        >>> alternating(frequency_kHz=10, node=1, amplitude_nA=1).waveform.form
        'sine'
    """
    return Stimulus(Alternating(start_ms, frequency_kHz, form), site(**where))


@takes_only_its_kinds
def waveform(
    samples: ArrayLike, dt_ms: float, *, start_ms: float = 0.0, **where: Unpack[Where]
) -> Stimulus:
    """A waveform of your own, each sample held for a step of its own.

    A run of another step takes the mean over each of its own, so that charge is kept. Truth values
    are 0 and 1.

    Args:
        samples: factors, ``(n_sample,)``.
        dt_ms: their step, above 0.
        start_ms: of the first sample, 0 or more.
        **where: as for ``pulse``.

    Raises:
        TinelError: an argument outside its range, or no site.

    Example:
        >>> half = waveform([False, True, True], 0.1, node=1, amplitude_nA=5)
        >>> half.waveform.samples(0.3, 0.1)
        array([0., 1., 1.])
    """
    return Stimulus(Samples(np.asarray(samples), dt_ms, start_ms), site(**where))


def as_stimuli(given: Stimulus | Sequence[Stimulus]) -> tuple[Stimulus, ...]:
    """One stimulus or several as a tuple.

    Raises:
        TinelError: none, or something else.

    Example:
        >>> len(as_stimuli(pulse(node=1))), len(as_stimuli([pulse(node=1), pulse(node=3)]))
        (1, 2)
    """
    found = (given,) if isinstance(given, Stimulus) else tuple(given)
    if not found or not all(isinstance(s, Stimulus) for s in found):
        raise TinelError(
            f"stimulus is {given!r} (allowed: a stimulus such as pulse(...), or a list of them)"
        )
    return found
