"""The public names: what they are, that they stay, and that each explains itself."""

from __future__ import annotations

import doctest
import inspect
import pickle
import subprocess
import sys
from types import ModuleType

import numpy as np
import pytest

import tinel as tn

NAMES = [
    "Case",
    "Patient",
    "Result",
    "TinelError",
    "Twins",
    "alternating",
    "build",
    "compression",
    "constriction",
    "electrodes",
    "evidence",
    "examine",
    "follow",
    "laboratory",
    "laceration",
    "load",
    "media",
    "models",
    "nerves",
    "own",
    "parameters",
    "plan",
    "protocols",
    "pulse",
    "run",
    "simulate",
    "state_at",
    "threshold",
    "traction",
    "train",
    "treatments",
    "waveform",
]


def test_the_public_names_are_these() -> None:
    assert dir(tn) == NAMES
    assert sorted(tn.__all__) == sorted(tn._MADE_IN) == NAMES


def everything_public() -> list[tuple[str, object]]:
    found: list[tuple[str, object]] = []
    for name in NAMES:
        thing = getattr(tn, name)
        found.append((name, thing))
        if isinstance(thing, ModuleType):
            found += [(f"{name}.{n}", getattr(thing, n)) for n in thing.__all__]
    return found


@pytest.mark.parametrize(
    ("name", "thing"), everything_public(), ids=lambda x: x if isinstance(x, str) else ""
)
def test_a_public_name_has_a_docstring_with_an_example(name: str, thing: object) -> None:
    if not (inspect.isclass(thing) or inspect.isroutine(thing) or inspect.ismodule(thing)):
        return  # a constant is described where it is made
    text = inspect.getdoc(thing) or ""
    assert text, f"{name} has no docstring"
    assert doctest.DocTestParser().get_examples(text), f"{name} has no example"
    if inspect.isroutine(thing) and "TinelError" in inspect.getsource(thing):
        assert "Raises:" in text, f"{name} does not say what it refuses"


def test_a_wrong_name_suggests_the_right_one() -> None:
    with pytest.raises(AttributeError, match="did you mean 'simulate'"):
        tn.simulat  # noqa: B018


def test_importing_loads_nothing_heavy() -> None:
    code = "import sys, tinel; print(sorted(m for m in sys.modules if m.split('.')[0] in {!r}))"
    heavy = (
        "numpy",
        "scipy",
        "numba",
        "pandas",
        "xarray",
        "matplotlib",
        "pydantic",
        "jax",
        "typer",
    )
    done = subprocess.run(
        [sys.executable, "-c", code.format(heavy)], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_errors_are_one_family() -> None:
    assert issubclass(tn.TinelError, ValueError)
    error = tn.TinelError("-3 days is out of range", "a.toml: exam[1].days", "give 0 or more")
    again = pickle.loads(pickle.dumps(error))
    assert (str(again), again.where, again.advice) == (str(error), error.where, error.advice)


def test_the_first_journey_as_it_is_written() -> None:
    fibre = tn.models.mrg(diameter_um=10, nodes=31).demyelinate(
        internodes=slice(8, 16), lamellae_fraction=0.05
    )
    run = tn.simulate(
        fibre, tn.pulse(node=1, amplitude_nA=5, start_ms=0.1, width_ms=0.1), duration_ms=4
    )
    run.plot()
    data = run.to_xarray()
    assert np.isfinite(data["spike_ms"]).all()
    assert 0 < float(run.velocity_m_per_s()[0]) < 50  # a healthy fibre of this calibre: 57 m/s


@pytest.mark.parametrize(
    "thing",
    [
        lambda: tn.Patient(age=40, sex="female", height_cm=165),
        lambda: tn.parameters().replace({"course.growth.rate": 2.0}),
        lambda: tn.load("examples/cut.toml"),
        lambda: tn.models.gaines_motor(diameter_um=[8, 10], nodes=21).demyelinate(
            slice(3, 5), lamellae_fraction=0.1
        ),
        lambda: tn.models.tigerholm(diameter_um=1.0, nodes=50),
        lambda: tn.pulse(node=1, amplitude_nA=5),
        lambda: tn.electrodes.point(x_mm=0, y_mm=1, z_mm=0).within(tn.media.homogeneous()),
        lambda: tn.treatments(),
    ],
    ids=["patient", "parameters", "case", "fibre", "C fibre", "pulse", "electrode", "treatments"],
)  # fmt: skip
def test_public_objects_can_be_sent_to_workers(thing: object) -> None:
    made = thing()  # type: ignore[operator]
    again = pickle.loads(pickle.dumps(made))
    assert type(again) is type(made)
