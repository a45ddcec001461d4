"""Thin myelinated fibres (Peña 2024): against the reference, and what nerves conduct.

``test_reference`` holds them to NEURON.
"""

from __future__ import annotations

import numpy as np
import pytest

from tinel.cable.fibres.compartments import compartments
from tinel.cable.fibres.internode import elements, healthy
from tinel.cable.models import mrg, pena
from tinel.cable.solvers.condensed.run import simulate_condensed as simulate
from tinel.cable.solvers.full.run import simulate_full
from tinel.cable.solvers.reference import double_cable as reference
from tinel.cable.stimulation.drive import Drive as Stimulus
from tinel.cable.stimulation.waveform import pulse_samples as pulse

NODES, FIRST, LAST = 21, 5, 12
BOYD_KALU_m_per_s_per_um = 4.6  # cat, groups II and III (Boyd and Kalu 1979, J Physiol 289:277-297)


def push() -> np.ndarray:
    current = np.zeros((1, NODES))
    current[0, 1] = 5.0
    return current


def velocity(spike_ms: np.ndarray, spacing_um: np.ndarray) -> np.ndarray:
    return (LAST - FIRST) * spacing_um * 1e-3 / (spike_ms[..., LAST] - spike_ms[..., FIRST])


def thin(diameter_um: np.ndarray) -> np.ndarray:
    e = elements(pena.geometry(diameter_um), healthy(len(diameter_um)))
    stimulus = Stimulus(pulse(5.0, 0.005, 0.1, 0.1), push())
    return velocity(simulate(e, NODES, stimulus, membrane=pena.MEMBRANE).spike_ms, e.spacing_um)


@pytest.mark.parametrize("diameter", [1.011, 5.7])
def test_both_ends_of_the_range_are_allowed(diameter: float) -> None:
    geometry = pena.geometry(np.array([diameter]))
    assert all(np.all(a > 0) for a in geometry.values())
    assert geometry.cable.stin_um(geometry["spacing"], geometry["flut"])[0] > 0


@pytest.mark.parametrize("diameter", [1.0, 1.0109, 5.701, 16.0, np.nan, np.inf])
def test_other_diameters_are_refused(diameter: float) -> None:
    with pytest.raises(ValueError, match=r"1\.011 to 5\.7 um"):
        pena.geometry(np.array([3.0, diameter]))


def test_at_the_end_of_the_range_the_internode_has_no_more_room() -> None:
    """Why the range starts at 1.011 um and not at 1."""
    thinnest = pena.constants()["diameter.thinnest_um"]
    d = np.array([thinnest, thinnest + 0.01])
    g = pena.geometry(d)
    room = 6 * g.cable.stin_um(g["spacing"], g["flut"])
    gone = d[0] - room[0] * (d[1] - d[0]) / (room[1] - room[0])
    print(f"{room[0]:.3f} um left at {d[0]} um, nothing at {gone:.4f} um")
    assert room[0] > 0 and 1.0 < gone < thinnest


@pytest.mark.parametrize("diameter", [1.5, 3.0, 5.7])
def test_velocity_against_the_converged_reference(diameter: float) -> None:
    fine = 0.0005
    e = elements(pena.geometry(np.array([diameter])), healthy(1))
    truth = reference.run(
        e, 0, NODES, duration_ms=1.5, dt_ms=fine, theta=0.5, current_nA=push()[0],
        waveform=pulse(1.5, fine, 0.1, 0.1), membrane=pena.MEMBRANE,
    )  # fmt: skip
    crossed = []
    for node in (FIRST, LAST):
        v = truth.v_mV[:, node]
        k = np.flatnonzero((v[1:] >= -30) & (v[:-1] < -30))[0]
        crossed.append((k + (-30 - v[k]) / (v[k + 1] - v[k])) * fine)
    true = (LAST - FIRST) * e.spacing_um[0] * 1e-3 / (crossed[1] - crossed[0])
    mine = thin(np.array([diameter]))[0]
    print(f"{diameter} um: {mine:.3f} m/s, reference {true:.3f} ({100 * (mine / true - 1):+.2f} %)")
    assert abs(mine / true - 1) < 0.005


def test_every_compartment_kept_gives_the_same_velocity() -> None:
    d = np.array([1.5, 2.0, 3.0, 4.0, 5.7])
    geometry = pena.geometry(d)
    c = compartments(geometry, NODES, pena.AXON)
    stimulus = Stimulus(pulse(5.0, 0.005, 0.1, 0.1), push())
    full = velocity(simulate_full(c, stimulus).spike_ms, geometry["spacing"])
    off = full / thin(d) - 1
    print("full against condensed:", ", ".join(f"{x:+.2%}" for x in off))
    assert np.abs(off).max() < 0.005


@pytest.mark.truth
def test_small_pain_fibres_conduct_as_in_people() -> None:
    """9 m/s in forearm and lower leg by laser ("Estimation of conduction velocity of A delta fibers
    in humans", Muscle Nerve 1991): a fibre of their calibre, 1 to 5 um, has to conduct so."""
    d = np.linspace(1.2, 5.7, 40)
    v = thin(d)
    assert np.all(np.diff(v) > 0)
    diameter = float(np.interp(9.0, v, d))
    print(f"9 m/s: a fibre of {diameter:.2f} um; 1.2 to 5.7 um conduct {v[0]:.1f} to {v[-1]:.1f}")
    assert 1.0 < diameter < 5.0


@pytest.mark.truth
@pytest.mark.xfail(strict=True, reason="3.49 m/s per um at 4 um; cats' small fibres had 4.6")
def test_velocity_per_diameter_as_in_cats() -> None:
    mine = thin(np.array([4.0]))[0] / 4.0
    print(f"4 um: {mine:.2f} m/s/um, published {BOYD_KALU_m_per_s_per_um}")
    assert abs(mine / BOYD_KALU_m_per_s_per_um - 1) < 0.1


def test_how_far_the_forms_are_apart_at_5p7_um() -> None:
    """The thin form does not run into the others; a population that uses both has a step there."""
    d = np.array([5.7])
    forms = {
        "thin": (pena.geometry(d), pena.MEMBRANE),
        "interpolated": (mrg.geometry(d), mrg.MEMBRANE),
        "table": (mrg.table_geometry(d), mrg.MEMBRANE),
    }
    speeds = {}
    for name, (geometry, membrane) in forms.items():
        e = elements(geometry, healthy(1))
        stimulus = Stimulus(pulse(2.0, 0.005, 0.1, 0.1), push())
        speeds[name] = velocity(
            simulate(e, NODES, stimulus, membrane=membrane).spike_ms, e.spacing_um
        )[0]
        sizes = ", ".join(f"{k} {a[0]:.2f}" for k, a in geometry.items() if k != "fibre")
        print(f"{name}: {speeds[name]:.2f} m/s; {sizes}")
    step = speeds["interpolated"] / speeds["thin"] - 1
    print(f"from thin to interpolated at 5.7 um: velocity {step:+.1%}")
    assert 0.2 < step < 0.3
