"""Needle EMG of every muscle of the nerve: at rest, in slight and in full effort.

The findings of a day are closed forms over the motor units and a table of measured potentials; the
signal itself, for one twin, is made by ``tinel.exam.needle.record``.
"""

from __future__ import annotations

import numpy as np

from tinel.exam.laboratory import Laboratory
from tinel.exam.limb import Floats, Limb
from tinel.exam.measure import Measure, percent
from tinel.exam.measurement import Value
from tinel.exam.needle import reading as words
from tinel.exam.needle.discharges import discharges
from tinel.exam.needle.jitter import jitter
from tinel.exam.needle.recruitment import Units, recruitment, units_of
from tinel.exam.needle.sites import fastest_at_sites
from tinel.exam.needle.sizes import (
    ACCEPTED,
    AMPLITUDE,
    DURATION,
    PHASES,
    POLYPHASIC,
    SPREAD,
    TURNS,
    at,
    measured_sizes,
)
from tinel.exam.needle.spontaneous import graded, spontaneous
from tinel.exam.test import Test, targets
from tinel.nerve.anatomy import Nerve, Target

INSERTION_WORDS = tuple((word, k, k) for k, word in enumerate(words.INSERTION_WORDS))
PLUS_WORDS = (
    *((word, k, k) for k, word in enumerate(words.PLUS_WORDS)),
    *(("+" * k, k, k) for k in range(1, 5)),
    ("absent", 0, 0), ("present", 1, 4),
)  # fmt: skip
RECRUITMENT_WORDS = (
    *((word, k, k) for k, word in enumerate(words.RECRUITMENT_WORDS)),
    ("no units", 0, 0), ("absent", 0, 0), ("single unit", 1, 1), ("full", 4, 4), ("present", 1, 4),
)  # fmt: skip
NO_YES = (("absent", 0, 0), ("none", 0, 0), ("present", 1, 1))


def prepared(nerve: Nerve, temperature_C: float) -> Floats:
    """The table of potentials at the temperature of the muscle."""
    return measured_sizes(nerve.twins.parameters, temperature_C)


def needle_emg(limb: Limb, muscle: Target, laboratory: Laboratory) -> tuple[Value, ...]:
    """Insertion, rest, motor unit potentials and recruitment of a muscle."""
    rest, units = spontaneous(limb, muscle), units_of(limb, muscle)
    other = discharges(limb, muscle)
    each = at(laboratory.tables[TEST.name], units.growth, units.dispersion)
    weight = np.where(units.works, each[ACCEPTED], 0.0)
    means = potentials(units, each, weight)
    shaky = jitter(limb, muscle.name, units, weight)
    found = sampled(limb, muscle, means)
    rates = fastest_at_sites(limb, muscle.name, units)
    seen = recruitment(limb, units, rates, np.nan_to_num(found[DURATION]))
    waves, spikes = graded(rest.waves, limb), graded(rest.spikes, limb)
    quiet = rest.living < limb.nerve.twins.each("needle.insertion.living_least")
    insertion = np.where(quiet, 0.0, np.where(waves > 0, 2.0, 1.0))
    size = np.where(spikes > 0, rest.amplitude_uV, np.nan)
    return (
        Value(words.INSERTION, "0 to 2", insertion),
        Value(words.FIBRILLATIONS, words.PLUSES, spikes),
        Value(words.WAVES, words.PLUSES, waves),
        Value(words.FIBRILLATION_SIZE, "µV", size),
        Value(words.REPETITIVE, "0 to 1", other.repetitive),
        Value(words.FASCICULATIONS, "1/min", other.fasciculations),
        Value(words.SIZE, "µV", found[AMPLITUDE]),
        Value(words.DURATION, "ms", found[DURATION]),
        Value(words.PHASES, "1", found[PHASES]),
        Value(words.TURNS, "1", found[TURNS]),
        Value(words.POLYPHASIC, "%", found[POLYPHASIC]),
        Value(words.JITTER, "µs", shaky.mean_us),
        Value(words.UNSTABLE, "%", shaky.unstable_percent),
        Value(words.BLOCKING, "%", shaky.blocking_percent),
        Value(words.RECRUITMENT, "0 to 4", seen.kind),
        Value(words.FASTEST, "Hz", seen.fastest_Hz),
        Value(words.INTERFERENCE, "%", seen.filled_percent),
    )


