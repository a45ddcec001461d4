"""Thresholds and velocities that NEURON gave, kept as a table, for where NEURON is not."""

from __future__ import annotations

import json

import numpy as np
import pytest

from benchmarks.peers import configurations

KEPT = json.loads(configurations.TABLE.read_text())


def test_the_table_has_every_configuration() -> None:
    kept = [{n: row[n] for n in row if n != "threshold_mA"} for row in KEPT["thresholds"]]
    assert kept == configurations.CASES
    assert len(kept) >= 60
    assert KEPT["versions"].keys() == {"neuron", "pyfibers"}


@pytest.mark.truth
def test_thresholds_against_the_table() -> None:
    kept = np.array([row["threshold_mA"] for row in KEPT["thresholds"]])
    off = configurations.thresholds(configurations.CASES) / kept - 1
    worst = configurations.CASES[int(np.abs(off).argmax())]
    print(
        f"{len(off)} thresholds against NEURON at 1 us: worst {100 * np.abs(off).max():.2f} % "
        f"({worst}), median {100 * np.median(np.abs(off)):.2f} %"
    )
    assert np.abs(off).max() < 0.01


@pytest.mark.truth
def test_velocities_against_the_table() -> None:
    mine = configurations.velocities(configurations.FIBRES)
    for row, velocity in zip(KEPT["velocities"], mine, strict=True):
        print(
            f"{row['model']} {row['diameter_um']} um: {velocity:.2f} m/s, NEURON converged "
            f"{row['converged_m_per_s']:.2f}, at 1 us {row['at_1_us_m_per_s']:.2f}"
        )
    kept = np.array([row["converged_m_per_s"] for row in KEPT["velocities"]])
    assert np.abs(mine / kept - 1).max() < 0.01
