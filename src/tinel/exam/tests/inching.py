"""Inching: the nerve stimulated in short steps past a narrow place, each step read by itself.

A long segment averages a short slow stretch away. In short steps the latency jumps, or the response
falls, where the injury lies. Each step is measured on its two waveforms alone. A long
injury shows in several steps.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from tinel.evidence import Parameters
from tinel.exam.examination import Visit
from tinel.exam.laboratory import Laboratory
from tinel.exam.limb import Floats, Limb
from tinel.exam.measure import Measure
from tinel.exam.measurement import Value
from tinel.exam.per_twin import of_first
from tinel.exam.test import Test
from tinel.exam.tests.motor_conduction import motor_conduction
from tinel.exam.tests.sensory_conduction import sensory_conduction
from tinel.nerve.anatomy import Landmark, Nerve, Study, branch_at

STEP, KEPT = "latency step", "amplitude kept"
LARGEST, PLACE = "largest latency step", "place of the largest step"


def inchings(nerve: Nerve) -> Sequence[Study]:
    """The studies that have a narrow place to inch past, with sites in short steps around it."""
    return [_around(nerve, study) for study in nerve.studies if study.inching]


def _around(nerve: Nerve, study: Study) -> Study:
    step, reach = (
        nerve.twins.parameters.scalar(f"laboratory.inching.{key}")
        for key in ("step_mm", "reach_mm")
    )
    middle, target = nerve.landmark(study.inching), nerve.target(study.target)
    each = max(round(reach / step), 1)
    sites = []
    for k in range(-each, each + 1):  # from distal
        at = middle.position_mm - k * step
        branch = branch_at(nerve.branches, target, at)
        if branch is not None and at < study.record_mm:
            sites.append(Landmark(_called(middle.name, k * step), branch, at))
    name = study.name.replace(f" {study.kind} ", f" {study.kind} inching ")
    return replace(study, name=name, sites=tuple(sites))


def _called(middle: str, above_mm: float) -> str:
    if above_mm == 0:
        return middle
    return f"{abs(above_mm) / 10:g} cm {'above' if above_mm > 0 else 'below'}"


def inching(limb: Limb, study: Study, laboratory: Laboratory) -> tuple[Value, ...]:
    """Measure every step of the series."""
    conduct = motor_conduction if study.kind == "motor" else sensory_conduction
    usual = study.name.replace(" inching ", " ")  # under which the laboratory keeps its tables
    readings = conduct(limb, replace(study, name=usual), laboratory).readings
    found: list[Value] = []
    steps: list[Floats] = []
    for k in range(1, len(study.sites)):
        where = segment(study, k)
        near, far = readings[k - 1], readings[k]
        steps.append(far.onset_ms - near.onset_ms)
        kept = 100 * far.amplitude / np.where(near.amplitude > 0, near.amplitude, np.nan)
        found += [Value(STEP, "ms", steps[-1], where), Value(KEPT, "%", kept, where)]
    largest, place = _largest(limb, study, np.array(steps))
    return (*found, Value(LARGEST, "ms", largest), Value(PLACE, "mm", place))


def segment(study: Study, k: int) -> str:
    """Name of the step from site ``k`` to the next one towards the electrode."""
    return f"{study.sites[k].name} to {study.sites[k - 1].name}"


def _largest(limb: Limb, study: Study, steps: Floats) -> tuple[Floats, Floats]:
    """The largest step, and how far above the narrow place its middle lies, mm."""
    middle = limb.nerve.landmark(study.inching).position_mm
    at = np.array([site.position_mm for site in study.sites])
    above = middle - (at[1:] + at[:-1]) / 2
    there = np.isfinite(steps).any(axis=0)
    which = np.where(np.isfinite(steps), steps, -np.inf).argmax(axis=0)
    largest = np.take_along_axis(steps, which[None, :], axis=0)[0]
    return np.where(there, largest, np.nan), np.where(there, above[which], np.nan)


def limit_ms(kind: str, parameters: Parameters) -> float:
    """The largest normal latency step of a ``motor`` or ``sensory`` series, ms."""
    step_mm = of_first(parameters, "laboratory.inching.step_mm")
    return of_first(parameters, f"laboratory.inching.{kind}_ms_per_cm") * step_mm / 10


@dataclass(frozen=True)
class Step:
    """One step of a series: its name, the latency step (ms), and the part kept (%)."""

    name: str
    latency_ms: float
    kept_percent: float


def sentence(steps: Sequence[Step], limit: float, drop: float | None) -> str:
    """One sentence on a series of steps.

    Args:
        steps: from distal.
        limit: largest normal latency step, ms.
        drop: fraction of the response that is lost over one step where it is blocked; None for
            sensory responses, for which no criterion was read.

    Example:
        >>> normal, slow = Step("1 cm above to elbow", 0.2, 98.0), Step("a to b", 0.9, 40.0)
        >>> sentence([normal, slow], 0.4, 0.5)
        'Latency jumps by 0.90 ms (limit 0.40) and the response falls to 40 % (a to b).'
        >>> sentence([normal], 0.4, 0.5)
        'No step is slow (largest 0.20 ms, limit 0.40) and none loses the response.'
    """
    if not steps or math.isnan(steps[0].kept_percent):
        return "No response beyond the narrow place, so no step can be read."
    said = []
    for one in steps:
        late = one.latency_ms > limit
        lost = drop is not None and one.kept_percent <= 100 * (1 - drop)
        gone = one.kept_percent <= 0
        jump = f"latency jumps by {one.latency_ms:.2f} ms (limit {limit:.2f})" if late else ""
        fall = "the response is lost" if gone else f"the response falls to {one.kept_percent:.0f} %"
        parts = [part for part in (jump, fall if lost or gone else "") if part]
        if parts:
            said.append(f"{' and '.join(parts)} ({one.name})")
    if not said:
        most = np.nanmax([one.latency_ms for one in steps])
        largest = f"largest {most:.2f} ms, limit {limit:.2f}"
        return f"No step is slow ({largest}) and none loses the response."
    text = "; ".join(said)
    return f"{text[0].upper()}{text[1:]}."


def sentences(study: Study, visits: Sequence[Visit], other_side: Visit) -> list[str]:
    """One sentence per visit; empty where nobody stimulated."""
    said = []
    for visit in visits:
        p = visit.limb.parameters
        steps = [_step(visit, study, k) for k in range(1, len(study.sites))]
        drop = of_first(p, "exam.block.amplitude_drop") if study.kind == "motor" else None
        made = [step for step in steps if step is not None]
        said.append(sentence(made, limit_ms(study.kind, p), drop) if made else "")
    return said


def _step(visit: Visit, study: Study, k: int) -> Step | None:
    name = segment(study, k)
    found = [visit.examination.value(study.name, what, name) for what in (STEP, KEPT)]
    latency, kept = (math.nan if value is None else value for value in found)
    return None if None in found else Step(name, latency, kept)


TEST = Test(
    name="inching",
    other_names=("short segments", "short segment study"),
    text="Stimulate the nerve in short steps past a narrow place and read each step by itself.",
    source="limits: 62 ulnar nerves, doi:10.1016/j.clinph.2003.12.017; median, Kimura 1979",
    subjects=inchings,
    examine=inching,
    interpret=sentences,
    title="Inching (short steps past a narrow place)",
    shown=(STEP, KEPT),
    on_request=True,
    measures=(
        Measure(STEP, "ms", -5, 100, ("latency",), by_segment=True),
        Measure(KEPT, "%", 0, 1000, by_segment=True),
        Measure(LARGEST, "ms", -5, 100, usual=True),
        Measure(PLACE, "mm", -500, 500),
    ),
)
