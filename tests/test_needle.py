"""Needle EMG: potentials, firing, jitter, fibrillations and the reading, beside published values.

Fitted: the scatter of endplates within a unit, to the phases of healthy tibialis anterior; the mean
jitter is that of the same people; the amplitude of fibrillations by month is Kraft's. Predicted:
amplitude, duration and turns of the potentials, what a monopolar needle shows of the same units,
how jitter differs between people and its limit for a pair, the fastest firing rate in health and
within two days of an injury, polyphasia after regrowth, the order of muscles. Set after a first
look, so predicted by nobody: the onset of fibrillations and its delay per mm of stump, the weight
of a unit, the limits of large and small potentials.
"""

from __future__ import annotations

import time
import wave
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.people import PUBLISHED, some
from tinel.course import Course, follow, state_at
from tinel.errors import TinelError
from tinel.exam.examination import Examination, Visit, visit
from tinel.exam.laboratory import Laboratory
from tinel.exam.limb import Limb, healthy
from tinel.exam.measurement import Measurement, Value
from tinel.exam.needle import reading as words
from tinel.exam.needle import sizes
from tinel.exam.needle.electrode import NEEDLES
from tinel.exam.needle.fibre import seen_uV
from tinel.exam.needle.jitter import endplate_us, measure_pair
from tinel.exam.needle.misplaced import misplaced, place
from tinel.exam.needle.motor_units import Layout
from tinel.exam.needle.potential import measure
from tinel.exam.needle.record import Recording, SAMPLING_Hz, record
from tinel.exam.needle.recruitment import units_of
from tinel.exam.needle.sizes import measured_sizes
from tinel.exam.needle.sound import write_wav
from tinel.exam.needle.spontaneous import graded, spontaneous
from tinel.exam.needle.trace import measure_trace
from tinel.exam.tests.needle_emg import TEST, needle_emg
from tinel.exam.tests.strength import TEST as STRENGTH
from tinel.lesion.causes import laceration
from tinel.lesion.state import Floats, Lesion
from tinel.nerve import Nerve, build
from tinel.treatment import plan

MUSCLE, KNEE_mm = "tibialis anterior", 720.0
NOTHING: Any = None
MONTH_d = 365.25 / 12


@cache
def leg(n: int = 30) -> Nerve:
    return build("sciatic", side="left", twins=some(range(n)))


@cache
def laboratory() -> Laboratory:
    return Laboratory(32.5, NOTHING, {TEST.name: measured_sizes(PUBLISHED, 32.5)})


@cache
def cut(fraction: float = 1.0, site_mm: float = KNEE_mm, grade: int = 2, n: int = 30) -> Course:
    branch = "common fibular" if site_mm > 700 else "sciatic trunk"
    hurt = laceration.make(leg(n), branch, site_mm=site_mm, fraction=fraction)
    hurt.sunderland_grade[:] = np.minimum(hurt.sunderland_grade, grade)
    return follow(leg(n), hurt, plan("wait", []))


def on(course: Course, day: float) -> Limb:
    state = state_at(course, day)
    return Limb(course.nerve, course.lesion, state, state.joined)


def blocked(part: float, n: int = 30) -> Limb:
    """A limb in which a part of all axons is blocked at the knee, every axon standing."""
    nerve = leg(n)
    whole = healthy(nerve)
    here = nerve.present("common fibular", KNEE_mm)
    struck = replace(Lesion.none(nerve), present=here, site_mm=np.full(n, KNEE_mm))
    draw = np.random.default_rng(1).random(whole.conducts.shape)
    return replace(whole, lesion=struck, conducts=~(here & (draw < part)))


def found(limb: Limb, muscle: str = MUSCLE) -> dict[str, Floats]:
    values = needle_emg(limb, limb.nerve.target(muscle), laboratory())
    return {v.quantity: v.values for v in values}


