"""Recordings are read as the file has them: every sample, every gap; what is damaged is named.

Nothing here is fitted: files go out and come back, by this program, by other programs' writers, and
byte by byte as the EDF+ article and its examples print them.
"""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.test_cmap_scan import AUTHORS, RULES
from tinel.errors import TinelError
from tinel.evidence import Parameters
from tinel.exam.unit_count import count_units
from tinel.recording.edf import read_edf
from tinel.recording.edf_write import as_edf
from tinel.recording.qtrac import scan_amplitudes_mV
from tinel.recording.read import read
from tinel.recording.recording import Channel, Floats, Mark, Recording, Scale
from tinel.recording.sweeps import Window, sweeps
from tinel.recording.tables import as_table, write_table
from tinel.recording.traces_csv import read_traces

SCANS = Path(os.environ.get("TINEL_SCANS", "shared/data/cmap_scan"))
EXCITABILITY = SCANS.parent / "excitability" / "FESB70821A.MEM"
HERE = Path("x")
NUMBERS = Parameters.of_evidence()
EXAMPLES = int(os.environ.get("TINEL_EXAMPLES", "120"))

# ------------------------------------------------------------------ files made by hand


def edf_bytes(
    signals: list[tuple[str, str, str, str, int, int, list[np.ndarray]]],
    times: list[bytes],
    record_s: str,
    kind: str = "EDF+D",
    words: int = 60,
) -> bytes:
    """An EDF+ file byte by byte: label, unit, ends, whole ends, and the samples of every record."""
    count = len(signals) + 1
    ends = [*(s[2:6] for s in signals), ("-1", "1", -32768, 32767)]
    sizes = [*(len(s[6][0]) for s in signals), words]
    head = f"{'0':8}{'X X X X':80}{'Startdate X X X X':80}01.01.0210.00.00"
    head += f"{256 * (count + 1):<8}{kind:44}{len(times):<8}{record_s:8}{count:<4}"
    columns = [
        (16, [*(s[0] for s in signals), "EDF Annotations"]),
        (80, [""] * count),
        (8, [*(s[1] for s in signals), ""]),
        *((8, [str(e[k]) for e in ends]) for k in range(4)),
        (80, [""] * count),
        (8, [str(size) for size in sizes]),
        (32, [""] * count),
    ]
    head += "".join(f"{text:{width}}" for width, texts in columns for text in texts)
    body = b""
    for k, time in enumerate(times):
        body += b"".join(s[6][k].astype("<i2").tobytes() for s in signals)
        body += time.ljust(2 * words, b"\0")
    return head.encode() + body


def motor_file() -> tuple[bytes, list[np.ndarray]]:
    """A motor conduction file with the header that the authors of EDF+ print (two records of 50 ms,
    neurotraces.com/edf/examples), and whole numbers drawn at random."""
    rng = np.random.default_rng(1)
    digital = [rng.integers(-8985, 10265, 500) for _ in range(2)]
    signal = ("NC L_APB", "mV", "-25", "25", -8985, 10265, digital)
    times = [
        b"+0\x14\x14Stimulus wrist\x14\0",
        b"+10\x14\x14\0+10\x14Stimulus elbow\x14\0+10\x150.05\x14arm bent\x14\0",
    ]
    return edf_bytes([signal], times, "0.05"), digital


def sweep(peak_ms: float = 6.0, size: float = 5.0, rate_Hz: float = 20_000.0) -> Floats:
    """A response with a negative peak at a time, then a positive one, from 0 to 50 ms."""
    t = np.arange(round(0.05 * rate_Hz)) / rate_Hz * 1000
    x = (t - peak_ms) / 1.5
    return np.asarray(size * (np.exp(-(x**2)) - 0.3 * np.exp(-((x - 2.5) ** 2))))


@pytest.fixture(scope="module")
def study() -> Recording:
    """Three sweeps a second apart, negativity upward."""
    parts = tuple(sweep(5.0 + 4 * k, 6.0 - k) for k in range(3))
    marks = tuple(Mark(float(k), f"Stimulus {s}") for k, s in enumerate(("wrist", "elbow", "Erb")))
    protocol = {"test": "motor conduction", "nerve": "median", "temperature": "32 °C"}
    channel = Channel("APB", "mV", 20_000.0, parts)
    starts = (0.0, 1.0, 2.0)
    return Recording("", HERE, (channel,), starts, marks, protocol, negative_up=True)


