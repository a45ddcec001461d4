"""Transport through a pressed stretch: the scheme beside exact solutions, the block as measured."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.linalg import expm

from tests.people import PUBLISHED
from tinel.course.cargo import CARGOS, Cargo, cargo, on_rate_left, outlasts
from tinel.course.stretch import Stretch
from tinel.course.transport import at_rest, carry, delivered_fraction, passes
from tinel.errors import TinelError

FAST = cargo("fast", PUBLISHED)
SLOW = cargo("slow", PUBLISHED)
# stops and starts so seldom that the two populations can be told apart
MARKED = Cargo("fast", 10.0, 0.4, 5.0, 0.5, 0.0)
PRESSED_MM = 10.0


def axon(pressure_mmHg: float, n: int = 160, before_mm: float = 20.0) -> Stretch:
    """Forty mm of axon, of which ten in the middle are pressed."""
    edge = (np.arange(n) + 0.5) * 40.0 / n
    inside = (edge > before_mm) & (edge < before_mm + PRESSED_MM)
    return Stretch(40.0, on_rate_left(np.where(inside, pressure_mmHg, 0.0), PUBLISHED))


# ---- the scheme


def test_a_travelling_wave_keeps_its_shape_to_second_order() -> None:
    # motors that never stop: what enters moves on unchanged, m(x, t) = m(x - v t)
    wave = replace(MARKED, moving_fraction=1.0 - 1e-12, run_mm=1e12, diffusion_mm2_per_day=0.0)
    error = []
    for n in (80, 160, 320):
        stretch = Stretch(40.0, np.ones(n))
        x = stretch.middle_mm
        front = [0.5 * (1.0 - np.tanh((x - place) / 3.0)) for place in (12.0, 26.0)]
        moved = carry(wave, stretch, [1.4], start=(front[0], 0.0 * x), enters_per_day=10.0)
        error.append(float(np.abs(moved.moving[0] - front[1]).mean()))
    order = np.log2(np.array(error[:-1]) / error[1:])
    print(f"mean error {np.array(error)}, order {order.round(2)}")
    assert (order > 1.8).all() and error[-1] < 1e-3


def moments(kind: Cargo, mean: float, variance: float, day: float) -> tuple[float, float]:
    """Exact mean and variance of a cloud of moving cargo, from its moment equations."""
    v, on, off = (float(x) for x in (kind.motor_mm_per_day, kind.on_per_day, kind.off_per_day))
    rates = np.zeros((6, 6))
    swap = np.array([[-off, on], [off, -on]])
    for order in range(3):
        rates[2 * order : 2 * order + 2, 2 * order : 2 * order + 2] = swap
    rates[2, 0], rates[4, 2] = v, 2.0 * v
    rates[5, 1] = 2.0 * float(kind.diffusion_mm2_per_day)
    start = np.array([1.0, 0.0, mean, 0.0, variance + mean**2, 0.0])
    end = expm(rates * day) @ start
    first = end[2] + end[3]
    return float(first), float(end[4] + end[5] - first**2)


@pytest.mark.truth
def test_moments_of_two_populations() -> None:
    # Smith & Simmons 2001, doi:10.1016/S0006-3495(01)75994-2: the moment equations of the model.
    mean, variance = moments(MARKED, 10.0, 1.0, 1.0)
    for n, within in ((150, 0.02), (300, 0.005)):
        stretch = Stretch(60.0, np.ones(n))
        x = stretch.middle_mm
        start = np.exp(-0.5 * (x - 10.0) ** 2) / np.sqrt(2 * np.pi)
        done = carry(MARKED, stretch, [1.0], start=(start, 0.0 * x), enters_per_day=0.0)
        cloud = (done.moving[0] + done.waiting[0]) * stretch.cell_mm
        first = float(cloud @ x)
        second = float(cloud @ x**2) - first**2
        print(f"{n} cells: {first:.4f} mm ({mean:.4f}), {second:.3f} mm2 ({variance:.3f})")
        assert first == pytest.approx(mean, rel=within)
        assert second == pytest.approx(variance, rel=within)


@pytest.mark.truth
def test_after_many_stops_only_mean_velocity_and_spread_count() -> None:
    # Smith & Simmons 2001: v on / (on + off), and D off / (on + off) + v2 on off / (on + off)3.
    many = replace(MARKED, run_mm=0.5)
    v, on, off = (float(x) for x in (many.motor_mm_per_day, many.on_per_day, many.off_per_day))
    spread = 0.5 * off / (on + off) + v**2 * on * off / (on + off) ** 3
    (early, narrow), (late, wide) = (moments(many, 0.0, 0.0, day) for day in (1.0, 3.0))
    print(f"velocity {(late - early) / 2:.3f} mm/day (10), spread {(wide - narrow) / 4:.3f}")
    assert (late - early) / 2.0 == pytest.approx(float(many.velocity_mm_per_day), rel=1e-3)
    assert (wide - narrow) / 4.0 == pytest.approx(spread, rel=1e-2)


@pytest.mark.truth
def test_the_steady_state_is_the_exact_one_to_second_order() -> None:
    # without diffusion: flux falls as exp(-x loss off / (v (open on + loss)))
    kind = replace(MARKED, diffusion_mm2_per_day=0.0, loss_per_day=3.0)
    v, on, off = (float(x) for x in (kind.motor_mm_per_day, kind.on_per_day, kind.off_per_day))
    exact = np.exp(-8.0 * 3.0 * off / (v * (0.2 * on + 3.0)))
    error = []
    for n in (20, 40, 80):
        stretch = Stretch(8.0, np.full(n, 0.2))
        leaves = carry(kind, stretch, [0.0], start=at_rest(kind, stretch)).leaves_per_day[0]
        error.append(abs(float(leaves) - exact))
    order = np.log2(np.array(error[:-1]) / error[1:])
    print(f"exact {exact:.6f}, errors {error}, order {order.round(2)}")
    assert (order > 1.8).all() and error[-1] < 1e-4
    share = passes(kind, 0.2, 8.0) / np.exp(8.0 * 3.0 * off / (v * (on + 3.0)))
    assert float(share) == pytest.approx(exact)


@pytest.mark.parametrize("name", CARGOS)
def test_no_cargo_is_made_or_forgotten(name: str) -> None:
    kind = cargo(name, PUBLISHED)
    days = np.array([0.1, 0.5, 1.0]) * 40.0 / float(kind.velocity_mm_per_day)
    done = carry(kind, axon(45.0, 40), days, enters_per_day=2.0)
    entered = 2.0 * days
    found = done.held + done.left + done.lost
    print(f"{name}: entered {entered}, found {found}")
    assert np.allclose(found, entered, rtol=1e-9)


def test_a_pressure_that_comes_and_goes_leaves_no_negative_cargo() -> None:
    start = at_rest(FAST, axon(0.0))
    for pressure in (60.0, 0.0, 200.0):
        done = carry(FAST, axon(pressure), np.linspace(0.0, 0.5, 11), start=start)
        start = done.moving[-1], done.waiting[-1]
        assert done.moving.min() > 0.0 and done.waiting.min() > 0.0


def test_cargo_stays_at_rest_and_better_with_smaller_cells() -> None:
    worst = []
    for n in (80, 160):
        stretch = axon(45.0, n)
        rest = at_rest(FAST, stretch)
        done = carry(FAST, stretch, [0.5], start=rest)
        both = np.stack([done.moving[0] / rest[0], done.waiting[0] / rest[1]])
        worst.append(float(np.abs(both - 1.0).max()))
    print(f"largest departure, at the edges of the pressed stretch: {worst}")
    assert worst[1] < 0.6 * worst[0] and worst[1] < 0.003


# ---- bore


@pytest.mark.truth
def test_bore_alone_does_not_throttle() -> None:
    # Nodes are up to three times narrower than internodes; neurofilaments run through them 7.6
    # times faster and 7.6 times fewer, so that as many pass (PMC7954336).
    lasting = replace(SLOW, loss_per_day=1e-9)
    n = 120
    narrow = np.where(np.abs(np.arange(n) - n / 2) < n / 8, 1.0 / 9.0, 1.0)
    faster = np.where(narrow < 1.0, 7.6, 1.0)
    for name, stretch in {
        "three times narrower": Stretch(3.0, np.ones(n), bore=narrow),
        "and 7.6 times faster": Stretch(3.0, np.ones(n), bore=narrow, speed=faster),
    }.items():
        moving, waiting = at_rest(lasting, stretch)
        leaves = carry(lasting, stretch, [0.0], start=(moving, waiting)).leaves_per_day[0]
        fewer = moving[0] / moving[n // 2]
        print(f"{name}: {leaves:.6f} of what enters leaves; {fewer:.2f} times fewer move inside")
        assert leaves == pytest.approx(1.0, abs=1e-6)
        assert fewer == pytest.approx(7.6 if "faster" in name else 1.0, rel=0.02)


# ---- pressure


@pytest.mark.truth
def test_block_begins_between_20_and_30_mmHg_and_is_graded() -> None:
    # Rabbit vagus: none at 20, slight at 30, marked at 60, more at 90 (in vitro, scilit b8d3c3c8);
    # slow cargo marked but incomplete at 30 (Dahlin & McLean 1986); graded to 200 both ways.
    pressures = [0.0, 20.0, 30.0, 60.0, 90.0, 200.0]
    for name in CARGOS:
        found = delivered_fraction(pressures, PUBLISHED, name=name)
        print(f"{name}, delivered at {pressures} mmHg: {found.round(3)}")
        assert (found[:2] == 1.0).all() and (np.diff(found[1:]) < 0).all()
    fast = delivered_fraction(pressures, PUBLISHED)
    assert 0.9 < fast[2] < 1.0 and 0.3 < fast[3] < 0.8 and fast[4] < 0.3 and fast[5] < 0.01
    slow = delivered_fraction(30.0, PUBLISHED, name="slow")
    assert 0.1 < slow < 0.95


@pytest.mark.truth
def test_within_hours_30_mmHg_holds_cargo_back() -> None:
    # Dahlin et al. 1984: no accumulation at 20 mmHg, some at 30 mmHg after 2 h.
    for pressure, least, most in ((20.0, 1.0, 1.0), (30.0, 1.5, np.inf)):
        stretch = axon(pressure)
        free = at_rest(FAST, axon(0.0))
        held = carry(FAST, stretch, [2.0 / 24.0], start=free)
        inside = (stretch.middle_mm > 20.0) & (stretch.middle_mm < 30.0)
        cargo_now, cargo_then = (
            (moving + waiting)[inside].sum()
            for moving, waiting in ((held.moving[0], held.waiting[0]), free)
        )
        more = float(cargo_now / cargo_then)
        print(f"{pressure:g} mmHg for 2 h: {more:.2f} times the cargo in the pressed stretch")
        assert least - 1e-3 <= more <= most + 1e-3


@pytest.mark.truth
def test_the_highest_pressure_decides_and_not_its_gradient() -> None:
    # Rabbit, in vitro: 16 to 45 mmHg, gradients of 30 to 140 mmHg/mm (PMID 6158830).
    def through(highest: float, gradient: float, n: int = 800) -> float:
        x = (np.arange(n) + 0.5) * 40.0 / n
        ramp = highest - gradient * np.maximum(np.abs(x - 20.0) - 0.5 * PRESSED_MM, 0.0)
        cell = 40.0 / n
        return float(np.prod(passes(FAST, on_rate_left(np.maximum(ramp, 0.0), PUBLISHED), cell)))

    steep, gentle = through(45.0, 140.0), through(45.0, 30.0)
    low = through(16.0, 140.0)
    print(f"45 mmHg: {steep:.3f} (140 mmHg/mm), {gentle:.3f} (30 mmHg/mm); 16 mmHg: {low:.3f}")
    assert abs(steep - gentle) < 0.1 * (low - steep) and low == 1.0


@pytest.mark.truth
def test_a_block_of_hours_is_reversible() -> None:
    # 60 mmHg: reversible after 4 h, in 5 of 8 nerves after 15 h (scilit b8d3c3c8).
    after = 1.0 - outlasts(60.0, [4.0, 15.0], PUBLISHED)
    print(f"reversible after 4 h {after[0]:.0%} (all), after 15 h {after[1]:.0%} (5 of 8)")
    assert after[0] >= 0.95 and after[1] == pytest.approx(5 / 8, abs=0.02)
    assert (outlasts(20.0, [1.0, 1e4], PUBLISHED) == 0.0).all()
    # what waited goes on when the pressure goes
    free = at_rest(FAST, axon(0.0))
    healthy = carry(FAST, axon(0.0), [0.0], start=free).leaves_per_day[0]
    pressed = carry(FAST, axon(60.0), [4.0 / 24.0], start=free)
    released = carry(
        FAST, axon(0.0), np.linspace(0.0, 0.2, 97), start=(pressed.moving[0], pressed.waiting[0])
    )
    flux = released.leaves_per_day / healthy
    print(f"flux beyond, every 12 min after release: {flux[:48:4].round(2)} ... {flux[-1]:.3f}")
    assert flux[0] < 0.5 and flux.max() > 1.2 and flux[-1] == pytest.approx(1.0, abs=0.01)


def test_hours_reach_the_lasting_share() -> None:
    for pressure in (20.0, 30.0, 45.0):
        found = [float(delivered_fraction(pressure, PUBLISHED, hours=h)) for h in (0.0, 2.0, 24.0)]
        lasting = float(delivered_fraction(pressure, PUBLISHED))
        print(f"{pressure:g} mmHg after 0, 2, 24 h: {np.round(found, 3)}; lasting {lasting:.3f}")
        assert found[0] == pytest.approx(1.0, abs=1e-6)
        assert found[1] <= lasting + 1e-6 and found[2] == pytest.approx(lasting, abs=5e-3)


def test_a_longer_scar_delivers_less() -> None:
    found = delivered_fraction(50.0, PUBLISHED, length_mm=np.array([1.0, 10.0, 30.0, 100.0]))
    print(f"delivered through 1 to 100 mm at 50 mmHg: {found.round(3)}")
    assert (np.diff(found) < 0).all()


def test_numbers_may_differ_between_twins_where_it_is_closed() -> None:
    twins = PUBLISHED.replace({"transport.block.threshold": [18.0, 20.0, 25.0]}).of_twins(range(3))
    found = delivered_fraction(np.full((3, 2), 50.0), twins)
    assert found.shape == (3, 2) and (np.diff(found[:, 0]) > 0).all()
    alone = PUBLISHED.replace({"transport.block.threshold": 25.0})
    assert found[2, 0] == delivered_fraction(50.0, alone)


@pytest.mark.parametrize(
    "key", [k for k in PUBLISHED if k.startswith("transport.") and "retrograde" not in k]
)
def test_every_number_of_transport_is_used(key: str) -> None:
    def everything(parameters: object) -> list[float]:
        slow = delivered_fraction(40.0, parameters, hours=20.0, name="slow")  # type: ignore[arg-type]
        late = delivered_fraction(40.0, parameters, hours=6.0)  # type: ignore[arg-type]
        return [float(x) for x in (slow, late, outlasts(60.0, 9.0, parameters))]  # type: ignore[arg-type]

    number = PUBLISHED.number(key)
    assert number.low is not None and number.high is not None and number.low < number.high
    other = number.high if number.high != number.value else number.low
    assert everything(PUBLISHED.replace({key: other})) != everything(PUBLISHED)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (lambda: Stretch(0.0, np.ones(9)), "too few"),
        (lambda: Stretch(9.0, np.ones(9), bore=np.zeros(9)), "bore"),
        (lambda: carry(FAST, axon(0.0), [2.0, 1.0]), "rising days"),
        (lambda: cargo("quick", PUBLISHED), "did you mean|allowed"),
        (lambda: delivered_fraction(30.0, PUBLISHED, hours=-1.0), "0 or more"),
    ],
)
def test_what_cannot_be_is_refused(wrong: object, says: str) -> None:
    with pytest.raises(TinelError, match=says):
        wrong()  # type: ignore[operator]
