"""What NEURON gave, kept as tables, for where NEURON is not."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from benchmarks.peers import configurations
from benchmarks.peers.families import FAMILIES, Family

BY_NAME = pytest.mark.parametrize("family", FAMILIES, ids=lambda f: f.name)
TRACED = pytest.mark.parametrize("family", [f for f in FAMILIES if f.traced], ids=lambda f: f.name)


def kept(family: Family) -> Any:
    return json.loads(configurations.table(family).read_text())


@BY_NAME
def test_the_table_has_every_configuration(family: Family) -> None:
    table = kept(family)
    bare = [{n: row[n] for n in row if n != "threshold_mA"} for row in table["thresholds"]]
    assert bare == family.cases
    assert [(row["model"], row["diameter_um"]) for row in table["velocities"]] == [*family.fibres]
    assert table["conditions"] == configurations.conditions(family)
    assert table["versions"].keys() == {"neuron", "pyfibers"}


def test_there_are_at_least_sixty_configurations_over_all_models() -> None:
    cases = [case for family in FAMILIES for case in family.cases]
    models = {case["model"] for case in cases}
    print(f"{len(cases)} thresholds of {sorted(models)}")
    assert len(cases) >= 60 and len(models) == 7
    for name in ("diameter_um", "distance_um", "width_ms"):
        assert len({case[name] for case in cases}) >= 3


@pytest.mark.truth
@BY_NAME
def test_thresholds_against_the_table(family: Family) -> None:
    theirs = np.array([row["threshold_mA"] for row in kept(family)["thresholds"]])
    # a coarse ladder for 1 %; the finer medians of docs/benchmarks.md are of the usual one
    off = configurations.thresholds(family, family.cases, rungs=24) / theirs - 1
    worst = family.cases[int(np.abs(off).argmax())]
    print(
        f"{len(off)} thresholds against NEURON at 1 us: worst {100 * np.abs(off).max():.2f} % "
        f"({worst}), median {100 * np.median(np.abs(off)):.2f} %"
    )
    assert np.abs(off).max() < 0.01


@pytest.mark.truth
@BY_NAME
def test_velocities_against_the_table(family: Family) -> None:
    mine = configurations.velocities(family, family.fibres)
    rows = kept(family)["velocities"]
    for row, velocity in zip(rows, mine, strict=True):
        print(
            f"{row['model']} {row['diameter_um']} um: {velocity:.4g} m/s, NEURON converged "
            f"{row['converged_m_per_s']:.4g}, at 1 us {row['at_1_us_m_per_s']:.4g}"
        )
    theirs = np.array([row["converged_m_per_s"] for row in rows])
    assert np.abs(mine / theirs - 1).max() < 0.005


@pytest.mark.truth
@TRACED
def test_spikes_against_the_table(family: Family) -> None:
    """Aligned at -30 mV, from well before the spike to well after it."""
    theirs = np.array([row["v_mV"] for row in kept(family)["traces"]])
    away = np.abs(configurations.traces(family) - theirs)
    for (model, diameter), row, v in zip(family.traced, away, theirs, strict=True):
        at = family.since_ms[int(row.argmax())]
        print(f"{model} {diameter:g} um: largest difference {row.max():.3f} mV, at {at:g} ms, "
              f"of a spike from {v.min():.1f} to {v.max():.1f} mV")  # fmt: skip
    assert away.max() < 0.5