# ------------------------------------------------------------------ EDF, EDF+, BDF


def test_the_motor_conduction_file_of_edf_plus_is_read_with_its_gap() -> None:
    raw, digital = motor_file()
    found = read_edf(HERE, raw)
    (channel,) = found.channels
    print(f"EDF+D, published: records at 0 and 10 s of 0.05 s; read: {found.segments}")
    assert found.format == "EDF+D" and channel.rate_Hz == 10_000 and channel.unit == "mV"
    assert found.starts_s == (0.0, 10.0) and found.gaps == ((0.05, 10.0),)
    assert [(m.time_s, m.text) for m in found.marks] == [
        (0.0, "Stimulus wrist"),
        (10.0, "Stimulus elbow"),
        (10.0, "arm bent"),
    ]
    assert found.marks[2].duration_s == 0.05
    for part, whole in zip(channel.samples, digital, strict=True):
        scale = channel.scale
        assert scale is not None and (scale.digital(part) == whole).all()
        np.testing.assert_allclose(part, (whole + 8985) * 50 / 19250 - 25, atol=1e-12)


@pytest.mark.parametrize("kind", ["EDF+C", "EDF+D"])
def test_whole_numbers_come_back_to_the_last_bit(kind: str) -> None:
    first = read_edf(HERE, motor_file()[0])
    if kind == "EDF+C":
        (channel,) = first.channels
        one = Channel("NC", "mV", 10_000.0, channel.samples[:1], channel.scale)
        first = Recording("", HERE, (one,), (0.0,), first.marks[:1])
    again = read_edf(HERE, as_edf(first))
    assert again.format == kind and again.marks == first.marks
    assert again.starts_s == first.starts_s
    for a, b in zip(again.channels, first.channels, strict=True):
        assert (a.rate_Hz, a.unit, a.scale) == (b.rate_Hz, b.unit, b.scale)
        assert all((x == y).all() for x, y in zip(a.samples, b.samples, strict=True))
    assert as_edf(again) == as_edf(first)


def test_contiguous_records_are_one_segment_and_rates_may_differ() -> None:
    fast = [np.arange(20) + 20 * k for k in range(3)]
    slow = [np.arange(2) + 2 * k for k in range(3)]
    signals = [
        ("EMG", "uV", "-3276.8", "3276.7", -32768, 32767, fast),
        ("Temp", "degC", "0", "100", 0, 1000, slow),
    ]
    times = [b"+0.25\x14\x14\0", b"+0.45\x14\x14\0", b"+5\x14\x14\0"]
    found = read_edf(HERE, edf_bytes(signals, times, "0.2"))
    assert found.starts_s == (0.0, 4.75)
    assert [len(part) for part in found.channels[0].samples] == [40, 20]
    assert [c.rate_Hz for c in found.channels] == [100.0, 10.0]
    assert [c.is_potential for c in found.channels] == [True, False]
    back = read_edf(HERE, as_edf(found))
    assert back.starts_s == found.starts_s and [c.rate_Hz for c in back.channels] == [100.0, 10.0]


def test_24_bit_samples_and_the_triggers_of_a_biosemi_file() -> None:
    emg = np.array([-8388608, -1, 0, 8388607], np.int64)
    status = np.array([0, 0, 5, 5], np.int64) | 0x100000
    raw = edf_bytes([("EMG", "uV", "-262144", "262143", -8388608, 8388607, [emg])] * 2, [b""], "1")
    head = bytearray(raw[: 256 * 4])
    head[0:8], head[192:197], head[252:256] = b"\xffBIOSEMI", b"24BIT", b"2   "
    head[184:192] = b"768     "

    def column(start: int, width: int, texts: list[str]) -> bytes:
        return "".join(f"{text:{width}}" for text in texts).encode()

    fields = (
        column(0, 16, ["EMG", "Status"]) + column(0, 80, ["", ""]) + column(0, 8, ["uV", "Boolean"])
        + column(0, 8, ["-262144", "-8388608"]) + column(0, 8, ["262143", "8388607"])
        + column(0, 8, ["-8388608"] * 2) + column(0, 8, ["8388607"] * 2) + column(0, 80, ["", ""])
        + column(0, 8, ["4", "4"]) + column(0, 32, ["", ""])
    )  # fmt: skip
    body = b"".join(int(v & 0xFFFFFF).to_bytes(3, "little") for v in [*emg, *status])
    found = read_edf(HERE, bytes(head[:256]) + fields + body)
    (channel,) = found.channels
    assert found.format == "BDF" and channel.scale is not None
    assert (channel.scale.digital(channel.samples[0]) == emg).all()
    assert [(m.time_s, m.text) for m in found.marks] == [(0.5, "trigger 5")]


