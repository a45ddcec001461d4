"""The sound of ``tinel exam --listen``: what stands in the file, by measurement."""

from __future__ import annotations

import json
import re
import wave
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from tinel.case import load
from tinel.cli import main
from tinel.cohort.person import courses, injure, plans
from tinel.evidence import Parameters
from tinel.exam.laboratory import set_up
from tinel.exam.needle.record import record
from tinel.exam.needle.sound import LOUDEST_uV, as_wav

ROOT = Path(__file__).parents[1]
CUT, BLOCK = (str(ROOT / "examples" / f"{name}.toml") for name in ("cut", "block"))
MUSCLE = "first dorsal interosseous"


def heard(case: str, file: Path, *words: str) -> NDArray[np.float64]:
    """The microvolts in the file that the command writes."""
    base = ["exam", case, "--twins", "1", "--test", "strength", "--listen", str(file)]
    assert main([*base, *words]) == 0
    with wave.open(str(file), "rb") as sound:
        assert (sound.getnchannels(), sound.getsampwidth(), sound.getframerate()) == (1, 2, 20000)
        raw = np.frombuffer(sound.readframes(sound.getnframes()), "<i2")
    assert raw.size == 200_000  # 10 s
    return raw * LOUDEST_uV / 32767


def peaks(signal: NDArray[np.float64], least_uV: float) -> NDArray[np.int_]:
    """Where the signal's rises above a level have their tops, 2 ms apart at least."""
    from scipy.signal import find_peaks

    where: NDArray[np.int_] = find_peaks(np.abs(signal), height=least_uV, distance=40)[0]
    return where


@pytest.mark.truth
def test_a_cut_nerve_is_heard_at_rest_after_weeks_and_not_before(tmp_path: Path) -> None:
    file = tmp_path / "rest.wav"
    both = [heard(CUT, file, "--day", day, "--muscle", MUSCLE)[20000:] for day in ("5", "30")]
    early, late = both
    rates = [peaks(signal, 40.0).size / 9.0 for signal in (early, late)]
    level = [float(np.sqrt(np.mean(s**2))) for s in (early, late)]
    power = np.abs(np.fft.rfft(late)) ** 2
    frequency = np.fft.rfftfreq(late.size, 1 / 20000)
    middle = float(frequency[np.searchsorted(np.cumsum(power), power.sum() / 2)])
    print(f"\nspikes per second: day 5 {rates[0]:.1f}, day 30 {rates[1]:.1f}")
    print(f"level in uV: day 5 {level[0]:.1f} (noise 4), day 30 {level[1]:.1f}")
    print(f"day 30: half of the power below {middle:.0f} Hz")
    assert rates[0] == 0 and rates[1] > 1
    assert level[0] == pytest.approx(4.0, rel=0.05) and level[1] > 1.5 * level[0]


@pytest.mark.truth
def test_a_fibrillating_fibre_fires_regularly_at_the_published_rates() -> None:
    """Peaks of the same height belong to one fibre; where they mix with another's they do not
    count. Two heights at one rate are one fibre whose peaks lie on both sides of a bound."""
    case = load(BLOCK)
    person = injure(case, range(12))
    laboratory = set_up(person.nerve)
    (course,) = courses(person, plans(case, person.nerve.twins.parameters)[:1])
    limb, rates = laboratory.limb(course, 30.0), []
    for twin in range(12):
        with wave.open(BytesIO(as_wav(record(limb, "brachioradialis", twin=twin)))) as sound:
            raw = np.frombuffer(sound.readframes(sound.getnframes()), "<i2")
        signal = raw[20000:] * (LOUDEST_uV / 32767)
        where = peaks(signal, 60.0)
        height, found = np.round(signal[where] / 20), []
        for level in np.unique(height):
            own = np.abs(height - level) < 1.5
            gaps = np.diff(where[own] / 20000)
            if gaps.size >= 8 and np.std(gaps) < 0.1 * np.mean(gaps):
                found.append(where[own] / 20000)
                height[own] = np.nan  # a fibre counts once
        for times in found:
            gap = np.diff(times).mean()
            same = [t for t in found if abs(np.diff(t).mean() - gap) < 0.005 * gap]
            rates.append(1 / float(np.diff(np.sort(np.concatenate(same))).mean()))
    p = Parameters.of_evidence()
    slow, fast = (p.scalar(f"needle.fibrillation.{k}_Hz") for k in ("slowest", "fastest"))
    print(f"\nrates of fibres in Hz: {np.round(rates, 1)} (published {slow:g} to {fast:g})")
    assert len(rates) >= 3 and all(0.95 * slow <= rate <= 1.05 * fast for rate in rates)


def test_effort_is_loud_and_a_block_leaves_little_of_it(tmp_path: Path) -> None:
    words = ("--muscle", "Extensor Indicis", "--effort", "full")
    file = tmp_path / "sound.wav"
    level = [float(np.std(heard(BLOCK, file, "--day", day, *words))) for day in ("365", "1")]
    print(f"\nlevel in full effort in uV: day 365 {level[0]:.0f}, day 1 {level[1]:.0f}")
    assert level[0] > 10 * 4.0 and level[1] < 0.7 * level[0]


def test_json_names_the_sound(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    heard(BLOCK, tmp_path / "one.wav", "--day", "3", "--json")
    told = json.loads(capsys.readouterr().out)["sound"]
    assert told["muscle"] == "brachioradialis" and told["effort"] == "rest"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--muscle", "biceps"], "--muscle: no muscle is called 'biceps'"),
        (
            ["--muscle", "biceps"],
            "allowed: brachioradialis, extensor carpi radialis, extensor digitorum",
        ),
        (["--effort", "loud"], "--effort: effort is 'loud' (allowed: full, rest, slight)"),
        (["--needle", "hook"], "'hook' is not one of 'concentric', 'monopolar'"),
        (["--listen", "sound.mp3"], "the name ends in '.mp3' (allowed: .wav)"),
        (["--listen", "nowhere/sound.wav"], "its folder does not exist"),
    ],
)
def test_mistakes_are_told_before_anything_is_computed(
    words: list[str], told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = ["--listen", str(tmp_path / "a.wav")] if "--listen" not in words else []
    assert main(["exam", BLOCK, "--day", "3", *file, *words]) == 2
    said = capsys.readouterr().err
    assert told in said and "computing" not in said


def test_a_needle_without_a_recording(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["exam", BLOCK, "--day", "3", "--needle", "monopolar"]) == 2
    assert "add --listen FILE.wav, or --out DIR" in capsys.readouterr().err


def test_a_muscle_without_a_file_and_a_nerve_without_muscles(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main(["exam", BLOCK, "--day", "3", "--muscle", "triceps"]) == 2
    assert "add --listen FILE.wav" in capsys.readouterr().err
    skin = tmp_path / "skin.toml"
    text = Path(BLOCK).read_text(encoding="utf-8").replace('"radial"', '"sural"')
    text = re.sub(r"\[\[finding\]\].*?(?=\[\[exam)", "", text, flags=re.DOTALL)
    skin.write_text(text.replace("site_mm = 375", 'site = "calf"'), encoding="utf-8")
    assert main(["exam", str(skin), "--day", "3", "--listen", str(tmp_path / "a.wav")]) == 2
    assert "the sural nerve moves no muscle" in capsys.readouterr().err
