"""The engine's public face: one fibre, one simulate, one response."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import pytest

from tinel.cable.fibres.fibre import Fibre
from tinel.cable.models import build as models
from tinel.cable.protocols.excitability import recovery_cycle, threshold_electrotonus
from tinel.cable.protocols.strength import recruitment, strength_duration
from tinel.cable.protocols.threshold import threshold
from tinel.cable.simulate import simulate
from tinel.cable.solvers.choice import solvers_of
from tinel.cable.solvers.condensed import rest
from tinel.cable.solvers.condensed.rest import NoRestError
from tinel.cable.solvers.response import Response
from tinel.cable.stimulation.electrode import bipolar, disc, point, surface_pair
from tinel.cable.stimulation.layers import layered
from tinel.cable.stimulation.medium import anisotropic, half_space
from tinel.cable.stimulation.stimulus import Stimulus, alternating, pulse, train, waveform
from tinel.errors import TinelError

matplotlib.use("Agg")

NODES = 15
PUSH = pulse(node=1, amplitude_nA=5, start_ms=0.1, width_ms=0.1)
MODELS: dict[str, Callable[[], Fibre]] = {
    "mrg": lambda: models.mrg(diameter_um=10, nodes=NODES),
    "mrg, table": lambda: models.mrg(diameter_um=10, nodes=NODES, geometry="table"),
    "gaines_motor": lambda: models.gaines_motor(diameter_um=10, nodes=NODES),
    "gaines_sensory": lambda: models.gaines_sensory(diameter_um=10, nodes=NODES),
    "pena": lambda: models.pena(diameter_um=3, nodes=NODES),
    "sundt": lambda: models.sundt(diameter_um=1, nodes=61),
    "tigerholm": lambda: models.tigerholm(diameter_um=1, nodes=61),
    "sweeney": lambda: models.sweeney(diameter_um=10, nodes=NODES),
}


def same(a: Response, rows_a: Any, b: Response, rows_b: Any = slice(None)) -> bool:
    return all(
        np.array_equal(getattr(a, n)[rows_a], getattr(b, n)[rows_b], equal_nan=True)
        for n in ("spike_ms", "peak_mV", "status", "v_mV")
    )


@pytest.fixture(autouse=True)
def no_figures_left() -> Iterator[None]:
    yield
    plt.close("all")


def test_the_journey() -> None:
    fibre = models.mrg(diameter_um=10, nodes=31).demyelinate(
        internodes=slice(8, 16), lamellae_fraction=0.05
    )
    run = simulate(fibre, pulse(node=1, amplitude_nA=5, start_ms=0.1, width_ms=0.1), duration_ms=4)
    axes = run.plot()
    assert axes.get_xlabel() == "position along the fibre (mm)"
    found = run.to_xarray()
    assert found.spike_ms.attrs["units"] == "ms" and found.sizes == {"fibre": 1, "node": 31}
    assert run.status_text == ("ok",) and run.stats is not None
    assert run.stats.solver == "condensed" and run.stats.steps == 800
    healthy = simulate(models.mrg(diameter_um=10, nodes=31), PUSH, duration_ms=4)
    assert run.velocity_m_per_s(8, 16)[0] < 0.5 * healthy.velocity_m_per_s(8, 16)[0]
    assert 50 < healthy.velocity_m_per_s()[0] < 62


@pytest.mark.parametrize("name", MODELS)
def test_every_model_simulates_plots_and_becomes_tables(name: str) -> None:
    fibre = MODELS[name]()
    run = simulate(
        fibre, pulse(node=0, amplitude_nA=3, width_ms=0.3), duration_ms=2,
        keep_nodes=(3, 7), record=[point(y_mm=2.0, node=5)],
    )  # fmt: skip
    assert np.isfinite(run.spike_ms[0, 5]) and run.recorded_uV is not None
    assert np.ptp(run.recorded_uV) > 0
    for show in ("auto", "potential", "recording", "spikes"):
        assert run.plot(show=show).lines
    data = run.to_xarray()
    assert data.v_mV.dims == ("fibre", "time_ms", "kept_node")
    assert data.time_ms.values[-1] == pytest.approx(2.0)
    assert {v: data[v].attrs["units"] for v in ("v_mV", "recorded_uV", "time_ms")} == {
        "v_mV": "mV", "recorded_uV": "uV", "time_ms": "ms"
    }  # fmt: skip
    table = run.to_dataframe()
    assert len(table) == fibre.longest and table.spike_ms[5] == run.spike_ms[0, 5]
    crossing = pickle.loads(pickle.dumps(fibre))
    assert np.array_equal(crossing.diameter_um, fibre.diameter_um)


ENGINES: dict[str, tuple[Callable[[Any], Fibre], str]] = {
    "condensed": (lambda d: models.mrg(diameter_um=d, nodes=NODES), "condensed"),
    "full": (lambda d: models.gaines_motor(diameter_um=d, nodes=NODES), "full"),
    "single_cable": (lambda d: models.sundt(diameter_um=d, nodes=41), "single_cable"),
    "ions": (lambda d: models.tigerholm(diameter_um=d, nodes=41), "ions"),
}
OKS = {"condensed": [8.0, 10.0], "full": [8.0, 10.0], "single_cable": [0.8, 1.0],
       "ions": [0.8, 1.0]}  # fmt: skip


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("bad", [np.nan, -1.0, np.inf])
def test_a_bad_diameter_leaves_the_others_alone(engine: str, bad: float) -> None:
    make, solver = ENGINES[engine]
    one, other = OKS[engine]
    run = simulate(make([one, bad, other]), PUSH, duration_ms=1, keep_nodes=(5,), solver=solver)
    without = simulate(make([one, other]), PUSH, duration_ms=1, keep_nodes=(5,))
    assert same(run, [0, 2], without)
    assert run.status[1] == 4 and run.status_text[1].startswith("refused: ")
    assert np.isnan(run.spike_ms[1]).all() and run.v_mV is not None and np.isnan(run.v_mV[1]).all()
    with pytest.raises(TinelError, match="allowed"):
        make([bad])


@pytest.mark.parametrize("engine", ENGINES)
def test_a_bad_pattern_leaves_the_others_alone(engine: str) -> None:
    make, _ = ENGINES[engine]
    fibre = make(OKS[engine])
    current = np.zeros((2, fibre.longest))
    current[:, 1] = [5.0, np.nan]
    run = simulate(fibre, pulse(current_nA=current), duration_ms=1, keep_nodes=(5,))
    alone = simulate(make(OKS[engine][:1]), PUSH, duration_ms=1, keep_nodes=(5,))
    assert same(run, [0], alone)
    assert run.status_text[1] == "refused: current_nA is not finite (allowed: numbers)"


def test_a_bad_sheath_leaves_the_others_alone() -> None:
    left = np.array([0.2, np.nan, 0.0, 1.0, 2.0])
    for make in (ENGINES["condensed"][0], ENGINES["full"][0]):
        run = simulate(
            make(10.0).demyelinate(slice(5, 8), lamellae_fraction=left), PUSH, duration_ms=1,
            keep_nodes=(9,),
        )  # fmt: skip
        good = make(10.0).demyelinate(slice(5, 8), lamellae_fraction=left[[0, 3]])
        assert same(run, [0, 3], simulate(good, PUSH, duration_ms=1, keep_nodes=(9,)))
        assert run.status[[1, 2, 4]].tolist() == [4, 4, 4]
        assert "lamellae_fraction is nan (allowed: 0.001 to 1)" in run.status_text[1]


def test_a_fibre_without_room_leaves_the_others_alone() -> None:
    thin = models.pena(diameter_um=[3.0, 5.0, 1.1], nodes=NODES)
    short = thin.resize_internodes(length_factor=[1.0, 1.0, 0.1])
    run = simulate(short, PUSH, duration_ms=1, keep_nodes=(5,))
    kept = thin.rows([0, 1]).resize_internodes(length_factor=1.0)
    assert same(run, [0, 1], simulate(kept, PUSH, duration_ms=1, keep_nodes=(5,)))
    assert "no room" in run.status_text[2]


def test_a_fibre_without_rest_leaves_the_others_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def restless(elements: Any, *more: Any) -> Any:
        found = elements.spacing_um > 1200
        if found.any():
            raise NoRestError(found)
        return rest.rest(elements, *more)

    monkeypatch.setattr("tinel.cable.solvers.condensed.run.rest", restless)
    fibre = models.mrg(diameter_um=[8.0, 14.0, 10.0], nodes=NODES)
    run = simulate(fibre, PUSH, duration_ms=1, keep_nodes=(5,))
    alone = simulate(fibre.rows([0, 2]), PUSH, duration_ms=1, keep_nodes=(5,))
    assert same(run, [0, 2], alone)
    assert run.status_text[1].startswith("refused: no resting potential")
    with pytest.raises(TinelError, match="no resting potential"):
        simulate(fibre.rows([1]), PUSH, duration_ms=1)


def test_a_run_that_blows_up_is_not_finite_and_alone() -> None:
    fibre = models.mrg(diameter_um=[8.0, 10.0], nodes=NODES)
    current = np.zeros((2, NODES))
    current[:, 1] = [5.0, 1e30]
    run = simulate(fibre, pulse(current_nA=current), duration_ms=1, dt_ms=0.005, keep_nodes=(5,))
    alone = simulate(fibre.rows([0]), PUSH, duration_ms=1, dt_ms=0.005, keep_nodes=(5,))
    assert same(run, [0], alone)
    assert run.status[1] == 2 and "halve dt_ms" in run.status_text[1]


@pytest.mark.parametrize(
    "kind",
    [bool, int, np.int8, np.uint16, np.float32, list, "strides", "reversed twice"],
)
def test_number_types_mean_what_they_say(kind: Any) -> None:
    fibre = models.mrg(diameter_um=10, nodes=NODES)
    samples = np.zeros(300)
    samples[20:40] = 1.0
    pattern = np.zeros((1, NODES))
    pattern[0, 1] = 5.0
    right = simulate(fibre, waveform(samples, 0.005, current_nA=pattern), duration_ms=1.5)
    given: Any = samples
    if kind is list:
        given, shown = samples.tolist(), pattern.tolist()
    elif kind == "strides":
        given, shown = np.repeat(samples, 2)[::2], np.asfortranarray(pattern)
    elif kind == "reversed twice":
        given, shown = samples[::-1].copy()[::-1], pattern[:, ::-1].copy()[:, ::-1]
    else:
        given, shown = samples.astype(kind), pattern if kind is bool else pattern.astype(kind)
    run = simulate(fibre, waveform(given, 0.005, current_nA=shown), duration_ms=1.5)
    assert np.array_equal(run.spike_ms, right.spike_ms)


def test_a_waveform_keeps_its_charge_at_any_step() -> None:
    fibre = models.mrg(diameter_um=10, nodes=21)
    whole = pulse(node=10, start_ms=0.1, width_ms=0.1)
    samples = np.zeros(800)
    samples[20:40] = 1.0
    given = waveform(samples, 0.005, node=10)
    for dt_ms in (0.01, 0.005, 0.0025, 0.004):
        assert given.waveform.samples(4.0, dt_ms).sum() * dt_ms == pytest.approx(0.1, abs=1e-6)
    found = [threshold(fibre, s, largest=10, watch=17, duration_ms=4) for s in (whole, given)]
    assert found[1].amplitude[0] == found[0].amplitude[0]


def test_trains_and_several_stimuli_add_up() -> None:
    fibre = models.mrg(diameter_um=10, nodes=NODES)
    apart = [pulse(node=1, amplitude_nA=5, start_ms=t) for t in (0.1, 2.1)]
    together = train(count=2, frequency_Hz=500, node=1, amplitude_nA=5)
    a, b = (simulate(fibre, s, duration_ms=4, keep_nodes="all") for s in (apart, together))
    assert a.v_mV is not None and b.v_mV is not None
    assert np.abs(a.v_mV - b.v_mV).max() < 0.1
    assert a.v_mV.shape == (1, 800, NODES)
    cable = models.sundt(diameter_um=1, nodes=41)
    two = [pulse(node=0, amplitude_nA=0.25, width_ms=0.5)] * 2
    one = pulse(node=0, amplitude_nA=0.5, width_ms=0.5)
    halves, full = (simulate(cable, s, duration_ms=3) for s in (two, one))
    assert np.allclose(halves.spike_ms, full.spike_ms, atol=1e-3)


def test_fibres_of_different_length_in_any_engine() -> None:
    for make in (models.mrg, models.gaines_motor):
        both = make(diameter_um=[8, 10], nodes=np.array([12, 15]))
        run = simulate(both, PUSH, duration_ms=1)
        alone = simulate(make(diameter_um=8, nodes=12), PUSH, duration_ms=1)
        assert np.array_equal(run.spike_ms[0, :12], alone.spike_ms[0])
        assert np.isnan(run.spike_ms[0, 12:]).all()
        assert run.position_mm is not None and np.isnan(run.position_mm[0, 12])


def test_the_solver_follows_from_the_fibre() -> None:
    mrg = models.mrg(diameter_um=10, nodes=NODES)
    assert solvers_of(mrg.demyelinate(3, lamellae_fraction=0.1))[0] == "condensed"
    for changed in (
        mrg.widen_nodes(3, node_length_factor=2), mrg.open_seals(3, seal_factor=5),
        mrg.shift_sodium(left_shift_mV=1), mrg.lose_sodium(2, sodium_fraction=0.5),
        mrg.narrow_axon(2, axon_factor=0.9), mrg.open_ends(end_leak_uS=0.1), mrg.silence_ends(),
        mrg.bathe("tetrodotoxin", concentration_uM=1e-3, nodes=slice(3, 6)),
    ):  # fmt: skip
        assert solvers_of(changed) == ("full",)
    assert solvers_of(mrg, np.full(NODES, 35.0)) == ("full",)
    a = simulate(mrg, PUSH, duration_ms=1.5)
    b = simulate(mrg, PUSH, duration_ms=1.5, solver="full")
    assert a.velocity_m_per_s()[0] == pytest.approx(b.velocity_m_per_s()[0], rel=0.005)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (lambda f: f.demyelinate(slice(8, 60), lamellae_fraction=0.1), "allowed: 0 to 13"),
        (lambda f: f.demyelinate(14, lamellae_fraction=0.1), "allowed: 0 to 13"),
        (lambda f: f.demyelinate([], lamellae_fraction=0.1), "allowed: 0 to 13"),
        (lambda f: f.demyelinate(1.5, lamellae_fraction=0.1), "allowed: 0 to 13"),
        (lambda f: f.demyelinate(3, lamellae_fraction=2), "allowed: 0.001 to 1"),
        (lambda f: f.demyelinate(3, lamellae_fraction="thin"), "allowed: real numbers"),
        (lambda f: f.widen_nodes(NODES, node_length_factor=2), "allowed: 0 to 14"),
        (lambda f: f.expose_kv1(3, kv1_factor=2), "have no expose_kv1 .allowed: demyelinate"),
        (lambda f: f.bathe("aspirin", concentration_uM=1), "aspirin"),
        (lambda f: f.bathe("4-aminopyridine", concentration_uM=1), "does not have"),
        (lambda f: simulate(f, PUSH, duration_ms=1, solver="ions"), "allowed: 'auto', 'cond"),
        (lambda f: simulate(f, PUSH, duration_ms=1, solver="best"), "allowed for this fibre"),
        (lambda f: simulate(f, PUSH, duration_ms=0), "duration_ms is 0 .allowed"),
        (lambda f: simulate(f, PUSH, duration_ms=1, dt_ms=0), "dt_ms is 0 .allowed"),
        (lambda f: simulate(f, PUSH, duration_ms=1, dt_ms=0.05), "allowed: 0.0001 to 0.02"),
        (lambda f: simulate(f, PUSH, duration_ms=1, temperature_C=50), "allowed: one number"),
        (lambda f: simulate(f, PUSH, duration_ms=1, keep_nodes=(15,)), "allowed: integers, 0 to"),
        (lambda f: simulate(f, pulse(node=15), duration_ms=1), "node 15 .allowed: 0 to 14"),
        (lambda f: simulate(f, pulse(node=-1), duration_ms=1), "node -1 .allowed: 0 to 14"),
        (lambda f: simulate(f, pulse(current_nA=np.ones((1, 9))), duration_ms=1), "15 places"),
        (lambda f: simulate(f, pulse(current_nA=np.ones((1, 15)) * np.nan), duration_ms=1), "fini"),
        (lambda f: simulate(f, pulse(node=1, amplitude_nA=np.nan), duration_ms=1), "not finite"),
        (lambda f: simulate(f, pulse(node=1, amplitude_nA=[1, 2]), duration_ms=1), "one number or"),
        (lambda f: simulate(f, [], duration_ms=1), "allowed: a stimulus"),
        (lambda f: simulate(f, alternating(frequency_kHz=50, node=1), duration_ms=1), "ten steps"),
        (lambda f: simulate(f, PUSH, duration_ms=1, record=np.ones((1, 1, 3))), "record|lead"),
        (lambda f: pulse(), "needs to act somewhere"),
        (lambda f: pulse(node=1, electrode=point()), "needs to act somewhere"),
        (lambda f: pulse(node=1, width_ms=0), "a width above 0"),
        (lambda f: waveform([0, np.nan], 0.01, node=1), "all finite"),
        (lambda f: waveform(["on"], 0.01, node=1), "allowed: numbers"),
        (lambda f: train(count=2, frequency_Hz=20000, node=1), "would touch"),
        (lambda f: threshold(f, pulse(node=1), largest=1, watch=99), "allowed: integers, 0 to 14"),
        (lambda f: strength_duration(f, [0.1, 1], largest=1, nodes=1), "allowed: watch"),
        (lambda f: models.mrg(diameter_um=10, nodes=1), "2 or more"),
        (lambda f: models.mrg(diameter_um=10, nodes=9, geometry="own"), "'interpolated', 'table'"),
        (lambda f: models.mrg(diameter_um=9, nodes=9, geometry="table"), "5.7, 7.3"),
        (lambda f: models.sundt(diameter_um=1, nodes=9).demyelinate(lamellae_fraction=1), "place"),
        (lambda f: models.myelinated(3, diameter_um=9, nodes=9), "allowed: Membrane"),
    ],
)  # fmt: skip
def test_errors_say_what_is_allowed(wrong: Callable[[Fibre], Any], said: str) -> None:
    with pytest.raises(TinelError, match=said):
        wrong(models.mrg(diameter_um=10, nodes=NODES))


def test_electrodes_in_media_excite_and_record() -> None:
    fibre = models.mrg(diameter_um=[8, 12], nodes=31).place(depth_mm=5.0)
    skin = half_space(0.3)
    pad = surface_pair(15.0, radius_mm=4.0, medium=skin)
    found = threshold(
        fibre, pulse(electrode=pad, width_ms=0.2), largest=100, arrival_ms=2, watch=28
    )
    assert found.status.tolist() == [0, 0] and found.amplitude[1] < found.amplitude[0]
    near = point(z_mm=5.0, y_mm=1.0, node=20)
    run = simulate(
        fibre, PUSH, duration_ms=1.5,
        record=[near.within(m) for m in (skin, anisotropic(0.5, 0.1),
                                         layered(0.04, 0.3, thickness_mm=2.0))],
    )  # fmt: skip
    assert run.recorded_uV is not None and run.recorded_uV.shape == (2, 300, 3)
    with pytest.raises(TinelError, match="the same of both"):
        bipolar(disc(0, 0, 4, medium=skin), disc(20, 0, 4))


def test_protocols_take_fibres_of_any_model() -> None:
    fibre = models.mrg(diameter_um=[8.0, np.nan, 10.0], nodes=21)
    where: Any = dict(node=10, watch=17)
    good = fibre.rows([0, 2])
    curve, alone = (strength_duration(f, [0.1, 0.5], largest=20, **where) for f in (fibre, good))
    assert np.array_equal(curve.amplitude[[0, 2]], alone.amplitude)
    assert curve.status_text[1].startswith("refused: mrg of nan um")
    cycle = recovery_cycle(fibre, [2.5], largest=20, **where)
    assert cycle.status[1, 0] == 4 and np.isfinite(cycle.percent[[0, 2]]).all()
    slow = threshold_electrotonus(fibre, [2.0], [30.0], largest=20, **where)
    assert slow.percent.shape == (3, 1, 1) and np.isnan(slow.percent[1]).all()
    share = recruitment(curve.amplitude[:, 0], [0.1, 20])
    assert share.tolist() == [0.0, pytest.approx(2 / 3)]
    thin = models.sundt(diameter_um=1, nodes=61)
    found = threshold(thin, pulse(node=0, width_ms=0.5), largest=5, watch=50, arrival_ms=6)
    assert found.status_text == ("ok",) and 0 < found.amplitude[0] < 1


OWN = """
from tinel.cable.membranes.membrane import Membrane
from tinel.cable.models import sweeney