@pytest.mark.parametrize(
    ("at", "put", "told"),
    [
        (252, b"x   ", "byte 252: the number of signals is 'x'"),
        (236, b"9       ", "the file ends after 2 whole data records; its header says 9"),
        (184, b"999     ", "byte 184: the header is said to have 999 bytes"),
        (244, b"-1      ", "byte 244: a data record of -1 s is out of range"),
        (244, b"0       ", "byte 244: data records of 0 s hold samples"),
        (1768, b"now", "byte 1768: an annotation begins with 'now"),
    ],
)
def test_damage_is_named_by_its_byte(at: int, put: bytes, told: str) -> None:
    raw = bytearray(motor_file()[0])
    raw[at : at + len(put)] = put
    with pytest.raises(TinelError, match=told):
        read_edf(HERE, bytes(raw))


def test_a_file_that_was_cut_off_says_where() -> None:
    raw = motor_file()[0]
    with pytest.raises(TinelError, match=f"byte {len(raw) - 7}: the file ends after 1 whole"):
        read_edf(HERE, raw[:-7])
    with pytest.raises(TinelError, match="byte 300: the file ends in its header"):
        read_edf(HERE, raw[:300])


# ------------------------------------------------------------------ measuring


def test_what_is_measured_survives_the_file(study: Recording) -> None:
    back = read_edf(HERE, as_edf(study))
    assert not back.negative_up and back.protocol["temperature"] == "32 °C"
    before, after = sweeps(study, NUMBERS), sweeps(back, NUMBERS)
    assert [s.mark.text for s in after] == ["Stimulus wrist", "Stimulus elbow", "Stimulus Erb"]
    step = 6.0 / 32767
    for a, b in zip(before, after, strict=True):
        print(f"{a.mark.text}: {a.reading.amplitude[0]:.4f} mV, from the file "
              f"{b.reading.amplitude[0]:.4f} mV")  # fmt: skip
        assert abs(a.reading.amplitude[0] - b.reading.amplitude[0]) <= step
        assert abs(a.reading.onset_ms[0] - b.reading.onset_ms[0]) < 0.05
        assert a.reading.peak_ms[0] == b.reading.peak_ms[0]


def test_a_baseline_before_the_stimulus_is_taken_off() -> None:
    rest = np.full(200, 0.7)
    signal = np.concatenate([rest, sweep() + 0.7])
    made = Recording(
        "", HERE, (Channel("APB", "mV", 20_000.0, (signal,)),), (0.0,), (Mark(0.01, "Stim"),),
        negative_up=True,
    )  # fmt: skip
    (found,) = sweeps(made, NUMBERS)
    assert found.reading.amplitude[0] == pytest.approx(sweep().max(), abs=1e-9)
    assert found.reading.peak_ms[0] == pytest.approx(6.0, abs=0.03)
    (late,) = sweeps(made, NUMBERS, Window(3.0, 20.0))
    assert late.reading.peak_ms[0] == found.reading.peak_ms[0] and late.time_ms[0] >= 3.0
    (turned,) = sweeps(made, NUMBERS, negative_up=False)
    assert turned.reading.amplitude[0] < 0.35 * found.reading.amplitude[0]


