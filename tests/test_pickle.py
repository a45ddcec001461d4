"""Every public object crosses processes: what comes back holds the same and computes the same."""

from __future__ import annotations

import pickle
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass, replace
from functools import cache, partial
from typing import Any

import numpy as np
import pytest

import tinel as tn
from tinel.cable.drugs.drug import Drug
from tinel.cable.drugs.named import drug_named
from tinel.cable.membranes.channels import Axon
from tinel.cable.membranes.ions import IonMembrane
from tinel.cable.models import exposed, gaines, mrg, pena, sundt, sweeney, tigerholm
from tinel.cable.protocols.preparation import prepare
from tinel.cable.solvers.batch import laid_out
from tinel.cable.solvers.choice import solvers_of
from tinel.cable.solvers.compile_cache import once
from tinel.cable.solvers.condensed.compile import loop as condensed_loop
from tinel.cable.solvers.origin import origin
from tinel.cable.stimulation.site import site
from tinel.declare.find import found
from tinel.exam.limb import healthy

MEMBRANES: dict[str, Callable[[], Any]] = {
    "mrg node": mrg.membrane, "mrg axon": mrg.axon, "gaines motor": gaines.motor,
    "gaines sensory": gaines.sensory, "exposed": exposed.axon,
    "pena node": pena.membrane, "pena axon": pena.axon,
    "sundt": sundt.membrane, "sweeney": sweeney.membrane, "tigerholm": tigerholm.membrane,
    "mrg node, other numbers": lambda: mrg.membrane(PARAMETERS),
}  # fmt: skip
PARAMETERS = tn.parameters().replace({"engine.mrg.naf.density_S_per_cm2": 2.5})
FIBRES: dict[str, Callable[[], Any]] = {
    "mrg": lambda: tn.models.mrg(diameter_um=[8, 10], nodes=21),
    "mrg, other numbers": lambda: tn.models.mrg(diameter_um=10, nodes=21, parameters=PARAMETERS),
    "mrg, of the table": lambda: tn.models.mrg(diameter_um=10, nodes=21, geometry="table"),
    "mrg, injured": lambda: (
        tn.models.mrg(diameter_um=10, nodes=21)
        .demyelinate(slice(8, 12), lamellae_fraction=0.1)
        .lose_sodium(sodium_fraction=0.8)
    ),
    "mrg, bathed": lambda: tn.models.mrg(diameter_um=10, nodes=21).bathe(
        "lidocaine", concentration_uM=20
    ),
    "gaines motor": lambda: tn.models.gaines_motor(diameter_um=10, nodes=21),
    "gaines sensory, bathed": lambda: tn.models.gaines_sensory(diameter_um=10, nodes=21).bathe(
        "4-aminopyridine", concentration_uM=100
    ),
    "pena": lambda: tn.models.pena(diameter_um=3, nodes=21),
    "sweeney": lambda: tn.models.sweeney(diameter_um=10, nodes=21),
    "sundt": lambda: tn.models.sundt(diameter_um=0.8, nodes=61),
    "tigerholm": lambda: tn.models.tigerholm(diameter_um=0.8, nodes=61),
    "membrane of one's own": lambda: tn.models.myelinated(
        sweeney.membrane(), diameter_um=10, nodes=21
    ),
    "exposed": lambda: tn.models.myelinated(exposed.axon(), diameter_um=10, nodes=21).expose_kv1(
        slice(8, 12), kv1_factor=5
    ),
    "axon of one's own": lambda: tn.models.myelinated(gaines.motor(), diameter_um=10, nodes=21),
    "cable of one's own": lambda: tn.models.single_cable(
        sundt.membrane(), diameter_um=0.8, nodes=61
    ),
}
MEDIA: dict[str, Callable[[], Any]] = {
    "homogeneous": lambda: tn.media.homogeneous(0.3),
    "anisotropic": lambda: tn.media.anisotropic(0.6, 0.1),
    "half space": lambda: tn.media.half_space(0.3),
    "layered": lambda: tn.media.layered(0.04, 0.3, thickness_mm=3.0),
}
ELECTRODES: dict[str, Callable[[], Any]] = {
    "point": lambda: tn.electrodes.point(y_mm=1.0, node=10, medium=tn.media.homogeneous()),
    "disc": lambda: tn.electrodes.disc(0.0, 0.0, 5.0, medium=tn.media.half_space()),
    "bipolar": lambda: tn.electrodes.bipolar(
        tn.electrodes.point(0.0, 1.0), tn.electrodes.point(23.0, 1.0)
    ).within(tn.media.anisotropic(0.6, 0.1)),
    "surface pair": lambda: tn.electrodes.surface_pair(20.0, medium=MEDIA["layered"]()),
}
STIMULI: dict[str, Callable[[], Any]] = {
    "pulse": lambda: tn.pulse(node=1, amplitude_nA=[5.0]),
    "pulse of an electrode": lambda: tn.pulse(electrode=ELECTRODES["point"](), amplitude_mA=-1),
    "train": lambda: tn.train(count=2, frequency_Hz=1000, node=1, amplitude_nA=5),
    "alternating": lambda: tn.alternating(frequency_kHz=10, node=1, amplitude_nA=5),
    "waveform": lambda: tn.waveform([0.0, 1.0, 1.0, 0.5], 0.1, node=1, amplitude_nA=5),
}


