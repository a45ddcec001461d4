"""Fields of electrodes in tissue: identities that hold exactly, limits, and reciprocity."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from tinel.cable.fibres.internode import elements, healthy
from tinel.cable.fibres.positions import positions_um
from tinel.cable.models import mrg
from tinel.cable.solvers.condensed.run import simulate_condensed as simulate
from tinel.cable.stimulation.drive import Drive as Stimulus
from tinel.cable.stimulation.electrode import bipolar, disc, point, surface_pair
from tinel.cable.stimulation.field import fade_ends, from_table, potential, straight
from tinel.cable.stimulation.layers import TwoLayer
from tinel.cable.stimulation.medium import HalfSpace, Homogeneous, Medium, point_source
from tinel.cable.stimulation.waveform import pulse_samples as pulse

random = np.random.default_rng(7)
HERE = random.uniform([-20, -20, 0], [20, 20, 30], (200, 3))
SOURCE = np.array([1.0, -2.0, 4.0])
DEEP = np.array([1.0, -2.0, 11.0])
FAT = TwoLayer(0.04, 0.3, thickness_mm=6.0)


def near(a: np.ndarray, b: np.ndarray, relative: float = 1e-9) -> None:
    error = np.abs(a / b - 1).max()
    print(f"largest relative difference {error:.1e}")
    assert error < relative


def test_an_isotropic_medium_is_an_anisotropic_one_with_equal_axes() -> None:
    one = Homogeneous(0.3).potential(SOURCE, HERE)
    near(Homogeneous((0.3, 0.3, 0.3)).potential(SOURCE, HERE), one)
    along = HERE[:1, 0] * 1000
    mine = Homogeneous(0.3).potential(np.zeros(3), np.array([along[0] / 1000, 0, 2.0]))
    near(mine, point_source(along, 0.0, 2000.0)[0])


def test_anisotropic_potential_conserves_current() -> None:
    """The current through a closed box around the source is the source's."""
    sigma = np.array([0.6, 0.1, 0.2])
    medium, n, size = Homogeneous((0.6, 0.1, 0.2)), 200, 3.0
    middle = (np.arange(n) + 0.5) / n * 2 * size - size
    a, b = np.meshgrid(middle, middle, indexing="ij")
    total = 0.0
    for axis in range(3):
        for side in (-1.0, 1.0):
            faces = [
                medium.potential(np.zeros(3), np.insert(np.stack([a, b], -1), axis, x, axis=-1))
                for x in (side * (size - 1e-4), side * (size + 1e-4))
            ]
            outward = -(faces[1] - faces[0]) / 2e-4  # mV/mm
            total += sigma[axis] * outward.sum() * (2 * size / n) ** 2 * 1e-3
    print(f"{total:.5f} of 1 mA leaves the box")
    assert total == pytest.approx(1.0, rel=1e-3)


@pytest.mark.parametrize("sigma", [0.3, (0.5, 0.1, 0.1)])
def test_a_source_on_the_skin_has_twice_the_potential(sigma: float) -> None:
    skin = np.array([2.0, 1.0, 0.0])
    twice = 2 * Homogeneous(sigma).potential(skin, HERE)
    near(HalfSpace(sigma).potential(skin, HERE), twice)


@pytest.mark.parametrize("medium", [HalfSpace((0.5, 0.1, 0.2)), FAT])
@pytest.mark.parametrize("depth", [0.0, 4.0, 9.0])
def test_no_current_crosses_the_skin(medium: Medium, depth: float) -> None:
    source = np.array([0.0, 0.0, depth])
    at = np.array([[3.0, 1.0, 0.0], [3.0, 1.0, 1e-4], [3.0, 1.0, 0.1]])
    v = medium.potential(source, at)
    assert abs(v[1] - v[0]) < 1e-4 * abs(v[2] - v[0]) + 1e-9 * v[0]


@pytest.mark.parametrize("depth", [0.0, 4.0, 9.0])
def test_layers_join(depth: float) -> None:
    """At the border the potential and the current across it are continuous."""
    source, step = np.array([0.0, 0.0, depth]), 1e-5
    z = 6.0 + step * np.array([-2.0, -1.0, 0.0, 1.0, 2.0])
    v = FAT.potential(source, np.stack([np.full(5, 2.0), np.full(5, 1.0), z], axis=1))
    above, below = (v[1] - v[0]) / step, (v[4] - v[3]) / step
    print(f"current above {0.04 * above:.5f}, below {0.3 * below:.5f}")
    assert v[1] == pytest.approx(v[3], rel=1e-4)
    assert 0.04 * above == pytest.approx(0.3 * below, rel=1e-3)


