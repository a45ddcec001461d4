"""Healthy nerves, examined by the engine, beside published adults: within two SD of the mean."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest

from tests.people import some
from tinel.case import load
from tinel.cohort.person import grow
from tinel.evidence import Parameters
from tinel.exam.laboratory import Laboratory, set_up
from tinel.exam.limb import healthy
from tinel.exam.response import Response
from tinel.nerve import build, names

PUBLISHED = Parameters.of_evidence()
BOTH = [(name, study.name) for name in names() for study in
        build(name, side="left", twins=some(range(1))).studies]  # fmt: skip


@cache
def examined(name: str) -> dict[str, Response]:
    people = build(name, side="left", twins=some(range(60)))
    limb = "leg" if people.limb == "leg" else "arm"  # no skin of head and neck was measured
    skin = people.twins.parameters.scalar(f"exam.temperature.skin_{limb}_C")
    warm = skin + people.twins.parameters.scalar("exam.temperature.nerve_above_skin_C")
    laboratory = set_up(people, temperature_C=warm)
    return {s.name: laboratory.conduct(healthy(people), s) for s in people.studies}


@pytest.mark.truth
@pytest.mark.parametrize(("name", "study"), BOTH)
def test_published_normal_values(name: str, study: str) -> None:
    response = examined(name)[study]
    for quantity, number in response.study.normal.items():
        if quantity.startswith("h_"):  # of the H reflex, which has tests of its own
            continue
        assert number.sd is not None
        mine = response.measure(quantity)
        away = (mine.mean() - number.value) / number.sd
        print(
            f"{study}: {quantity} {mine.mean():.2f} ± {mine.std():.2f}, "
            f"published {number.value:g} ± {number.sd:g} ({number.evidence_grade}), {away:+.1f} SD"
        )
        assert abs(away) < 2


@pytest.mark.truth
def test_lateral_femoral_cutaneous_response() -> None:
    """29 adults: 7.24 uV and 50.9 m/s over 170 mm, no spread read (Kim 1998)."""
    response = examined("lateral femoral cutaneous")["lateral femoral cutaneous sensory"]
    size = response.measure("amplitude_uV").mean()
    speed = response.measure("velocity_m_per_s").mean()
    print(f"lateral thigh: {size:.1f} uV (published 7.2), {speed:.1f} m/s (published 50.9)")
    assert size == pytest.approx(7.24, rel=0.3)
    assert speed == pytest.approx(50.9, rel=0.1)


@pytest.mark.truth
@pytest.mark.parametrize("example", ["tanya", "ivy"])
def test_healthy_side_of_the_two_patients(example: str) -> None:
    case = load(Path(__file__).parents[1] / "examples" / f"{example}.toml")
    people = grow(case, range(60))
    laboratory = set_up(people)
    for study in people.studies:
        response = laboratory.conduct(healthy(people), study)
        for quantity, number in study.normal.items():
            if quantity.startswith("h_"):  # of the H reflex, which has tests of its own
                continue
            assert number.sd is not None
            mine = response.measure(quantity).mean()
            away = (mine - number.value) / number.sd
            print(f"{study.name}: {quantity} {mine:.2f}, {number.value:g} ± {number.sd:g}")
            assert abs(away) < 2


@pytest.mark.truth
def test_loss_of_area_on_the_way_is_small() -> None:
    """Ulnar response area, above elbow against wrist: -7.4 % (Olney 1987)."""
    readings = examined("ulnar")["ulnar motor (ADM)"].readings
    mine = 100 * np.mean(readings[2].area / readings[0].area - 1)
    print(
        f"area {mine:+.1f} %, published {-100 * PUBLISHED.scalar('exam.block.ulnar_area_drop'):g} %"
    )
    assert -15 < mine < 0


@pytest.mark.truth
@pytest.mark.parametrize(
    ("name", "study", "amplitude", "duration"),
    [  # normal drop in amplitude and rise in duration (e-jend 1661): arm 18-22 and 11-14 %,
        # leg 28-29 and 18-25 %; given as upper limits of normal
        ("ulnar", "ulnar motor (ADM)", 22.2, 13.9),
        ("median", "median motor (APB)", 22.2, 13.9),
        ("sciatic", "tibial motor (AH)", 28.9, 25.0),
        ("sciatic", "fibular motor (EDB)", 28.9, 25.0),
    ],
)
def test_dispersion_between_two_sites(
    name: str, study: str, amplitude: float, duration: float
) -> None:
    near, far = examined(name)[study].readings[:2]
    drop = 100 * np.mean(1 - far.amplitude / near.amplitude)
    rise = 100 * np.mean(far.duration_ms / near.duration_ms - 1)
    print(f"{study}: amplitude -{drop:.1f} % (to {amplitude}), duration +{rise:.1f} ({duration})")
    assert 0 < drop < amplitude
    assert 0 < rise < duration


@pytest.mark.truth
def test_velocity_per_micrometre() -> None:
    """Fastest sural fibres 4.55 ± 0.19 m/s per um of their diameter."""
    from tinel.cable.conduction.table import conduction

    table = conduction(33.9)
    number = PUBLISHED.number("nerve.fibre.sural_velocity_per_um")
    mine = float(table.velocity(np.array([10.0]))[0] / 10)
    print(f"{mine:.2f} m/s per um at 10 um and 34 C, published {number.value} ± {number.sd}")
    assert mine == pytest.approx(number.value, rel=0.12)


def test_cooling_slows_every_study() -> None:
    """Motor latency rises about 0.2 ms per degree (Kim 2006)."""
    people = build("ulnar", side="left", twins=some(range(20)))  # fmt: skip
    study = people.study("ulnar motor (ADM)")
    warm, cold = (
        set_up(people, temperature_C=t).conduct(healthy(people), study) for t in (34.0, 30.0)
    )
    longer = np.mean(cold.readings[0].onset_ms - warm.readings[0].onset_ms) / 4
    slower = np.mean(warm.measure("velocity_m_per_s") - cold.measure("velocity_m_per_s")) / 4
    published = PUBLISHED.number("exam.temperature.motor_velocity_per_C_m_per_s")
    print(f"latency +{longer:.2f} ms/C (0.2), velocity -{slower:.2f} m/s/C ({published.value})")
    assert 0.03 < longer < 0.3
    assert published.low is not None and published.high is not None
    assert published.low < slower < published.high


@pytest.mark.truth
def test_warmth_makes_responses_smaller_and_shorter() -> None:
    """As in people; by how much nobody agrees, and one series found no relation of amplitude.

    42 people, warmed: amplitude and duration of the motor response fell (Acta Neurol Scand
    1993;88:213-216). 10 people, cooled: amplitude and duration of its negative phase rose
    (doi:10.1002/mus.880130314). 20 people, 17 to 38 C: no relation of amplitudes, sensory
    duration falls linearly (doi:10.1136/jnnp.52.4.497). Sensory amplitude falls from 26 to 36 C
    (scilit 63ae19dca85c044a84292484da48f298).
    """
    people = build("radial", side="left", twins=some(range(20)))
    studies = {s.kind: s for s in people.studies}
    skin = (26.0, 30.0, 33.0, 36.0)
    above = PUBLISHED.scalar("exam.temperature.nerve_above_skin_C")
    for kind in ("motor", "sensory"):
        size, long = [], []
        for warmth in skin:
            laboratory = at_skin(warmth + above)
            reading = laboratory.conduct(healthy(people), studies[kind]).readings[0]
            size.append(float(reading.amplitude.mean()))
            long.append(float(np.nanmean(reading.duration_ms)))
        each = 100 * ((size[-1] / size[0]) ** 0.1 - 1), 100 * ((long[-1] / long[0]) ** 0.1 - 1)
        print(
            f"{kind}, skin {skin} C: amplitude {np.round(size, 2)} ({each[0]:+.1f} % per C), "
            f"duration {np.round(long, 2)} ms ({each[1]:+.1f} % per C); published: both fall"
        )
        assert (np.diff(size) < 0).all() and (np.diff(long) < 0).all()
        assert -5 < each[0] < 0 and -8 < each[1] < 0, "a few percent per degree"


@cache
def at_skin(temperature_C: float) -> Laboratory:
    people = build("radial", side="left", twins=some(range(1)))
    return set_up(people, temperature_C=temperature_C)
