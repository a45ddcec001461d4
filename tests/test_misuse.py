"""Misuse of functions: each kind is refused, and the message says what is allowed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TypedDict, Unpack

import numpy as np
import pytest
from numpy.typing import ArrayLike

import tinel as tn
from tests.people import some
from tinel import progress
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
from tinel.declare.kinds import check_kind, takes_only_its_kinds
from tinel.errors import TinelError
from tinel.exam import limb
from tinel.exam.laboratory import Laboratory

ROOT = Path(__file__).parents[1]
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
    "cylinder of lists of two lengths": lambda: cylinder([[1.0], [1, 2]], 8.0, 100.0, 1.0),  # type: ignore[arg-type]
    "cylinder of two diameters and three lengths": lambda: cylinder(
        np.ones(2), np.ones(3), 100.0, 1.0
    ),
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


# ---- arguments of another kind than the signature names


def calls() -> dict[str, tuple[Callable[..., Any], dict[str, Any]]]:
    """Public functions and types with arguments that are right."""
    people = some(range(2))
    nerve = tn.build("ulnar", side="left", twins=people)
    cut = tn.laceration(nerve, "ulnar trunk", site_mm=600.0, fraction=0.5)
    plan = tn.plan("wait", [])
    place = {"nerve": nerve, "branch": "ulnar trunk", "site_mm": 400.0, "length_mm": 20.0}
    case = ROOT / "examples/cut.toml"
    laboratory = Laboratory(33.0, None)  # type: ignore[arg-type]
    return {
        "Patient": (tn.Patient, {"age": 40, "sex": "female", "height_cm": 165,
                                 "limb_temperature_c": 32.0}),
        "Twins": (tn.Twins, {"patient": people.patient, "numbers": range(2), "seed": 1,
                             "parameters": tn.parameters()}),
        "build": (tn.build, {"nerve": "ulnar", "side": "left", "twins": people}),
        "laceration": (tn.laceration, {**place, "fraction": 0.5, "from_degrees": 0.0}),
        "compression": (tn.compression, {**place, "pressure_mmHg": 200.0, "hours": 2.0}),
        "constriction": (tn.constriction, {**place, "pressure_mmHg": 50.0, "onset_d": 10.0}),
        "traction": (tn.traction, {**place, "strain_percent": 10.0}),
        "plan": (tn.plan, {"name": "a", "steps": [], "parameters": None, "files": ()}),
        "follow": (tn.follow, {"nerve": nerve, "lesion": cut, "plan": plan}),
        "state_at": (tn.state_at, {"course": tn.follow(nerve, cut, plan), "day": 3.0}),
        "laboratory": (tn.laboratory, {"nerve": nerve, "temperature_C": 33.0, "files": ()}),
        "examine": (tn.examine, {"limb": limb.healthy(nerve), "laboratory": laboratory,
                                 "tests": ["touch"]}),
        "load": (tn.load, {"path": case, "files": ()}),
        "run": (tn.run, {"cases": tn.load(case), "seed": 1, "twins": 1, "workers": 1,
                         "progress": progress.silent, "keep": False}),
        "treatments": (tn.treatments, {"files": ()}),
        "number": (tn.parameters().number, {"key": "course.growth.rate"}),
        "replace": (tn.parameters().replace, {"values": {}}),
    }  # fmt: skip


CALLS = calls()
NEVER = [object(), 1j, type, b"x", np.array("x"), slice(0, 2), [object()], {1: 2}.items()]
PLAIN = [5, -1, 2.5, NAN, 10**400, "x", "", "\0", None, True, [1], [[1], [1, 2]], {}, {"a": 1}]
COSTLY = {"laboratory", "run", "examine"}  # where a value is allowed, seconds are computed


@pytest.mark.parametrize(
    ("name", "argument"), [(name, argument) for name in CALLS for argument in CALLS[name][1]]
)
def test_an_argument_of_another_kind_is_refused(name: str, argument: str) -> None:
    function, right = CALLS[name]
    for wrong in NEVER:
        with pytest.raises(TinelError) as caught:
            function(**{**right, argument: wrong})
        assert len(str(caught.value)) < 600
    tried = PLAIN if name not in COSTLY else ["x", b"", {"a": 1}]
    tried = (
        tried if name in COSTLY else [*tried, *(v for f, r in CALLS.values() for v in r.values())]
    )
    for wrong in tried:
        try:
            function(**{**right, argument: wrong})
        except TinelError as problem:
            assert len(str(problem)) < 600


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (5, "nerve is 5 (allowed: a text or a path)"),
        (None, "nerve is None (allowed: a text or a path)"),
        ([1], "nerve is [1] (allowed: a text or a path)"),
        (np.ones(3), "nerve is a ndarray (allowed: a text or a path)"),
    ],
)
def test_another_kind_is_named_with_what_is_allowed(wrong: Any, told: str) -> None:
    with pytest.raises(TinelError) as caught:
        tn.build(wrong, side="left", twins=some())
    assert str(caught.value) == told
    with pytest.raises(TinelError, match=r"twins is 5 \(allowed: a Twins\)"):
        tn.build("ulnar", side="left", twins=5)  # type: ignore[arg-type]
    with pytest.raises(
        TinelError, match=r"cases is \[5\] \(allowed: a Case or a list, each a Case"
    ):
        tn.run([5])  # type: ignore[list-item]
    with pytest.raises(TinelError, match=r"workers is 0 \(allowed: 1 or more\)"):
        tn.run(CALLS["run"][1]["cases"], workers=0)


class Ways(TypedDict, total=False):
    """Words of a keyword table."""

    width_ms: float
    nodes: Sequence[int]


def test_words_of_a_keyword_table_have_kinds_too() -> None:
    @takes_only_its_kinds
    def walk(along: Callable[[float], float] | None = None, **how: Unpack[Ways]) -> int:
        return len(how)

    assert walk(abs, width_ms=1, nodes=[1, 2]) == walk(None, nodes=range(3), width_ms=0.1) == 2
    for wrong in ({"width_ms": "x"}, {"nodes": 5}, {"nodes": ["a"]}, {"along": 3}):
        with pytest.raises(TinelError, match="allowed: a"):
            walk(**wrong)  # type: ignore[arg-type]


def test_numbers_of_any_library_are_numbers() -> None:
    for one in (2, 2.0, np.int8(2), np.float32(2), np.array(2.0)):
        check_kind("day", one, float)
    for many in ([1, 2], (1.0,), np.arange(3), 3, np.float64(3), [True], range(3)):
        check_kind("days", many, ArrayLike)
    for texts in (["touch"], ("touch",), np.array(["touch"]), [], {"touch": 1}.keys()):
        check_kind("tests", texts, Sequence[str])
    with pytest.raises(TypeError, match="missing"):
        tn.build("ulnar")  # type: ignore[call-arg]


@pytest.mark.parametrize("wrong", ["x", None, True, 1j, 10**400, [1.0], np.bool_(True)])
def test_one_wrong_entry_of_a_long_list_is_found(wrong: object) -> None:
    for one in (1, 1.0, np.float64(1)):
        check_kind("days", [one] * 10_000, Sequence[float])
        with pytest.raises(TinelError, match="allowed: a list, each a number"):
            check_kind("days", [one] * 10_000 + [wrong], Sequence[float])
    check_kind("nodes", [1] * 100 + [np.int8(1), 10**400], Sequence[int])
    for array in (np.ones(3), np.ones((2, 2), int), np.array([True]), np.array([1, "x"], object)):
        with pytest.raises(TinelError, match="allowed: a list, each a whole number"):
            check_kind("nodes", array, Sequence[int])
    check_kind("nodes", np.array([1, 2], object), Sequence[int])