@pytest.mark.parametrize("source", [SOURCE, DEEP, SOURCE * [1, 1, 0]])
def test_layered_medium_has_the_half_space_as_its_limits(source: np.ndarray) -> None:
    equal = TwoLayer(0.3, 0.3, thickness_mm=5.0).potential(source, HERE)
    near(equal, HalfSpace(0.3).potential(source, HERE))
    thick = TwoLayer(0.04, 0.3, thickness_mm=1e5).potential(source, HERE)
    near(thick, HalfSpace(0.04).potential(source, HERE), 1e-3)
    deep = HERE[HERE[:, 2] > 1.0]
    thin = TwoLayer(0.04, 0.3, thickness_mm=1e-3).potential(source, deep)
    if source[2] > 0:  # a source on the skin stays inside however thin a layer
        near(thin, HalfSpace(0.3).potential(source, deep), 1e-2)


def test_truncation_error_is_the_stated_one() -> None:
    places = HERE * [5, 5, 1]
    for upper, lower in ((0.04, 0.3), (0.3, 0.04), (0.01, 1.0)):
        for depth in (0.0, 3.0, 9.0):
            source = np.array([0.0, 0.0, depth])
            exact = TwoLayer(upper, lower, 6.0, 1e-12).potential(source, places)
            for tolerance in (1e-1, 1e-3, 1e-6):
                mine = TwoLayer(upper, lower, 6.0, tolerance).potential(source, places)
                assert np.abs(mine / exact - 1).max() < tolerance
    with pytest.raises(ValueError, match="images; raise tolerance"):
        TwoLayer(1e-6, 1.0, 6.0).potential(source, places)


@pytest.mark.parametrize("medium", [Homogeneous((0.6, 0.1, 0.2)), HalfSpace((0.6, 0.1, 0.2)), FAT])
def test_source_and_observer_may_be_exchanged(medium: Medium) -> None:
    forth = np.array([medium.potential(a, b) for a, b in pairwise(HERE)])
    back = np.array([medium.potential(b, a) for a, b in pairwise(HERE)])
    near(forth, back, 1e-6)


def test_a_disc_under_its_centre() -> None:
    z, radius = np.array([3.0, 5.0, 10.0, 20.0]), 5.0
    below = np.stack([0 * z, 0 * z, z], axis=1)
    exact = 1e3 * (np.hypot(z, radius) - z) / (np.pi * 0.3 * radius**2)
    near(potential(HalfSpace(0.3), disc(0.0, 0.0, radius), below), exact, 1e-2)


def test_a_pair_is_the_difference_and_excites_under_its_cathode() -> None:
    pair = bipolar(point(5.0), point(-18.0))
    both = [HalfSpace(0.3).potential(np.array([x, 0.0, 0.0]), HERE) for x in (5.0, -18.0)]
    near(potential(HalfSpace(0.3), pair, HERE), both[1] - both[0])
    fibre = elements(mrg.table_geometry(np.array([10.0])), healthy(1))
    nodes = 41
    places = straight(positions_um(fibre, nodes), depth_mm=8.0, from_mm=-23.0)
    for towards in (-1.0, 1.0):
        field = potential(HalfSpace(0.3), surface_pair(4.0, towards=towards), places)
        run = simulate(fibre, nodes, Stimulus(pulse(1.5, 0.005, 0.1, 0.1), potential_mV=12 * field))
        first = places[0, 11 * int(np.nanargmin(run.spike_ms[0])), 0]
        print(f"anode at {4 + towards * 23:g} mm: first spike at {first:.1f} mm, cathode at 4 mm")
        assert abs(first - 4.0) < 2.0


def test_the_anodes_place_matters() -> None:
    """Along the fibre a near anode helps the cathode; turned across the limb it takes away."""
    fibre = elements(mrg.table_geometry(np.array([10.0])), healthy(1))
    places = straight(positions_um(fibre, 41), depth_mm=8.0, from_mm=-23.0)

    def pull(separation: float, angle: float) -> float:
        pair = surface_pair(0.0, separation_mm=separation, angle_deg=angle, radius_mm=2.0)
        return float(np.diff(potential(HalfSpace(0.3), pair, places)[0, ::11], 2).max())

    along, across, far = pull(10.0, 0.0), pull(10.0, 90.0), pull(100.0, 90.0)
    print(f"second difference: along {along:.2f}, across {across:.2f}, far {far:.2f} mV/mA")
    assert across < far < along