def twins() -> Any:
    return tn.Twins(tn.Patient(age=40, sex="female", height_cm=170), range(2))


@cache
def nerve() -> Any:
    return tn.build("ulnar", side="left", twins=twins())


@cache
def lesion() -> Any:
    return tn.compression(
        nerve(), "ulnar trunk", site_mm=400.0, length_mm=30.0, pressure_mmHg=200.0, hours=6.0
    )


@cache
def course() -> Any:
    return tn.follow(nerve(), lesion(), tn.plan("wait", []))


@cache
def laboratory() -> Any:
    small = tn.build("sural", side="left", twins=twins())
    return small, tn.laboratory(small)


def _nothing(limb: Any, subject: Any, laboratory: Any) -> Any:
    return []


@cache
def result() -> Any:
    return tn.run(tn.load("examples/cut.toml"), twins=2)


FIBRE = FIBRES["mrg"]
OTHERS: dict[str, Callable[[], Any]] = {
    "response": lambda: tn.simulate(
        FIBRE(), STIMULI["pulse"](), duration_ms=1.0, keep_nodes="all",
        record=[ELECTRODES["point"]()],
    ),
    "threshold": lambda: tn.threshold(FIBRE(), tn.pulse(node=10), largest=10),
    "strength and duration": lambda: tn.protocols.strength_duration(
        FIBRE(), [0.1, 1.0], largest=10, node=10
    ),
    "recovery cycle": lambda: tn.protocols.recovery_cycle(FIBRE(), [15.0], largest=10, node=10),
    "error": lambda: tn.TinelError("-3 is out of range", "a.toml: day", "give 0 or more"),
    "patient": lambda: tn.Patient(age=40, sex="female", height_cm=165),
    "twins": twins,
    "parameters": lambda: PARAMETERS,
    "treatments": tn.treatments,
    "nerve": nerve,
    "lesion": lesion,
    "course": course,
    "state": lambda: tn.state_at(course(), 90.0),
    "laboratory": laboratory,
    "exam": lambda: tn.examine(healthy(laboratory()[0]), laboratory()[1], ["touch"]),
    "test": lambda: tn.own.Test(
        name="x", text="Made up.", subjects=tn.own.studies("motor"), examine=_nothing
    ),
    "plan": lambda: tn.plan("wait", []),
    "case": lambda: tn.load("examples/cut.toml"),
    "result": result,
}  # fmt: skip
DRUGS: dict[str, Callable[[], Any]] = {
    name: partial(drug_named, name) for name in found("tinel.cable.drugs", Drug)
}


def back(thing: Any) -> Any:
    """What another process gets."""
    return pickle.loads(pickle.dumps(thing))


def same(a: Any, b: Any) -> bool:
    """Whether two values hold the same, however deep."""
    if type(a) is not type(b):
        return False
    if isinstance(a, np.ndarray):
        nan = a.dtype.kind in "fc"
        return bool(a.dtype == b.dtype and np.array_equal(a, b, equal_nan=nan))
    if is_dataclass(a) and not isinstance(a, type):
        # what a value only remembers of its own work, such as draws made before, is no part of it
        held = [f for f in fields(a) if f.compare or not f.name.startswith("_")]
        return all(same(getattr(a, f.name), getattr(b, f.name)) for f in held)
    if isinstance(a, Mapping):
        return list(a) == list(b) and all(same(a[k], b[k]) for k in a)
    if isinstance(a, tuple | list):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, partial):
        return same((a.func, a.args, a.keywords), (b.func, b.args, b.keywords))
    if isinstance(a, BaseException):
        return same((str(a), vars(a)), (str(b), vars(b)))
    if isinstance(a, float):
        return a == b or (a != a and b != b)
    return bool(a == b)


