"""Strong stimuli: gates, bands of firing, the default step, and the search for the lowest one."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tinel.cable.fibres.compartments import compartments
from tinel.cable.models import build as models
from tinel.cable.models import mrg
from tinel.cable.protocols.lowest import Fires, lowest
from tinel.cable.protocols.preparation import prepare
from tinel.cable.protocols.threshold import block_threshold, threshold
from tinel.cable.simulate import simulate
from tinel.cable.solvers.full.run import run_until
from tinel.cable.solvers.status import STATUS, WORST, Status
from tinel.cable.solvers.step import default_step_ms, strength_mV, too_long
from tinel.cable.stimulation.drive import Drive
from tinel.cable.stimulation.electrode import point
from tinel.cable.stimulation.medium import homogeneous, point_source
from tinel.cable.stimulation.site import site
from tinel.cable.stimulation.stimulus import alternating, pulse
from tinel.cable.stimulation.waveform import pulse_samples
from tinel.errors import TinelError

NODES = 31
ONE_MM_AWAY = point(y_mm=1.0, node=15, medium=homogeneous(0.3))


@pytest.mark.parametrize("dt_ms", [0.01, 0.005, 0.002, None])
def test_bands_as_the_reference_simulator_has_them(dt_ms: float | None) -> None:
    """10 um, cathode 1 mm away, 0.1 ms, 0.3 S/m: NEURON 9.0.2 at 1 us; block from 32.7 mA on."""
    amplitude = np.array([0.16, 0.19, 5.0, 8.0, 12.0, 20.0, 28.0, 36.0, 39.0, 60.0, 100.0, 180.0])
    fibres = models.mrg(diameter_um=np.full(len(amplitude), 10.0), nodes=NODES)
    cathode = pulse(electrode=ONE_MM_AWAY, amplitude_mA=-amplitude)
    run = simulate(fibres, cathode, duration_ms=2.7, dt_ms=dt_ms, since_ms=0.3)
    fires = np.isfinite(run.spike_ms[:, 24])
    if dt_ms == 0.01:  # ten steps are too few for so strong a pulse: the status says so
        assert list(run.status == 5) == [False] * 2 + [True] * 10
        assert "step is too long" in run.status_text[-1]
        assert list(fires[:5]) == [False] + [True] * 4
        assert np.count_nonzero(np.diff(fires)) == 2
    else:
        assert list(fires) == [False] + [True] * 6 + [False] * 5
    if dt_ms is None:
        assert run.stats is not None and run.stats.dt_ms == pytest.approx(0.002)
        assert not np.any(run.status == 5)


def test_ordinary_calls_keep_their_step() -> None:
    """Near threshold a pulse of 0.1 ms and more is served by 0.005 ms, shorter ones by less."""
    fibre = models.mrg(diameter_um=10, nodes=NODES)
    steps = {
        width: simulate(fibre, pulse(node=1, amplitude_nA=5, width_ms=width), duration_ms=0.5).dt_ms
        for width in (0.02, 0.0513, 0.1, 1.0)
    }
    assert steps == {0.02: pytest.approx(0.002), 0.0513: 0.005, 0.1: 0.005, 1.0: 0.005}


@pytest.mark.parametrize("width_ms", [0.02, 0.1, 1.0])
def test_threshold_whatever_the_largest(width_ms: float) -> None:
    """An electrode 50 um away, where upper block begins at 70 times threshold and below."""
    fibres = models.mrg(diameter_um=[5.7, 10.0, 14.0], nodes=NODES)
    close = pulse(
        electrode=point(y_mm=0.05, node=15, medium=homogeneous(0.3)), amplitude_mA=-1,
        width_ms=width_ms,
    )  # fmt: skip
    found = [threshold(fibres, close, largest=x).amplitude for x in (0.5, 20.0, 3e4)]
    print(width_ms, found)
    assert np.allclose(found, found[0], rtol=4e-3)
    assert np.all(found[0] > 0)


def test_a_fibre_without_sodium_has_no_threshold() -> None:
    """It is polarised past the level everywhere, and no spike travels."""
    fibre = models.mrg(diameter_um=10, nodes=NODES).lose_sodium(sodium_fraction=0.0)
    for sign in (-1, 1):
        found = threshold(
            fibre, pulse(electrode=ONE_MM_AWAY, amplitude_mA=sign), largest=500.0
        )  # fmt: skip
        assert np.isnan(found.amplitude[0])
        assert "no spike travels" in found.status_text[0]


@pytest.mark.parametrize("amplitude_mA", [0.1, 1.5, 10.0])
@pytest.mark.parametrize("sign", [-1, 1])
def test_gates_stay_between_0_and_1(amplitude_mA: float, sign: int) -> None:
    """An electrode 0.1 mm away, up to 1,000 times threshold, at the longest step."""
    c = compartments(mrg.geometry(np.array([10.0])), NODES, mrg.AXON)
    unit = sign * point_source(c.centre_um, 15 * c.centre_um[0, 11], 100.0)
    stimulus = Drive(pulse_samples(0.3, 0.01, 0.1, 0.1), potential_mV=unit * amplitude_mA)
    for until_ms in (0.11, 0.12, 0.15, 0.2, 0.21, 0.22, 0.3):
        gate = run_until(c, stimulus, until_ms, dt_ms=0.01)[0].gate[0]
        assert gate.min() >= -1e-6
        assert gate.max() <= 1 + 1e-6


def test_default_step() -> None:
    """Ten steps a pulse, fifty where it is strong, never longer than the fibre allows."""
    for width_ms in (0.02, 0.1, 1.0):
        for strength in (1.0, 100.0, 500.0, 1e5):
            step = default_step_ms(width_ms, strength)
            assert step <= min(0.005, width_ms / (50 if strength > 600 else 10)) + 1e-12
            assert abs(width_ms / step - round(width_ms / step)) < 1e-6
            assert not too_long(step, width_ms, np.array([strength]))[0]
    assert default_step_ms(np.inf, 10.0) == 0.005
    assert strength_mV(current_nA=np.array([[0.0, 2.0]]), axial_uS=0.05)[0] == pytest.approx(40)
    for width_ms, strength in ((0.0, 1.0), (1.0, np.nan)):
        with pytest.raises(TinelError):
            default_step_ms(width_ms, strength)


def _banded(
    *bands: tuple[float, float], crossing: float | None = None, bad: float | None = None
) -> Fires:
    def fires(which: Any, a: Any) -> Any:
        travels = np.zeros(len(a), bool)
        for low, high in bands:
            travels |= (a >= low) & (a < high)
        foot = crossing if crossing is not None else (bands[0][0] if bands else np.inf)
        status = (
            np.where(a >= bad, Status.NOT_FINITE, 0) if bad is not None else np.zeros(len(a), int)
        )
        return a >= foot, travels, status

    return fires


@pytest.mark.parametrize("largest", [0.02, 0.5, 5.0, 300.0, 1e5])
def test_lowest_of_bands_whatever_the_largest(largest: float) -> None:
    """Upper block from 12 times threshold, a second band at 300 times: always the first band."""
    t = lowest(_banded((0.005, 0.06), (1.5, 4.0)), 1, largest=largest)
    assert t.status[0] == 0
    assert t.amplitude[0] == pytest.approx(0.005, rel=4e-3)


def test_lowest_finds_a_band_narrower_than_a_rung() -> None:
    """A band of 6 %, block above, at many places between the rungs."""
    for foot in np.geomspace(0.011, 0.019, 23):
        t = lowest(_banded((foot, 1.06 * foot), crossing=0.98 * foot), 1, largest=100.0)
        assert t.amplitude[0] == pytest.approx(foot, rel=4e-3)


def test_lowest_says_what_crosses_without_exciting() -> None:
    """Nothing excites: it says whether the level is crossed, and from where."""
    t = lowest(_banded(crossing=3.0), 1, largest=500.0)
    assert t.status[0] == Status.CROSSES
    assert np.isnan(t.amplitude[0])
    assert 3.0 <= t.crossing[0] < 4.1
    assert lowest(_banded(crossing=3.0), 1, largest=2.0).status[0] == Status.NO_THRESHOLD


def test_lowest_where_a_fibre_fires_by_itself_or_fails() -> None:
    """Spontaneous, not finite below the threshold, not finite only above it."""
    assert lowest(_banded((0.0, np.inf)), 1, largest=1.0).status[0] == Status.ALREADY
    assert lowest(_banded((1.0, np.inf), bad=0.5), 1, largest=10.0).status[0] == Status.NOT_FINITE
    t = lowest(_banded((1.0, np.inf), bad=3.0), 1, largest=10.0)
    assert t.status[0] == 0
    assert t.amplitude[0] == pytest.approx(1.0, rel=4e-3)
    with pytest.raises(TinelError):
        lowest(_banded(), 1, largest=-1.0)


def test_lowest_of_many_problems() -> None:
    """Each by itself."""
    foot = np.array([0.01, 0.3, 7.0, 50.0])

    def fires(which: Any, a: Any) -> Any:
        yes = a >= foot[which]
        return yes, yes & (a < 20 * foot[which]), np.zeros(len(a), int)

    t = lowest(fires, 4, largest=10.0)
    assert list(t.status) == [0, 0, 0, Status.NO_THRESHOLD]
    assert np.allclose(t.amplitude[:3], foot[:3], rtol=4e-3)


def test_a_number_means_one_thing() -> None:
    """Runs and searches share one table of statuses; each has its place in what to say first."""
    assert list(STATUS) == sorted(Status) and len(set(STATUS.values())) == len(Status)
    assert sorted(WORST) == sorted(Status)


def test_the_step_of_a_strong_threshold_and_of_further_stimuli() -> None:
    """Threshold under an anode is three times as strong: the step follows it, no status is left;
    a further stimulus counts with the strength it has."""
    fibre = models.mrg(diameter_um=10, nodes=NODES)
    brief = pulse(electrode=ONE_MM_AWAY, amplitude_mA=1, width_ms=0.02)
    given = threshold(fibre, brief, largest=100, dt_ms=0.002)
    chosen = threshold(fibre, brief, largest=100)
    fine = threshold(fibre, brief, largest=100, dt_ms=0.0002)
    print(given, chosen, fine)
    assert given.status.tolist() == [Status.TOO_LONG] and chosen.status.tolist() == [Status.OK]
    assert chosen.amplitude == pytest.approx(fine.amplitude, rel=0.01)
    strong = pulse(electrode=ONE_MM_AWAY, amplitude_mA=-30, start_ms=3.0, width_ms=0.1)
    for also, step in ((pulse(node=2, start_ms=3.0), 0.005), (strong, 0.002)):
        ready = prepare(fibre, site(node=10), dt_ms=None, also=[also], phase_ms=0.1, duration_ms=4)
        assert ready.preparation.dt_ms == pytest.approx(step)
        assert len(ready.also[0].waveform) == round(4 / step)


def test_an_end_that_fires_first_is_said() -> None:
    """An electrode far from a short fibre excites its sealed end; a long one fires below it."""
    far = point(y_mm=8.0, node=4, medium=homogeneous(0.3))
    anode = pulse(electrode=far, amplitude_mA=1)
    short = threshold(models.mrg(diameter_um=10, nodes=9), anode, largest=1e3, watch=2)
    assert short.status.tolist() == [Status.END_FIRST] and np.isfinite(short.amplitude[0])
    assert "lengthen the fibre" in short.status_text[0]
    fibre = models.mrg(diameter_um=10, nodes=NODES)
    below = pulse(electrode=ONE_MM_AWAY, amplitude_mA=-1)
    assert threshold(fibre, below, largest=10).status.tolist() == [Status.OK]
    meant = threshold(fibre, pulse(node=0), largest=10)  # a current into the end means to fire it
    assert meant.status.tolist() == [Status.OK]


def test_block_is_found_whatever_the_largest() -> None:
    """10 kHz, 1 mm away: the same lowest amplitude from bounds a hundredfold apart."""
    fibre = models.mrg(diameter_um=10, nodes=NODES)
    current = alternating(frequency_kHz=10, electrode=ONE_MM_AWAY)
    test = pulse(node=1, amplitude_nA=5, start_ms=5)
    found = [
        block_threshold(
            fibre, current, test, largest=x, since_ms=5, duration_ms=7, dt_ms=0.01
        ).amplitude[0]
        for x in (5.0, 50.0, 500.0)
    ]
    print(found)
    assert found == pytest.approx([found[0]] * 3, rel=0.02)