def test_an_absent_response_has_no_latency() -> None:
    flat = Channel("APB", "mV", 20_000.0, (np.zeros(1000),))
    (found,) = sweeps(Recording("", HERE, (flat,), (0.0,), (Mark(0.0, "Stimulus"),)), NUMBERS)
    assert found.reading.amplitude[0] == 0 and np.isnan(found.reading.onset_ms[0])


# ------------------------------------------------------------------ Qtrac


@pytest.mark.truth
def test_every_real_scan_is_read_and_counted_as_its_authors_count() -> None:
    files = sorted(SCANS.glob("*.MEM"))
    if not files:
        pytest.skip("the scans are not here")
    agree = 0
    for path in files:
        found = read(path)
        who = found.protocol["name"].removeprefix("CA.EDM.NC.")
        muscle = found.protocol["s/r sites"].rpartition("-")[2]
        amplitude = scan_amplitudes_mV(found)
        assert amplitude is not None
        count = count_units(amplitude, RULES)
        agree += (count.units, count.d50) == AUTHORS[muscle][who]
    print(f"{len(files)} scans read; units and D50 as the authors' in {agree} (36 published)")
    assert len(files) == agree == 36


@pytest.mark.truth
def test_the_excitability_file_is_read_whole() -> None:
    if not EXCITABILITY.exists():
        pytest.skip("the file is not here")
    found = read(EXCITABILITY)
    rows = {table.name: table.rows.shape for table in found.tables}
    print(f"tables: {rows}")
    assert rows["STIMULUS-RESPONSE"] == (49, 2) and rows["RECOVERY CYCLE RC1"] == (16, 2)
    assert rows["THRESHOLD ELECTROTONUS TE1"] == (28, 3) and rows["THRESHOLD I/V IV1"] == (16, 2)
    te1 = found.table("THRESHOLD ELECTROTONUS TE1")
    assert te1 is not None
    # the file's own derived value, from its table
    inside = (te1.rows[:, 0] >= 10) & (te1.rows[:, 0] <= 20)
    published, peak = found.values["TEd(10-20ms)"], found.values["TEd(peak)"]
    print(f"TEd(10-20ms): table up to {te1.rows[inside, 2].max():.1f}, file {published:.1f}")
    assert te1.rows[inside, 2].min() < published
    assert te1.rows[:, 2].max() == pytest.approx(peak, abs=3)
    assert found.values["Rheobase (mA)"] == 4.026


SCAN = (
    "\n File:\tC:\\a.QZD\n Name:\tA\n Protocol:\tMSCAN\n Comments:\n M-SCAN DATA (7.1-2m)\n"
    "Scanpts: 1, 2, 5, 6\nStim. (mA)     \tAmp. (mV)\n"
    + "".join(f"MS.{k}\t{10 - k}\t{max(0.0, 3.0 - 0.5 * k):.2f}\n" for k in range(1, 8))
    + "DERIVED EXCITABILITY VARIABLES\n 9.\t30,7\tTemperature ( C)\n"
)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("MS.4\t6\t1.00\n", "", "line 12: row MS.5 does not follow"),
        ("MS.4\t6\t1.00", "MS.4\t6", r"line 12: row MS.4 is '6' \(allowed: 2 numbers\)"),
        ("MS.4\t6\t1.00", "MS.4\t6\tx", "line 12: row MS.4"),
        ("1, 2, 5, 6", "1, 2, 5, 60", "line 7: the scan points are '1, 2, 5, 60'"),
        ("1, 2, 5, 6", "1, 2", "line 7: the scan points"),
    ],
)
def test_a_damaged_qtrac_file_names_its_line(old: str, new: str, told: str, tmp_path: Path) -> None:
    path = tmp_path / "a.MEM"
    path.write_text(SCAN, encoding="latin-1")
    assert read(path).values == {"Temperature ( C)": 30.7}  # decimal commas are read
    assert old in SCAN
    path.write_text(SCAN.replace(old, new), encoding="latin-1")
    with pytest.raises(TinelError, match=told):
        read(path)


# ------------------------------------------------------------------ CSV