def said(limb: Limb, day: float) -> list[str]:
    """The reading of every twin; each is put first in turn."""
    target, other = leg().target(MUSCLE), visit(healthy(leg()), laboratory(), 0.0, [TEST.name])
    seen = visit(limb, laboratory(), day, [TEST.name])
    return [words.sentences(target, [_first(seen, k)], _first(other, k))[0] for k in range(12)]


def _first(of: Visit, k: int) -> Visit:
    turned = [replace(m, values=np.roll(m.values, -k)) for m in of.examination.measurements]
    examination = replace(of.examination, measurements=tuple(turned))
    return replace(of, examination=examination)


# jnnp.bmj.com/highwire/markup/179731: mean and standard deviation between healthy people
TIBIALIS = (
    (words.SIZE, 661.5, 92.0),
    (words.DURATION, 9.35, 0.93),
    (words.PHASES, 3.47, 0.36),
    (words.TURNS, 3.35, 0.52),
)


@pytest.mark.truth
def test_potentials_of_tibialis_anterior() -> None:
    seen = found(healthy(leg()))
    for name, mean, sd in TIBIALIS:
        of = seen[name]
        print(f"{name}: {of.mean():.2f} ± {of.std():.2f} (published {mean} ± {sd})")
        assert abs(of.mean() - mean) < 2 * sd, name
    polyphasic = seen[words.POLYPHASIC].mean()
    print(f"polyphasic: {polyphasic:.0f} % (published 5 to 40, limit 35)")
    assert 5 <= polyphasic <= 40


@pytest.mark.truth
@pytest.mark.xfail(
    strict=True, reason="710 µV and 8.6 ms where 661.5 ± 92 µV and 9.35 ± 0.93 ms are published"
)
def test_potentials_within_half_a_standard_deviation() -> None:
    seen = found(healthy(leg()))
    for name, mean, sd in TIBIALIS:
        print(name, (seen[name].mean() - mean) / sd)
        assert abs(seen[name].mean() - mean) < 0.5 * sd


@pytest.mark.truth
@pytest.mark.xfail(
    strict=True, reason="63 µV, 0.61 ms, 0.16 phases, 0.22 turns where 92, 0.93, 0.36, 0.52"
)
def test_people_differ_as_published() -> None:
    seen = found(healthy(leg()))
    for name, _, sd in TIBIALIS:
        print(name, seen[name].std() / sd)
        assert 1 / 1.5 < seen[name].std() / sd < 1.5


# the same units of tibialis anterior by both needles, 12 people, scilit.com/publications/
# 840800ee79e429e69fa9ede272d03544; phases (1.58) and turns (1.35) did not differ beyond chance
MONOPOLAR = {"amplitude": 2.05, "duration": 1.86}


@cache
def by_monopolar() -> dict[str, float]:
    """What a monopolar needle measures over what a concentric one does, in the same units."""
    one, other = (measured_sizes(PUBLISHED, 32.5, needle) for needle in NEEDLES)
    names = ("amplitude", "duration", "phases", "polyphasic", "turns")
    return {name: other[k, 2, 0] / one[k, 2, 0] for k, name in enumerate(names)}


@pytest.mark.truth
def test_a_monopolar_needle_shows_larger_and_longer_potentials() -> None:
    for name, ratio in by_monopolar().items():
        print(f"{name}: {ratio:.2f} times (published {MONOPOLAR.get(name, 'more complex')})")
    assert by_monopolar()["amplitude"] > 1.5 and by_monopolar()["duration"] > 1.2


@pytest.mark.truth
@pytest.mark.xfail(
    strict=True, reason="amplitude 3.0 and duration 1.6 times where 2.05 and 1.86 are published"
)
def test_a_monopolar_needle_shows_as_much_more_as_published() -> None:
    for name, published in MONOPOLAR.items():
        assert abs(by_monopolar()[name] / published - 1) < 0.2, name


@pytest.mark.truth
@pytest.mark.xfail(strict=True, reason="14 times fewer polyphasic potentials, published: more")
def test_a_monopolar_needle_shows_more_complex_potentials() -> None:
    # Nandedkar & Sanders 1991, doi:10.1002/mus.880140204, biceps of 5 people
    assert by_monopolar()["polyphasic"] > 1