EVERY = {**MEMBRANES, **FIBRES, **MEDIA, **ELECTRODES, **STIMULI, **DRUGS, **OTHERS}


def test_what_is_the_same() -> None:
    one = replace(mrg.membrane(), rest_mV=-79.0)
    assert same(mrg.membrane(), back(mrg.membrane())) and not same(mrg.membrane(), one)
    assert not same(np.array([1.0, np.nan]), np.array([1.0, 2.0])) and same({1: [2]}, {1: [2]})


@pytest.mark.parametrize("made", EVERY.values(), ids=EVERY)
def test_it_comes_back_as_it_was(made: Callable[[], Any]) -> None:
    one = made()
    assert same(one, back(one))


@pytest.mark.parametrize("made", MEMBRANES.values(), ids=MEMBRANES)
def test_a_membrane_is_equal_and_computes_the_same(made: Callable[[], Any]) -> None:
    one, other = made(), back(made())
    assert one == other and hash(one) == hash(other)
    kinds = zip(one.kinds, other.kinds, strict=True) if isinstance(one, Axon) else [(one, other)]
    v = np.linspace(-120.0, 80.0, 41)
    for a, b in kinds:
        for x, y in zip(a.rates(v, 33.0), b.rates(v, 33.0), strict=True):
            assert np.array_equal(x, y)
        if isinstance(a, IonMembrane):
            continue
        for x, y in zip(a.steady(v, 33.0), b.steady(v, 33.0), strict=True):
            assert np.array_equal(x, y)


@pytest.mark.parametrize("made", FIBRES.values(), ids=FIBRES)
def test_a_fibre_and_its_preparation_run_the_same(made: Callable[[], Any]) -> None:
    """To the last bit."""
    fibre, push = made(), STIMULI["pulse"]()
    for solver in solvers_of(fibre):
        batch = laid_out(fibre, solver, 37.0)
        assert same(batch, back(batch))
    runs = [
        tn.simulate(f, p, duration_ms=0.4, keep_nodes="all")
        for f, p in ((fibre, push), (back(fibre), back(push)))
    ]
    one, other = (replace(run, stats=None) for run in runs)
    assert same(one, other)
    ready = prepare(fibre, site(node=10))
    assert same(ready, back(ready))


@pytest.mark.parametrize("name", STIMULI)
def test_a_stimulus_is_the_same_in_every_medium(name: str) -> None:
    fibre = FIBRE()
    for medium in MEDIA.values():
        stimulus = STIMULI[name]()
        beside = tn.pulse(
            electrode=tn.electrodes.point(y_mm=1.0, z_mm=5.0, node=10, medium=medium()),
            amplitude_mA=-1,
        )
        one, other = (
            tn.simulate(fibre, pair, duration_ms=0.3, keep_nodes=[10]).v_mV
            for pair in ([stimulus, beside], back([stimulus, beside]))
        )
        assert np.array_equal(one, other)


def test_what_came_back_uses_the_code_of_its_equal_and_no_other() -> None:
    """Equal membranes share one loop; a membrane that differs in one number has one of its own."""
    build = once(lambda membrane: object())
    node = mrg.membrane()
    assert build(node) is build(back(node))
    differing = mrg.membrane(PARAMETERS)
    assert build(node) is not build(differing) and build(differing) is build(back(differing))
    assert condensed_loop(node, "float32", 3) is condensed_loop(back(node), "float32", 3)


def test_another_process_names_its_code_alike() -> None:
    """The kept machine code of a loop is found by a process that was sent the membrane."""
    code = (
        "import pickle, sys\n"
        "from tinel.cable.solvers.condensed.compile import loop\n"
        "from tinel.cable.solvers.origin import origin\n"
        "print(origin(loop(pickle.load(sys.stdin.buffer), 'float32', 3)))"
    )
    for membrane in (mrg.membrane(), mrg.membrane(PARAMETERS)):
        done = subprocess.run(
            [sys.executable, "-c", code], input=pickle.dumps(membrane), capture_output=True,
            check=True,
        )  # fmt: skip
        assert done.stdout.decode().strip() == origin(condensed_loop(membrane, "float32", 3))