def test_traces_come_back_from_csv_and_parquet(study: Recording, tmp_path: Path) -> None:
    import pandas as pd

    write_table(study, tmp_path / "a.csv")
    found = read(tmp_path / "a.csv")
    assert found.starts_s == study.starts_s and found.marks == study.marks
    assert found.protocol == study.protocol and found.channels[0].rate_Hz == 20_000
    for a, b in zip(found.channels[0].samples, study.channels[0].samples, strict=True):
        assert (a == b).all()
    write_table(study, tmp_path / "a.parquet")
    table = pd.read_parquet(tmp_path / "a.parquet")
    assert list(table.columns) == ["time (s)", "APB (mV)", "mark"]
    assert (table["APB (mV)"].to_numpy() == as_table(study)["APB (mV)"].to_numpy()).all()


def test_semicolons_decimal_commas_and_a_stated_rate() -> None:
    text = "time [ms];APB [mV];stimulus\n0,0;0,5;wrist\n0,1;-1,5;\n0,2;2;\n5,0;1;1\n5,1;0;1\n"
    found = read_traces(HERE, text.encode())
    assert found.starts_s == (0.0, 0.005) and found.channels[0].rate_Hz == 10_000
    assert [m.text for m in found.marks] == ["Stimulus wrist", "Stimulus"]
    assert found.channels[0].samples[0].tolist() == [0.5, -1.5, 2.0]
    rated = read_traces(HERE, b"APB (uV)\n1\n2\n3\n", 1000.0)
    assert rated.channels[0].rate_Hz == 1000 and rated.recorded_s == pytest.approx(0.003)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("APB (mV)\n1\n2\n", "line 1: there is no column 'time'.*--rate"),
        ("time (ms),APB\n0,1\n1,2\n", "line 1: column 'APB' has no unit"),
        ("time (ms),APB (mV)\n0,1\n1,x\n2,3\n", "line 3: column 'APB' holds 'x'"),
        ("time (ms),APB (mV)\n0,1\n1\n2,3\n", "line 3: the row has 1 cells"),
        ("time (ms),APB (mV)\n0,1\n1,2\n2,3\n0,4\n", "line 5: the time does not rise evenly"),
        ("time (ms),APB (mV)\n0,1\n", "a table of traces needs a header and two rows"),
        ("time (ms),APB (mV)\n0,1\n1,nan\n2,3\n", "line 3: column 'APB' holds 'nan'"),
    ],
)
def test_a_damaged_table_names_its_line(text: str, told: str) -> None:
    with pytest.raises(TinelError, match=told):
        read_traces(HERE, text.encode())


# ------------------------------------------------------------------ WFDB


def wfdb_files(folder: Path, form: str = "212") -> Path:
    pairs = np.array([[5, -7], [2047, -2048], [0, 1]])
    low, high = pairs[:, 0] & 0xFFF, pairs[:, 1] & 0xFFF
    packed = np.stack([low & 0xFF, low >> 8 | (high >> 8) << 4, high & 0xFF], axis=1)
    (folder / "n.dat").write_bytes(packed.astype(np.uint8).tobytes())
    # a stimulus note at sample 1: code 22 (comment), then the text, then the end
    note = (22 << 10 | 1).to_bytes(2, "little") + (63 << 10 | 4).to_bytes(2, "little") + b"Stim"
    (folder / "n.atr").write_bytes(note + b"\0\0")
    header = folder / "n.hea"
    header.write_text(
        f"n 2 1000 3\nn.dat {form} 100(1)/mV 12 0 5 0 0 APB\nn.dat {form} 200/uV 12 0 -7 0 0 ADM\n"
        "# age: 40\n"
    )
    return header


def test_a_wfdb_record_with_packed_samples_and_a_note(tmp_path: Path) -> None:
    found = read(wfdb_files(tmp_path))
    assert [(c.name, c.unit, c.rate_Hz) for c in found.channels] == [
        ("APB", "mV", 1000.0),
        ("ADM", "uV", 1000.0),
    ]
    assert found.channels[0].samples[0].tolist() == [0.04, 20.46, -0.01]
    assert found.channels[1].samples[0].tolist() == [-0.035, -10.24, 0.005]
    assert found.marks == (Mark(0.001, "Stim"),) and found.protocol == {"age": "40"}


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (" 212 ", " 311 ", "line 2: the signal format is '311' .allowed: 16, 24, 32, 61, 80, 212."),
        ("n.dat", "../n.dat", "line 2: the signal file"),
        ("n.dat", "m.dat", "m.dat: the signal file cannot be read"),
        ("1000 3", "1000 30", "n.dat: byte 9: the file ends after 3 samples"),
        ("1000 3", "fast 3", "line 1: the rate is 'fast'"),
        ("n 2 ", "n 3 ", "the header ends after 2 signals; it says 3"),
    ],
)
def test_a_damaged_wfdb_record(old: str, new: str, told: str, tmp_path: Path) -> None:
    header = wfdb_files(tmp_path)
    header.write_text(header.read_text().replace(old, new))
    with pytest.raises(TinelError, match=told):
        read(header)


