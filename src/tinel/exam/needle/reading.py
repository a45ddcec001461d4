"""What a laboratory signs after needle EMG of a muscle, in controlled words."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tinel.evidence import Parameters
from tinel.exam.examination import Visit
from tinel.exam.needle.recruitment import FULL, NO_UNIT
from tinel.exam.needle.spontaneous import stump_mm
from tinel.exam.per_twin import of_first
from tinel.nerve.anatomy import Target

INSERTION, FIBRILLATIONS, WAVES = "insertional activity", "fibrillations", "positive sharp waves"
FIBRILLATION_SIZE, PLUSES = "fibrillation amplitude", "0 to 4+"
REPETITIVE, FASCICULATIONS = "complex repetitive discharges", "fasciculations"
SIZE, DURATION = "motor unit potential amplitude", "motor unit potential duration"
PHASES, TURNS = "motor unit potential phases", "motor unit potential turns"
POLYPHASIC = "polyphasic potentials"
JITTER, UNSTABLE, BLOCKING = "jitter", "unstable potentials", "blocking potentials"
RECRUITMENT, FASTEST, INTERFERENCE = "recruitment", "fastest firing rate", "interference"
INSERTION_WORDS = ("reduced", "normal", "increased")
RECRUITMENT_WORDS = ("none", "single units", "discrete", "reduced", "normal")
PLUS_WORDS = ("none", "1+", "2+", "3+", "4+")
ORDINARY = "of normal size"


@dataclass(frozen=True)
class Seen:
    """What the needle found in a muscle, and what the examiner knows of the injury.

    Args:
        day: after the injury.
        fibrillations, waves: 0 to 4.
        shape: of motor unit potentials in words, from ``shape``.
        recruitment: 0 (none) to 4 (normal).
        fastest_Hz: firing rate.
        begins_d: earliest and latest day on which spontaneous activity begins in this muscle.
        insertion: 0 (reduced) to 2 (increased).
    """

    day: float
    fibrillations: float
    waves: float
    shape: str
    recruitment: float
    fastest_Hz: float
    begins_d: tuple[float, float]
    insertion: float = 1.0


def sentence(s: Seen) -> str:
    """One sentence on one muscle.

    Example:
        >>> day_2 = Seen(2, 0, 0, ORDINARY, 3, 22.0, (9, 20))
        >>> print(sentence(day_2))
        Recruitment reduced (fastest unit 22 Hz), potentials of normal size. Cannot tell block \
from axon loss yet: spontaneous activity begins in this muscle between days 9 and 20.
        >>> print(sentence(Seen(40, 3, 4, "", 0, math.nan, (9, 20))))
        Axon loss: fibrillations 3+, positive sharp waves 4+; no motor unit; how many of the \
missing units are only blocked, the needle cannot see.
        >>> print(sentence(Seen(40, 0, 0, ORDINARY, 0, math.nan, (9, 20), insertion=0)))
        No insertional activity and no motor unit: the needle may lie in fat, or the muscle has \
turned to scar; this says nothing about the axons until another place is tried.
        >>> print(sentence(Seen(40, 0, 0, ORDINARY, 3, 22.0, (9, 20))))
        Block: recruitment reduced (fastest unit 22 Hz), potentials of normal size, and no \
