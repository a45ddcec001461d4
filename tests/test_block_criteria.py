"""Criteria of block, dispersion and slowing per segment, beside published healthy people.

Fitted, after several looks: the spread of motor calibres, to the area above the elbow and to the
amplitude and duration from wrist to elbow; one relative spread of all thick sensory fibres, to the
area of the nerve's potential above the elbow and to the fall of the sural response with distance
at once. Predicted: how often healthy twins meet a criterion, the area from below to above the
elbow, the median nerve's series of Kimura, phases, and what the readings of random injuries say. An
area counts as met within half of the published change.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.kinds_of_injury import forearm_injury
from tests.people import PUBLISHED, some
from tinel.course import follow
from tinel.exam.block_criteria import CRITERIA, Segment, met, segments
from tinel.exam.examination import Examination, Visit, visit
from tinel.exam.findings import findings
from tinel.exam.interpretation import conduction
from tinel.exam.laboratory import Laboratory, set_up
from tinel.exam.limb import healthy
from tinel.exam.limits.duration import STUDIES
from tinel.exam.measurement import Measurement
from tinel.exam.response import Response
from tinel.exam.signs import signs
from tinel.exam.tests.sensory_conduction import sensory_conduction
from tinel.exam.waveform import read
from tinel.nerve import Nerve, build
from tinel.nerve.anatomy import Landmark
from tinel.treatment import plan

Floats = NDArray[np.float64]
MOTOR, SENSORY = "ulnar motor (ADM)", "ulnar sensory (digit 5)"
WARM = {"arm": 35.1, "leg": 33.9}  # skin in the published series and half a degree
WELL = Segment("below elbow to wrist", "arm", 8.0, 0.9, 0.9, 0.95, 0.08, 3.0)


def test_a_reading_needs_only_the_waveform() -> None:
    time_ms = np.arange(0, 20, 0.05)
    hill = np.exp(-((time_ms - 6) ** 2)) - 0.5 * np.exp(-((time_ms - 10) ** 2))
    once = read(np.stack([3 * hill, 0.01 * hill]), time_ms, 0.05, 0.03)
    assert once.amplitude.tolist() == pytest.approx([3.0, 0.0], abs=1e-3)
    assert once.peak_to_peak.tolist() == pytest.approx([4.5, 0.0], abs=1e-3)
    assert once.peak_ms[0] == pytest.approx(6.0) and math.isnan(once.peak_ms[1])
    assert once.area[0] == pytest.approx(3 * math.sqrt(math.pi), rel=0.01)
    assert once.phases[0] == 2 and math.isnan(once.phases[1])
    lead = hill - 0.3 * np.exp(-((time_ms - 3) ** 2))
    assert read(3 * lead[None], time_ms, 0.05, 0.03).phases.tolist() == [3]
    assert read(3 * lead[None], time_ms, np.array([1.0]), 0.03).phases.tolist() == [2]


@pytest.mark.parametrize(
    ("changed", "names"),
    [
        ({"kept": 0.4}, ["EFNS/PNS", "limit by distal amplitude"]),
        ({"kept": 0.4, "distal_mV": 0.9}, ["EFNS/PNS"]),
        ({"kept": 0.3, "distal_mV": 0.9}, ["EFNS/PNS", "limit by distal amplitude"]),
        ({"kept_peak_to_peak": 0.74}, ["limit of 44 healthy arms and 38 legs", "AAN"]),
        ({"kept_peak_to_peak": 0.74, "longer": 0.2}, []),
        ({"kept_peak_to_peak": 0.74, "limb": "leg"}, ["AAN"]),
        ({"kept_peak_to_peak": 0.69, "limb": "leg", "longer": 0.2},
         ["limit of 44 healthy arms and 38 legs"]),
        ({"kept_area": 0.79}, ["AAN"]),
        ({"longer": 0.31}, ["EFNS/PNS"]),
        ({"slower_m_per_s": 15.5}, ["Buschbacher 1999"]),
        ({"slower_m_per_s": 10.5, "limb": "leg"}, ["Buschbacher 1999"]),
        ({"slower_m_per_s": 99.0, "limb": "head"}, []),
        ({}, []),
    ],
)  # fmt: skip
def test_each_criterion_as_its_source_states_it(
    changed: dict[str, float], names: list[str]
) -> None:
    found = met(replace(WELL, **changed), PUBLISHED)  # type: ignore[arg-type]
    assert [one.criterion.name for one in found] == names


def test_a_consensus_asks_for_amplitude_and_area() -> None:
    for limb, kept, area in (("arm", 0.49, 0.59), ("leg", 0.39, 0.49)):
        blocked = replace(WELL, limb=limb, kept=kept, kept_area=area)
        assert "AAEM 1999, unverified" in names(blocked)
        assert "AAEM 1999, unverified" not in names(replace(blocked, longer=0.31))
        assert "AAEM 1999, unverified" not in names(replace(blocked, kept_area=area + 0.02))


def names(segment: Segment) -> list[str]:
    return [one.criterion.name for one in met(segment, PUBLISHED)]


GRID = [
    Segment("s", limb, size, kept, kept, kept + wider, longer, slower)
    for limb in ("arm", "leg")
    for size in (0.9, 2.0)
    for kept in np.linspace(0.05, 1.0, 39)
    for wider in (0.02, 0.15)
    for longer, slower in ((0.05, 9.0), (0.14, 13.0), (0.2, 9.0), (0.27, 13.0), (0.33, 17.0))
]


@pytest.mark.parametrize("key", sorted({key for one in CRITERIA for key in one.keys}))
def test_every_number_of_a_criterion_decides_something(key: str) -> None:
    assert PUBLISHED.number(key).source
    before = [[one.criterion for one in met(s, PUBLISHED)] for s in GRID]
    other = PUBLISHED.replace({key: PUBLISHED.scalar(key) * 0.8})
    assert before != [[one.criterion for one in met(s, other)] for s in GRID]


def person(name: str, twin: int = 0, n: int = 60) -> Nerve:
    return build(name, side="left", twins=some(range(twin, twin + n)))


@cache
def examined(name: str) -> tuple[Nerve, Laboratory, dict[str, Response]]:
    nerve = person(name)
    laboratory = set_up(nerve, temperature_C=WARM[nerve.limb])
    return nerve, laboratory, {s.name: laboratory.conduct(healthy(nerve), s) for s in nerve.studies}


def one_by_one(found: Response, limb: str) -> list[list[Segment]]:
    """The segments of a study, twin by twin."""
    study, twins = found.study, range(found.readings[0].amplitude.size)
    people = []
    for k in twins:
        made = tuple(
            Measurement("motor conduction", study.name, v.site, v.quantity, v.unit, v.values[k:])
            for v in found.values()
        )
        people.append(list(segments(study, Examination(made, {}), limb)))
    return people


@pytest.mark.truth
@pytest.mark.parametrize("name", ["ulnar", "median", "radial", "sciatic"])
def test_healthy_twins_meet_no_criterion_more_often_than_healthy_people(name: str) -> None:
    """Limits of normal leave one healthy side of a distribution out: 2.5 % beyond two SD, 3 %
    beyond the 97th percentile. EFNS/PNS and the limit by amplitude gave no false positive in
    amyotrophic lateral sclerosis, so none is allowed in health. A segment that two studies of the
    nerve have is counted over both."""
    nerve, _, found = examined(name)
    count: Counter[tuple[str, str, str]] = Counter()
    seen: Counter[str] = Counter()
    for study in nerve.studies:
        if study.kind != "motor" or len(study.sites) < 2:
            continue
        everyone = one_by_one(found[study.name], nerve.limb)
        for person_segments in everyone:
            for segment in person_segments:
                seen[segment.name] += 1
                for one in met(segment, PUBLISHED):
                    count[segment.name, one.criterion.name, one.criterion.sign] += 1
        drops = {
            s.name: 100 * np.mean([1 - twin[k].kept_peak_to_peak for twin in everyone])
            for k, s in enumerate(everyone[0])
        }
        print(f"{study.name}: drop (%) {drops}; met so far: {dict(count)} of {dict(seen)}")
    for (segment_name, _, sign), n in count.items():
        assert n / seen[segment_name] <= (0.0 if sign == "block" else 0.03)


@pytest.mark.truth
@pytest.mark.parametrize(("study", "key"), STUDIES.items())
def test_no_healthy_distal_response_is_dispersed(study: str, key: str) -> None:
    name = "sciatic" if key in ("tibial", "fibular") else key
    longest = examined(name)[2][study].readings[0].duration_ms.max()
    least = PUBLISHED.scalar(f"exam.dispersion.{key}_distal_ms")
    print(f"{study}: longest distal duration {longest:.2f} ms, dispersed from {least} ms")
    assert longest < least


def missed(reason: str) -> pytest.MarkDecorator:
    return pytest.mark.xfail(raises=AssertionError, strict=True, reason=reason)


@cache
def loss_of_area() -> dict[str, float]:
    """Change of area (%) of the muscle's and of the nerve's potential on the way up the arm."""
    nerve, laboratory, found = examined("ulnar")
    motor = found[MOTOR].readings
    study = nerve.study(SENSORY)
    above = nerve.study(MOTOR).sites[2]
    wide = replace(study, sites=(study.sites[0], above))
    nerves = sensory_conduction(healthy(nerve), wide, laboratory).readings
    median, other, digit = examined("median")
    finger, elbow = median.study("median sensory (digit 2)"), median.study("median motor (APB)")
    long = replace(finger, sites=(finger.sites[0], elbow.sites[1]))
    digital = sensory_conduction(healthy(median), long, other).readings
    thenar = digit["median motor (APB)"].readings
    return {
        "ulnar muscle, above against below elbow": change(motor[2].area, motor[1].area),
        "ulnar muscle, above elbow against wrist": change(motor[2].area, motor[0].area),
        "little finger, above elbow against wrist": change(nerves[1].area, nerves[0].area),
        "thenar muscle, elbow against wrist": change(thenar[1].area, thenar[0].area),
        "index finger, elbow against wrist": change(digital[1].area, digital[0].area),
    }


def change(proximal: Floats, distal: Floats) -> float:
    return float(100 * np.nanmean(proximal / distal - 1))


@pytest.mark.truth
@pytest.mark.parametrize(
    ("what", "published"),
    [  # ulnar: 32 nerves, Olney 1987; median: 24 nerves, Kimura 1986
        ("ulnar muscle, above against below elbow", -1.9),
        ("ulnar muscle, above elbow against wrist", -7.4),
        ("little finger, above elbow against wrist", -36.0),
        ("thenar muscle, elbow against wrist", -4.0),
        pytest.param("index finger, elbow against wrist", -17.0, marks=missed("-40 % simulated")),
    ],
)
def test_loss_of_area_on_the_way(what: str, published: float) -> None:
    """Only phases cancel on the way up a healthy arm; nothing blocks."""
    mine = loss_of_area()[what]
    print(f"{what}: area {mine:+.1f} %, published {published:+.1f} %")
    assert 1.5 * published <= mine <= 0.5 * published


@pytest.mark.truth
def test_sural_response_falls_with_distance() -> None:
    """Amplitude as distance to the power of -1.4 to -1.7 (Horowitz and Krarup 1992).

    They put a needle near the nerve, taken as 1 mm away, with a reference far from it, in a warm
    leg. Under skin electrodes, deeper and wider apart, the same fibres fall out of step less.
    """
    near = {"laboratory.sensory.reference_mm": 300.0}
    nerve = build("sural", side="left", twins=some(range(30), changed=near))
    study = replace(nerve.study("sural sensory"), depth_mm=1.0)
    nerve = replace(nerve, studies=(study,))
    laboratory = set_up(nerve, temperature_C=36.0)
    first = study.sites[0]
    ways = np.array([80.0, 100.0, 120.0, 140.0, 170.0, 200.0])
    sites = tuple(Landmark(f"{way:.0f} mm", first.branch, study.record_mm - way) for way in ways)
    readings = sensory_conduction(healthy(nerve), replace(study, sites=sites), laboratory).readings
    size = np.array([r.amplitude.mean() for r in readings])
    power = np.polyfit(np.log(ways), np.log(size), 1)[0]
    print(f"sural {np.round(size, 1)} uV at {ways} mm: power {power:.2f}, published -1.4 to -1.7")
    assert -1.7 <= power <= -1.4


@pytest.mark.truth
def test_healthy_nerve_potentials_have_few_phases_and_one_peak() -> None:
    """Three phases under a skin electrode over a nerve, the reference adds a small fourth in some;
    under rings around a finger the first, positive one is missing. The trace has no ripple."""
    for name, study in (("sural", "sural sensory"), ("ulnar", SENSORY), ("radial", "superficial "
                        "radial sensory")):  # fmt: skip
        found = examined(name)[2][study]
        phases, wave = found.readings[0].phases, found.waveform[0]
        inner = wave[:, 1:-1]
        tops = (inner > wave[:, :-2]) & (inner >= wave[:, 2:])
        tops &= inner > 0.1 * wave.max(axis=1, keepdims=True)
        peaks = tops.sum(axis=1)
        print(f"{study}: {phases.mean():.1f} phases ({phases.min():.0f} to {phases.max():.0f}); "
              f"peaks above a tenth {peaks.mean():.2f}, at most {peaks.max()}")  # fmt: skip
        assert 2 <= phases.mean() <= 4 and phases.max() <= 4 and peaks.max() <= 1


@pytest.mark.truth
@pytest.mark.parametrize("name", ["ulnar", "sural", "radial"])
def test_loss_of_fibres_makes_no_nerve_faster(name: str) -> None:
    """The mean never rises, and hardly anyone gains more than a tenth of a millisecond."""
    nerve, laboratory, found = examined(name)
    limb, draw = healthy(nerve), np.random.default_rng(3)
    for study in nerve.studies:
        if study.kind != "sensory":
            continue
        before = found[study.name].readings[0].onset_ms
        for left in (0.5, 0.3, 0.1, 0.03):
            weight = nerve.fibres.weight * (draw.random(nerve.fibres.weight.shape) < left)
            fewer = replace(nerve, fibres=replace(nerve.fibres, weight=weight))
            reading = laboratory.conduct(replace(limb, nerve=fewer), study).readings[0]
            gained = before - reading.onset_ms
            print(f"{study.name}, {100 * left:.0f} % of fibres: {np.nanmean(gained):+.3f} ms gained"
                  f", at most {np.nanmax(gained):+.3f}")  # fmt: skip
            assert np.nanmean(gained) < 0.02 and np.nanmax(gained) < 0.25


KINDS = ("block", "axon loss", "mixed")
WEEKS = (2.0, 7.0, 14.0, 21.0, 28.0)


def reading(sentence: str) -> str:
    """The kind of injury that a sentence names."""
    loss = sentence.startswith("Axon")
    if loss and "possible block" not in sentence and "; and block" in sentence:
        return "mixed"
    if loss and sentence.startswith("Axon loss"):
        return "axon loss"
    if sentence.startswith("Block"):
        return "block"
    if "annot tell" in sentence or "not yet known" in sentence:
        return "open"
    return "possible block" if sentence.startswith("Possible block") else "neither"


def hurt(kind: str, number: int, draw: np.random.Generator) -> list[Visit]:
    """One person with an injury of the forearm, on the days of ``WEEKS``, healthy side first."""
    nerve = person("ulnar", number, 1)
    _, laboratory, _ = examined("ulnar")
    lesion = forearm_injury(nerve, kind, draw)
    course = follow(nerve, lesion, plan("wait", []))
    tests = ["motor conduction"]
    other = visit(healthy(nerve), laboratory, tests=tests)
    return [other, *(visit(laboratory.limb(course, d), laboratory, d, tests) for d in WEEKS)]


def test_findings_mark_the_site_above_a_block() -> None:
    other, early, *_ = hurt("block", 0, np.random.default_rng(0))
    rows = {(r.quantity, r.site): r for r in findings(early, other) if r.subject == MOTOR}
    marked = rows["amplitude against distal", "below elbow"]
    assert marked.abnormal and "EFNS/PNS" in marked.criterion
    next_one = rows["amplitude against distal", "above elbow"]
    assert "EFNS/PNS" not in next_one.criterion, "the segment above it has no drop"
    assert all(r.criterion == "" or not r.abnormal for r in findings(other))


def of_the_day(seen: Visit) -> str:
    """What the muscle's motor axons are that day; half of them count, as for the criteria."""
    mine = seen.limb.fibres_of("abductor digiti minimi")
    intact, conducts = seen.limb.state.intact[0, mine], seen.limb.conducts[0, mine]
    lost = np.mean(~intact) >= 0.5
    blocked = intact.any() and np.mean(~conducts[intact]) >= 0.5
    return (
        "mixed" if lost and blocked else "axon loss" if lost else "block" if blocked else "neither"
    )