def test_recording_and_stimulation_are_reciprocal() -> None:
    """Weak current into a node seen by an electrode = weak current of it seen by the node."""
    fibre = elements(mrg.table_geometry(np.array([10.0])), healthy(1))
    nodes, node = 21, 8
    places = straight(positions_um(fibre, nodes), depth_mm=3.0, from_mm=-9.0)
    lead = potential(FAT, surface_pair(0.0, separation_mm=10.0, radius_mm=2.0), places)
    current = np.zeros((1, nodes))
    current[0, node] = 1e-3  # nA
    wave = pulse(2.0, 0.005, 0.1, 0.5)
    settings = dict(keep_nodes=(node,), precision="float64")
    seen = simulate(
        fibre, nodes, Stimulus(wave, current), lead_mV_per_mA=lead[:, None, :], **settings
    ).recorded_uV  # type: ignore[arg-type]
    felt = simulate(fibre, nodes, Stimulus(wave, potential_mV=1e-3 * lead), **settings).v_mV  # type: ignore[arg-type]
    assert seen is not None and felt is not None
    recorded_ohm = seen[0, :, 0] / 1e-3 * 1e3  # uV per nA
    excited_ohm = (felt[0, :, 0] - felt[0, 0, 0]) / 1e-3
    late = slice(40, None)
    error = np.abs(recorded_ohm - excited_ohm)[late].max() / np.abs(excited_ohm).max()
    print(f"transfer resistance peaks {np.abs(excited_ohm).max():.3f} ohm, differ by {error:.1e}")
    assert error < 0.02


def test_a_table_gives_back_the_field_it_was_made_from() -> None:
    fibre = elements(mrg.geometry(np.array([6.0, 12.0])), healthy(2))
    along = positions_um(fibre, 21)
    table = np.arange(-1000.0, along.max() + 1000, 250.0)
    values = point_source(table, 9000.0, 2000.0)
    mine = from_table(table, values, along)
    exact = point_source(along, 9000.0, 2000.0)
    near(mine, exact, 1e-3)
    bends = [np.diff(v[:, ::11], 2) for v in (mine, exact)]
    assert np.abs(bends[0] - bends[1]).max() < 5e-3 * np.abs(bends[1]).max()


@pytest.mark.parametrize(
    ("table", "values", "says"),
    [
        (np.arange(5.0), np.zeros(5), "runs from"),
        (np.array([0.0, 2.0, 1.0, 3.0]), np.zeros(4), "rising"),
        (np.arange(3.0), np.zeros(3), "four"),
        (np.arange(4.0), np.zeros(5), "shape"),
        (np.arange(4.0), np.array([0, 1, np.nan, 2]), "finite"),
    ],
)
def test_bad_tables_are_refused(table: np.ndarray, values: np.ndarray, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        from_table(table, values, np.array([[0.0, 100.0]]))


def test_fading_keeps_the_middle_and_flattens_the_ends() -> None:
    field = np.linspace(0, 100, 11 * 60 + 1)[None] ** 2
    mine = fade_ends(field, 10)
    assert np.allclose(mine[:, 110:-110], field[:, 110:-110])
    assert abs(mine[0, 1] - mine[0, 0]) < 1e-3 and abs(mine[0, -1] - mine[0, -2]) < 1e-2
    with pytest.raises(ValueError, match="allowed: 1 to 30"):
        fade_ends(field, 40)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: Homogeneous(0.0).potential(SOURCE, HERE), "above zero"),
        (lambda: HalfSpace(0.3).potential(-SOURCE * [1, 1, 1], HERE), "above the skin"),
        (lambda: Homogeneous(0.3).potential(HERE[0], HERE), "on the electrode"),
        (lambda: TwoLayer(0.1, 0.3, -1.0).potential(SOURCE, HERE), "above zero"),
        (lambda: TwoLayer(0.1, 0.3, 1.0, 2.0).potential(SOURCE, HERE), "tolerance"),
        (lambda: disc(0, 0, 0.0), "radius"),
        (lambda: surface_pair(0.0, separation_mm=5.0), "overlap"),
        (lambda: surface_pair(0.0, angle_deg=120.0), "angle"),
    ],
)
def test_arguments_outside_their_range_are_refused(call: object, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        call()  # type: ignore[operator]
