"""A simulated median motor axon beside the excitability records of 193 people.

Every quantity is computed by the same function from a person's curves and from the simulated
ones. It must lie between the people's 5th and 95th percentiles; where the model does not, the test
is an expected failure that states the measured number. ``docs/excitability.md`` has the table;
``pytest -m truth -s tests/test_excitability.py`` prints it.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from tinel import evidence
from tinel.cable import mrg
from tinel.cable.electrode import surface_pair
from tinel.cable.excitability import recovery_cycle, threshold_electrotonus
from tinel.cable.field import fade_ends, potential, straight
from tinel.cable.internode import elements, healthy
from tinel.cable.medium import HalfSpace
from tinel.cable.stimulus import positions_um
from tinel.cable.strength import strength_duration, weiss
from tinel.cable.threshold import Preparation
from tinel.nerve import build
from tinel.nerve.anatomy import MOTOR

RECORDS = Path(__file__).parents[2] / "shared" / "data" / "excitability" / "median_nerve.json"
SKIN_C = 33.0  # the people's median
DEPTH_mm = 5.0  # of the nerve at the wrist: an assumption, no series was read
WIDTH_ms = np.array([0.2, 0.4, 0.6, 0.8, 1.0])
INTERVAL_ms = np.array([2, 2.5, 3.2, 4, 5, 6.3, 7.9, 10, 13, 18, 24, 32, 42, 56, 75, 100, 140, 200])
CURRENT = np.array([40.0, 20.0, -20.0, -40.0])
# from the start of the 100 ms current; the records count from 10 ms before it
DELAY_ms = np.array([10, 15, 20, 30, 40, 50, 60, 90, 99, 110, 120, 130, 150, 170.0])
NODES, FADE, WATCHED = 61, 12, 45


class Curves(NamedTuple):
    """Thresholds by width (mA), changes by interval (%), reductions by current and delay (%)."""

    strength: np.ndarray
    recovery: np.ndarray
    electrotonus: np.ndarray


records = pytest.mark.skipif(
    not RECORDS.is_file(), reason=f"human records are not at {RECORDS}; they are not distributed"
)


def median_axons(
    temperature_C: float = SKIN_C, depth_mm: float = DEPTH_mm, dt_ms: float = 0.02
) -> Preparation:
    """Motor axons of the median nerve under the wrist electrode, the anode 10 cm away off nerve.

    Thin, middling and thick: the 10th, 50th and 90th percentile of its motor fibres' diameters.
    """
    people = build(
        "median", height_cm=170, age=33, sex="female", side="left", seed=1, twins=range(5)
    )
    motor = people.fibres.diameter_um[:, people.fibres.kind == MOTOR]
    diameter = np.quantile(motor, [0.1, 0.5, 0.9])
    fibres = elements(mrg.geometry(diameter), healthy(len(diameter)))
    along = positions_um(fibres, NODES)
    places = straight(along, depth_mm=depth_mm, from_mm=-along[:, 11 * (NODES // 2)] / 1000)
    medium = HalfSpace(evidence.value("laboratory.medium.conductivity_S_per_m"))
    pair = surface_pair(0.0, separation_mm=100.0, angle_deg=30.0)
    field = fade_ends(potential(medium, pair, places), FADE)
    return Preparation(
        fibres, NODES, WATCHED, potential_mV=field, temperature_C=temperature_C, dt_ms=dt_ms
    )


@cache
def simulated(temperature_C: float = SKIN_C, depth_mm: float = DEPTH_mm) -> list[Curves]:
    coarse = median_axons(temperature_C, depth_mm)
    fine = median_axons(temperature_C, depth_mm, 0.01)
    strength = strength_duration(fine, WIDTH_ms, largest=200.0, tolerance=5e-4)
    early, late = INTERVAL_ms < 10, INTERVAL_ms >= 10
    recovery = [
        recovery_cycle(p, INTERVAL_ms[some], largest=100.0, tolerance=1e-3)
        for p, some in ((fine, early), (coarse, late))
    ]
    electrotonus = threshold_electrotonus(coarse, DELAY_ms, CURRENT, largest=100.0)
    for status in (strength.status, *(r.status for r in recovery), electrotonus.status):
        assert np.all(status == 0)
    changes = np.concatenate([r.percent for r in recovery], axis=1)
    return [Curves(*c) for c in zip(strength.amplitude, changes, electrotonus.percent, strict=True)]


@cache
def people() -> list[Curves]:
    return [_read(p["sections"]) for p in json.loads(RECORDS.read_text()).values()]


def _read(sections: dict) -> Curves:
    charge = np.array([row[:2] for row in sections["CD"]["data"]], float)
    recovery = np.array([row[:2] for row in sections["RC"]["data"]], float)
    assert np.allclose(charge[:, 0], WIDTH_ms) and np.allclose(recovery[:, 0], INTERVAL_ms)
    curves = []
    # the file calls depolarising currents h and hyperpolarising ones d: its signs are what counts
    for name, current in zip(("h40", "h20", "d20", "d40"), CURRENT, strict=True):
        t, y = np.array([row[:2] for row in sections["TE"][name]["data"]], float).T
        assert np.sign(y[(t > 11) & (t < 50)].mean()) == np.sign(current)
        curves.append(np.interp(DELAY_ms + 10, t, y))
    return Curves(charge[:, 1] / charge[:, 0], recovery[:, 1], np.array(curves))


def _between(c: Curves, current: float, low_ms: float, high_ms: float) -> np.ndarray:
    row = c.electrotonus[list(CURRENT).index(current)]
    return row[(low_ms <= DELAY_ms) & (high_ms >= DELAY_ms)]


def _smooth(c: Curves) -> np.ndarray:
    return np.convolve(c.recovery, np.ones(3) / 3, "valid")


def _refractory_ms(c: Curves) -> float:
    k = int(np.flatnonzero(c.recovery <= 0)[0])
    if k == 0:
        return float(INTERVAL_ms[0])  # already over at the first interval
    pair = slice(k - 1, k + 1)
    logs = np.interp(0.0, c.recovery[pair][::-1], np.log(INTERVAL_ms[pair])[::-1])
    return float(np.exp(logs))


MEASURES = {
    "strength-duration time constant, ms": lambda c: float(weiss(WIDTH_ms, c.strength)[1]),
    "rheobase, mA": lambda c: float(weiss(WIDTH_ms, c.strength)[0]),
    "refractoriness at 2.5 ms, %": lambda c: c.recovery[1],
    "relative refractory period, ms": _refractory_ms,
    "superexcitability, %": lambda c: _smooth(c).min(),
    "subexcitability, %": lambda c: _smooth(c)[6:].max(),
    "TEd 40 % at 10-20 ms, %": lambda c: _between(c, 40, 10, 20).mean(),
    "TEd 40 % peak, %": lambda c: _between(c, 40, 1, 60).max(),
    "TEd 40 % at 40-60 ms, %": lambda c: _between(c, 40, 40, 60).mean(),
    "TEd 40 % at 90-100 ms, %": lambda c: _between(c, 40, 90, 99).mean(),
    "TEd 40 % accommodation, %": lambda c: (
        _between(c, 40, 1, 60).max() - _between(c, 40, 90, 99).mean()
    ),
    "TEd 40 % undershoot, %": lambda c: _between(c, 40, 110, 200).min(),
    "TEd 20 % peak, %": lambda c: _between(c, 20, 1, 60).max(),
    "TEh 40 % at 10-20 ms, %": lambda c: _between(c, -40, 10, 20).mean(),
    "TEh 40 % at 20-40 ms, %": lambda c: _between(c, -40, 20, 40).mean(),
    "TEh 40 % at 90-100 ms, %": lambda c: _between(c, -40, 90, 99).mean(),
    "TEh 40 % overshoot, %": lambda c: _between(c, -40, 110, 200).max(),
    "TEh 20 % at 90-100 ms, %": lambda c: _between(c, -20, 90, 99).mean(),
}

# What the MRG axon does not reproduce, with the middling axon's number at 33 C and 5 mm.
OUTSIDE = {
    "rheobase, mA": "0.41, people 1.3 to 5.2: one conductivity, no pad or skin losses",
    "refractoriness at 2.5 ms, %": "-14, people -4 to 65",
    "relative refractory period, ms": "2.25, people 2.44 to 3.81",
    "superexcitability, %": "-37, people -34 to -15",
    "TEd 40 % at 10-20 ms, %": "50, people 60 to 74",
    "TEd 40 % peak, %": "51, people 61 to 76",
    "TEd 40 % accommodation, %": "5, people 19 to 30",
    "TEd 40 % undershoot, %": "-5, people -26 to -13",
    "TEd 20 % peak, %": "26, people 33 to 46",
    "TEh 40 % at 10-20 ms, %": "-51, people -85 to -64",
    "TEh 40 % at 20-40 ms, %": "-53, people -109 to -79",
    "TEh 40 % at 90-100 ms, %": "-52, people -149 to -89",
    "TEh 40 % overshoot, %": "1.5, people 6 to 23",
    "TEh 20 % at 90-100 ms, %": "-25, people -60 to -36",
}


def compared(name: str, **setting: float) -> tuple[np.ndarray, np.ndarray]:
    """Simulated lowest, middle and highest axon; the people's 5th, 50th and 95th percentile."""
    axons = [MEASURES[name](c) for c in simulated(**setting)]
    return np.quantile(axons, [0, 0.5, 1]), np.quantile(
        [MEASURES[name](c) for c in people()], [0.05, 0.5, 0.95]
    )


