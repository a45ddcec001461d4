"""CMAP scan: stimuli from above the highest to below the lowest threshold of a muscle's units.

Each unit drops out at its own current, and large steps tell of large units: few units that each
hold much of the muscle, as after reinnervation. What is read from real scans is how widely
thresholds spread, and the noise; the counts follow from the units of the nerve.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from tinel.exam.conduction_time import conduction_time_ms
from tinel.exam.laboratory import Laboratory
from tinel.exam.limb import Floats, Limb
from tinel.exam.measure import Measure
from tinel.exam.measurement import Value
from tinel.exam.motor_response import drawn, unit_sizes_mV
from tinel.exam.per_twin import beside
from tinel.exam.test import Test
from tinel.exam.tests.motor_conduction import motor_conduction
from tinel.exam.unit_count import ScanRules, count_units
from tinel.nerve.anatomy import Nerve, Study

RANGE_sd = 4.0  # of the logarithms of thresholds: no healthy muscle has units enough beyond it
NEAR_sd = 3.0  # of a unit's own fluctuation, beyond which it always or never answers
UNITS, UNIT_SIZE, D50 = "motor unit count", "mean unit size", "D50"


def scans(nerve: Nerve) -> Sequence[Study]:
    """The motor studies, at their most distal site alone."""
    return [
        replace(study, name=study.name.replace(" motor ", " CMAP scan "), sites=study.sites[:1])
        for study in nerve.studies
        if study.kind == "motor" and not study.on_request
    ]


def amplitudes_mV(limb: Limb, study: Study, laboratory: Laboratory) -> Floats:
    """The response to every stimulus of a falling series, ``(n_twin, n_stimulus)``, mV.

    A unit answers while the current is above its threshold, which fluctuates from stimulus to
    stimulus. Each counts with what reaches the peak of the full response. Regrown axons have the
    thresholds of others.
    """
    p, twins = limb.parameters, limb.nerve.twins
    target, site = limb.nerve.target(study.target), study.sites[0]
    part = limb.only(target.name)
    end_mm = target.path_mm - target.terminal_mm
    way = conduction_time_ms(part, laboratory.conduction, site.position_mm, end_mm)
    answers = np.isfinite(way) & (part.state.joined | part.state.stump_conducts)
    size = np.where(answers, unit_sizes_mV(limb, part, target), 0.0)
    full = motor_conduction(limb, study, laboratory).readings[0].amplitude
    size *= (full / np.maximum(size.sum(axis=1), 1e-300))[:, None]

    n = max(round(p.scalar("laboratory.cmap_scan.stimuli")), 2)
    spread = np.broadcast_to(p.per_twin("exam.cmap_scan.threshold_spread"), len(twins))
    step = 2 * RANGE_sd * spread[:, None] / (n - 1)  # of the logarithm of the current
    fluctuation = p.scalar("exam.cmap_scan.fluctuation")
    threshold = drawn(limb, target.name, "exam.cmap_scan.threshold", 1)[:, 0]
    place = (RANGE_sd - threshold) * spread[:, None] / step
    near = max(int(np.ceil(NEAR_sd * fluctuation / step.min())), 1)
    at = np.rint(place)[:, None] + np.arange(-near, near + 1)[:, None]
    day = f"day {limb.state.day:g}"
    chance = drawn(limb, target.name, f"exam.cmap_scan.fluctuation.{day}", 2 * near + 1)
    fires = chance * fluctuation < (place[:, None] - at) * step[:, None]

    # units that certainly answer: at all stimuli before their own range
    row = np.arange(len(twins))[:, None] * (n + 1)
    last = np.clip(np.rint(place).astype(int) - near, 0, n)
    lost = np.bincount((row + last).ravel(), size.ravel(), len(twins) * (n + 1))
    sure = size.sum(axis=1, keepdims=True) - np.cumsum(lost.reshape(len(twins), -1), axis=1)
    here = fires & (at >= 0) & (at < n)
    added = np.where(here, size[:, None], 0.0)
    where = row[..., None] + np.clip(at, 0, n).astype(int)
    more = np.bincount(where.ravel(), added.ravel(), len(twins) * (n + 1))
    response = (sure + more.reshape(len(twins), -1))[:, :n]

    noise = twins.only(twins.numbers).normal(f"exam.cmap_scan.noise.{target.name}.{day}", 2 * n)
    scatter = beside(p, "exam.cmap_scan.scatter", response) * response * noise[:, :n]
    hum = beside(p, "laboratory.cmap_scan.noise_uV", response) / 1000 * noise[:, n:]
    return np.asarray(response + scatter + hum)


def cmap_scan(limb: Limb, study: Study, laboratory: Laboratory) -> tuple[Value, ...]:
    """Scan the muscle and count its units by the steps of the response."""
    p, site = limb.parameters, study.sites[0].name
    rules = zip(
        *(
            np.broadcast_to(p.per_twin(f"laboratory.cmap_scan.{key}"), limb.nerve.n_twin)
            for key in ("least_step_uV", "sure", "counted_fraction")
        ),
        strict=True,
    )
    signal = amplitudes_mV(limb, study, laboratory)
    found = [
        count_units(row, ScanRules(uV / 1000, sure, counted_fraction))
        for row, (uV, sure, counted_fraction) in zip(signal, rules, strict=True)
    ]
    return (
        Value(UNITS, "1", np.array([float(f.units) for f in found]), site),
        Value(UNIT_SIZE, "µV", np.array([f.unit_uV for f in found]), site),
        Value(D50, "1", np.array([float(f.d50) for f in found]), site),
    )


TEST = Test(
    name="CMAP scan",
    other_names=("motor unit number estimation", "cmap scan"),
    text="Lower the stimulus in small steps and count motor units by the steps of the response.",
    source="thresholds and noise of 36 scans of six people, kelvinejones/CMAP-Scan-MUNE-Algorithms",
    subjects=scans,
    examine=cmap_scan,
    title="CMAP scan (motor units by the steps of the response)",
    on_request=True,
    measures=(
        Measure(UNITS, "1", 0, 2000, ("MUNE", "units"), usual=True),
        Measure(UNIT_SIZE, "µV", 0, 1e5),
        Measure(D50, "1", 0, 2000),
    ),
)
