"""Misuse of the engine's functions: each kind is refused, and the message says what is allowed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tinel.cable.fibres.compartments import Compartments, compartments
from tinel.cable.fibres.double_cable import Geometry
from tinel.cable.fibres.injury import Injury
from tinel.cable.fibres.internode import Sheath, elements, healthy
from tinel.cable.fibres.single_cable import Cable, cylinder
from tinel.cable.models import build as models
from tinel.cable.models import gaines, mrg, sundt
from tinel.cable.protocols.preparation import Preparation
from tinel.cable.protocols.strength import strength_duration
from tinel.cable.protocols.threshold import block_threshold, threshold
from tinel.cable.simulate import simulate
from tinel.cable.solvers.batch import Condensed
from tinel.cable.solvers.condensed.run import simulate_condensed
from tinel.cable.solvers.full.checkpoint import marks
from tinel.cable.solvers.full.run import run_until, simulate_full
from tinel.cable.stimulation.drive import Drive
from tinel.cable.stimulation.field import fade_ends, from_table
from tinel.cable.stimulation.medium import homogeneous
from tinel.cable.stimulation.stimulus import alternating, pulse, train, waveform
from tinel.cable.stimulation.waveform import alternating_samples, pulse_samples
from tinel.errors import TinelError

NAN, INF = float("nan"), float("inf")
ONE = np.ones(2)
FIBRE = models.mrg(diameter_um=10, nodes=21)
FIELD = np.linspace(0.0, 100.0, 221)[None]
PULSE = pulse(node=10, amplitude_nA=1)
WAVE = pulse_samples(0.5, 0.01, 0.1, 0.1)


def sizes(**changed: Any) -> Geometry:
    g = mrg.geometry(np.array([8.0, 10.0]))
    return Geometry({**g.sizes, **changed}, g.cable)


def into_first(nodes: int) -> np.ndarray:
    current = np.zeros((1, nodes))
    current[0, 0] = 5.0
    return current


def condensed(internodes: int, nodes: int) -> Any:
    whole = np.ones((1, internodes))
    fibre = elements(mrg.geometry(np.array([10.0])), Sheath(whole, whole))
    return simulate_condensed(fibre, nodes, Drive(WAVE, into_first(nodes)), dt_ms=0.01)


def prepared(watched: Any) -> Preparation:
    fibre = elements(mrg.geometry(np.array([10.0])), healthy(1))
    laid = Condensed(fibre, 21, 37.0, mrg.membrane())
    return Preparation(laid, watched, current_nA=into_first(21))


MISUSES: dict[str, Callable[[], Any]] = {
    # fields
    "fade_ends over -1 internodes": lambda: fade_ends(FIELD, -1),
    "fade_ends over none": lambda: fade_ends(FIELD, 0),
    "fade_ends over a half": lambda: fade_ends(FIELD, 1.5),  # type: ignore[arg-type]
    "fade_ends over True": lambda: fade_ends(FIELD, True),
    "fade_ends over more than there are": lambda: fade_ends(FIELD, 11),
    "fade_ends of nan": lambda: fade_ends(FIELD * NAN),
    "fade_ends of one axis": lambda: fade_ends(FIELD[0]),
    "table with nan positions": lambda: from_table(
        np.array([0.0, NAN, 200.0, 300.0]), np.ones(4), np.array([[50.0]])
    ),
    "table read at nan": lambda: from_table(np.arange(4.0), np.ones(4), np.array([[NAN, 1.0]])),
    "medium of nan": lambda: homogeneous(NAN),
    # a cable made by hand
    "cylinder nan long": lambda: cylinder(1.0, NAN, 100.0, 1.0),  # type: ignore[arg-type]
    "cylinder with one nan of two": lambda: cylinder(np.array([1.0, NAN]), 8.0, 100.0, 1.0),
    "cylinder without end": lambda: cylinder(ONE, INF, 100.0, 1.0),
    "cylinder of nan ohm cm": lambda: cylinder(ONE, 8.0, NAN, 1.0),
    "cylinder of words": lambda: cylinder(ONE, "long", 100.0, 1.0),  # type: ignore[arg-type]
    "sundt of nan um": lambda: sundt.fibre(np.array([0.8, NAN])),
    "cable of negative area": lambda: Cable(-ONE, ONE, ONE, ONE, ONE),
    "cable without capacitance": lambda: Cable(ONE, 0 * ONE, ONE, ONE, ONE),
    "cable of nan conductance": lambda: Cable(ONE, ONE, NAN * ONE, ONE, ONE),
    "cable of two axes": lambda: Cable(ONE, ONE, ONE, np.ones((2, 1)), ONE),
    "cable of unequal lengths": lambda: Cable(ONE, ONE, ONE, ONE, np.ones(3)),
    "cable of scalars": lambda: Cable(*np.ones(5)),
    # geometry
    "geometry of unequal lengths": lambda: sizes(axon=np.ones(3)),
    "geometry of two axes": lambda: sizes(fibre=np.ones((2, 1))),
    "geometry without an axon": lambda: Geometry({"fibre": ONE}, mrg.double_cable()),
    "axon thicker than its fibre": lambda: elements(sizes(axon=np.array([5.0, 10.5])), healthy(2)),
    "the same, every compartment": lambda: compartments(
        sizes(axon=np.array([5.0, 10.5])), 5, mrg.AXON
    ),
    "node thicker than its fibre": lambda: elements(sizes(node=np.array([9.0, 3.0])), healthy(2)),
    "nan lamellae": lambda: compartments(sizes(lamellae=np.array([NAN, 90.0])), 5, mrg.AXON),
    "nan spacing": lambda: compartments(sizes(spacing=np.array([NAN, 900.0])), 5, mrg.AXON),
    "spacing without room": lambda: compartments(sizes(spacing=ONE), 5, mrg.AXON),
    # places
    "more internodes than nodes need": lambda: condensed(25, 21),
    "fewer internodes than nodes need": lambda: condensed(15, 21),
    "injury of more internodes": lambda: compartments(
        mrg.geometry(np.array([10.0])), 5, mrg.AXON, Injury(gap_factor=np.ones((1, 7)))
    ),
    "injury of more fibres": lambda: compartments(
        mrg.geometry(np.array([10.0])), 5, mrg.AXON, Injury(sodium_factor=np.ones((3, 5)))
    ),
    "passive ends of two nodes": lambda: compartments(
        mrg.geometry(np.array([10.0])), 2, mrg.AXON, Injury(passive_ends=True)
    ),
    "silent ends of two nodes": lambda: models.mrg(diameter_um=10, nodes=2).silence_ends(),
    "silent ends cut to two nodes": lambda: FIBRE.silence_ends().first_nodes(2),
    "watching node -1": lambda: threshold(FIBRE, PULSE, largest=10, watch=-1),
    "watching node 21": lambda: threshold(FIBRE, PULSE, largest=10, watch=21),
    "watching half a node": lambda: threshold(FIBRE, PULSE, largest=10, watch=17.5),  # type: ignore[arg-type]
    "watching True": lambda: threshold(FIBRE, PULSE, largest=10, watch=True),
    "a preparation that watches -1": lambda: prepared(-1),
    "a preparation that watches 21": lambda: prepared(21),
    "keeping node -1": lambda: simulate(FIBRE, PULSE, duration_ms=1, keep_nodes=[-1]),
    "into node 21": lambda: simulate(FIBRE, pulse(node=21), duration_ms=1),
    # time
    "pulse without end": lambda: pulse(node=1, width_ms=INF),
    "pulse of nan": lambda: pulse(node=1, width_ms=NAN),
    "pulse from nan on": lambda: pulse(node=1, start_ms=NAN),
    "samples of a pulse without end": lambda: pulse_samples(1.0, 0.01, 0.1, INF),
    "samples without end": lambda: pulse_samples(INF, 0.01, 0.1, 0.1),
    "alternating from nan on": lambda: alternating_samples(1.0, 0.005, NAN, 10.0),
    "train of nan Hz": lambda: train(count=2, frequency_Hz=NAN, node=1),
    "waveform with nan": lambda: waveform([0.0, NAN], 0.01, node=1),
    "a step of nan": lambda: simulate(FIBRE, PULSE, duration_ms=1, dt_ms=NAN),
    "a duration of nan": lambda: simulate(FIBRE, PULSE, duration_ms=NAN),
    "no duration": lambda: simulate(FIBRE, PULSE, duration_ms=0),
    "widths of nan": lambda: strength_duration(FIBRE, [NAN, 1.0], largest=10, node=10),
    # searches
    "largest of nan": lambda: threshold(FIBRE, PULSE, largest=NAN),
    "largest without end": lambda: threshold(FIBRE, PULSE, largest=INF),
    "largest below 0": lambda: threshold(FIBRE, PULSE, largest=-1),
    "a coarse tolerance": lambda: threshold(FIBRE, PULSE, largest=10, tolerance=0.5),
    "a tolerance of nan": lambda: threshold(FIBRE, PULSE, largest=10, tolerance=NAN),
    "block up to nan": lambda: block_threshold(
        FIBRE, alternating(frequency_kHz=10, node=5), PULSE, largest=NAN, since_ms=1, duration_ms=2
    ),
}  # fmt: skip


@pytest.mark.parametrize("misuse", MISUSES)
def test_misuse_is_refused(misuse: str) -> None:
    with pytest.raises(TinelError, match=r"allowed|needed"):
        MISUSES[misuse]()


def hurt(**injury: Any) -> Compartments:
    return compartments(gaines.geometry(np.array([10.0])), 11, gaines.MOTOR, Injury(**injury))


def at(place: int, value: float, places: int = 11) -> np.ndarray:
    found = np.ones((1, places))
    found[0, place] = value
    return found


OTHERS: dict[str, Callable[[], Compartments]] = {
    "the same injury at another place": lambda: hurt(sodium_factor=at(8, 0.0)),
    "a little less sodium": lambda: hurt(sodium_factor=at(3, 1e-6)),
    "a wider gap": lambda: hurt(sodium_factor=at(3, 0.0), gap_factor=at(4, 2.0, 10)),
    "an open end": lambda: hurt(
        sodium_factor=at(3, 0.0), end_leak_uS=np.array([[0.0, 0.01]])
    ),
    "another place, another temperature": lambda: replace(
        hurt(sodium_factor=at(3, 0.0)),
        temperature_C=np.where(np.arange(111)[None] == 50, 37.1, 37.0),
    ),
    "another membrane of the same name": lambda: replace(
        hurt(sodium_factor=at(3, 0.0)),
        axon=replace(gaines.MOTOR, node=replace(gaines.MOTOR.node, reversal_mV=tuple(
            e + 0.1 for e in gaines.MOTOR.node.reversal_mV
        ))),
    ),
}  # fmt: skip


@pytest.mark.parametrize("other", OTHERS)
def test_a_checkpoint_of_another_fibre_is_refused(other: str) -> None:
    push = Drive(WAVE, into_first(11))
    reached, _ = run_until(hurt(sodium_factor=at(3, 0.0)), push, 0.25, dt_ms=0.01)
    with pytest.raises(TinelError, match="checkpoint of other fibres"):
        simulate_full(OTHERS[other](), push, dt_ms=0.01, start=reached)


def test_a_fingerprint_does_not_depend_on_the_batch() -> None:
    diameters = np.linspace(6.0, 15.0, 13)
    batch = compartments(gaines.geometry(diameters), 5, gaines.MOTOR)
    alone = [
        marks(compartments(gaines.geometry(diameters[k : k + 1]), 5, gaines.MOTOR))[0]
        for k in range(13)
    ]
    assert marks(batch).tolist() == alone
    assert len(set(alone)) == 13
