"""F waves: impulses that run up to the spinal cord, where a few motor neurons send them back.

A motor study examines the stretch beyond its sites; the way to the cord and back shows what lies
above them. A block or a break there takes the F waves away on the first day, when the response
beyond it is still full. What is fitted: the chance that a motor neuron answers, and how much it
differs between people, to the persistence of the ulnar nerve. The rest follows.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from tinel.exam.backfire import backfires
from tinel.exam.compound import compound_of_few
from tinel.exam.conduction_time import conduction_time_ms
from tinel.exam.examination import Visit
from tinel.exam.laboratory import Laboratory
from tinel.exam.late_response import read_sweeps
from tinel.exam.limb import Floats, Limb
from tinel.exam.measure import Measure, percent
from tinel.exam.measurement import Value
from tinel.exam.motor_response import ending_ms, unit_sizes_mV
from tinel.exam.side_comparison import side_fraction
from tinel.exam.test import Test
from tinel.exam.tests import motor_conduction
from tinel.nerve.anatomy import Nerve, Study

EVERY = 4  # of the samples of the direct response: a take-off is marked between two samples
START_ms, WINDOW_ms = 5.0, 150.0
MINIMUM, MEAN, PERSISTENCE = "minimum latency", "mean latency", "persistence"
CHRONODISPERSION, AMPLITUDE, REPEATERS = "chronodispersion", "mean amplitude", "repeaters"


def f_wave_studies(nerve: Nerve) -> Sequence[Study]:
    """The motor studies whose most distal site lies far enough from the cord, that site alone.

    Nearer to it the wave falls into the direct response.
    """
    least = nerve.twins.parameters.scalar("laboratory.f_wave.least_way") * nerve.height_cm * 10
    return [
        replace(study, name=study.name.replace(" motor ", " F wave "), sites=study.sites[:1])
        for study in nerve.studies
        if study.kind == "motor" and not study.on_request and study.sites[0].position_mm >= least
    ]


def sweeps_uV(limb: Limb, study: Study, laboratory: Laboratory) -> tuple[Floats, Floats]:
    """The clock (ms), and what the muscle shows after each stimulus, the direct response left out.

    Returns:
        ``(n_time,)`` and ``(n_twin, n_stimulus, n_time)`` in µV.
    """
    p, conduction = limb.parameters, laboratory.conduction
    target, site = limb.nerve.target(study.target), study.sites[0]
    part = limb.only(target.name)
    up = conduction_time_ms(part, conduction, 0.0, site.position_mm)
    down = conduction_time_ms(part, conduction, 0.0, target.path_mm - target.terminal_mm)
    ends = ending_ms(part, target, laboratory)
    outside = p["laboratory.stimulus.activation_ms"] + p["exam.f_wave.turnaround_ms"]
    way = np.where(part.conducts, up + down + ends + outside, np.inf)
    stimuli = max(round(p.scalar("laboratory.f_wave.stimuli")), 1)
    answers = backfires(limb, target.name, stimuli) & np.isfinite(way)[:, None, :]
    twin, stimulus, fibre = np.nonzero(answers)
    unit = laboratory.tables[motor_conduction.TEST.name][::EVERY]
    clock = np.arange(START_ms, START_ms + WINDOW_ms, EVERY * motor_conduction.STEP_ms)
    size = 1000 * unit_sizes_mV(limb, part, target)[twin, fibre]
    n_twin = limb.nerve.n_twin
    row = twin * stimuli + stimulus
    seen = compound_of_few(row, way[twin, fibre], size, unit, n_twin * stimuli, clock)
    return clock, seen.reshape(n_twin, stimuli, -1)


def f_wave(limb: Limb, study: Study, laboratory: Laboratory) -> tuple[Value, ...]:
    """Stimulate the most distal site time after time and measure what comes back."""
    clock, signal = sweeps_uV(limb, study, laboratory)
    p = limb.parameters
    seen = read_sweeps(
        signal,
        clock,
        p.per_twin("laboratory.f_wave.floor_uV"),
        p.per_twin("laboratory.f_wave.onset_uV"),
        p.per_twin("laboratory.f_wave.likeness"),
    )
    site = study.sites[0].name
    return (
        Value(MINIMUM, "ms", seen.minimum_ms, site),
        Value(MEAN, "ms", seen.mean_ms, site),
        Value(CHRONODISPERSION, "ms", seen.chronodispersion_ms, site),
        Value(PERSISTENCE, "%", seen.persistence_percent, site),
        Value(AMPLITUDE, "µV", seen.mean_amplitude_uV, site),
        Value(REPEATERS, "%", seen.repeater_percent, site),
    )


def sentence(
    persistence: float, minimum_ms: float, other: float, other_ms: float, fraction: float = 0.5
) -> str:
    """One sentence on the F waves of a study.

    Args:
        persistence: percent of the stimuli that a wave follows.
        minimum_ms: shortest latency, nan where there is none.
        other, other_ms: the same of the other side.
        fraction: of the other side's persistence, below which it is called low.

    Example:
        >>> print(sentence(0, math.nan, 85, 27.0))
        No F wave (other side after 85 % of stimuli): no impulse seen runs to the cord and back.
        >>> sentence(80, 29.1, 85, 27.0)
        'F waves after 80 % of stimuli, from 29.1 ms (other side 85 %, 27.0 ms).'
    """
    if not other > 0:
        return "No F wave on either side, so this says nothing about the injury."
    if not persistence > 0:
        return (
            f"No F wave (other side after {other:.0f} % of stimuli): no impulse seen runs to the "
            f"cord and back."
        )
    few = "Few F waves, after" if persistence < fraction * other else "F waves after"
    return (
        f"{few} {persistence:.0f} % of stimuli, from {minimum_ms:.1f} ms (other side {other:.0f} "
        f"%, {other_ms:.1f} ms)."
    )


def sentences(study: Study, visits: Sequence[Visit], other_side: Visit) -> list[str]:
    """One sentence per visit; empty where nobody stimulated."""
    said = []
    for visit in visits:
        persistence, shortest = _measured(visit, study)
        fraction = side_fraction(visit.limb.parameters)
        known = not math.isnan(persistence)
        text = sentence(persistence, shortest, *_measured(other_side, study), fraction)
        said.append(text if known else "")
    return said


def _measured(visit: Visit, study: Study) -> tuple[float, float]:
    """Persistence (%) and shortest latency (ms) of the first twin; nan where there is none."""
    found = [visit.examination.value(study.name, what) for what in (PERSISTENCE, MINIMUM)]
    persistence, shortest = (math.nan if value is None else value for value in found)
    return persistence, shortest


TEST = Test(
    name="F wave",
    other_names=("F waves", "late responses", "f wave"),
    text="Stimulate the most distal site time after time and read what returns from the cord.",
    source="persistence of 100 people, PMID 15351376; the rest follows from the axons",
    subjects=f_wave_studies,
    examine=f_wave,
    interpret=sentences,
    title="F waves (impulses that ran to the cord and back)",
    shown=(MINIMUM, PERSISTENCE, CHRONODISPERSION, AMPLITUDE),
    on_request=True,
    measures=(
        percent(PERSISTENCE, usual=True),
        Measure(MINIMUM, "ms", 0, 200, ("latency", "F latency", "F-wave latency")),
        Measure(MEAN, "ms", 0, 200),
        Measure(CHRONODISPERSION, "ms", 0, 200),
        Measure(AMPLITUDE, "µV", 0, 1e4, ("amplitude",)),
        percent(REPEATERS),
    ),
)
