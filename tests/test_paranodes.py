"""What open paranodes and wide nodes do to an impulse, fibre by fibre and in the exam's tables."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.people import PUBLISHED, some
from tinel.cable.conduction.opening import NODES, Opened, opened, stretch
from tinel.cable.conduction.table import BEFORE, conduction
from tinel.cable.fibres.compartments import compartments
from tinel.cable.fibres.fibre import Fibre
from tinel.cable.fibres.injury import Injury
from tinel.cable.models import build as models
from tinel.cable.models import mrg
from tinel.cable.simulate import simulate
from tinel.cable.stimulation.stimulus import pulse
from tinel.course import follow, state_at
from tinel.exam.block import Block
from tinel.exam.conduction_time import block_fractions, conduction_time_ms
from tinel.exam.limb import limb_on
from tinel.lesion.causes import compression
from tinel.nerve import build
from tinel.treatment import plan

Floats = NDArray[np.float64]

HURT = slice(12, 22)  # internodes; nodes one more
MAKE = {"motor": models.gaines_motor, "sensory": models.gaines_sensory}
LONG = 31


@cache
def table() -> Opened:
    return opened(34.0)


def across_ms(fibre: Fibre, temperature_C: float = 37.0) -> Floats:
    run = simulate(
        fibre, pulse(node=1, amplitude_nA=5.0, start_ms=0.1, width_ms=0.1), duration_ms=8.0,
        temperature_C=temperature_C,
    )  # fmt: skip
    return run.spike_ms[:, 25] - run.spike_ms[:, 11]


def hurt(kind: str, wide: list[float], seal: float, kv1: float) -> Fibre:
    """Fibres of 10 um with a crushed stretch of ten internodes, one per width of node."""
    fibre = MAKE[kind](diameter_um=np.full(len(wide), 10.0), nodes=LONG)
    fibre = fibre.open_seals(HURT, seal_factor=seal).expose_kv1(HURT, kv1_factor=kv1)
    return fibre.widen_nodes(slice(12, 23), node_length_factor=np.array(wide)[:, None])


def test_the_nodes_share_of_the_seal_opens_with_it_and_ignores_how_long_the_node_is() -> None:
    size = mrg.geometry(np.array([10.0]))

    def outer(**changed: Floats) -> Floats:
        return compartments(size, 5, mrg.AXON, Injury(**changed)).outer_uS[0]

    wide = np.ones((1, 5))
    wide[0, 2] = 8.0
    assert np.array_equal(outer(), outer(node_length_factor=wide))
    left = np.ones((1, 4))
    left[0, 1] = 300.0
    ratio = outer(paranode_gap_factor=left) / outer()
    beside = [11, 21]  # node 1 to its paranode on the right, and that before node 2
    print("conductance from medium to the open paranode, times:", ratio[beside].round(1))
    assert np.all(ratio[beside] > 200)
    assert ratio[10] == ratio[22] == 1.0  # the closed seals on the other side of these nodes


@pytest.mark.truth
@pytest.mark.parametrize("kind", MAKE)
def test_a_wide_node_with_open_paranodes_slows_and_then_blocks(kind: str) -> None:
    """Babbs and Shi 2013, PMC3701069 (abstract): velocity falls as nodes widen or seals open."""
    widths = [1.0, 2.0, 4.0, 7.0, 15.0]
    closed, loose = (across_ms(hurt(kind, widths, seal, 1.0)) for seal in (1.0, 300.0))
    print(f"{kind}, nodes x{widths}: closed {closed.round(3)}, open {loose.round(3)} ms")
    passed = np.isfinite(loose)
    assert passed[:4].all() and np.all(np.diff(loose[passed]) > 0)
    assert np.all(np.diff(closed) > 0) and np.all(loose[:4] > closed[:4])


@pytest.mark.truth
@pytest.mark.parametrize("kind", MAKE)
def test_exposed_potassium_slows_and_its_blocker_gives_conduction_back(kind: str) -> None:
    """Babbs and Shi 2013 (abstract): 19.1 m/s, 7.8 with wide nodes, 6.6 with potassium channels
    exposed as well, partly reversible by blocking them; crushed fibres conduct again with 4-AP."""
    rows = {
        name: across_ms(fibre)[0]
        for name, fibre in {
            "whole": hurt(kind, [1.0], 1.0, 1.0),
            "wide and open": hurt(kind, [4.0], 300.0, 1.0),
            "and exposed": hurt(kind, [4.0], 300.0, 6.0),
            "and 4-AP": hurt(kind, [4.0], 300.0, 6.0).bathe(
                "4-aminopyridine", concentration_uM=1000.0
            ),
            "blocked": hurt(kind, [7.0], 300.0, 30.0),
            "blocked and 4-AP": hurt(kind, [7.0], 300.0, 30.0).bathe(
                "4-aminopyridine", concentration_uM=1000.0
            ),
        }.items()
    }
    print(kind, {name: f"{time:.3f} ms" for name, time in rows.items()})
    assert rows["whole"] < rows["wide and open"] < rows["and exposed"]
    assert rows["and 4-AP"] < rows["and exposed"]
    assert np.isnan(rows["blocked"]) and np.isfinite(rows["blocked and 4-AP"])


# The tables


def engine_ms(d: Floats, n: int, left: Floats, o: Floats, temperature_C: float = 34.0) -> Floats:
    run = simulate(
        stretch(d, np.full(len(d), n), left, o),
        pulse(node=1, amplitude_nA=5.0, start_ms=0.05, width_ms=0.1), duration_ms=12.0,
        dt_ms=0.01, temperature_C=temperature_C,
    )  # fmt: skip
    return run.spike_ms[:, NODES - 3] - run.spike_ms[:, BEFORE - 2]


@pytest.mark.parametrize("internodes", [2, 6, 16])
def test_the_table_of_openings_agrees_with_the_engine(internodes: int) -> None:
    rng = np.random.default_rng(internodes)
    d, o = rng.uniform(3, 14, 32), rng.uniform(0.05, 1, 32)
    left = np.exp(rng.uniform(np.log(0.03), 0, 32))
    true = engine_ms(d, internodes, left, o)
    spacing = mrg.spacing_um(d, table().closed.constants) / 1000
    healthy = (NODES - 3 - (BEFORE - 2)) * spacing / table().closed.velocity(d)
    guess = healthy + table().lesion_delay(d, left, internodes * spacing, o)
    passed, expected = np.isfinite(true), np.isfinite(guess)
    both = passed & expected
    error = np.abs(guess[both] / true[both] - 1)
    print(
        f"{internodes} internodes: {both.sum()} conduct, worst error of time {error.max():.1%}, "
        f"median {np.median(error):.2%}; block differs in {(passed != expected).sum()}"
    )
    assert (passed != expected).sum() <= 1
    assert np.median(error) < 0.02 and error.max() < 0.15


def test_fast_potassium_under_a_whole_seal_changes_nothing_that_counts() -> None:
    d = np.array([2.0, 5.0, 10.0, 16.0])
    time = engine_ms(d, 1, np.ones(4), np.zeros(4))
    run = simulate(
        models.mrg(diameter_um=d, nodes=NODES),
        pulse(node=1, amplitude_nA=5.0, start_ms=0.05, width_ms=0.1), duration_ms=3.0,
        dt_ms=0.01, temperature_C=34.0,
    )  # fmt: skip
    usual = run.spike_ms[:, NODES - 3] - run.spike_ms[:, BEFORE - 2]
    print("conduction time with fast K over that without:", (time / usual).round(4))
    assert np.abs(time / usual - 1).max() < 0.005


def test_closed_paranodes_are_the_table_of_thin_sheaths() -> None:
    d, left = np.linspace(3, 14, 20), np.geomspace(0.02, 1.0, 20)
    length, none = np.full(20, 20.0), np.zeros(20)
    plain = table().closed
    assert table().block_at(d, length, none) == pytest.approx(plain.block_at(d, length), rel=1e-12)
    mine, closed = (
        table().lesion_delay(d, left, length, none),
        plain.lesion_delay(d, left, length),
    )
    assert np.array_equal(np.isinf(mine), np.isinf(closed))
    some = np.isfinite(mine)
    assert mine[some] == pytest.approx(closed[some], abs=1e-9)


@pytest.mark.truth
def test_which_fibres_block_by_opening_length_and_temperature() -> None:
    o, d = np.linspace(0, 1, 5), np.array([3.0, 6.0, 10.0, 14.0])
    cold = opened(27.0)
    for length_mm in (5.0, 30.0):
        at = np.broadcast_arrays(d[:, None], length_mm, o)
        warm_edge, cold_edge = table().block_at(*at), cold.block_at(*at)
        late = table().lesion_delay(at[0], np.ones((4, 5)), at[1], at[2])
        for k, diameter in enumerate(d):
            print(
                f"{diameter:g} um, {length_mm:g} mm, opening {o}: blocks below "
                f"{warm_edge[k].round(3)} of the lamellae at 34 C, {cold_edge[k].round(3)} at "
                f"27 C; whole sheaths {late[k].round(2)} ms late"
            )
        assert np.all(np.diff(warm_edge, axis=1) > 0) and np.all(np.diff(late, axis=1) > 0)
        assert np.all(cold_edge <= warm_edge)


def test_every_number_of_the_opening_changes_the_fibres() -> None:
    one = np.ones(1)

    def made(changed: dict[str, float]) -> dict[str, Floats]:
        return stretch(
            10 * one, np.array([4]), one, 0.5 * one, PUBLISHED.replace(changed)
        ).changes  # fmt: skip

    usual = made({})
    for name in ("seal_factor", "node_length_factor", "kv1_factor"):
        key = f"conduction.opening.{name}"
        other = made({key: 1.1 * PUBLISHED.scalar(key)})
        assert any(not np.array_equal(usual[n], other[n]) for n in usual), name


def test_open_paranodes_raise_the_exams_block_and_delay_and_close_again() -> None:
    nerve = build("ulnar", side="left", twins=some(range(2)))
    pressed = compression.make(
        nerve, "ulnar trunk", site_mm=600.0, length_mm=30.0, pressure_mmHg=300.0, hours=2.0
    )
    plain = conduction(34.0, nerve.twins.parameters)
    closed = block_fractions(nerve, pressed, plain)
    shape = closed.shape
    none, loose = (replace(pressed, paranode_opening=np.full(shape, o)) for o in (0.0, 0.6))
    course = follow(nerve, loose, plan("wait", []))
    early, late = (state_at(course, day) for day in (1.0, 700.0))
    assert Block.of(nerve, none, plain).on(early) is not None
    assert np.array_equal(Block.of(nerve, none, plain).on(early), closed)
    block = Block.of(nerve, loose, plain)
    here = np.broadcast_to(pressed.present, shape)
    rise, later = ((block.on(state) / closed)[here] for state in (early, late))
    print(f"opening 0.6: block at {rise.min():.2f} to {rise.max():.2f} times the lamellae on day "
          f"1, {later.max():.3f} on day 700")  # fmt: skip
    table = opened(34.0, nerve.twins.parameters)
    length = np.broadcast_to(pressed.length_mm[:, None], shape)
    direct = table.block_at(nerve.fibres.diameter_um, length, early.paranode_opening)
    assert block.on(early)[here] == pytest.approx(direct[here], rel=1e-9)
    assert rise.min() > 1.2 and later.max() < 1.05
    assert "conduction.opening.kv1_factor" in nerve.twins.parameters.read
    whole = replace(early, lamellae_left=np.ones(shape), ionic_block=np.zeros(shape, bool))
    shut = replace(whole, paranode_opening=np.zeros(shape))
    times = [
        conduction_time_ms(limb_on(nerve, loose, s, closed), plain, 500.0, 700.0)
        for s in (shut, whole)
    ]
    standing = here & early.intact
    some_pass = standing & np.isfinite(times[0])
    more = times[1][some_pass] - times[0][some_pass]
    print(f"whole sheaths with these paranodes are {more.min():.2f} to {more.max():.2f} ms late")
    assert more.min() > 0


def test_a_kept_table_that_was_cut_short_is_computed_anew(
    tmp_path: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tinel.cable.conduction.kept import kept
    from tinel.cable.solvers.compile_cache import torn

    monkeypatch.setenv("TINEL_CACHE", str(tmp_path))
    made = []

    def compute() -> dict[str, Floats]:
        made.append(1)
        return {"a": np.arange(3.0)}

    first, again = (kept("trial", 1.0, compute)["a"] for _ in range(2))
    assert len(made) == 1 and np.array_equal(first, again)
    from pathlib import Path

    (file,) = Path(str(tmp_path)).rglob("trial-*.npz")
    file.write_bytes(file.read_bytes()[:40])
    assert torn() == [file]
    assert np.array_equal(kept("trial", 1.0, compute)["a"], first) and len(made) == 2
    assert torn() == []
    kept("trial", 2.0, compute)
    assert len(made) == 3  # another number, another table