@pytest.mark.truth
def test_fastest_firing_rate_in_health() -> None:
    # 111 healthy people: 97th percentile 12 to 15 Hz, by muscle (litmetric.com/detail/38777641)
    for muscle in (MUSCLE, "gastrocnemius", "extensor digitorum brevis"):
        if muscle not in [t.name for t in leg().targets]:
            continue
        of = found(healthy(leg()), muscle)
        fastest = np.percentile(of[words.FASTEST], 97)
        print(f"{muscle}: 97th percentile {fastest:.1f} Hz (published 12 to 15)")
        assert fastest < 15
        assert (of[words.RECRUITMENT] == 4).all() and (of[words.FIBRILLATIONS] == 0).all()


@pytest.mark.truth
def test_the_fastest_healthy_units_fire_as_fast_as_published() -> None:
    # the miss of an examiner who read one site without error in people who are all alike
    assert 12 <= np.percentile(found(healthy(leg()))[words.FASTEST], 97) <= 15


@pytest.mark.truth
@pytest.mark.xfail(
    strict=True, reason="half of the units blocked: no weak muscle at 20 Hz; four fifths: 67 %"
)
def test_rates_within_two_days_of_an_injury() -> None:
    # 6 people, 3 to 48 hours: 20 Hz or more in every muscle weaker than MRC 4, after block and
    # axon loss alike (discovery.researcher.life/article/emg-findings-early-after-peripheral-
    # nerve-lesions)
    target = leg().target(MUSCLE)
    shares: list[float] = []
    for part in (0.5, 0.8, 0.9, 0.95):
        for kind, limb in (("block", blocked(part)), ("axon loss", on(cut(part), 1.0))):
            strong = STRENGTH.examine(limb, target, laboratory())
            grade = next(v.values for v in strong if v.quantity == "MRC grade")
            rate = found(limb)[words.FASTEST]
            weak = (grade < 4) & np.isfinite(rate)
            if weak.any():
                fast = np.mean(rate[weak] >= 20)
                print(f"{part:g} {kind}: {weak.sum()} weak, {100 * fast:.0f} % at 20 Hz or more")
                shares.append(fast)
    assert min(shares) == 1


@pytest.mark.truth
def test_jitter_in_health_and_in_new_units() -> None:
    # tibialis anterior, jnnp.bmj.com/highwire/markup/179731
    seen = found(healthy(leg(100)))
    mean, sd = seen[words.JITTER].mean(), seen[words.JITTER].std()
    print(f"jitter {mean:.1f} ± {sd:.1f} µs (published 37.0 ± 5.6; the mean is fitted)")
    assert abs(mean / 37.0 - 1) < 0.1 and 1 / 1.5 < sd / 5.6 < 1.5
    wide = np.hypot(*(PUBLISHED.scalar(f"needle.jitter.{k}_spread") for k in ("pair", "person")))
    limit = 37.0 * np.exp(1.645 * wide - wide**2 / 2)
    print(f"95 of 100 pairs below {limit:.0f} µs (published 58)")
    assert abs(limit / 58 - 1) < 0.2
    for name, published in ((words.UNSTABLE, 20), (words.BLOCKING, 10)):
        print(f"{name}: {seen[name].mean():.0f} % (published 0 to {published})")
        assert seen[name].mean() <= published
    for day in (150.0, 220.0, 365.0, 730.0, 1500.0):  # hardly a unit is new before
        later = found(on(cut(), day))
        values = [np.nanmedian(later[k]) for k in (words.JITTER, words.UNSTABLE, words.BLOCKING)]
        print("day {:g}: {:.0f} µs, {:.0f} % unstable, {:.0f} % blocking".format(day, *values))
        if day <= 220:
            assert values[0] > 48.2 and values[2] > 10
    # normal half a year after the latency in 2 transplanted muscles (karger.com/ene 28/5/241),
    # abnormal for more than 34 months in one face (Massey & Sanders 1991)
    assert values[0] < 1.5 * 37.0


