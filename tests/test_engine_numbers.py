"""The engine's numbers: in the evidence, changeable, and the same code for the same values."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.people import some
from tinel.cable.conduction.dipole import dipole
from tinel.cable.conduction.table import conduction
from tinel.cable.drugs.drug import Drug
from tinel.cable.fibres.compartments import compartments
from tinel.cable.fibres.internode import elements, healthy
from tinel.cable.membranes.constants import Constants
from tinel.cable.membranes.ions import IonMembrane
from tinel.cable.membranes.membrane import Membrane
from tinel.cable.membranes.operations import on_arrays
from tinel.cable.models import build as models
from tinel.cable.models import gaines, mrg, pena, sundt, sweeney, tigerholm
from tinel.cable.simulate import simulate
from tinel.cable.stimulation.stimulus import pulse
from tinel.cli import main
from tinel.declare.find import found
from tinel.errors import TinelError
from tinel.evidence import Parameters
from tinel.exam.laboratory import set_up
from tinel.exam.limb import healthy as healthy_limb
from tinel.nerve import build

PUBLISHED = Parameters.of_evidence()
ROOT = Path(__file__).parents[1]
MODELS = "tinel.cable.models"


def test_equal_values_give_the_very_same_membrane() -> None:
    again = PUBLISHED.replace({"engine.mrg.naf.density_S_per_cm2": 3.0})
    assert mrg.membrane() is mrg.membrane(PUBLISHED) is mrg.membrane(again) is mrg.MEMBRANE
    assert tigerholm.membrane() is tigerholm.membrane(PUBLISHED)
    assert gaines.motor() is gaines.motor(PUBLISHED)


def test_what_was_used_is_noted() -> None:
    used = Parameters.of_evidence()
    mrg.membrane(used)
    assert "engine.mrg.gate.m_open.half_mV" in used.read
    assert not any(key.startswith("engine.gaines") for key in used.read)


def test_a_number_that_differs_between_twins_is_refused() -> None:
    both = PUBLISHED.replace({"engine.mrg.naf.density_S_per_cm2": np.array([2.5, 3.0])})
    with pytest.raises(TinelError, match="cannot differ between twins"):
        mrg.membrane(both)


def made_of(parameters: Parameters, model: str) -> list[np.ndarray]:
    """Everything that the numbers of a model go into, at two potentials and temperatures."""
    v, found = np.linspace(-120.3, 60.4, 200), []

    def of_membrane(m: Membrane | IonMembrane) -> None:
        for temperature in (37.0, 32.0):
            found.extend(m.rates(v, temperature))
        found.append(np.array([m.rest_mV]))
        if isinstance(m, IonMembrane):
            found.extend(np.array([c.sodium, c.potassium]) for c in m.channels)
            found.append(np.array([*m.inside_mM, *m.outside_mM, m.shell_um, m.exchange_um_per_ms]))
            found.extend(np.ravel(x) for x in m.pump(on_arrays(np))(np.array([11.0]), 6.0))
            gates = np.random.default_rng(1).uniform(size=(len(m.gates), 4))
            found.extend(np.ravel(x) for x in m.conductance(gates))
        else:
            found.append(np.array([*m.density_S_per_cm2, *m.reversal_mV]))

    d = np.array([5.7, 10.0, 16.0])
    if model in ("mrg", "pena"):
        module = {"mrg": mrg, "pena": pena}[model]
        of_membrane(module.membrane(parameters))
        thin = np.linspace(1.1, 5.7, 40)
        shape = module.geometry(thin if model == "pena" else thin + 2.0, parameters)
        found.extend(shape.values())
        found.append(np.array(list(vars(shape.cable).values())))
        if model == "mrg":
            found.extend(mrg.table_geometry(mrg._table(parameters)[:, 0], parameters).values())
    elif model == "gaines":
        for axon in (gaines.motor(parameters), gaines.sensory(parameters)):
            for kind in axon.kinds:
                of_membrane(kind)
        found.extend(gaines.geometry(d, parameters).values())
    else:
        module = {"sundt": sundt, "sweeney": sweeney, "tigerholm": tigerholm}[model]
        of_membrane(module.membrane(parameters))
        found.extend(vars(module.fibre(d, parameters=parameters)).values())
    return found


RANGES = {
    "diameter.thinnest_um",
    "diameter.thickest_um",
    "diameter.long_spacing_from_um",
}  # they bound what is allowed
KEYS = {
    model: [
        key
        for key, value in Constants.of(f"engine.{model}").items
        if key not in RANGES and value != 0
    ]
    for model in ("mrg", "pena", "gaines", "sundt", "sweeney", "tigerholm")
}


@pytest.mark.parametrize("model", KEYS)
def test_every_number_of_a_model_changes_something(model: str) -> None:
    before = made_of(PUBLISHED, model)
    idle = []
    for key in KEYS[model]:
        value = PUBLISHED.number(f"engine.{model}.{key}").value
        after = made_of(PUBLISHED.replace({f"engine.{model}.{key}": value * 1.07}), model)
        if all(np.array_equal(a, b) for a, b in zip(before, after, strict=True)):
            idle.append(key)
    assert idle == []


def test_a_changed_density_changes_both_kinds_of_run() -> None:
    less = PUBLISHED.replace({"engine.mrg.naf.density_S_per_cm2": "2.5 S/cm^2"})
    assert mrg.membrane(less).density_S_per_cm2[0] == 2.5
    size = mrg.geometry(np.array([10.0]), less)
    whole = [compartments(size, 5, mrg.axon(p)).density_uS[0][0, 0, 2] for p in (less, PUBLISHED)]
    assert whole[0] == pytest.approx(2.5 / 3.0 * whole[1])
    gates = mrg.membrane().settled(np.array([-80.0]), 37.0)
    one, other = (mrg.membrane(p).conductance(gates)[0] for p in (less, PUBLISHED))
    assert one < other


def test_a_changed_density_changes_a_simulation() -> None:
    less = PUBLISHED.replace({"engine.mrg.naf.density_S_per_cm2": 2.5})
    push = pulse(node=1, amplitude_nA=5)
    speeds = [
        simulate(
            models.mrg(diameter_um=10, nodes=21, parameters=p), push, duration_ms=1.5
        ).velocity_m_per_s()[0]
        for p in (less, PUBLISHED, None)
    ]
    print("m/s with 2.5 S/cm2, 3.0, as published:", speeds)
    assert 0 < speeds[0] < 0.99 * speeds[1]
    assert speeds[1] == speeds[2]


def test_a_changed_myelin_changes_internodes() -> None:
    leaky = PUBLISHED.replace({"engine.mrg.myelin.conductance_S_per_cm2": 2e-3})
    ten = np.array([10.0])
    mine = [elements(mrg.geometry(ten, p), healthy(1)).myelin_uS for p in (leaky, None)]
    assert mine[0] == pytest.approx(2 * mine[1])


def test_the_exams_tables_use_the_numbers_they_are_given() -> None:
    key = "engine.mrg.naf.density_S_per_cm2"
    published, same = Parameters.of_evidence(), PUBLISHED.replace({key: 3.0})
    usual = conduction(33.0, published)
    assert usual is conduction(33.0) is conduction(33.0, same)  # computed once
    assert dipole(33.0, published) is dipole(33.0)
    assert {key, "engine.mrg.diameter.thinnest_um"} <= published.read
    assert not any(k.startswith("engine.mrg.table") for k in published.read)  # another geometry's
    less = PUBLISHED.replace({key: 2.5})
    slow = conduction(33.0, less)
    assert np.all(slow.velocity_m_per_s < usual.velocity_m_per_s)
    assert np.all(dipole(33.0, less).velocity_m_per_s < dipole(33.0).velocity_m_per_s)
    assert slow.constants != usual.constants
    apart = PUBLISHED.replace({"engine.mrg.size.thin_spacing.linear": 60.0})
    spaced = replace(usual, constants=mrg.constants(apart))
    here, there = (t.block_at(np.array([3.0]), np.array([2.0])) for t in (usual, spaced))
    assert here != there
    twins = PUBLISHED.replace({key: np.array([2.5, 3.0])})
    with pytest.raises(TinelError, match="cannot differ between twins"):
        conduction(33.0, twins)
    dead = PUBLISHED.replace({key: 0.3})
    for table in (conduction, dipole):
        with pytest.raises(TinelError, match="healthy fibre of 2 um does not conduct"):
            table(33.0, dead)


def test_a_number_of_the_engine_changes_what_a_laboratory_finds() -> None:
    found = []
    for value in (3.0, 2.5):
        twins = some(changed={"engine.mrg.naf.density_S_per_cm2": value})
        laboratory = set_up(build("sural", side="left", twins=twins))
        limb = healthy_limb(build("sural", side="left", twins=twins))
        found.append(laboratory.conduct(limb, limb.nerve.studies[0]).velocity_m_per_s)
        assert "engine.mrg.naf.density_S_per_cm2" in twins.parameters.read
    usual, less = ({site: v.item() for site, v in one.items()} for one in found)
    assert all(less[site] < 0.99 * usual[site] for site in usual)


def test_the_command_line_changes_a_number_of_the_engine(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tables = []
    for k, change in enumerate((["--set", "engine.mrg.naf.density_S_per_cm2=2.5"], [])):
        out = tmp_path / str(k)
        case = str(ROOT / "examples" / "cut.toml")
        assert main(["run", case, "--twins", "1", "--out", str(out), *change]) == 0
        (manifest,) = out.rglob("manifest.json")
        noted = json.loads(manifest.read_text())
        assert "engine.mrg.naf.density_S_per_cm2" in noted["evidence"]
        assert set(noted["changed"]) == {c.partition("=")[0] for c in change[1:]}
        (findings,) = out.rglob("findings.csv")
        tables.append(findings.read_text())
    assert tables[0] != tables[1]


def test_a_changed_drug_number_changes_its_action() -> None:
    drugs = found("tinel.cable.drugs", Drug)
    sodium = ["amitriptyline", "duloxetine", "imipramine", "lidocaine", "tetrodotoxin"]
    assert sorted(drugs) == ["4-aminopyridine", *sodium]
    for name, drug in drugs.items():
        for key, value in Constants.of(f"engine.drugs.{name}").items:
            changed = PUBLISHED.replace({f"engine.drugs.{name}.{key}": value * 1.05})
            assert drug.action(changed) != drug.action(), key


def test_membranes_are_found_by_name() -> None:
    names = {"mrg", "pena", "sundt", "sweeney", "gaines_motor", "gaines_sensory"}
    assert names <= set(found(MODELS, Membrane))
    assert list(found(MODELS, IonMembrane)) == ["tigerholm"]
    for membrane in found(MODELS, Membrane).values():
        assert membrane.text.endswith(".") and membrane.source


OWN = """
from tinel.cable.drugs.drug import Action, Drug
from tinel.cable.membranes.membrane import passive

LEAKY = passive("leaky", 1e-3, -70.0, "made up", "A leak of my own.")
BLOCKER = Drug(name="blocker", text="Blocks.", currents=("leak",), made_of=Action(plain_uM=5.0))
"""


def test_one_membrane_and_one_drug_more_from_a_file_of_ones_own(tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    file.write_text(OWN)
    assert found(MODELS, Membrane, [file])["leaky"].rest_mV == -70.0
    assert found("tinel.cable.drugs", Drug, [file])["blocker"].action().plain_fraction(5.0) == 0.5


def test_importing_the_models_reads_no_file() -> None:
    code = (
        "import tinel.cable.models.mrg, tinel.cable.models.tigerholm, tinel.cable.drugs.lidocaine\n"
        "from tinel.evidence.files import published\n"
        "import sys\n"
        "assert published.cache_info().currsize == 0\n"
        "assert not {'numba', 'jax', 'scipy', 'matplotlib'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