def potentials(units: Units, each: Floats, weight: Floats) -> Floats:
    """The table of a muscle's potentials, rows as in ``measured_sizes``, ``(10, n_twin)``.

    Over the units that the will reaches, each as often as the needle finds it large enough to be
    measured; nan where there is none. Fibres that have shrunk give off less.

    Args:
        units: of the muscle.
        each: the table at them, ``(10, n_twin, n_unit)``.
        weight: how often each is measured, ``(n_twin, n_unit)``.
    """
    each[AMPLITUDE] *= units.readiness
    total = weight.sum(axis=1)
    over = np.where(total > 0, total, np.nan)
    found: Floats = (each * weight).sum(axis=2) / over
    return found


def sampled(limb: Limb, muscle: Target, means: Floats) -> Floats:
    """The same as an examiner finds it who measures some twenty potentials, ``(10, n_twin)``.

    Each day other ones, as the needle never lies twice at the same place.
    """
    twins, found = limb.nerve.twins, means.copy()
    draw = twins.normal(f"needle.sample.{muscle.name}.{limb.state.day:g}", len(SPREAD))
    n = np.sqrt(twins.each("needle.reading.potentials"))
    measured = zip((AMPLITUDE, DURATION, PHASES, TURNS), SPREAD, strict=True)
    for k, (row, spread) in enumerate(measured):
        found[row] = means[row] * np.exp(draw[:, k] * means[spread] / n)
    return found


TEST = Test(
    name="needle EMG",
    other_names=("needle electromyography", "EMG"),
    text="Record with a needle in each muscle at rest, in slight and in full effort.",
    source="fibre: Rosenfalck 1969; pool: Fuglevand 1993; fibrillations: Kraft 1990",
    subjects=targets("motor"),
    examine=needle_emg,
    prepare=prepared,
    interpret=words.sentences,
    title="Needle EMG",
    shown=(
        words.INSERTION,
        words.FIBRILLATIONS,
        words.WAVES,
        words.SIZE,
        words.DURATION,
        words.JITTER,
        words.RECRUITMENT,
        words.FASTEST,
    ),
    measures=(
        Measure(words.FIBRILLATIONS, words.PLUSES, 0, 4, ("fibs",), tuple(range(5)), PLUS_WORDS),
        Measure(words.WAVES, words.PLUSES, 0, 4, ("PSW",), tuple(range(5)), PLUS_WORDS),
        Measure(words.RECRUITMENT, "0 to 4", 0, 4, (), tuple(range(5)), RECRUITMENT_WORDS),
        Measure(words.INSERTION, "0 to 2", 0, 2, ("insertion",), (0, 1, 2), INSERTION_WORDS),
        Measure(words.FIBRILLATION_SIZE, "µV", 0, 1e4),
        Measure(words.REPETITIVE, "0 to 1", 0, 1, ("CRD",), (0, 1), NO_YES),
        Measure(words.FASCICULATIONS, "1/min", 0, 1000, (), (), NO_YES[:2]),
        Measure(words.SIZE, "µV", 0, 1e5, ("MUP amplitude", "MUAP amplitude")),
        Measure(words.DURATION, "ms", 0, 100, ("MUP duration", "MUAP duration")),
        Measure(words.PHASES, "1", 0, 50),
        Measure(words.TURNS, "1", 0, 50),
        percent(words.POLYPHASIC),
        Measure(words.JITTER, "µs", 0, 1000),
        percent(words.UNSTABLE),
        percent(words.BLOCKING),
        Measure(words.FASTEST, "Hz", 0, 200),
        percent(words.INTERFERENCE),
    ),
)