@pytest.mark.truth
def test_jitter_read_off_the_signal_is_that_of_the_pair() -> None:
    layout, rng = Layout.of(PUBLISHED, 32.5), np.random.default_rng(5)
    (pulse,) = seen_uV(np.array([0.15]), np.arange(-3, 3, 0.01), layout.fibre, layout.source)
    clock, read = np.arange(0.0, 9.0, 0.01), []
    for _ in range(20):
        late = endplate_us(37.0) / 1000 * rng.standard_normal((80, 2))
        at = 3.0 + late + np.array([0.0, 2.0])
        sweeps = np.array(
            [
                sum(np.interp(clock - a, np.arange(-3, 3, 0.01), pulse, 0, 0) for a in row)
                for row in at
            ]
        )
        read.append(measure_pair(sweeps + rng.standard_normal(sweeps.shape), 0.01).consecutive_us)
    print(f"{np.mean(read):.1f} µs read off the signal, 37.0 put in")
    assert abs(np.mean(read) / 37.0 - 1) < 0.05


def test_a_pair_that_fails_at_times_is_blocking() -> None:
    t = np.arange(0.0, 8.0, 0.02)
    first, second = (np.exp(-(((t - at) / 0.15) ** 2)) for at in (2.0, 4.0))
    sweeps = np.array([first + (0 if k % 4 == 0 else second) for k in range(40)])
    assert measure_pair(sweeps, 0.02).blocked_percent == 25
    assert np.isnan(measure_pair(np.array([first, first]), 0.02).consecutive_us)


@pytest.mark.truth
def test_fibrillation_amplitude_over_the_first_year() -> None:
    # Kraft 1990, 69 people, PubMed 2233867
    never = cut(1.0, KNEE_mm, 5)
    for months, published in ((1.0, 612.0), (3.0, 512.0), (5.0, 320.0), (13.0, 100.0)):
        size = np.nanmedian(found(on(never, months * MONTH_d))[words.FIBRILLATION_SIZE])
        print(f"month {months:g}: {size:.0f} µV (published {published:.0f})")
        assert abs(size / published - 1) < 0.15
    sizes = [_spikes_uV(record(on(never, m * MONTH_d), MUSCLE)) for m in (1.0, 5.0, 13.0)]
    print("read off the signal:", [round(s) for s in sizes], "µV")
    assert sizes[0] > sizes[1] > sizes[2]


def _spikes_uV(recording: Recording) -> float:
    later = recording.signal_uV[30000:]
    return measure_trace(later, SAMPLING_Hz).amplitude_uV


@pytest.mark.truth
def test_fibrillations_begin_later_with_distance() -> None:
    high = cut(1.0, 200.0, 5)
    muscles = sorted((t for t in leg().targets if t.kind == "motor"), key=lambda t: t.path_mm)
    first: dict[str, float] = {}
    for day in np.arange(4.0, 40.0, 1.0):
        limb = on(high, day)
        for muscle in muscles:
            fires = graded(spontaneous(limb, muscle).spikes, limb) > 0
            if fires.mean() >= 0.5 and muscle.name not in first:
                first[muscle.name] = day
    for muscle in muscles:
        stump = muscle.path_mm - 200.0
        print(f"{muscle.name}: {stump:.0f} mm, day {first[muscle.name]:.0f} (published 7 to 28)")
    days = [first[m.name] for m in muscles]
    assert days == sorted(days) and days[0] < days[-1]
    assert min(days) >= 7 and max(days) <= 28


