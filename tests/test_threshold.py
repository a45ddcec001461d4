"""Threshold searches, Weiss's law, kilohertz block, and stimuli of several channels."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from tinel.cable.fibres.compartments import compartments
from tinel.cable.fibres.internode import Sheath, elements, healthy
from tinel.cable.fibres.positions import positions_um
from tinel.cable.models import gaines, mrg, sundt, sweeney, tigerholm
from tinel.cable.protocols.excitability import recovery_cycle_of as recovery_cycle
from tinel.cable.protocols.excitability import threshold_electrotonus_of as threshold_electrotonus
from tinel.cable.protocols.lowest import lowest
from tinel.cable.protocols.preparation import Preparation
from tinel.cable.protocols.strength import recruitment, weiss
from tinel.cable.protocols.strength import strength_duration_of as strength_duration
from tinel.cable.protocols.threshold import block_of as block_threshold
from tinel.cable.protocols.threshold import pulse_threshold_of as pulse_threshold
from tinel.cable.protocols.threshold import threshold_of as threshold
from tinel.cable.solvers.batch import Condensed, Full
from tinel.cable.solvers.condensed.run import simulate_condensed as simulate
from tinel.cable.solvers.reference import double_cable as reference
from tinel.cable.solvers.status import Status
from tinel.cable.stimulation.drive import Drive as Stimulus
from tinel.cable.stimulation.medium import point_source
from tinel.cable.stimulation.waveform import alternating_samples as alternating
from tinel.cable.stimulation.waveform import pulse_samples as pulse

NODES = 21
Answer = tuple[np.ndarray, np.ndarray, np.ndarray]
ROOT = Path(__file__).parents[1]


def inside(
    diameter_um: np.ndarray, sheath: Sheath | None = None, temperature_C: float = 37.0
) -> Preparation:
    """Fibres with a current electrode in the middle node, 1 nA at amplitude 1."""
    count = len(diameter_um)
    current = np.zeros((1, NODES))
    current[0, 10] = 1.0
    fibres = elements(mrg.geometry(diameter_um), sheath or healthy(count))
    return Preparation(
        Condensed(fibres, NODES, temperature_C, mrg.MEMBRANE), 17, current_nA=current
    )


@pytest.mark.parametrize("count", [1, 7, 300])
def test_search_finds_what_is_there(count: int) -> None:
    wanted = np.geomspace(1e-3, 30.0, count)
    tried = 0

    def answers(which: np.ndarray, amplitude: np.ndarray) -> Answer:
        nonlocal tried
        tried += 1
        yes = np.asarray(amplitude >= wanted[which])
        return yes, yes, np.zeros(len(which), int)

    found = lowest(answers, count, largest=20.0, tolerance=1e-3)
    there = wanted <= 20.0
    print(f"{count} problems in {tried} rounds")
    assert np.array_equal(found.status, np.where(there, Status.OK, Status.NO_THRESHOLD))
    assert np.all(np.abs(found.amplitude[there] / wanted[there] - 1) < 1.01e-3)
    assert np.all(np.isnan(found.amplitude[~there]))


def test_search_takes_the_lowest_and_says_what_went_wrong() -> None:
    def answers(which: np.ndarray, a: np.ndarray) -> Answer:
        window = (a > 1.0) & (a < 3.0)  # blocked again above
        always = np.ones(len(a), bool)
        yes = np.choose(which, [window, always, a > 1.0, a > 1.0]).astype(bool)
        bad = ((which == 2) & (a > 0.5)) | ((which == 3) & (a > 5))
        crosses = (yes | (a > 1.0)) & ~bad  # what is blocked crosses the level all the same
        return crosses, yes & ~bad, np.where(bad, Status.NOT_FINITE, Status.OK)

    found = lowest(answers, 4, largest=10.0)
    said = [Status.OK, Status.ALREADY, Status.NOT_FINITE, Status.OK]
    assert found.status.tolist() == said
    assert found.amplitude[[0, 3]] == pytest.approx([1.0, 1.0], rel=3e-3)


def test_search_from_a_guess_finds_what_lies_below_it() -> None:
    """Each problem with a largest and a place to begin of its own."""
    wanted, usual = np.array([0.01, 0.9, 3.0, 70.0]), np.array([1.0, 1.0, 2.0, 10.0])

    def answers(which: np.ndarray, a: np.ndarray) -> Answer:
        yes = a >= wanted[which]
        return yes, yes, np.zeros(len(a), int)

    found = lowest(answers, 4, largest=6 * usual, quiet=usual / 6)
    assert found.status.tolist() == [0, 0, 0, Status.NO_THRESHOLD]
    assert found.amplitude[:3] == pytest.approx(wanted[:3], rel=4e-3)


@pytest.mark.parametrize(
    "bad",
    [{"largest": 0.0}, {"largest": np.inf}, {"largest": np.array([1.0, np.nan])},
     {"largest": 1.0, "tolerance": 0.5}],
)  # fmt: skip
def test_search_refuses_arguments_outside_their_range(bad: dict[str, float]) -> None:
    none = np.zeros(2, bool)
    with pytest.raises(ValueError, match="allowed"):
        lowest(lambda k, a: (none, none, np.zeros(2, int)), 2, **bad)


def test_threshold_against_the_converged_reference() -> None:
    fibres = elements(mrg.table_geometry(np.array([10.0])), healthy(1))
    z = positions_um(fibres, NODES)
    field = -point_source(z, float(z[0, 110]), 1000.0)
    mine = threshold(
        Preparation(
            Condensed(fibres, NODES, 37.0, mrg.MEMBRANE), 17, potential_mV=field, dt_ms=0.005
        ),
        pulse(2.0, 0.005, 0.1, 0.1), largest=5.0, tolerance=1e-3,
    ).amplitude[0]  # fmt: skip
    dt, fired = 0.001, {}
    for share in (0.995, 1.005):
        v = reference.run(
            fibres, 0, NODES, duration_ms=1.6, dt_ms=dt, theta=0.5,
            potential_mV=share * mine * field[0], waveform=pulse(1.6, dt, 0.1, 0.1),
        ).v_mV  # fmt: skip
        fired[share] = bool(v[:, 17].max() > -30)
    print(f"threshold {mine:.4f} mA; the reference fires at 99.5 and 100.5 % of it: {fired}")
    assert fired == {0.995: False, 1.005: True}


def test_a_blocked_fibre_has_no_threshold_and_keeps_no_other_from_theirs() -> None:
    left = np.ones((3, NODES - 1))
    left[1, 12:15] = 0.01
    t = threshold(
        inside(np.full(3, 10.0), Sheath(left, np.ones_like(left))),
        pulse(3.0, 0.01, 0.1, 0.1), largest=20.0,
    )  # fmt: skip
    assert t.status.tolist() == [Status.OK, Status.NO_THRESHOLD, Status.OK]
    assert t.amplitude[0] == pytest.approx(t.amplitude[2], rel=5e-3)


def test_a_fibre_that_fires_by_itself_says_so() -> None:
    drive = np.zeros((1, NODES))
    drive[0, 3] = 5.0
    wave = pulse(3.0, 0.01, 0.1, 0.1)
    t = threshold(inside(np.array([10.0])), wave, largest=5.0, also=[Stimulus(wave, drive)])
    assert t.status.tolist() == [Status.ALREADY]


def test_channels_add_up_in_both_loops() -> None:
    fibres = elements(mrg.geometry(np.linspace(4, 14, 20)), healthy(20))
    z = positions_um(fibres, NODES)
    current = np.zeros((1, NODES))
    current[0, 4] = 0.4
    field = point_source(z, z[:, 110:111], 1000.0)
    waves = pulse(2.0, 0.005, 0.1, 0.3), alternating(2.0, 0.005, 0.5, 5.0)
    apart = [
        Stimulus(waves[0], current), Stimulus(waves[1], potential_mV=0.2 * field),
        Stimulus(waves[0], potential_mV=-0.1 * field),
    ]  # fmt: skip
    runs = [
        simulate(fibres, NODES, apart, keep_nodes=(8, 15), precision="float64", method=m)
        for m in ("lanes", "jax")
    ]
    assert runs[0].v_mV is not None and runs[1].v_mV is not None
    assert np.abs(runs[0].v_mV - runs[1].v_mV).max() < 1e-7
    together = [
        Stimulus(waves[0], current, -0.1 * field), Stimulus(waves[1], potential_mV=0.2 * field)
    ]  # fmt: skip
    same = simulate(fibres, NODES, together, keep_nodes=(8, 15), precision="float64")
    assert same.v_mV is not None
    assert np.abs(runs[0].v_mV - same.v_mV).max() < 1e-7
    with pytest.raises(ValueError, match="equal length"):
        simulate(fibres, NODES, [apart[0], Stimulus(waves[1][:-1], current)])


def test_channels_against_the_reference() -> None:
    """Two channels of the condensed fibre against one summed drive of all compartments."""
    fibres = elements(mrg.table_geometry(np.array([10.0])), healthy(1))
    z = positions_um(fibres, NODES)
    one, two = (point_source(z, float(z[0, k]), 1000.0) for k in (60, 160))
    dt = 0.001
    wave = pulse(1.0, dt, 0.1, 0.4)
    run = simulate(
        fibres, NODES,
        [Stimulus(wave, potential_mV=-0.03 * one), Stimulus(wave, potential_mV=0.015 * two)],
        dt_ms=dt, keep_nodes=(6,), precision="float64",
    )  # fmt: skip
    truth = reference.run(
        fibres, 0, NODES, duration_ms=1.0, dt_ms=dt, theta=0.5, waveform=wave,
        potential_mV=(-0.03 * one + 0.015 * two)[0],
    )  # fmt: skip
    assert run.v_mV is not None
    error = np.abs(run.v_mV[0, :, 0] - truth.v_mV[1:, 6])
    away = ~np.isin(np.arange(len(error)), [99, 100, 101, 499, 500, 501])  # beside the edges
    print(f"largest difference {error[away].max():.3f} mV, {error.max():.2f} mV beside an edge")
    assert error[away].max() < 0.05


@pytest.mark.parametrize("amplitude", [0.06, -0.1])
def test_slow_polarisation_against_the_reference(amplitude: float) -> None:
    """What threshold electrotonus rests on: 30 ms below threshold, at its long step."""
    fibres = elements(mrg.table_geometry(np.array([10.0])), healthy(1))
    z = positions_um(fibres, NODES)
    field, dt = amplitude * -point_source(z, float(z[0, 110]), 3000.0), 0.02
    run = simulate(
        fibres, NODES, Stimulus(pulse(40.0, dt, 0.1, 30.0), potential_mV=field), dt_ms=dt,
        keep_nodes=(10,),
    )  # fmt: skip
    # a finer reference solution, whose own trapezoidal rule does not ring at the edges
    fine = dt / 8
    truth = reference.run(
        fibres, 0, NODES, duration_ms=40.0, dt_ms=fine, theta=0.5, potential_mV=field[0],
        waveform=pulse(40.0, fine, 0.1, 30.0),
    )  # fmt: skip
    assert run.v_mV is not None
    v, exact = run.v_mV[0, :, 0], truth.v_mV[8::8, 10]
    size = np.abs(exact - exact[0]).max()
    # an edge is spread over the steps beside it
    edge = np.isin(np.arange(len(v)), [4, 5, 6, 1504, 1505, 1506])
    error = np.abs(v - exact)[~edge].max()
    print(f"polarised by {size:.2f} mV, largest difference {error:.3f} mV")
    assert size > 1.0 and error < 0.01 * size


@pytest.mark.parametrize("method", ["lanes", "jax"])
def test_spikes_before_since_do_not_count(method: str) -> None:
    fibres = elements(mrg.geometry(np.array([8.0, 12.0])), healthy(2))
    current = np.zeros((1, NODES))
    current[0, 1] = 5.0
    twice = Stimulus(pulse(8.0, 0.01, 0.1, 0.1) + pulse(8.0, 0.01, 5.1, 0.1), current)
    first, second = (
        simulate(fibres, NODES, twice, dt_ms=0.01, since_ms=t, method=method).spike_ms[:, 15]
        for t in (0.0, 4.0)
    )
    print("arrivals", first, second)
    assert np.all(first < 1.5) and np.all((second > 5.1) & (second < 6.5))


# The same protocols on either engine


def both(diameter_um: np.ndarray) -> tuple[Preparation, Preparation]:
    """One field over MRG fibres, in the condensed engine and with every compartment kept."""
    g = mrg.geometry(diameter_um)
    e, c = elements(g, healthy(len(diameter_um))), compartments(g, NODES, mrg.AXON)
    z = positions_um(e, NODES)
    field = -point_source(z, z[:, 110:111], 3000.0)
    return (
        Preparation(Condensed(e, NODES, 37.0, mrg.MEMBRANE), 17, potential_mV=field),
        Preparation(Full.resting(c), 17, potential_mV=field),
    )


def test_protocols_agree_between_engines() -> None:
    """Where the internodes are passive both engines are the same physics."""
    pair = both(np.array([7.0, 12.0]))
    width, after = np.array([0.1, 0.5, 1.0]), np.array([20.0, 3.0, 5.0])
    delay, current = np.array([10.0, 3.0, 25.0]), np.array([40.0, -40.0])
    s = [strength_duration(p, width, largest=50.0, tolerance=5e-4) for p in pair]
    r = [recovery_cycle(p, after, largest=50.0, tolerance=5e-4) for p in pair]
    e = [threshold_electrotonus(p, delay, current, largest=50.0, lasting_ms=15.0, tolerance=5e-4)
         for p in pair]  # fmt: skip
    apart = np.abs(s[1].amplitude / s[0].amplitude - 1).max()
    print(f"thresholds at most {apart:.2%} apart; recovery {r[0].percent.round(1).tolist()} and "
          f"{r[1].percent.round(1).tolist()}; electrotonus {e[0].percent.round(1).tolist()} and "
          f"{e[1].percent.round(1).tolist()} %")  # fmt: skip
    assert all(np.all(x.status == 0) for x in (*s, *r, *e))
    assert apart < 0.01
    assert np.abs(r[1].percent - r[0].percent).max() < 1.0
    assert np.abs(e[1].percent - e[0].percent).max() < 1.0


def test_block_thresholds_agree_between_engines() -> None:
    g, nodes, dt, duration = mrg.geometry(np.array([10.0])), 25, 0.0025, 14.0
    e, c = elements(g, healthy(1)), compartments(g, nodes, mrg.AXON)
    z = positions_um(e, nodes)
    field = point_source(z, float(z[0, 11 * 12]), 250.0, 10.0)
    current = np.zeros((1, nodes))
    current[0, 2] = 3.0
    test = Stimulus(pulse(duration, dt, 6.0, 0.5) + pulse(duration, dt, 9.0, 0.5), current)
    wave = alternating(duration, dt, 0.0, 20.0, "square")
    one, other = (
        block_threshold(
            Preparation(fibres, 22, potential_mV=field, dt_ms=dt), wave, test, largest=10.0,
            since_ms=6.0, tolerance=2e-3,
        ).amplitude[0]
        for fibres in (Condensed(e, nodes, 37.0, mrg.MEMBRANE), Full.resting(c))
    )  # fmt: skip
    print(f"20 kHz block threshold {one:.3f} and {other:.3f} mA")
    assert other == pytest.approx(one, rel=0.01)


@dataclass(frozen=True)
class Forgetful(Full):
    """Every compartment kept, but every run begins at rest."""

    def held(
        self, channels: Sequence[Stimulus], until_ms: float, *, dt_ms: float, node: int
    ) -> tuple[Full, np.ndarray]:
        return self, np.zeros(self.count, bool)


def test_holding_a_checkpoint_changes_no_protocol() -> None:
    """Gaines: the same searches with and without going on from a checkpoint; one current fires."""
    c = compartments(gaines.geometry(np.array([8.0, 12.0])), NODES, gaines.MOTOR)
    current = np.zeros((1, NODES))
    current[0, 10] = 1.0
    found = []
    for fibres in (Full.resting(c), Forgetful.resting(c)):
        p = Preparation(fibres, 17, current_nA=current)
        found.append((
            recovery_cycle(p, np.array([3.0, 1.5, 9.0]), largest=20.0),
            threshold_electrotonus(
                p, np.array([12.0, 0.0, 5.0]), np.array([40.0, 150.0, -40.0]), largest=20.0,
                lasting_ms=8.0,
            ),
        ))  # fmt: skip
    for one, other in zip(*found, strict=True):
        print(one.percent.round(2).tolist(), one.status.tolist())
        assert np.array_equal(one.status, other.status)
        assert np.array_equal(one.percent, other.percent, equal_nan=True)
    assert np.all(found[0][0].status == 0)
    assert np.all(found[0][1].status == np.array([[0], [Status.ALREADY], [0]]))


def test_strength_duration_of_a_membrane_follows_weiss() -> None:
    width = np.array([0.05, 0.1, 0.2, 0.4, 0.6, 1.0])
    s = strength_duration(inside(np.array([6.0, 10.0, 14.0])), width, largest=20.0)
    fitted = s.rheobase[:, None] * (1 + s.time_constant_ms[:, None] / width)
    worst = np.abs(fitted / s.amplitude - 1).max()
    print(f"time constants {s.time_constant_ms.round(3)} ms; Weiss is off by {worst:.1%} at most")
    assert np.all(s.status == 0) and np.all(np.diff(s.amplitude, axis=1) < 0)
    assert np.all(np.diff(s.rheobase) > 0)  # inside, a larger fibre needs more current
    assert worst < 0.08
    half = np.array([np.interp(-2 * r, -a, width) for r, a in
                     zip(s.rheobase, s.amplitude, strict=True)])  # fmt: skip
    assert half == pytest.approx(s.time_constant_ms, rel=0.12)  # the chronaxie


def test_weiss_recovers_its_own_line() -> None:
    width = np.array([0.2, 0.5, 1.0])
    rheobase, tau = weiss(width, np.array([[2.0], [5.0]]) * (1 + np.array([[0.3], [0.6]]) / width))
    assert rheobase == pytest.approx([2.0, 5.0]) and tau == pytest.approx([0.3, 0.6])


def test_large_fibres_are_recruited_first_from_outside() -> None:
    diameter = np.linspace(5.0, 15.0, 24)
    fibres = elements(mrg.geometry(diameter), healthy(24))
    z = positions_um(fibres, NODES)
    field = -point_source(z, z[:, 110:111], 3000.0)
    t = threshold(
        Preparation(Condensed(fibres, NODES, 37.0, mrg.MEMBRANE), 18, potential_mV=field),
        pulse(3.0, 0.01, 0.1, 0.2),
        largest=50.0,
    )  # fmt: skip
    assert np.all(np.diff(t.amplitude) < 0)
    share = recruitment(t.amplitude, np.geomspace(0.1, 50, 20), weight=diameter)
    assert share[0] == 0 and share[-1] == pytest.approx(1.0) and np.all(np.diff(share) >= 0)


def test_refractory_then_supernormal_and_both_slower_in_the_cold() -> None:
    after = np.array([1.2, 1.5, 2.0, 3.0, 5.0, 8.0])
    warm, cold = (
        recovery_cycle(inside(np.array([10.0]), temperature_C=t), after, largest=20.0,
                       conditioning=2.0, width_ms=0.1, tolerance=2e-3)
        for t in (37.0, 30.0)
    )  # fmt: skip
    print("37 C", warm.percent.round(1), "30 C", cold.percent.round(1))
    # no threshold: absolutely refractory, more than the six-fold threshold
    change = [
        np.where(r.status[0] == Status.NO_THRESHOLD, 500.0, r.percent[0]) for r in (warm, cold)
    ]
    crossing = [np.interp(0.0, -c[:4], after[:4]) for c in change]
    print(f"relative refractory period {crossing[0]:.2f} ms, at 30 C {crossing[1]:.2f} ms")
    assert warm.percent[0, 0] > 0 > warm.percent[0, 3]
    assert crossing[0] < crossing[1]


def test_electrotonus_begins_with_the_current_itself() -> None:
    change = threshold_electrotonus(
        inside(np.array([10.0])), np.array([0.0, 10.0]), np.array([40.0, 0.0, -40.0]), largest=20.0
    )
    print(change.percent)
    assert change.percent[0, :, 0] == pytest.approx([40.0, 0.0, -40.0], abs=3.0)
    assert change.percent[0, 0, 1] > 40 and change.percent[0, 2, 1] < -40
    assert np.all(change.status == 0)


def test_current_that_fires_by_itself_is_reported() -> None:
    strong = threshold_electrotonus(
        inside(np.array([10.0])), np.array([5.0]), np.array([150.0]), largest=20.0
    )
    assert strong.status.tolist() == [[[Status.ALREADY]]]


def test_intervals_within_the_first_pulse_are_refused() -> None:
    with pytest.raises(ValueError, match="allowed: above 1 ms"):
        recovery_cycle(inside(np.array([10.0])), np.array([0.5, 2.0]), largest=20.0)


def test_kilohertz_block_threshold_of_the_reference_simulator() -> None:
    """PyFibers' own regression value (10 um, 25 nodes, 20 kHz square, 250 um, 10 S/m), and what
    docs/excitability.md says of it, computed again."""
    text = " ".join((ROOT / "docs" / "excitability.md").read_text().split())
    row = re.search(
        r"block threshold, 10 um, 20 kHz square, 250 um, 10 S/m \| ([\d.]+) mA \| ([\d.]+) mA", text
    )
    other = re.search(r"In 0\.3 S/m it is ([\d.]+) mA", text)
    assert row and other
    said, published = np.array([float(row[1]), float(other[1])]), float(row[2])
    nodes, dt = 25, 0.00125
    fibre = elements(mrg.geometry(np.array([10.0, 10.0])), healthy(2))
    z = positions_um(fibre, nodes)
    current = np.zeros((1, nodes))
    current[0, 2] = 3.0
    train = sum((pulse(50.0, dt, t, 1.0) for t in range(5, 50, 5)), np.zeros(round(50 / dt)))
    fields = [point_source(z[:1], float(z[0, 11 * 12]), 250.0, sigma) for sigma in (10.0, 0.3)]
    block = Preparation(
        Condensed(fibre, nodes, 37.0, mrg.MEMBRANE), 22, dt_ms=dt,
        potential_mV=np.concatenate(fields),
    )  # fmt: skip
    wave = alternating(50.0, dt, 0.0, 20.0, "square")
    found = block_threshold(block, wave, Stimulus(train, current), largest=10.0, since_ms=25.0)
    print(f"block thresholds {found.amplitude} mA, reference {published:.3f} mA at 10 S/m")
    assert found.amplitude[0] == pytest.approx(published, rel=0.05)
    assert found.amplitude == pytest.approx(said, rel=0.015)  # the search's tolerance is 1 %


def test_block_without_test_spikes_says_so() -> None:
    wave = alternating(10.0, 0.01, 0.0, 10.0)
    nothing = Stimulus(np.zeros(len(wave)), np.zeros((1, NODES)))
    t = block_threshold(inside(np.array([10.0])), wave, nothing, largest=1.0, since_ms=5.0)
    assert t.status.tolist() == [Status.ALREADY]


@pytest.mark.parametrize("bad", [dict(shape="saw"), dict(frequency_kHz=50.0)])
def test_alternating_currents_need_steps_enough(bad: dict[str, object]) -> None:
    arguments = {"frequency_kHz": 10.0, "shape": "sine"} | bad
    with pytest.raises(ValueError, match="ten steps"):
        alternating(1.0, 0.01, 0.0, **arguments)  # type: ignore[arg-type]


def test_impossible_times_and_electrodes_are_refused() -> None:
    p = inside(np.array([10.0]))
    for width in (0.0, -1.0, np.nan):
        with pytest.raises(ValueError, match="width_ms"):
            pulse_threshold(p, width, largest=10.0)
    for bad in (-5.0, np.nan, np.inf):
        with pytest.raises(ValueError, match="delay_ms"):
            threshold_electrotonus(p, np.array([bad]), np.array([40.0]), largest=10.0)
        with pytest.raises(ValueError, match="interval_ms"):
            recovery_cycle(p, np.array([bad]), largest=10.0)
    with pytest.raises(ValueError, match="no electrode"):
        Preparation(p.fibres, 17)
    with pytest.raises(ValueError, match="different widths"):
        strength_duration(p, np.array([0.2]), largest=10.0)


@pytest.mark.parametrize("model", [sweeney, sundt, tigerholm])
@pytest.mark.parametrize("diameter_um", [0.0, -1.0, np.nan])
def test_fibres_without_a_diameter_are_refused(model: ModuleType, diameter_um: float) -> None:
    with pytest.raises(ValueError, match="allowed"):
        model.fibre(np.array([1.0, diameter_um]))
