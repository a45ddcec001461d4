"""Repetitive stimulation: ten stimuli at 3 per second, and how much the response falls.

A healthy junction has transmitter to spare, and an injured nerve changes nothing in that. New
endings do: those of axons that have just come back, or have just sprouted, fail now and then.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from tinel.exam.examination import Visit
from tinel.exam.laboratory import Laboratory
from tinel.exam.limb import Floats, Limb
from tinel.exam.measure import Measure
from tinel.exam.measurement import Value
from tinel.exam.needle.recruitment import newness
from tinel.exam.per_twin import beside, of_first
from tinel.exam.test import Test
from tinel.exam.tests.motor_conduction import motor_conduction
from tinel.nerve.anatomy import Nerve, Study

DECREMENT = "decrement"
FIRST, FOURTH = 0, 1  # of the two stimuli that are compared


def trains(nerve: Nerve) -> Sequence[Study]:
    """The motor studies, at their most distal site alone."""
    return [
        replace(
            study,
            name=study.name.replace(" motor ", " repetitive stimulation "),
            sites=study.sites[:1],
        )
        for study in nerve.studies
        if study.kind == "motor" and not study.on_request
    ]


def amplitudes_mV(limb: Limb, study: Study, laboratory: Laboratory) -> Floats:
    """Amplitudes of the first and the fourth response, ``(n_twin, 2)``.

    At the fourth stimulus the endings of a unit fail as far as they are new. Each amplitude
    scatters as those of one stimulus given again and again do.
    """
    p, state = limb.parameters, limb.state
    fails = beside(p, "exam.repetitive_stimulation.fails", state.readiness)
    new = newness(limb, limb.nerve.target(study.target))
    tired = replace(limb, state=replace(state, readiness=state.readiness * (1 - fails * new)))
    both = [motor_conduction(one, study, laboratory).readings[0] for one in (limb, tired)]
    seen = np.stack([reading.amplitude for reading in both], axis=1)
    stream = f"exam.repetitive_stimulation.{study.target}.day {state.day:g}"
    scatter = beside(p, "exam.cmap_scan.scatter", seen)
    return np.asarray(seen * (1 + scatter * limb.nerve.twins.normal(stream, 2)))


def repetitive_stimulation(limb: Limb, study: Study, laboratory: Laboratory) -> tuple[Value, ...]:
    """Measure how much the fourth response is smaller than the first."""
    seen = amplitudes_mV(limb, study, laboratory)
    first = np.where(seen[:, FIRST] > 0, seen[:, FIRST], np.nan)
    fall = 100 * (1 - seen[:, FOURTH] / first)
    return (Value(DECREMENT, "%", fall, study.sites[0].name),)


def sentence(decrement: float, limit: float) -> str:
    """One sentence on the train of a muscle.

    Args:
        decrement: percent; nan where there is no response.
        limit: the largest normal one, percent.

    Example:
        >>> sentence(2.2, 10.0)
        'No decrement beyond normal (2 %): the junctions transmit.'
        >>> sentence(14.0, 10.0)
        'Decrement of 14 %: new endings that fail, or a disorder of the junction.'
    """
    if math.isnan(decrement):
        return "No response, so this says nothing about the junctions."
    if decrement > limit:
        return (
            f"Decrement of {decrement:.0f} %: new endings that fail, or a disorder of the junction."
        )
    return f"No decrement beyond normal ({max(decrement, 0):.0f} %): the junctions transmit."


def sentences(study: Study, visits: Sequence[Visit], other_side: Visit) -> list[str]:
    """One sentence per visit; empty where nobody stimulated."""
    said = []
    for visit in visits:
        found = visit.examination.value(study.name, DECREMENT)
        limit = of_first(visit.limb.parameters, "exam.repetitive_stimulation.limit_percent")
        said.append("" if found is None else sentence(found, limit))
    return said


TEST = Test(
    name="repetitive stimulation",
    other_names=("repetitive nerve stimulation", "RNS", "decrement"),
    text="Stimulate ten times at 3 per second and compare the fourth response with the first.",
    source="normal limit: Norwegian guidelines; failing of new endings is an assumption",
    subjects=trains,
    examine=repetitive_stimulation,
    interpret=sentences,
    title="Repetitive stimulation (whether junctions transmit)",
    on_request=True,
    measures=(Measure(DECREMENT, "%", -200, 100, usual=True),),
)