@pytest.mark.truth
def test_waves_come_before_fibrillations() -> None:
    # textbook: positive sharp waves days 10 to 14, fibrillations days 14 to 18 (cut at the knee)
    first = {}
    for quantity in (words.WAVES, words.FIBRILLATIONS):
        there = [d for d in range(3, 25) if (found(on(cut(), d))[quantity] > 0).mean() >= 0.5]
        first[quantity] = there[0]
    print(f"{first} (published 10 to 14, 14 to 18)")
    assert 10 <= first[words.WAVES] <= 14 <= first[words.FIBRILLATIONS] <= 18


@pytest.mark.truth
def test_block_loss_and_both_over_the_year() -> None:
    half_block = blocked(0.92)
    for day in (1.0, 10.0, 21.0, 120.0, 365.0):
        loss = on(cut(), day)
        both = replace(on(cut(0.5), day), conducts=on(cut(0.5), day).conducts & half_block.conducts)
        for name, limb in (("block", half_block), ("loss", loss), ("mixed", both)):
            of, reading = found(limb), said(limb, day)
            means = {k: round(float(np.nanmean(v)), 1) for k, v in of.items() if (v == v).any()}
            print(f"day {day:g} {name}: {means}\n   {reading[0]}")
            if name == "block":
                assert (of[words.FIBRILLATIONS] == 0).all() and (of[words.RECRUITMENT] < 4).all()
                early = [r for r in reading if "Cannot tell" in r]
                assert len(early) == (12 if day < 15 else 0)
                assert day < 15 or all(r.startswith("Block:") for r in reading)
            elif name == "loss":
                assert not any("Block:" in r for r in reading)
                if day == 1:
                    assert all("Cannot tell block from axon loss" in r for r in reading)
                if day in (21, 120):
                    assert np.mean([r.startswith("Axon loss") for r in reading]) > 0.9
                if day == 365:
                    assert np.mean(["held again" in r or "grown" in r for r in reading]) > 0.7
            elif day == 21:
                hurt = (on(cut(0.5), day).state.territory[:, leg().fibres.target >= 0] >= 0).any()
                assert hurt and np.mean([r.startswith("Axon loss") for r in reading]) > 0.5


def test_units_come_back_small_and_polyphasic_and_grow() -> None:
    before, young, old = (found(on(cut(), day)) for day in (1.0, 220.0, 1500.0))
    normal = found(healthy(leg()))
    assert np.isnan(before[words.SIZE]).all()
    assert np.nanmean(young[words.SIZE]) < 0.6 * normal[words.SIZE].mean()
    assert np.nanmean(young[words.POLYPHASIC]) > 60
    assert np.nanmean(old[words.SIZE]) > np.nanmean(young[words.SIZE])
    assert np.nanmean(old[words.POLYPHASIC]) < np.nanmean(young[words.POLYPHASIC])


def test_other_discharges_come_only_where_stated() -> None:
    old = on(cut(0.9), 400.0)
    assert not found(old)[words.REPETITIVE].any() and not found(old)[words.FASCICULATIONS].any()
    often = {"needle.repetitive.chance": 1.0, "needle.fasciculation.per_min": 60.0}
    muscle = leg().target(MUSCLE)
    for limb, there in ((old, True), (on(cut(0.9), 30.0), False), (healthy(leg()), False)):
        stated = _with(limb, often)
        seen = {v.quantity: v.values for v in needle_emg(stated, muscle, laboratory())}
        assert (seen[words.REPETITIVE] > 0).any() == there
        assert (seen[words.FASCICULATIONS] > 0).any() == (limb.state.day > 0)
    stated = _with(old, often)
    values = needle_emg(stated, muscle, laboratory())
    twin = int(next(v.values for v in values if v.quantity == words.REPETITIVE).argmax())
    loud, quiet = (record(limb, MUSCLE, seconds=4.0, twin=twin) for limb in (stated, old))
    assert np.std(loud.signal_uV) > np.std(quiet.signal_uV)
    visit_ = _first(_alone(stated, values), twin)
    (said,) = words.sentences(muscle, [visit_], visit_)
    assert said.endswith("Also complex repetitive discharges and fasciculations.")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (MUSCLE, "names no two places"),
        ("tibialis=fat", "'tibialis' is no muscle"),
        (f"{MUSCLE}=fatt", "the needle cannot lie in 'fatt'"),
    ],
)
def test_bad_places(text: str, message: str) -> None:
    with pytest.raises(TinelError, match=message):
        place(text, leg())