def _cases() -> list:
    return [
        pytest.param(
            name,
            marks=pytest.mark.xfail(strict=True, reason=OUTSIDE[name]) if name in OUTSIDE else [],
        )
        for name in MEASURES
    ]


@records
@pytest.mark.truth
@pytest.mark.parametrize("name", _cases())
def test_median_motor_axon_among_people(name: str) -> None:
    mine, theirs = compared(name)
    print(
        f"{name}: simulated {mine[1]:.3g} ({mine[0]:.3g} to {mine[2]:.3g}), "
        f"193 people {theirs[1]:.3g} ({theirs[0]:.3g} to {theirs[2]:.3g})"
    )
    assert theirs[0] <= mine[1] <= theirs[2]


@records
def test_the_records_are_read_as_their_laboratory_reads_them() -> None:
    """Our time constant, super- and subexcitability against the values stored by the recorder."""
    stored = [
        {row[0]: row[1] for row in p["sections"]["ExVars"]["data"]}
        for p in json.loads(RECORDS.read_text()).values()
    ]
    for number, name, limit in (
        (3, "strength-duration time constant, ms", 0.003),
        (13, "superexcitability, %", 0.5),
        (14, "subexcitability, %", 0.5),
    ):
        mine = np.array([MEASURES[name](c) for c in people()])
        away = np.abs(mine - np.array([s[number] for s in stored], float))
        print(f"{name}: median difference {np.median(away):.2g}, within {limit:g} in "
              f"{np.mean(away < limit):.0%} of {len(away)} people")  # fmt: skip
        assert np.median(away) < limit / 5 and np.mean(away < limit) > 0.9


if __name__ == "__main__":
    for measure in MEASURES:
        cells = []
        for setting in ({}, {"temperature_C": 37.0}, {"depth_mm": 2.5}, {"depth_mm": 10.0}):
            mine, theirs = compared(measure, **setting)
            cells.append(f"{mine[1]:.3g} ({mine[0]:.3g} to {mine[2]:.3g})")
        mine, theirs = compared(measure)
        inside = "inside" if theirs[0] <= mine[1] <= theirs[2] else "**outside**"
        print(f"| {measure} | {theirs[0]:.3g} / {theirs[1]:.3g} / {theirs[2]:.3g} | "
              f"{cells[0]} | {inside} | {cells[1]} | {cells[2]} | {cells[3]} |")  # fmt: skip
