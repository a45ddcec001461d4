"""Healthy adults of both sexes, many ages and heights beside the published normal values.

Fitted, each with a number of its own: mean amplitudes, distal latencies and velocities of the
studies' own normal values (calibres, sizes of units, depths, thin axons), the spread of motor
amplitudes, of sensory amplitudes in common, of distal motor latencies in common, and what tape and
stimulus add, to two examiners of one nerve. Predicted: everything else, so peak latencies, velocity
across the elbow, F waves of this mixed population, the spread of velocities and sensory latencies,
and all slopes with age, height and sex but the sexes' amplitudes in the fingers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import numpy as np
import pytest

from tests.people import PUBLISHED, some
from tinel.exam.examination import examine
from tinel.exam.laboratory import Laboratory, set_up
from tinel.exam.limb import Floats, healthy
from tinel.exam.response import Response
from tinel.nerve import build
from tinel.twins import Patient, Twins

NERVES = ("ulnar", "median", "radial", "sciatic", "femoral", "musculocutaneous",
          "medial antebrachial cutaneous", "axillary")  # fmt: skip
TESTS = ["motor conduction", "sensory conduction", "F wave"]
# study, site or segment (empty: the first), quantity: mean, standard deviation; the sources stand
# in evidence/data/normal.toml, those of F waves in tests/test_f_wave.py; Buschbacher 2000 for the
# forearm's duration and peak, doi:10.1053/apmr.2000.9394, the Czech norms for the elbow
NORMAL = {
    ("ulnar motor (ADM)", "", "amplitude"): (11.6, 2.1),
    ("ulnar motor (ADM)", "", "onset latency"): (3.0, 0.3),
    ("ulnar motor (ADM)", "below elbow to wrist", "velocity"): (60.4, 5.2),
    ("ulnar motor (ADM)", "above elbow to below elbow", "velocity"): (57.1, 5.9),
    ("ulnar motor (FDI)", "", "amplitude"): (12.0, 4.0),
    ("ulnar motor (FDI)", "below elbow to wrist", "velocity"): (59.7, 4.7),
    ("ulnar motor (FDI)", "above elbow to below elbow", "velocity"): (56.5, 5.7),
    ("ulnar sensory (digit 5)", "", "amplitude"): (29.75, 13.4),
    ("ulnar sensory (digit 5)", "", "velocity"): (53.9, 6.8),
    ("ulnar sensory (digit 5)", "", "peak latency"): (3.1, 0.44),
    ("dorsal ulnar cutaneous", "", "amplitude"): (26.5, 9.7),
    ("dorsal ulnar cutaneous", "", "peak latency"): (1.84, 0.20),
    ("ulnar F wave (ADM)", "", "minimum latency"): (26.5, 2.1),
    ("ulnar F wave (ADM)", "", "mean latency"): (28.1, 2.2),
    ("ulnar F wave (ADM)", "", "persistence"): (83.0, 19.0),
    ("ulnar F wave (ADM)", "", "mean amplitude"): (347.0, 152.0),
    ("ulnar F wave (ADM)", "", "chronodispersion"): (3.9, 0.9),
    ("median motor (APB)", "", "amplitude"): (10.2, 3.6),
    ("median motor (APB)", "", "onset latency"): (3.7, 0.5),
    ("median motor (APB)", "", "velocity"): (57.0, 5.0),
    ("median motor (PQ)", "", "amplitude"): (4.4, 1.8),
    ("median motor (PQ)", "", "onset latency"): (3.8, 0.4),
    ("median sensory (digit 2)", "", "amplitude"): (32.95, 14.4),
    ("median sensory (digit 2)", "", "velocity"): (54.6, 6.5),
    ("median sensory (digit 2)", "", "peak latency"): (3.5, 0.4),
    ("median F wave (APB)", "", "minimum latency"): (24.8, 1.7),
    ("radial motor (EIP)", "", "amplitude"): (5.7, 1.1),
    ("radial motor (EIP)", "spiral groove", "onset latency"): (5.7, 0.5),
    ("radial motor (EIP)", "", "velocity"): (73.7, 7.0),
    ("superficial radial sensory", "", "amplitude"): (24.6, 8.2),
    ("superficial radial sensory", "", "onset latency"): (1.7, 0.1),
    ("superficial radial sensory", "", "velocity"): (58.8, 3.5),
    ("tibial motor (AH)", "", "amplitude"): (12.9, 4.5),
    ("tibial motor (AH)", "", "onset latency"): (4.5, 0.8),
    ("tibial motor (AH)", "", "velocity"): (50.7, 4.3),
    ("tibial F wave (AH)", "", "minimum latency"): (47.0, 4.1),
    ("tibial F wave (AH)", "", "mean latency"): (49.6, 4.4),
    ("tibial F wave (AH)", "", "persistence"): (97.0, 5.0),
    ("tibial F wave (AH)", "", "mean amplitude"): (384.0, 148.0),
    ("tibial F wave (AH)", "", "chronodispersion"): (5.5, 1.4),
    ("fibular motor (EDB)", "", "amplitude"): (5.9, 2.5),
    ("fibular motor (EDB)", "", "onset latency"): (4.8, 0.8),
    ("fibular motor (EDB)", "", "velocity"): (47.0, 4.5),
    ("superficial fibular sensory", "", "amplitude"): (18.3, 8.0),
    ("superficial fibular sensory", "", "onset latency"): (2.8, 0.3),
    ("superficial fibular sensory", "", "velocity"): (51.2, 5.7),
    ("sural sensory", "", "amplitude"): (21.7, 6.7),
    ("sural sensory", "", "onset latency"): (2.73, 0.42),
    ("sural sensory", "", "velocity"): (52.05, 8.47),
    ("saphenous sensory", "", "amplitude"): (10.7, 4.3),
    ("saphenous sensory", "", "velocity"): (46.6, 3.5),
    ("saphenous sensory", "", "peak latency"): (2.9, 0.3),
    ("femoral motor (VM)", "", "amplitude"): (9.0, 3.0),
    ("femoral motor (VM)", "", "onset latency"): (6.0, 0.6),
    ("lateral antebrachial cutaneous sensory", "", "amplitude"): (18.0, 10.0),
    ("lateral antebrachial cutaneous sensory", "", "onset latency"): (1.7, 0.2),
    ("lateral antebrachial cutaneous sensory", "", "peak latency"): (2.2, 0.2),
    ("lateral antebrachial cutaneous sensory", "", "duration"): (1.1, 0.2),
    ("medial antebrachial cutaneous sensory", "", "amplitude"): (13.0, 7.0),
    ("medial antebrachial cutaneous sensory", "", "onset latency"): (1.7, 0.2),
    ("axillary motor (deltoid)", "", "amplitude"): (12.0, 2.7),
    ("axillary motor (deltoid)", "", "onset latency"): (3.9, 0.5),
    ("musculocutaneous motor (biceps)", "", "onset latency"): (4.5, 0.6),
}

# 300 adults: what they have, how far their mean is away and their SD over the published one
MISSED = {
    ("radial motor (EIP)", "", "amplitude"): "4.83 ± 1.00: -0.79 SD, spread 0.91",
    ("femoral motor (VM)", "", "amplitude"): "6.95 ± 2.34: -0.68 SD, spread 0.78",
    ("axillary motor (deltoid)", "", "amplitude"): "10.33 ± 2.36: -0.62 SD, spread 0.88",
    ("ulnar motor (ADM)", "", "amplitude"): "10.42 ± 1.96: -0.56 SD, spread 0.93",
    (
        "ulnar motor (ADM)",
        "above elbow to below elbow",
        "velocity",
    ): "62.06 ± 5.58: +0.84 SD, spread 0.95",
    (
        "ulnar motor (FDI)",
        "above elbow to below elbow",
        "velocity",
    ): "62.23 ± 5.68: +1.01 SD, spread 1.00",
    ("ulnar sensory (digit 5)", "", "velocity"): "56.14 ± 4.08: +0.33 SD, spread 0.60",
    ("ulnar sensory (digit 5)", "", "peak latency"): "3.05 ± 0.21: -0.10 SD, spread 0.49",
    ("ulnar F wave (ADM)", "", "mean latency"): "29.77 ± 3.00: +0.76 SD, spread 1.36",
    ("ulnar F wave (ADM)", "", "chronodispersion"): "8.35 ± 3.52: +4.94 SD, spread 3.92",
    ("median motor (PQ)", "", "onset latency"): "4.53 ± 0.35: +1.82 SD, spread 0.88",
    ("median sensory (digit 2)", "", "velocity"): "56.16 ± 4.29: +0.24 SD, spread 0.66",
    ("median sensory (digit 2)", "", "peak latency"): "3.05 ± 0.22: -1.12 SD, spread 0.56",
    ("median F wave (APB)", "", "minimum latency"): "28.91 ± 2.67: +2.42 SD, spread 1.57",
    ("radial motor (EIP)", "", "velocity"): "69.26 ± 6.50: -0.63 SD, spread 0.93",
    ("tibial motor (AH)", "", "onset latency"): "4.42 ± 0.50: -0.10 SD, spread 0.62",
    ("tibial F wave (AH)", "", "minimum latency"): "52.09 ± 4.77: +1.24 SD, spread 1.16",
    ("tibial F wave (AH)", "", "mean latency"): "56.40 ± 5.44: +1.55 SD, spread 1.24",
    ("tibial F wave (AH)", "", "persistence"): "80.68 ± 21.42: -3.26 SD, spread 4.28",
    ("tibial F wave (AH)", "", "mean amplitude"): "372.58 ± 230.79: -0.08 SD, spread 1.56",
    ("tibial F wave (AH)", "", "chronodispersion"): "12.19 ± 4.96: +4.78 SD, spread 3.54",
    ("superficial fibular sensory", "", "onset latency"): "2.74 ± 0.19: -0.20 SD, spread 0.63",
    ("superficial fibular sensory", "", "velocity"): "51.34 ± 3.58: +0.02 SD, spread 0.63",
    ("sural sensory", "", "onset latency"): "2.73 ± 0.19: -0.01 SD, spread 0.46",
    ("sural sensory", "", "velocity"): "51.61 ± 3.68: -0.05 SD, spread 0.43",
    ("saphenous sensory", "", "peak latency"): "2.58 ± 0.20: -1.06 SD, spread 0.66",
    (
        "lateral antebrachial cutaneous sensory",
        "",
        "peak latency",
    ): "2.05 ± 0.15: -0.74 SD, spread 0.76",
    (
        "lateral antebrachial cutaneous sensory",
        "",
        "duration",
    ): "0.73 ± 0.05: -1.86 SD, spread 0.23",
    ("axillary motor (deltoid)", "", "onset latency"): "3.85 ± 0.29: -0.10 SD, spread 0.58",
    ("musculocutaneous motor (biceps)", "", "onset latency"): "4.71 ± 0.37: +0.36 SD, spread 0.62",
}


@dataclass(frozen=True)
class People:
    """Adults, one a row: age (years), height (cm), whether male, and what was measured."""

    body: Floats
    values: dict[tuple[str, str, str], Floats]

    def of(self, key: tuple[str, str, str]) -> Floats:
        """Values of a study, site (the first one where empty) and quantity, ``(n_adult,)``."""
        study, site, quantity = key
        found = (k for k in self.values if k[0] == study and k[2] == quantity)
        return self.values[next(k for k in found if site in ("", k[1]))]

    def slopes(self, key: tuple[str, str, str]) -> Floats:
        """Change by a year, by a cm and from women to men at the same age and height."""
        values = self.of(key)
        known = np.isfinite(values)
        columns = np.column_stack([np.ones(known.sum()), self.body[known]])
        return np.asarray(np.linalg.lstsq(columns, values[known], rcond=None)[0][1:], np.float64)


@cache
def adults(n: int) -> People:
    """Half of them men; 20 to 75 years; heights of 162 and 176 cm, SD 7 cm; warmed limbs."""
    draw = np.random.default_rng(5)
    body, found = [], defaultdict(list)
    for k in range(n):
        sex = ("female", "male")[k % 2]
        age = float(draw.uniform(20, 75))
        height = float(np.clip(draw.normal((162, 176)[k % 2], 7), 145, 200))
        body.append([age, height, float(sex == "male")])
        twins = Twins(Patient(age, sex, height), range(k, k + 1), 1, PUBLISHED)
        for name in NERVES:
            limb = healthy(build(name, side="left", twins=twins))
            for m in examine(limb, laboratory(name, sex), TESTS).measurements:
                found[m.subject, m.site, m.quantity].append(float(m.values[0]))
    return People(np.array(body), {key: np.array(values) for key, values in found.items()})


@cache
def laboratory(name: str, sex: str) -> Laboratory:
    """The room of one nerve; its tables depend on sex, by the depth and girth of the limb."""
    nerve = build(name, side="left", twins=Twins(Patient(40, sex, 170), range(1), 1, PUBLISHED))
    skin = PUBLISHED.scalar(f"exam.temperature.skin_{nerve.limb}_C")
    above = PUBLISHED.scalar("exam.temperature.nerve_above_skin_C")
    return set_up(nerve, temperature_C=skin + above)


def close(people: People, keys: Iterable[tuple[str, str, str]] = NORMAL) -> list[str]:
    """Quantities with a mean within half an SD and an SD within a factor of 1.5; prints all."""
    met = []
    for key in keys:
        mean, sd = NORMAL[key]
        values = people.of(key)
        away, ratio = (np.nanmean(values) - mean) / sd, np.nanstd(values) / sd
        well = abs(away) <= 0.5 and 1 / 1.5 <= ratio <= 1.5
        met += [" ".join(key)] if well else []
        print(f"{'met   ' if well else 'missed'} {key[0]}, {key[2]} {key[1]}: "
              f"{np.nanmean(values):.2f} ± {np.nanstd(values):.2f}, published {mean} ± {sd}, "
              f"{away:+.2f} SD, spread {ratio:.2f}")  # fmt: skip
    return met


@pytest.mark.truth
def test_a_sample_of_healthy_adults() -> None:
    met = close(adults(24))
    print(f"{len(met)} of {len(NORMAL)} quantities met")
    assert len(met) >= 25


def marked(key: tuple[str, str, str]) -> object:
    reason = MISSED.get(key)
    return pytest.param(
        *key, marks=[pytest.mark.xfail(strict=True, reason=reason)] if reason else []
    )


@pytest.mark.truth
@pytest.mark.slow
@pytest.mark.parametrize(("study", "site", "quantity"), [marked(key) for key in NORMAL])
def test_300_healthy_adults(study: str, site: str, quantity: str) -> None:
    assert close(adults(300), [(study, site, quantity)])


def test_more_than_25_quantities_are_met() -> None:
    assert len(NORMAL) - len(MISSED) >= 25


SLOPES = {
    # velocity between 19-49 and 50-79 years, jscholaronline JNND 9:102, over 30 years
    ("ulnar motor (ADM)", "below elbow to wrist", "velocity", 0): (61 - 58.1, -30),
    ("median sensory (digit 2)", "", "amplitude", 0): (36.6 - 27.5, -30),
    ("ulnar sensory (digit 5)", "", "amplitude", 0): (32 - 26.3, -30),
    # minimum latency of men of 171.6 cm and women of 156.1 cm, hmedj 88941
    ("ulnar F wave (ADM)", "", "minimum latency", 1): (25.73 - 22.97, 15.5),
    ("tibial F wave (AH)", "", "minimum latency", 1): (46.86 - 42.61, 15.5),
    ("median F wave (APB)", "", "minimum latency", 1): (24.93 - 22.66, 15.5),
}


@pytest.mark.truth
@pytest.mark.slow
@pytest.mark.parametrize(
    "key",
    [
        pytest.param(
            key, marks=pytest.mark.xfail(strict=True, reason="-0.318 per year, published -0.190")
        )
        if key[0] == "ulnar sensory (digit 5)"
        else key
        for key in SLOPES
    ],
)
def test_slopes_with_age_and_height(key: tuple[str, str, str, int]) -> None:
    difference, over = SLOPES[key]
    mine = float(adults(300).slopes(key[:3])[key[3]])
    print(f"{key[0]} {key[2]}: {mine:+.3f} per {('year', 'cm')[key[3]]}, published "
          f"{difference / over:+.3f}")  # fmt: skip
    assert mine == pytest.approx(difference / over, rel=0.5)


@pytest.mark.truth
@pytest.mark.slow
@pytest.mark.parametrize(
    ("study", "published"),
    [("median sensory (digit 2)", 52.4 / 31.4), ("ulnar sensory (digit 5)", 52.9 / 27.0),
     pytest.param("superficial radial sensory", 46.1 / 20.1, marks=pytest.mark.xfail(
         strict=True, reason="1.26: no girth makes up for so much under a skin electrode")),
     ("sural sensory", 1.32)],
)  # fmt: skip
def test_sensory_amplitude_of_women_to_men(study: str, published: float) -> None:
    """44 people, Hennessey 1994; sural, Horowitz and Krarup 1992. The girth was set to them."""
    people = adults(300)
    values, men = people.of((study, "", "amplitude")), people.body[:, 2] == 1
    mine = values[~men].mean() / values[men].mean()
    print(f"{study}: women {mine:.2f} times men, published {published:.2f}")
    assert mine > 1.0 and abs(mine - published) < 0.6 * (published - 1)


# 97th percentile or upper limit of the difference between sides: Buschbacher 1999 (ADM, EDB),
# Buschbacher 2000 as quoted elsewhere (forearm), doi:10.1016/j.apmr.2005.08.124 (PQ)
SIDES = {
    ("ulnar", "ulnar motor (ADM)", "mV"): 3.6,
    ("ulnar", "ulnar motor (ADM)", "ms"): 0.6,
    ("sciatic", "fibular motor (EDB)", "%"): 61.0,
    ("sciatic", "fibular motor (EDB)", "ms"): 1.4,
    ("median", "median motor (PQ)", "%"): 37.0,
    ("median", "median motor (PQ)", "ms"): 0.6,
    ("musculocutaneous", "lateral antebrachial cutaneous sensory", "%"): 67.0,
}


@cache
def both_sides(name: str) -> tuple[dict[str, Response], dict[str, Response]]:
    """What a laboratory finds on the left and on the right of the same 100 people."""
    found = []
    for side in ("left", "right"):
        nerve = build(name, side=side, twins=some(range(100)))
        studies = [s for s in nerve.studies if (name, s.name) in {key[:2] for key in SIDES}]
        room = laboratory(name, "female")
        found.append({s.name: room.conduct(healthy(nerve), s) for s in studies})
    return found[0], found[1]


@pytest.mark.truth
@pytest.mark.parametrize("key", SIDES)
def test_sides_of_healthy_people_differ_as_published(key: tuple[str, str, str]) -> None:
    """Predicted but for the part of the variance that belongs to the side (ADM amplitude)."""
    name, study, unit = key
    left, right = (side[study].readings[0] for side in both_sides(name))
    small, large = (f(left.amplitude, right.amplitude) for f in (np.minimum, np.maximum))
    differences = {
        "mV": large - small, "%": 100 * (1 - small / large),
        "ms": np.abs(left.onset_ms - right.onset_ms),
    }  # fmt: skip
    mine = np.percentile(differences[unit], 97)
    print(f"{study}: sides differ by up to {mine:.2f} {unit}, published {SIDES[key]}")
    assert SIDES[key] / 1.5 < mine < 1.5 * SIDES[key]
