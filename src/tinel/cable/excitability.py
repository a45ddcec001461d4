"""What a nerve-excitability laboratory measures: thresholds after a spike and during a current.

Definitions of the TROND protocol (Kiernan, Burke, Andersen and Bostock 2000, Muscle Nerve 23:399):
test pulses of 1 ms, intervals from onset to onset, changes in per cent of the resting threshold.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tinel.cable.search import Ints, Threshold, search
from tinel.cable.stimulus import pulse
from tinel.cable.threshold import ARRIVAL_ms, Preparation, START_ms, pulse_threshold

Floats = NDArray[np.float64]

WIDTH_ms = 1.0
RANGE = 6.0  # a changed threshold is looked for from 1/6 to 6 times the resting one


@dataclass(frozen=True)
class Change:
    """Threshold changes in per cent of the resting threshold, and what they refer to.

    ``percent`` and ``status`` ``(n_fibre, ...)``; ``resting`` ``(n_fibre,)`` thresholds.
    """

    percent: Floats
    status: Ints
    resting: Floats


def recovery_cycle(
    preparation: Preparation,
    interval_ms: Floats,
    *,
    largest: float,
    conditioning: float = 1.5,
    width_ms: float = WIDTH_ms,
    tolerance: float = 2e-3,
) -> Change:
    """Threshold change (%) of a test pulse at intervals after a spike; positive is refractory.

    ``conditioning`` is the first pulse's strength in resting thresholds (supramaximal in the
    laboratory); every interval must exceed ``width_ms``. Result shape ``(n_fibre, n_interval)``.

    Raises:
        ValueError: an interval within the conditioning pulse.
    """
    if np.any(interval_ms <= width_ms):
        raise ValueError(f"intervals from {interval_ms.min():g} ms; legal: above {width_ms:g} ms")
    resting = pulse_threshold(preparation, width_ms, largest=largest, tolerance=tolerance)
    fibre = np.arange(len(resting.amplitude))
    each = [
        _changed(preparation, resting, fibre, conditioning * resting.amplitude, lasting_ms=width_ms,
                 delay_ms=float(t), width_ms=width_ms, since_ms=START_ms + float(t),
                 tolerance=tolerance)
        for t in interval_ms
    ]  # fmt: skip
    percent, status = (np.stack(part, axis=1) for part in zip(*each, strict=True))
    return Change(percent, status, resting.amplitude)


def threshold_electrotonus(
    preparation: Preparation,
    delay_ms: Floats,
    current_percent: Floats,
    *,
    largest: float,
    lasting_ms: float = 100.0,
    width_ms: float = WIDTH_ms,
    tolerance: float = 2e-3,
) -> Change:
    """Threshold **reduction** (%) of a test pulse at delays after the start of a long weak current.

    Args:
        delay_ms: from the start of the current to that of the test, 0 and more; beyond
            ``lasting_ms`` the current is off again.
        current_percent: of the resting threshold, + depolarising, - hyperpolarising.

    Returns:
        ``percent`` ``(n_fibre, n_current, n_delay)``; status 2 where the current alone fires.
    """
    resting = pulse_threshold(preparation, width_ms, largest=largest, tolerance=tolerance)
    count = len(resting.amplitude)
    fibre = np.repeat(np.arange(count), len(current_percent))
    weak = np.tile(current_percent, count) / 100 * resting.amplitude[fibre]
    each = [
        _changed(preparation, resting, fibre, weak, lasting_ms=lasting_ms, delay_ms=float(t),
                 width_ms=width_ms, since_ms=0.0, tolerance=tolerance)
        for t in delay_ms
    ]  # fmt: skip
    percent, status = (
        np.stack(part, axis=1).reshape(count, len(current_percent), len(delay_ms))
        for part in zip(*each, strict=True)
    )
    return Change(-percent, status, resting.amplitude)


def _changed(
    preparation: Preparation,
    resting: Threshold,
    fibre: Ints,
    first: Floats,
    *,
    lasting_ms: float,
    delay_ms: float,
    width_ms: float,
    since_ms: float,
    tolerance: float,
) -> tuple[Floats, Ints]:
    # per cent change of the test's threshold when a first pulse of amplitude ``first`` precedes it
    percent, status = np.full(len(fibre), np.nan), resting.status[fibre]
    good = np.flatnonzero(status == 0)
    duration, dt = START_ms + delay_ms + width_ms + ARRIVAL_ms, preparation.dt_ms
    before = pulse(duration, dt, START_ms, lasting_ms)
    test = pulse(duration, dt, START_ms + delay_ms, width_ms)

    def answers(which: Ints, amplitude: Floats) -> Ints:
        k = good[which]
        parts = [(before, first[k]), (test, amplitude)]
        return preparation.spikes(fibre[k], parts, since_ms=since_ms)

    if len(good):
        usual = resting.amplitude[fibre[good]]
        found = search(answers, len(good), largest=RANGE * usual, smallest=usual / RANGE,
                       steps=8, tolerance=tolerance)  # fmt: skip
        percent[good], status[good] = 100 * (found.amplitude / usual - 1), found.status
    return percent, status
