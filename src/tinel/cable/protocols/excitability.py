"""What a nerve-excitability laboratory measures: thresholds after a spike and during a current.

Definitions of the TROND protocol (Kiernan, Burke, Andersen and Bostock 2000, Muscle Nerve 23:399):
test pulses of 1 ms, intervals from onset to onset, changes in per cent of the resting threshold.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Unpack

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tinel.cable.fibres.fibre import Fibre
from tinel.cable.protocols.found import Ints, Threshold, texts, whole
from tinel.cable.protocols.lowest import Fires, lowest
from tinel.cable.protocols.preparation import (
    Preparation,
    Prepared,
    SettingAndWhere,
    prepare,
    split,
    with_step,
)
from tinel.cable.protocols.threshold import START_ms, pulse_threshold_of
from tinel.cable.solvers.status import Status
from tinel.cable.stimulation.site import site
from tinel.cable.stimulation.waveform import pulse_samples
from tinel.declare.arrays import numbers
from tinel.declare.kinds import takes_only_its_kinds
from tinel.errors import TinelError

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

WIDTH_ms = 1.0
# runs of 100 ms and more; pulses of 1 ms have a hundred steps, and what counts is a ratio of
# thresholds, within 0.2 percentage points of 0.005 ms
LONG_STEP_ms = 0.01
RANGE = 6.0  # a changed threshold is looked for from 1/6 to 6 times the resting one


@dataclass(frozen=True)
class Change:
    """Threshold changes in per cent of the resting threshold, and what they refer to.

    ``percent`` and ``status`` ``(n_fibre, ...)``; ``resting`` ``(n_fibre,)`` thresholds.

    Example:
        >>> one = Change(np.array([[12.0]]), np.zeros((1, 1), int), np.array([0.8]))
        >>> one.status_text
        ('ok',)
    """

    percent: Floats
    status: Ints
    resting: Floats
    reasons: Mapping[int, str] = field(default_factory=dict)

    @property
    def status_text(self) -> tuple[str, ...]:
        """What became of each fibre, and what to do about it."""
        return texts(self.status, self.reasons)


@takes_only_its_kinds
def recovery_cycle(
    fibre: Fibre,
    interval_ms: ArrayLike,
    *,
    largest: float,
    conditioning: float = 1.5,
    width_ms: float = WIDTH_ms,
    tolerance: float = 2e-3,
    **how: Unpack[SettingAndWhere],
) -> Change:
    """Threshold change (%) of a test pulse at intervals after a spike; positive is refractory.

    Args:
        fibre: one or a batch, all of one length.
        interval_ms: from onset to onset, each above ``width_ms``, ``(n_interval,)``.
        largest: resting threshold up to which to look, above 0.
        conditioning: strength of the first pulse in resting thresholds (supramaximal in the
            laboratory).
        width_ms: of both pulses.
        tolerance: relative, 1e-6 to 0.1.
        **how: as for ``strength_duration``.

    Returns:
        ``percent`` and ``status`` ``(n_fibre, n_interval)``, ``resting`` ``(n_fibre,)``.

    Raises:
        TinelError: an argument outside its range.

    Example:
        >>> from tinel.cable.models import build as models
        >>> fibre = models.mrg(diameter_um=10, nodes=21)
        >>> soon, late = recovery_cycle(fibre, [1.5, 15.0], largest=10, node=10).percent[0]
        >>> bool(soon > 10 and abs(late) < 30)
        True
    """
    setting, where = split(how)
    ready = prepare(fibre, site(**where), **with_step(setting, _width(width_ms), LONG_STEP_ms))
    found = recovery_cycle_of(
        ready.preparation, numbers("interval_ms", interval_ms), largest=largest,
        conditioning=conditioning, width_ms=width_ms, tolerance=tolerance,
    )  # fmt: skip
    return _of_all(found, ready, fibre)


@takes_only_its_kinds
def threshold_electrotonus(
    fibre: Fibre,
    delay_ms: ArrayLike,
    current_percent: ArrayLike,
    *,
    largest: float,
    lasting_ms: float = 100.0,
    width_ms: float = WIDTH_ms,
    tolerance: float = 2e-3,
    **how: Unpack[SettingAndWhere],
) -> Change:
    """Threshold **reduction** (%) of a test pulse at delays after the start of a long weak current.

    Args:
        fibre: one or a batch, all of one length.
        delay_ms: from the start of the current to that of the test, 0 or more, ``(n_delay,)``;
            beyond ``lasting_ms`` the current is off again.
        current_percent: of the resting threshold, + depolarising, - hyperpolarising,
            ``(n_current,)``.
        largest: resting threshold up to which to look, above 0.
        lasting_ms: of the current.
        width_ms: of the test pulse.
        tolerance: relative, 1e-6 to 0.1.
        **how: as for ``strength_duration``.

    Returns:
        ``percent`` and ``status`` ``(n_fibre, n_current, n_delay)``; status 7 where the current
        alone fires.

    Raises:
        TinelError: an argument outside its range.

    Example:
        >>> from tinel.cable.models import build as models
        >>> fibre = models.mrg(diameter_um=10, nodes=21)
        >>> change = threshold_electrotonus(fibre, [5.0], [40, -40], largest=10, node=10)
        >>> bool(change.percent[0, 0, 0] > 0 > change.percent[0, 1, 0])
        True
    """
    setting, where = split(how)
    ready = prepare(fibre, site(**where), **with_step(setting, _width(width_ms), LONG_STEP_ms))
    found = threshold_electrotonus_of(
        ready.preparation, numbers("delay_ms", delay_ms),
        numbers("current_percent", current_percent), largest=largest, lasting_ms=lasting_ms,
        width_ms=width_ms, tolerance=tolerance,
    )  # fmt: skip
    return _of_all(found, ready, fibre)


def _width(width_ms: float) -> float:
    if not 0 < width_ms < np.inf:
        raise TinelError(f"width_ms is {width_ms:g} (allowed: finite, above 0)")
    return width_ms


def _of_all(found: Change, ready: Prepared, fibre: Fibre) -> Change:
    each = ("percent", "status", "resting")
    all_rows = {n: whole(getattr(found, n), ready.good, len(fibre)) for n in each}
    return Change(**all_rows, reasons=ready.reasons)


def recovery_cycle_of(
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
        TinelError: an interval that is not finite, or within the conditioning pulse.

    Example:
        >>> from tinel.cable.models import build as models
        >>> ready = prepare(models.mrg(diameter_um=10, nodes=21), site(node=10))
        >>> late = recovery_cycle_of(ready.preparation, np.array([15.0]), largest=10)
        >>> late.percent.shape, late.status_text
        ((1, 1), ('ok',))
    """
    if not np.all((interval_ms > width_ms) & np.isfinite(interval_ms)):
        raise TinelError(f"interval_ms is {interval_ms} (allowed: above {width_ms:g} ms, finite)")
    resting = pulse_threshold_of(preparation, width_ms, largest=largest, tolerance=tolerance)
    percent, status = _changed(
        preparation, resting, np.arange(len(resting.amplitude)), conditioning * resting.amplitude,
        interval_ms, lasting_ms=width_ms, width_ms=width_ms, first_may_fire=True,
        tolerance=tolerance,
    )  # fmt: skip
    return Change(percent, status, resting.amplitude)