def test_a_needle_elsewhere_writes_down_what_is_there() -> None:
    limb, muscle = on(cut(), 30.0), leg().target(MUSCLE)
    other, seen = (
        visit(one, laboratory(), day, [TEST.name]) for one, day in ((healthy(leg()), 0), (limb, 30))
    )

    def says(text: str) -> str:
        there = misplaced(seen, other, TEST.name, place(text, leg()))
        return words.sentences(muscle, [there], other)[0]

    assert words.sentences(muscle, [seen], other)[0].startswith("Axon loss: fibrillations")
    assert says(f"{MUSCLE}=fat").startswith("No insertional activity and no motor unit")
    assert says(f"{MUSCLE}=another nerve").startswith("Normal at rest")
    # the nerve is cut at the knee, beyond the branches to the thigh
    assert says(f"{MUSCLE} = long head of biceps femoris").startswith("Normal at rest")
    still = misplaced(seen, other, TEST.name, place(f"{MUSCLE}=fat", leg()))
    assert still.examination.value("gastrocnemius", words.SIZE) == seen.examination.value(
        "gastrocnemius", words.SIZE
    )


def test_a_needle_in_fat_hears_little() -> None:
    limb, noise = on(cut(0.9), 21.0), PUBLISHED.scalar("needle.electrode.noise_uV")
    quiet = record(limb, MUSCLE, seconds=1.0, in_fat=True).signal_uV
    assert np.std(quiet) == pytest.approx(noise, rel=0.05)
    near, far = (
        np.std(record(healthy(leg()), MUSCLE, "full", seconds=1.0, in_fat=x).signal_uV)
        for x in (False, True)
    )
    print(f"full effort: {near:.0f} µV in the muscle, {far:.0f} µV in fat")
    assert noise < far < near / 5


def test_few_units_have_few_turns() -> None:
    few = record(blocked(0.95), MUSCLE, "full", seconds=3.0)
    many = record(healthy(leg()), MUSCLE, "full", seconds=3.0)
    less, more = (measure_trace(r.signal_uV, SAMPLING_Hz) for r in (few, many))
    print(less, more)
    assert less.turns_per_s < more.turns_per_s
    assert less.silent_percent >= more.silent_percent
    quiet = record(healthy(leg()), MUSCLE, seconds=3.0)
    assert measure_trace(quiet.signal_uV[10000:], SAMPLING_Hz).turns_per_s == 0


@pytest.mark.truth
def test_the_cloud_of_turns_and_amplitude_moves_as_published() -> None:
    # neurogenic: larger turns at slight and moderate effort, fewer turns at full effort
    # (Fuglsang-Frederiksen 2000, Muscle Nerve 23:18); here units that took over the fibres of
    # four fifths of the others, and never grew back
    seen: dict[tuple[str, str], Floats] = {}
    for name, limb in (("healthy", healthy(leg())), ("old loss", on(cut(0.8, KNEE_mm, 5), 1500.0))):
        works = units_of(limb, leg().target(MUSCLE)).works
        kept = [k for k in range(30) if works[k].any()][:4]
        for effort in ("slight", "full"):
            made = [record(limb, MUSCLE, effort, seconds=1.0, twin=k).signal_uV for k in kept]
            traces = [measure_trace(one, SAMPLING_Hz) for one in made]
            of = np.mean([(t.turns_per_s, t.amplitude_uV) for t in traces], axis=0)
            print(f"{name}, {effort} effort: {of[0]:.0f} turns/s of {of[1]:.0f} µV")
            seen[name, effort] = of
    few = measure_trace(record(blocked(0.95), MUSCLE, "full", seconds=1.0).signal_uV, SAMPLING_Hz)
    print(f"few left on the first day: {few.turns_per_s:.0f} turns/s of {few.amplitude_uV:.0f} µV")
    assert few.turns_per_s < seen["healthy", "full"][0]
    assert seen["old loss", "full"][0] < seen["healthy", "full"][0]
    assert seen["old loss", "slight"][1] > seen["healthy", "slight"][1]


