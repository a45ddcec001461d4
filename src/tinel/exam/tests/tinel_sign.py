"""Tinel's sign: a tap over growing axons tingles, and moves away from the injury as they grow.

The tips of sensory axons answer to pressure while they grow, and where they are caught in a torn
place (a neuroma). Both are states of the nerve here; what they are felt as is ``tinel.symptom``.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from tinel.declare.quantity import shown_day
from tinel.exam.examination import Visit
from tinel.exam.laboratory import Laboratory
from tinel.exam.limb import Bools, Floats, Limb
from tinel.exam.measure import Measure, percent
from tinel.exam.measurement import Value
from tinel.exam.test import Test
from tinel.lesion.state import Lesion
from tinel.nerve.anatomy import SENSORY, Nerve, Target
from tinel.symptom.neuroma import held

TRUNK = "trunk"
SIGN, SIGN_UNIT = "Tinel's sign beyond the injury", "mm"
CAUGHT, GROWING, SENSITIVE = "axons in a neuroma", "growing axons", "mechanosensitive axons"
FOUND = ("absent", "present")


def whole_nerve(nerve: Nerve) -> Sequence[Target]:
    """The nerve as a whole, along which an examiner taps."""
    end = max(t.path_mm for t in nerve.targets)
    return (Target(TRUNK, TRUNK, nerve.branches[0].name, end, end),)


def caught(limb: Limb) -> Bools:
    """Axons that are held in a torn place, ``(n_twin, n_fibre)``: the neuroma.

    Broken, out of their tube, and not beyond the injured stretch after ``exam.neuroma.forms_d``
    days. Before that nobody knows which will leave it.
    """
    late = limb.state.day >= limb.nerve.twins.each("exam.neuroma.forms_d")
    return held(limb.lesion, limb.state) & late[:, None]


def sign_mm(limb: Limb) -> Floats:
    """How far beyond the injury a tap still tingles, mm, ``(n_twin,)``; nan where none does.

    The place that the foremost ``exam.tinel_sign.foremost`` of the growing sensory axons have
    passed; 0 where only a neuroma answers.
    """
    twins, fibres = limb.nerve.twins, limb.nerve.fibres
    sensory = fibres.kind == SENSORY
    if not sensory.any():  # a nerve of muscles alone, such as the facial
        return np.full(len(twins), np.nan)
    here = (limb.state.growing & limb.lesion.present)[:, sensory]
    weight = np.where(here, fibres.weight[sensory], 0.0)
    ahead = (limb.state.front_mm - limb.sets_out_mm)[:, sensory]
    order = np.argsort(-np.where(here, ahead, -np.inf), axis=1, kind="stable")
    passed = np.cumsum(np.take_along_axis(weight, order, axis=1), axis=1)
    total = passed[:, -1]
    needed = twins.each("exam.tinel_sign.foremost") * total
    place = np.minimum((passed < needed[:, None]).sum(axis=1), order.shape[1] - 1)
    row = np.arange(len(twins))
    least = twins.each("exam.tinel_sign.least_axons")
    at_injury = caught(limb)[:, sensory] @ fibres.weight[sensory] >= least
    found = np.where(at_injury, 0.0, np.nan)
    return np.where(total >= np.maximum(least, 1e-9), ahead[row, order[row, place]], found)


def _percent(limb: Limb, which: Bools) -> Floats:
    def of(place: Lesion) -> Floats:
        weight = np.where(place.present, limb.nerve.fibres.weight, 0.0)
        found: Floats = 100 * (which @ weight) / max(float(weight.sum()), 1e-300)
        return found

    return limb.lesion.counted(of)


def tinel_sign(limb: Limb, subject: Target, laboratory: Laboratory) -> tuple[Value, ...]:
    """Where a tap tingles, and which part of the injured axons grows, is caught, or answers."""
    held, grows = (_percent(limb, which) for which in (caught(limb), limb.state.growing))
    return (
        Value(SIGN, SIGN_UNIT, sign_mm(limb)),
        Value(GROWING, "%", grows),
        Value(CAUGHT, "%", held),
        Value(SENSITIVE, "%", grows + held),
    )


def sentence(
    sign_mm: float, before_mm: float | None = None, days: float = 0.0, day: float = 0.0
) -> str:
    """One sentence on Tinel's sign, and how far it has come since last time.

    Args:
        sign_mm: beyond the injury; nan where there is none.
        before_mm: the same at an earlier visit; None where there was no visit, nan where there was
            no sign.
        days: since that visit, above 0.
        day: of that visit, after the injury.

    Example:
        >>> sentence(84.3), sentence(math.nan)
        ("Tinel's sign is 84 mm beyond the injury.", "No Tinel's sign.")
        >>> sentence(0.0)
        "Tinel's sign stays at the injury."
        >>> sentence(0.0, 169.0, days=185, day=180)
        "Tinel's sign is at the injury alone, no longer beyond it as on day 180."
        >>> sentence(84.3, 42.3, days=30, day=60)
        "Tinel's sign is 84 mm beyond the injury, 42 mm further than on day 60 (1.4 mm/day)."
    """
    if math.isnan(sign_mm):
        return "No Tinel's sign."
    if sign_mm <= 0 and before_mm is not None and before_mm > 0:
        return (
            f"Tinel's sign is at the injury alone, no longer beyond it as on day {shown_day(day)}."
        )
    if sign_mm <= 0:
        return "Tinel's sign stays at the injury."
    told = f"Tinel's sign is {sign_mm:.0f} mm beyond the injury"
    if before_mm is None or math.isnan(before_mm) or not days > 0:
        return f"{told}."
    gone = sign_mm - before_mm
    if gone < 1:
        return f"{told}, no further than on day {shown_day(day)}."
    return f"{told}, {gone:.0f} mm further than on day {shown_day(day)} ({gone / days:.1f} mm/day)."


def sentences(subject: Target, visits: Sequence[Visit], other_side: Visit) -> list[str]:
    """One sentence per visit, with the advance since the last; empty where nobody tapped."""
    found = [(visit.day, visit.examination.value(TRUNK, SIGN)) for visit in visits]
    said: list[str] = []
    last: tuple[float, float] | None = None
    for day, mm in found:
        if mm is None:
            said.append("")
        elif last is None:
            said.append(sentence(mm))
            last = day, mm
        else:
            said.append(sentence(mm, last[1], day - last[0], last[0]))
            last = day, mm
    return said


TEST = Test(
    name="Tinel's sign",
    other_names=("Hoffmann-Tinel sign", "tinel sign"),
    text="Tap along the nerve from its end and note how far a tingle reaches.",
    source="the growth front of sensory axons; how many a tap needs is assumed",
    subjects=whole_nerve,
    examine=tinel_sign,
    interpret=sentences,
    shown=(SIGN, CAUGHT),
    measures=(
        Measure(SIGN, SIGN_UNIT, 0, 2000, ("advance", "Tinel's sign"), usual=True, states=FOUND),
        percent(GROWING),
        percent(CAUGHT),
        percent(SENSITIVE),
    ),
)