spontaneous activity on a day on which axon loss would show it.
    """
    units = _units(s)
    rest = _rest(s)
    if rest:
        changed = s.recruitment > NO_UNIT and s.shape != ORDINARY
        name = "Axon loss, with new or grown units" if changed else "Axon loss"
        hidden = "; how many of the missing units are only blocked, the needle cannot see"
        return f"{name}: {rest}; {units}{hidden if s.recruitment < FULL else ''}."
    if s.recruitment == NO_UNIT and s.insertion < 1:
        return (
            "No insertional activity and no motor unit: the needle may lie in fat, or the muscle "
            "has turned to scar; this says nothing about the axons until another place is tried."
        )
    early = s.day < s.begins_d[1]
    if early:
        when = f"between days {s.begins_d[0]:.0f} and {s.begins_d[1]:.0f}"
        cannot = "Cannot tell block from axon loss yet: " if s.recruitment < FULL else "Too early: "
        told = f"{cannot}spontaneous activity begins in this muscle {when}."
        return f"{units[0].upper()}{units[1:]}. {told}"
    if s.recruitment < FULL and s.shape == ORDINARY:
        return (
            f"Block: {units}, and no spontaneous activity on a day on which axon loss would "
            f"show it."
        )
    if s.shape != ORDINARY:
        return f"Old axon loss, its muscle held again: {units}."
    return "Normal at rest and in effort; a small loss of units would not show."


def sentences(muscle: Target, visits: Sequence[Visit], other_side: Visit) -> list[str]:
    """One sentence per visit; empty where the needle was not used."""
    return [_of_visit(muscle, visit, other_side) for visit in visits]


def range_of_days(visit: Visit, muscle: Target) -> tuple[float, float]:
    """Days between which positive sharp waves and fibrillations begin in nine of ten people."""
    p = visit.limb.parameters
    middle, per_mm, later, spread = (
        of_first(p, f"needle.fibrillation.{key}")
        for key in ("waves_begin_d", "per_mm_d", "spikes_later_d", "spread")
    )
    stump = stump_mm(visit.limb, muscle)[0]
    first, last = (middle + per_mm * float(mm) for mm in (stump.min(), stump.max()))
    wide = math.exp(1.645 * spread)
    return math.floor(first / wide), math.ceil((last + later) * wide)


def _of_visit(muscle: Target, visit: Visit, other_side: Visit) -> str:
    def value(name: str) -> float:
        found = visit.examination.value(muscle.name, name)
        return math.nan if found is None else found

    kind = value(RECRUITMENT)
    if math.isnan(kind):
        return ""
    other = other_side.examination.value(muscle.name, SIZE)
    sees = _runs_through(visit, muscle)
    said = sentence(
        Seen(
            visit.day,
            value(FIBRILLATIONS),
            value(WAVES),
            shape(
                value(SIZE),
                other,
                value(POLYPHASIC),
                visit.limb.parameters,
                jitter_us=value(JITTER),
                blocking_percent=value(BLOCKING),
            ),
            kind,
            value(FASTEST),
            range_of_days(visit, muscle) if sees else (0.0, 0.0),
            value(INSERTION),
        )
    )
    also = [name for name in (REPETITIVE, FASCICULATIONS) if value(name) > 0]
    return f"{said} Also {' and '.join(also)}." if also else said


def _runs_through(visit: Visit, muscle: Target) -> bool:
    lesion = np.broadcast_to(visit.limb.lesion.present, visit.limb.nerve.fibres.kind.shape)
    return bool(lesion[visit.limb.fibres_of(muscle.name)].any())


def _rest(s: Seen) -> str:
    both = ((FIBRILLATIONS, s.fibrillations), (WAVES, s.waves))
    return ", ".join(f"{name} {PLUS_WORDS[int(n)]}" for name, n in both if n > 0)


def shape(
    size_uV: float,
    other_size_uV: float | None,
    polyphasic_percent: float,
    parameters: Parameters,
    *,
    jitter_us: float = 0.0,
    blocking_percent: float = 0.0,
) -> str:
    """Words for the potentials of a muscle, against those of the other side.

    Unstable are those with more jitter and more blocking than healthy people's; either alone is
    found in one healthy muscle of forty.

    Example:
        >>> shape(2000.0, 800.0, 10.0, Parameters.of_evidence())
        'large'
        >>> new = {"jitter_us": 90.0, "blocking_percent": 40.0}
        >>> shape(300.0, 800.0, 80.0, Parameters.of_evidence(), **new)
        'small, polyphasic and unstable'
    """
    large, small, many, shaky, failing = (
        of_first(parameters, f"needle.reading.{key}")
        for key in ("large", "small", "polyphasic_percent", "jitter_us", "blocking_percent")
    )
    ratio = size_uV / other_size_uV if other_size_uV else 1.0
    size = "small" if ratio < small else "large" if ratio > large else ""
    named = [
        size,
        "polyphasic" if polyphasic_percent > many else "",
        "unstable" if jitter_us > shaky and blocking_percent > failing else "",
    ]
    *most, last = [word for word in named if word] or [ORDINARY]
    return " and ".join([", ".join(most), last]) if most else last


def _units(s: Seen) -> str:
    if s.recruitment == NO_UNIT:
        return "no motor unit"
    fast = "" if s.recruitment == FULL else f" (fastest unit {s.fastest_Hz:.0f} Hz)"
    return f"recruitment {RECRUITMENT_WORDS[int(s.recruitment)]}{fast}, potentials {s.shape}"