def threshold_electrotonus_of(
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
        ``percent`` ``(n_fibre, n_current, n_delay)``; status 7 where the current alone fires.

    Raises:
        TinelError: a delay that is negative or not finite, or a pulse without width.

    Example:
        >>> from tinel.cable.models import build as models
        >>> ready = prepare(models.mrg(diameter_um=10, nodes=21), site(node=10))
        >>> weak = np.array([40.0])
        >>> change = threshold_electrotonus_of(ready.preparation, np.array([5.0]), weak, largest=10)
        >>> change.percent.shape
        (1, 1, 1)
    """
    if not np.all((delay_ms >= 0) & np.isfinite(delay_ms)):
        raise TinelError(f"delay_ms is {delay_ms} (allowed: finite, 0 or more)")
    resting = pulse_threshold_of(preparation, width_ms, largest=largest, tolerance=tolerance)
    count = len(resting.amplitude)
    fibre = np.repeat(np.arange(count), len(current_percent))
    weak = np.tile(current_percent, count) / 100 * resting.amplitude[fibre]
    percent, status = _changed(
        preparation, resting, fibre, weak, delay_ms, lasting_ms=lasting_ms, width_ms=width_ms,
        first_may_fire=False, tolerance=tolerance,
    )  # fmt: skip
    shape = count, len(current_percent), len(delay_ms)
    return Change(-percent.reshape(shape), status.reshape(shape), resting.amplitude)


def _changed(
    preparation: Preparation,
    resting: Threshold,
    fibre: Ints,
    first: Floats,
    delay_ms: Floats,
    *,
    lasting_ms: float,
    width_ms: float,
    first_may_fire: bool,
    tolerance: float,
) -> tuple[Floats, Ints]:
    # (row, delay): per cent change of the test's threshold after a first pulse of amplitude
    # ``first``; what the fibres have lived through before a test is run once for all of its
    # strengths, and from test to test
    status = np.repeat(resting.status[fibre][:, None], len(delay_ms), axis=1)
    percent = np.full(status.shape, np.nan)
    good = np.flatnonzero(np.isfinite(resting.amplitude[fibre]))
    if len(good) == 0:
        return percent, status
    usual, first = resting.amplitude[fibre[good]], first[good]
    now, dt = preparation.rows(fibre[good]), preparation.dt_ms
    spiked = np.zeros(len(good), bool)
    for k in np.argsort(delay_ms, kind="stable"):
        start_ms = START_ms + float(delay_ms[k])
        duration_ms = start_ms + width_ms + preparation.arrival_ms
        before = pulse_samples(duration_ms, dt, START_ms, lasting_ms), first
        now, on_the_way = now.held([before], float(delay_ms[k]))
        spiked |= on_the_way & (not first_may_fire)
        row = np.flatnonzero(~spiked)
        answers = _fired(now, row, before, pulse_samples(duration_ms, dt, start_ms, width_ms),
                         start_ms if first_may_fire else 0.0)  # fmt: skip
        found = lowest(answers, len(row), largest=RANGE * usual[row], quiet=usual[row] / RANGE,
                       tolerance=tolerance, at_once=now.fibres.at_once)  # fmt: skip
        percent[good[row], k] = 100 * (found.amplitude / usual[row] - 1)
        # what is to be said of the resting threshold holds for its changes
        fine = found.status == Status.OK
        status[good[row], k] = np.where(fine, status[good[row], k], found.status)
        status[good[spiked], k] = Status.ALREADY
    return percent, status


def _fired(
    now: Preparation, row: Ints, before: tuple[Floats, Floats], test: Floats, since_ms: float
) -> Fires:
    wave, first = before

    def answers(which: Ints, amplitude: Floats) -> tuple[Bools, Bools, Ints]:
        k = row[which]
        said = now.spikes(k, [(wave, first[k]), (test, amplitude)], since_ms=since_ms)
        return said == 1, said == 1, np.where(said < 0, Status.NOT_FINITE, Status.OK)

    return answers