def test_a_long_recording_takes_less_than_two_seconds() -> None:
    record(healthy(leg()), MUSCLE, "full", seconds=0.5)
    start = time.perf_counter()
    made = record(healthy(leg()), MUSCLE, "full")
    took = time.perf_counter() - start
    print(f"10 s, {len(made.discharges_s)} units at the needle: {took:.2f} s")
    assert made.signal_uV.shape == (200_000,) and len(made.discharges_s) > 20


def test_a_recording_repeats_and_a_twin_is_the_same_in_every_range() -> None:
    one, two = (record(healthy(leg()), MUSCLE, "slight", seconds=1.0) for _ in range(2))
    assert np.array_equal(one.signal_uV, two.signal_uV)
    fewer = build("sciatic", side="left", twins=some(range(3, 5)))
    there = record(healthy(fewer), MUSCLE, "slight", seconds=1.0, twin=1)
    here = record(healthy(leg()), MUSCLE, "slight", seconds=1.0, twin=4)
    assert np.allclose(there.signal_uV, here.signal_uV)


def test_sound(tmp_path: Path) -> None:
    made = record(healthy(leg()), MUSCLE, "slight", seconds=1.0)
    write_wav(made, tmp_path / "slight.wav")
    with wave.open(str(tmp_path / "slight.wav")) as file:
        assert (file.getframerate(), file.getnchannels(), file.getnframes()) == (20000, 1, 20000)
        levels = np.frombuffer(file.readframes(20000), "<i2")
    assert np.corrcoef(levels, made.signal_uV)[0, 1] > 0.999
    with pytest.raises(TinelError, match="mp3"):
        write_wav(made, tmp_path / "slight.mp3")


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"muscle": "biceps"}, "no target"),
        ({"effort": "moderate"}, "effort is 'moderate'"),
        ({"seconds": 0.0}, "0 s is out of range"),
        ({"seconds": float("nan")}, "out of range"),
        ({"twin": 99}, "twin 99 is out of range"),
        ({"needle": "monopolr"}, "needle is 'monopolr'"),
    ],
)
def test_bad_recordings(changed: dict[str, Any], message: str) -> None:
    with pytest.raises(TinelError, match=message):
        record(healthy(leg()), **{"muscle": MUSCLE, **changed})


def test_measures_of_simple_waves() -> None:
    t = np.arange(0.0, 10.0, 0.05)
    pulse = np.where((t > 2) & (t < 4), 200.0 * np.sin(np.pi * (t - 2) / 2), 0.0)
    flat = np.zeros_like(t)
    of = measure(np.array([pulse, flat]), t)
    assert of.phases.tolist() == [1, 0] and of.amplitude_uV.round().tolist() == [200, 0]
    assert 1.7 < of.duration_ms[0] < 2.0 and of.duration_ms[1] == 0 and of.turns[0] == 1


# what shows only in the signal
IN_SIGNAL = (
    "needle.electrode.noise_uV",
    "needle.electrode.tip_mm",
    "needle.fat.away_mm",
    "needle.repetitive.fibres",
    "needle.repetitive.slowest_Hz",
    "needle.repetitive.fastest_Hz",
    "needle.insertion.burst_ms",
    "needle.insertion.lengthened",
    "needle.insertion.spikes_Hz",
    "needle.fibrillation.slowest_Hz",
    "needle.fibrillation.fastest_Hz",
    "needle.fibrillation.wave_tail_ms",
)


def _with(limb: Limb, changed: dict[str, float]) -> Limb:
    own = limb.nerve.twins
    twins = replace(own, parameters=own.parameters.replace(changed))
    return replace(limb, nerve=replace(limb.nerve, twins=twins))


