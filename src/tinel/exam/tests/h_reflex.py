"""H reflex: a weak stimulus to the afferents of a muscle, whose motor neurons answer.

It shows the whole arc: afferents and motor axons up to the cord. What is fitted: the part of the
motor neurons that answer, in young and old people, and how much the two sides differ. Latency,
its spread, height and age follow from the axons.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from tinel.exam.compound import compound_of_few
from tinel.exam.conduction_time import conduction_time_ms
from tinel.exam.examination import Visit
from tinel.exam.laboratory import Laboratory
from tinel.exam.late_response import read_sweeps
from tinel.exam.limb import Floats, Limb
from tinel.exam.measure import Measure, percent
from tinel.exam.measurement import Value
from tinel.exam.motor_response import ending_ms, unit_sizes_mV
from tinel.exam.per_twin import of_first
from tinel.exam.test import Test
from tinel.exam.tests import motor_conduction
from tinel.exam.volley import afferent_volley, reached
from tinel.nerve.anatomy import Nerve, Study

EVERY = 4  # of the samples of the direct response: a take-off is marked between two samples
START_ms, WINDOW_ms = 5.0, 120.0
LATENCY, RATIO, AMPLITUDE = "H latency", "H/M ratio", "H amplitude"


def h_reflexes(nerve: Nerve) -> Sequence[Study]:
    """The motor studies of muscles that have an H reflex, at their most distal site."""
    return [
        replace(study, name=study.name.replace(" motor ", " H reflex "), sites=study.sites[:1])
        for study in nerve.studies
        if study.reflex
    ]


def sweep_uV(limb: Limb, study: Study, laboratory: Laboratory) -> tuple[Floats, Floats]:
    """The clock (ms), and the largest H wave at the stimulus that gives it, without the M wave.

    Returns:
        ``(n_time,)`` and ``(n_twin, n_time)`` in µV.
    """
    p, target, site = limb.parameters, limb.nerve.target(study.target), study.sites[0]
    part = limb.only(target.name)
    time, volley = afferent_volley(limb, target.name, site.position_mm, laboratory)
    down = conduction_time_ms(part, laboratory.conduction, 0.0, target.path_mm - target.terminal_mm)
    outside = p["laboratory.stimulus.activation_ms"] + p["exam.h_reflex.central_ms"]
    way = np.where(part.conducts, time + down + ending_ms(part, target, laboratory), np.inf)
    answers = reached(limb, target.name, volley) & np.isfinite(way)
    twin, fibre = np.nonzero(answers)
    arrival = (way + outside)[twin, fibre]
    size = 1000 * unit_sizes_mV(limb, part, target)[twin, fibre]
    unit = laboratory.tables[motor_conduction.TEST.name][::EVERY]
    clock = np.arange(START_ms, START_ms + WINDOW_ms, EVERY * motor_conduction.STEP_ms)
    return clock, compound_of_few(twin, arrival, size, unit, limb.nerve.n_twin, clock)


def h_reflex(limb: Limb, study: Study, laboratory: Laboratory) -> tuple[Value, ...]:
    """Measure the largest H wave, and its size against the M wave of a strong stimulus."""
    p, clock_and_wave = limb.parameters, sweep_uV(limb, study, laboratory)
    seen = read_sweeps(
        clock_and_wave[1][:, None, :],
        clock_and_wave[0],
        p.per_twin("laboratory.f_wave.floor_uV"),
        p.per_twin("laboratory.f_wave.onset_uV"),
        p.per_twin("laboratory.f_wave.likeness"),
    )
    direct = motor_conduction.motor_conduction(limb, study, laboratory).readings[0].peak_to_peak
    size = np.nan_to_num(seen.mean_amplitude_uV) / 1000
    ratio = 100 * size / np.where(direct > 0, direct, np.nan)
    site = study.sites[0].name
    return (
        Value(LATENCY, "ms", seen.minimum_ms, site),
        Value(AMPLITUDE, "mV", size, site),
        Value(RATIO, "%", ratio, site),
    )


def sentence(
    mine: tuple[float, float], other: tuple[float, float], later_ms: float, ratio: float
) -> str:
    """One sentence on the H reflex of a muscle.

    Args:
        mine: latency (ms; nan where there is none) and amplitude (mV) on the injured side.
        other: the same of the other side.
        later_ms: the largest normal difference of latency between the sides.
        ratio: the least normal amplitude against the other side's.

    Example:
        >>> print(sentence((math.nan, 0.0), (30.1, 4.0), 2.0, 0.4))
        No H reflex (other side 30.1 ms): the arc from afferents to motor axons is broken.
        >>> print(sentence((33.0, 1.2), (30.1, 4.0), 2.0, 0.4))
        H reflex late and small: 33.0 ms, 30 % of the other side's size (other side 30.1 ms).
    """
    if not other[1] > 0:
        return "No H reflex on either side, so this says nothing about the injury."
    if not mine[1] > 0:
        return (
            f"No H reflex (other side {other[0]:.1f} ms): the arc from afferents to motor axons "
            f"is broken."
        )
    part = mine[1] / other[1]
    signs = [
        name
        for name, holds in (("late", mine[0] - other[0] > later_ms), ("small", part < ratio))
        if holds
    ]
    found = f"H reflex {' and '.join(signs)}:" if signs else "H reflex, sides alike within limits:"
    return (
        f"{found} {mine[0]:.1f} ms, {100 * part:.0f} % of the other side's size (other side "
        f"{other[0]:.1f} ms)."
    )


def sentences(study: Study, visits: Sequence[Visit], other_side: Visit) -> list[str]:
    """One sentence per visit; empty where nobody stimulated."""
    said = []
    for visit in visits:
        p = visit.limb.parameters
        limits = (
            of_first(p, "exam.h_reflex.side_difference_ms"),
            of_first(p, "exam.h_reflex.side_ratio"),
        )
        mine, other = _measured(visit, study), _measured(other_side, study)
        said.append("" if math.isnan(mine[1]) else sentence(mine, other, *limits))
    return said


def _measured(visit: Visit, study: Study) -> tuple[float, float]:
    """Latency (ms) and amplitude (mV) of the first twin; nan where there is none."""
    found = [visit.examination.value(study.name, what) for what in (LATENCY, AMPLITUDE)]
    latency, amplitude = (math.nan if value is None else value for value in found)
    return latency, amplitude


TEST = Test(
    name="H reflex",
    other_names=("H reflexes", "h reflex", "Hoffmann reflex"),
    text="Stimulate the afferents of the calf behind the knee and read the reflex of the muscle.",
    source="size: young and old people, authorea 613873; the rest follows from the axons",
    subjects=h_reflexes,
    examine=h_reflex,
    interpret=sentences,
    title="H reflex (the arc from afferents through the cord to the muscle)",
    on_request=True,
    measures=(
        Measure(AMPLITUDE, "mV", 0, 100, ("amplitude",), usual=True),
        Measure(LATENCY, "ms", 0, 200, ("latency",)),
        percent(RATIO, most=200),
    ),
)