NODE = sweeney.membrane()  # of two gates, so that its three loops are soon compiled

def formulas(op):
    rates, _ = NODE.formulas(op)
    one = op.number(1.0)
    return rates, op.jit(lambda m, h: (m * m * h, one))

MEMBRANE = Membrane(
    name="own", text="Made up.", gates=("m", "h"), currents=("na", "leak"),
    density_S_per_cm2=(1.4, 0.12), reversal_mV=(35.0, -80.0), rest_mV=-80.0,
    warmth=sweeney.warmth, formulas=formulas,
)
"""


def test_a_membrane_in_ones_own_file_runs_in_every_engine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "own_membrane.py").write_text(OWN)
    monkeypatch.syspath_prepend(tmp_path)
    import own_membrane  # type: ignore[import-not-found]

    fibre = models.myelinated(own_membrane.MEMBRANE, diameter_um=10, nodes=NODES)
    assert solvers_of(fibre) == ("condensed", "jax", "full")
    speed = [
        simulate(fibre, PUSH, duration_ms=1.5, solver=s).velocity_m_per_s()[0]
        for s in ("condensed", "full")
    ]
    print(f"own membrane: {speed[0]:.2f} m/s condensed, {speed[1]:.2f} m/s every compartment")
    assert speed[0] > 30 and speed[0] == pytest.approx(speed[1], rel=0.01)
    cable = models.single_cable(
        own_membrane.MEMBRANE, diameter_um=5.0, nodes=61, compartment_um=50.0
    )
    push = pulse(node=1, amplitude_nA=20, start_ms=0.1, width_ms=0.1)
    run = simulate(cable, push, duration_ms=2, dt_ms=0.0025)
    assert run.stats is not None and run.stats.solver == "single_cable"
    assert np.isfinite(run.spike_ms[0, 40])
    with pytest.raises(TinelError, match="have no lose_sodium"):
        fibre.lose_sodium(sodium_fraction=0.5)


def test_fibres_are_values() -> None:
    fibre = models.mrg(diameter_um=10, nodes=NODES)
    thin = fibre.demyelinate(slice(2, 5), lamellae_fraction=0.1)
    again = thin.demyelinate([3], lamellae_fraction=0.5)
    assert not fibre.changes and thin.changes["lamellae_fraction"][0, 3] == 0.1
    assert again.changes["lamellae_fraction"][0, 2:5].tolist() == [0.1, 0.5, 0.1]
    many = fibre.demyelinate(4, lamellae_fraction=np.linspace(0.1, 1, 7))
    assert len(many) == 7 and len(many.rows([0, 0, 3])) == 3
    assert isinstance(PUSH, Stimulus)