@cache
def confusion() -> dict[float, Counter[tuple[str, str, str]]]:
    """Per day: kind of injury, kind by the axons of the day, and what the sentence says."""
    draw = np.random.default_rng(11)
    table: dict[float, Counter[tuple[str, str, str]]] = {day: Counter() for day in WEEKS}
    for number in range(60):
        kind = KINDS[number % 3]
        other, *visits = hurt(kind, number, draw)
        for seen in visits:
            found = signs(seen.limb.nerve.study(MOTOR), seen, other)
            table[seen.day][kind, of_the_day(seen), reading(conduction(found))] += 1
    return table


def right(day: float, which: int) -> int:
    return sum(n for key, n in confusion()[day].items() if key[which] == key[2])


def test_nobody_can_tell_on_day_two() -> None:
    for (*_, said), n in confusion()[2.0].items():
        assert said in ("open", "neither", "possible block"), (said, n)


@pytest.mark.truth
@pytest.mark.parametrize(
    "day",
    [
        7.0,
        pytest.param(
            14.0,
            marks=missed(
                "37 of 60: 8 spare the muscle, in 20 the block has cleared, in part or whole"
            ),
        ),
        pytest.param(
            21.0,
            marks=missed(
                "27 of 60: 8 spare the muscle, in 30 the block has cleared, in part or whole"
            ),
        ),
    ],
)
def test_readings_of_random_injuries(day: float) -> None:
    """60 injuries of the ulnar nerve in the forearm, 20 of each kind; right in four of five."""
    for row in (*KINDS, "neither"):
        for which, title in ((0, "injury"), (1, "axons of the day")):
            said: Counter[str] = Counter()
            for key, n in confusion()[day].items():
                said[key[2]] += n if key[which] == row else 0
            print(f"day {day:g}, {title}: {row:10s}", dict(said + Counter()))
    print(f"day {day:g}: {right(day, 0)} of 60 right")
    assert right(day, 0) >= 48


@pytest.mark.truth
@pytest.mark.parametrize("day", [7.0, 14.0, 21.0, 28.0])
def test_readings_of_random_injuries_by_the_axons_of_the_day(day: float) -> None:
    """As above beside what the axons are that day: some injuries spare the muscle's axons, and
    block clears. Added after the table above had been seen; the share asked for is the same."""
    print(f"day {day:g}: {right(day, 1)} of 60 right; {dict(confusion()[day])}")
    assert right(day, 1) >= 48
