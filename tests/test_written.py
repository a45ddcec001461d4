"""What is written passes readers of others: pyedflib, MNE, pydicom, pynwb, wfdb, BIDS validator.

A reader that is not installed is skipped; ``pip install 'tinel[readers]'`` brings those that are in
no lock file. None of them keeps the gaps of an EDF+D file, which is why the reader here is our own:
pyedflib refuses the file; MNE joins its records and drops the marks after the first gap.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from tinel.case import load
from tinel.cli import main
from tinel.exam.findings import findings
from tinel.exam_command.asked import ask_exam
from tinel.exam_command.compute import Examined, examined
from tinel.exam_command.recordings import recordings, write_recordings
from tinel.recording.edf_write import as_edf
from tinel.recording.measured import measured
from tinel.recording.read import read
from tinel.recording.recording import Channel, Floats, Mark, Recording
from tinel.recording.sweeps import sweeps
from tinel.recording.write import write

BLOCK = Path(__file__).parents[1] / "examples" / "block.toml"


@pytest.fixture(scope="module")
def block() -> Examined:
    """The Saturday-night palsy on day 10: motor and sensory conduction."""
    tests = ["motor conduction", "sensory conduction"]
    (one,) = examined(ask_exam(load(BLOCK).with_run(twins=2), 10, tests=tests))
    return one


@pytest.fixture(scope="module")
def studies(block: Examined) -> list[Recording]:
    return list(recordings([block]))


def flat(recording: Recording) -> Floats:
    """All samples of the first channel as a file has them: active electrode minus reference."""
    sign = -1.0 if recording.negative_up else 1.0
    return np.asarray(sign * np.concatenate(recording.channels[0].samples))


def step(recording: Recording) -> float:
    return float(np.abs(flat(recording)).max()) / 32767 * 1.2


def test_a_simulated_study_is_measured_in_its_file_as_in_the_exam(
    block: Examined, studies: list[Recording], tmp_path: Path
) -> None:
    p = block.visit.limb.parameters
    for made in studies:
        response = block.visit.examination.responses[made.protocol["study"]]
        write(made, tmp_path / "a.edf")
        found = sweeps(read(tmp_path / "a.edf"), p)
        assert [s.mark.text for s in found] == [f"Stimulus {s.name}" for s in response.study.sites]
        for sweep, reading in zip(found, response.readings, strict=True):
            exam, file = reading.amplitude[0], sweep.reading.amplitude[0]
            late = reading.onset_ms[0], sweep.reading.onset_ms[0]
            print(f"{response.study.name}, {sweep.mark.text}: exam {exam:.4f}, file {file:.4f} "
                  f"{sweep.unit}; onset {late[0]:.3f}, {late[1]:.3f} ms")  # fmt: skip
            assert abs(exam - file) <= step(made)
            assert np.isclose(*late, atol=1000 / made.channels[0].rate_Hz, equal_nan=True)


def test_a_file_gives_the_findings_of_the_exam_with_their_method(
    block: Examined, studies: list[Recording], tmp_path: Path
) -> None:
    """One type for simulated and measured studies: file and exam differ in rounding alone."""
    exam = {(f.subject, f.site, f.quantity): f for f in findings(block.visit)}
    methods = set()
    for made in studies:
        write(made, tmp_path / "a.edf")
        file = read(tmp_path / "a.edf")
        for sweep in sweeps(file, block.visit.limb.parameters):
            for one in measured(file, sweep):
                there = exam[one.subject, one.site, one.quantity]
                assert (one.test, one.nerve, one.unit) == (there.test, there.nerve, there.unit)
                assert one.method == there.method, one
                methods.add(one.method)
                if one.quantity == "amplitude":
                    print(f"{one.subject}, {one.site}: exam {there.value:.3f}, file "
                          f"{one.value:.3f} {one.unit}, {one.method}")  # fmt: skip
                    assert abs(one.value - there.value) <= step(made)
    assert {m.marked for m in methods} >= {"onset", "negative peak"}
    assert all(m.distance_mm and m.temperature_C and m.filter for m in methods)


def test_pyedflib_reads_edf_c_to_the_whole_number(studies: list[Recording], tmp_path: Path) -> None:
    pyedflib = pytest.importorskip("pyedflib")
    sensory = next(s for s in studies if "sensory" in s.protocol["test"])
    path = tmp_path / "a.edf"
    path.write_bytes(as_edf(sensory))
    mine = read(path)
    with pyedflib.EdfReader(str(path)) as file:
        signal, rate = file.readSignal(0), file.getSampleFrequency(0)
        times, _, texts = file.readAnnotations()
    assert mine.format == "EDF+C" and rate == mine.channels[0].rate_Hz
    np.testing.assert_allclose(signal, mine.channels[0].samples[0], rtol=1e-12, atol=1e-12)
    assert np.abs(signal - flat(sensory)).max() <= step(sensory)
    assert texts[0].startswith("Protocol: test=sensory conduction")
    assert list(texts[1:]) == [mark.text for mark in sensory.marks] and times[1] == 0


@pytest.mark.parametrize("bits", [16, 24])
def test_what_pyedflib_writes_is_read_to_the_last_bit(bits: int, tmp_path: Path) -> None:
    pyedflib = pytest.importorskip("pyedflib")
    most = 2 ** (bits - 1)
    digital = np.random.default_rng(2).integers(-most, most, (2, 4000)).astype(np.int32)
    kind = pyedflib.FILETYPE_EDFPLUS if bits == 16 else pyedflib.FILETYPE_BDFPLUS
    path = tmp_path / ("a.edf" if bits == 16 else "a.bdf")
    file = pyedflib.EdfWriter(str(path), 2, file_type=kind)
    for k, name in enumerate(("APB", "ADM")):
        head = {
            "label": name, "dimension": "mV", "sample_frequency": 2000, "physical_min": -10.0,
            "physical_max": 10.0, "digital_min": -most, "digital_max": most - 1,
        }  # fmt: skip
        file.setSignalHeader(k, head)
    file.writeSamples([digital[0], digital[1]], digital=True)
    file.writeAnnotation(0.5, -1, "Stimulus wrist")
    file.close()
    found = read(path)
    assert found.format == ("EDF+C" if bits == 16 else "BDF+C")
    assert [(m.time_s, m.text) for m in found.marks] == [(0.5, "Stimulus wrist")]
    for channel, whole in zip(found.channels, digital, strict=True):
        assert channel.rate_Hz == 2000 and channel.scale is not None
        assert (channel.scale.digital(channel.samples[0]) == whole).all()


def test_mne_reads_edf_d_and_its_gaps_stay_in_ours(
    studies: list[Recording], tmp_path: Path
) -> None:
    mne = pytest.importorskip("mne")
    motor = next(s for s in studies if len(s.starts_s) > 1)
    path = tmp_path / "a.edf"
    write(motor, path)
    mine = read(path)
    raw = mne.io.read_raw_edf(path, verbose="error")
    np.testing.assert_allclose(raw.get_data()[0] * 1e3, np.concatenate(mine.channels[0].samples))
    assert raw.annotations.description[1] == motor.marks[0].text
    end = mine.segments[-1][1]
    print(f"ours: {len(mine.marks)} marks, {len(mine.gaps)} gaps, ends at {end:g} s")
    print(f"MNE: {len(raw.annotations) - 1} marks, ends at {raw.times[-1]:g} s")
    assert mine.marks == motor.marks
    assert mine.format == "EDF+D" and len(mine.gaps) == len(motor.starts_s) - 1


def test_pydicom_reads_the_electromyogram(studies: list[Recording], tmp_path: Path) -> None:
    pydicom = pytest.importorskip("pydicom")
    motor = next(s for s in studies if len(s.starts_s) > 1)
    path = tmp_path / "a.dcm"
    write(motor, path)
    file = pydicom.dcmread(path)
    assert file.SOPClassUID.name == "Electromyogram Waveform Storage" and file.Modality == "EMG"
    assert [float(g.MultiplexGroupTimeOffset) for g in file.WaveformSequence] == [
        1000 * start for start in motor.starts_s
    ]
    every = np.concatenate([file.waveform_array(k)[:, 0] for k in range(len(motor.starts_s))])
    assert np.abs(every - flat(motor)).max() <= step(motor)
    notes = [str(a.UnformattedTextValue) for a in file.WaveformAnnotationSequence]
    assert notes[1:] == [mark.text for mark in motor.marks]
    groups = [a.ReferencedWaveformChannels[0] for a in file.WaveformAnnotationSequence]
    assert groups == [1, *range(1, len(motor.starts_s) + 1)]
    write(motor, tmp_path / "b.dcm")
    assert path.read_bytes() == (tmp_path / "b.dcm").read_bytes()


def test_pynwb_reads_and_validates(studies: list[Recording], tmp_path: Path) -> None:
    pynwb = pytest.importorskip("pynwb")
    motor = next(s for s in studies if len(s.starts_s) > 1)
    path = tmp_path / "a.nwb"
    write(motor, path)
    assert not pynwb.validate(path=str(path))
    with pynwb.NWBHDF5IO(str(path), "r") as file:
        held = file.read()
        series = [held.acquisition[name] for name in sorted(held.acquisition)]
        every = np.concatenate([s.data[:] * s.conversion for s in series])
        np.testing.assert_allclose(every, flat(motor) / 1000)
        assert [s.starting_time for s in series] == list(motor.starts_s)
        marks = held.get_events_table("marks")
        assert list(marks["annotation"][:]) == [mark.text for mark in motor.marks]
        assert list(marks["timestamp"][:]) == [mark.time_s for mark in motor.marks]


def test_the_bids_validator_finds_no_error(block: Examined, tmp_path: Path) -> None:
    pytest.importorskip("bids_validator_deno")
    validator = shutil.which("bids-validator-deno")
    if validator is None:
        pytest.skip("the validator is not on the path")
    write_recordings([block], tmp_path, "bids")
    done = subprocess.run(
        [validator, str(tmp_path / "bids"), "--format", "json"], capture_output=True, text=True
    )
    issues = json.loads(done.stdout)["issues"]["issues"]
    print(f"{len(issues)} issues, {sorted({i['code'] for i in issues})}")
    assert issues and not [i for i in issues if i["severity"] == "error"]


def test_the_needle_fields_of_bids(tmp_path: Path) -> None:
    from tinel.recording.bids import sidecar

    signal = Channel("TA", "uV", 20_000.0, (np.zeros(1000),))
    needle = Recording("", tmp_path, (signal,), (0.0,), (), {"test": "needle EMG"})
    told = sidecar(needle, "NeedleEMG")
    proposed = {
        "EMGType", "CannulaDiameter", "CannulaLength", "CannulaMaterial", "InsulatorMaterial",
        "SterilizationMethod", "ElectrodeSurfaceArea",
    }  # fmt: skip
    assert proposed <= set(told) and told["EMGType"] == "invasive"
    surface = sidecar(Recording("", tmp_path, (signal,), (0.0,)), "Motor")
    assert surface["EMGType"] == "surface" and not {"CannulaLength"} & set(surface)


def test_what_wfdb_writes_is_read_to_the_last_bit(tmp_path: Path) -> None:
    wfdb = pytest.importorskip("wfdb")
    digital = np.random.default_rng(3).integers(-2048, 2048, (500, 2))
    for form, name in (("212", "packed"), ("16", "plain"), ("24", "wide")):
        wfdb.wrsamp(
            name, fs=1000, units=["mV", "uV"], sig_name=["APB", "ADM"], d_signal=digital,
            fmt=[form] * 2, adc_gain=[200.0, 50.0], baseline=[3, -4], write_dir=str(tmp_path),
        )  # fmt: skip
        wfdb.wrann(
            name, "atr", np.array([10, 90_000]), ["+", '"'], aux_note=["Stimulus wrist", "late"],
            write_dir=str(tmp_path),
        )  # fmt: skip
        found = read(tmp_path / f"{name}.hea")
        theirs = wfdb.rdrecord(str(tmp_path / name)).p_signal
        for k, channel in enumerate(found.channels):
            assert channel.scale is not None
            assert (channel.scale.digital(channel.samples[0]) == digital[:, k]).all(), form
            np.testing.assert_allclose(channel.samples[0], theirs[:, k])
        assert [(m.time_s, m.text) for m in found.marks] == [
            (0.01, "Stimulus wrist"),
            (90.0, "late"),
        ]


def test_a_missing_package_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tinel.errors import TinelError
    from tinel.recording import write as writing

    monkeypatch.setattr(writing, "find_spec", lambda name: None)
    with pytest.raises(TinelError, match="pip install"):
        writing.check(tmp_path / "a.nwb")


# ------------------------------------------------------------------ the commands


def test_tinel_read_shows_and_writes(
    studies: list[Recording], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    motor = next(s for s in studies if len(s.starts_s) > 1)
    write(motor, tmp_path / "a.edf")
    assert main(["read", str(tmp_path / "a.edf"), "--out", str(tmp_path / "b.csv")]) == 0
    told = capsys.readouterr().out
    assert "EDF+D" in told and "nothing was recorded from" in told and "mV ms" in told
    assert main(["read", str(tmp_path / "b.csv"), "--json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["format"] == "CSV" and len(data["gaps"]) == len(motor.starts_s) - 1
    first = data["findings"][0]
    assert first["quantity"] == "amplitude" and first["unit"] == "mV"
    also = {"test", "nerve", "study", "method"}
    assert {"channel", "site", "time_s", "quantity", "value", "unit"} | also == set(first)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["nowhere.edf"], "nowhere.edf: cannot be read"),
        ([str(BLOCK.parent)], "is a folder"),
        ([str(BLOCK)], "block.toml: line 1: is no recording"),
        ([str(BLOCK), "--out", "a.mat"], "--out a.mat: the name ends in '.mat'"),
        ([str(BLOCK), "--from", "9", "--until", "3"], "9 to 3 ms is out of range"),
        ([str(BLOCK), "--negative", "left"], "negative"),
        ([], "FILE"),
    ],
)
def test_a_mistake_ends_with_a_message(
    words: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["read", *words]) == 2
    assert told in capsys.readouterr().err


def test_tinel_exam_writes_recordings(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["exam", str(BLOCK), "--day", "10", "--twins", "1", "--test", "motor conduction"]
    assert main([*words, "--format", "edf"]) == 2
    assert "give --out DIR" in capsys.readouterr().err
    assert main([*words, "--out", str(tmp_path), "--format", "edf"]) == 0
    assert "radial_motor_EIP.edf" in capsys.readouterr().out
    found = read(tmp_path / "radial_motor_EIP.edf")
    assert found.protocol["test"] == "motor conduction" and found.marks[0].is_stimulus


def test_a_needle_recording_is_written_with_muscle_and_effort(block: Examined) -> None:
    from dataclasses import replace

    asked = replace(block.asked, tests=("needle EMG",))
    needle = next(
        r for r in recordings([replace(block, asked=asked)]) if "needle" in r.protocol["test"]
    )
    assert needle.protocol["effort"] == "rest" and needle.protocol["muscle"]
    assert needle.channels[0].unit == "uV" and needle.channels[0].rate_Hz == 20_000
    assert Mark(0.0, needle.protocol["muscle"]).is_stimulus is False
    assert read_back(needle).recorded_s == 5.0


def read_back(recording: Recording) -> Recording:
    from tinel.recording.edf import read_edf

    return read_edf(Path("a.edf"), as_edf(recording))