def _alone(limb: Limb, values: tuple[Value, ...]) -> Visit:
    """A visit at which only this muscle was examined."""
    made = [Measurement(TEST.name, MUSCLE, v.site, v.quantity, v.unit, v.values) for v in values]
    return Visit(30.0, limb, Examination(tuple(made), {}))


@cache
def _many_limbs() -> list[Limb]:
    n = 5
    limbs = [healthy(leg(n)), blocked(0.85, n), blocked(0.9, n), on(cut(0.9, n=n), 400.0)]
    never = [(0.8, 1200.0), (1.0, 2500.0)]
    limbs += [on(cut(part, KNEE_mm, 5, n), day) for part, day in never]
    limbs += [on(cut(0.9, n=n), day) for day in (12.0, 90.0, 200.0)]
    return [*limbs, on(cut(n=n), 220.0), on(cut(n=n), 300.0)]


def _everything(changed: dict[str, float], signal: bool) -> Iterator[Any]:
    """What the needle finds, or its signals, in many states of the leg, as it is computed."""
    if signal:
        shown = [(on(cut(), 21.0), "rest"), (on(cut(), 220.0), "full")]
        shown += [(on(cut(1.0, KNEE_mm, 5), 9000.0), "rest")]
        hurt = _with(_many_limbs()[0], changed)
        yield record(hurt, MUSCLE, "slight", seconds=0.6, needle="monopolar").signal_uV
        yield record(hurt, MUSCLE, "slight", seconds=0.6, in_fat=True).signal_uV
        yield record(hurt, MUSCLE, "rest", seconds=0.6).signal_uV
        for limb, effort in shown:
            yield record(_with(limb, changed), MUSCLE, effort, seconds=0.6).signal_uV
        return
    limbs = [_with(limb, changed) for limb in _many_limbs()]
    table = measured_sizes(limbs[0].parameters, 32.5)
    room = Laboratory(32.5, NOTHING, {TEST.name: table})
    muscle = leg().target(MUSCLE)
    seen: list[Visit] = []
    for limb in limbs:
        seen.append(_alone(limb, needle_emg(limb, muscle, room)))
        yield from (m.values for m in seen[-1].examination.measurements)
    read = [
        words.sentences(muscle, [_first(v, k) for v in seen], _first(seen[0], k)) for k in range(4)
    ]
    yield np.array(read)


@pytest.mark.parametrize("signal", [False, True])
def test_every_number_of_the_needle_does_something(
    signal: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    # few units per table are enough to see a number act, and each number makes a table of its own
    monkeypatch.setattr(sizes, "N_UNITS", (6,) * len(sizes.N_UNITS))
    sizes._table.cache_clear()
    try:
        _check_every_number(signal)
    finally:
        sizes._table.cache_clear()


def _check_every_number(signal: bool) -> None:
    keys = [k for k in PUBLISHED if k.startswith("needle.") and (k in IN_SIGNAL) == signal]
    keys += ["exam.junction.jitter_us", "needle.young.jitter", "needle.young.misses"]
    keys = list(dict.fromkeys(keys))
    assert len(keys) > 10
    idle: list[str] = []
    # nothing of a repetitive discharge shows as long as there is none
    chance = {"needle.repetitive.chance": 1.0 if signal else 0.5}
    before = list(_everything(chance, signal))
    for key in keys:
        number = PUBLISHED.number(key)
        least, most = number.allowed
        values = [number.value * factor for factor in (1.3, 0.7, 3.0, 0.2, 20.0)]
        values = values if number.value else [0.9 * most]
        for value in (v for v in values if least <= v <= most):
            after = _everything({**chance, key: value}, signal)
            same = (
                np.array_equal(a, b, equal_nan=a.dtype.kind == "f")
                for a, b in zip(after, before, strict=True)
            )
            if not all(same):  # as far as the first difference
                break
        else:
            idle.append(key)
    assert idle == []