# ------------------------------------------------------------------ any damage


def wholes() -> list[bytes]:
    table = b"time (ms),APB (mV),stimulus\n" + b"".join(
        f"{k / 10},{k % 3},{'wrist' if k == 2 else ''}\n".encode() for k in range(12)
    )
    header = b"n 2 1000 3\nn.dat 212 100(1)/mV 12 0 5 0 0 APB\nn.dat 212 200/uV 12 0 -7 0 0 ADM\n"
    return [motor_file()[0], SCAN.encode(), table, header]


@settings(max_examples=EXAMPLES, deadline=None)
@given(
    which=st.integers(0, 3),
    at=st.floats(0, 1),
    cut=st.sampled_from([0, 0, 1, 3, 40]),
    put=st.binary(max_size=12) | st.sampled_from([b"1e308", b"-", b"nan", b"9" * 30, b"\n", b","]),
    early=st.booleans(),
)
def test_damaged_bytes_never_end_in_anything_but_an_error_of_the_user(
    which: int,
    at: float,
    cut: int,
    put: bytes,
    early: bool,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.getbasetemp()
    raw = wholes()[which]
    place = int(at * (min(len(raw), 1100) if early else len(raw)))
    path = folder / "damaged.hea"
    (folder / "n.dat").write_bytes(bytes(9))
    path.write_bytes(raw[:place] + put + raw[place + cut :])
    try:
        found = read(path)
        sweeps(found, NUMBERS)
    except TinelError as problem:
        assert problem.where


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        (b"", "is empty"),
        (b"%PDF-1.7\n\0\0", "byte 0: is no recording.*begins with '%PDF"),
        (b"PK\x03\x04\0\0\0", "byte 0: is no recording"),
        (b'{"a (mV)": 1}\n', "line 1: is no recording"),
        (b"hello\n", "line 1: is no recording"),
    ],
)
def test_a_foreign_file_is_refused(raw: bytes, told: str, tmp_path: Path) -> None:
    path = tmp_path / "a.edf"
    path.write_bytes(raw)
    with pytest.raises(TinelError, match=told):
        read(path)


@settings(max_examples=60, deadline=None)
@given(
    segments=st.integers(1, 4),
    length=st.sampled_from([1, 7, 50, 400, 999]),
    rate=st.sampled_from([1.0, 250.0, 1000.0, 20_000.0, 50_000.0]),
    size=st.sampled_from([1e-4, 0.3, 1.0, 77.7, 9999.0]),
    seed=st.integers(0, 9),
)
def test_any_recording_comes_back_within_half_a_step(
    segments: int, length: int, rate: float, size: float, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    parts = tuple(size * rng.standard_normal(length) for _ in range(segments))
    starts = tuple(k * (length / rate + 1.5) for k in range(segments))
    first = Recording("", HERE, (Channel("a", "mV", rate, parts),), starts)
    back = read_edf(HERE, as_edf(first))
    np.testing.assert_allclose(back.starts_s, starts, atol=1e-6)
    (channel,) = back.channels
    assert channel.rate_Hz == rate and isinstance(channel.scale, Scale)
    step = (channel.scale.high - channel.scale.low) / 65534
    for a, b in zip(channel.samples, parts, strict=True):
        assert np.abs(a - b).max() <= step / 2 * 1.0001
    again = read_edf(HERE, as_edf(back))
    assert all(
        (a == b).all() for a, b in zip(again.channels[0].samples, channel.samples, strict=True)
    )
