"""What a finding means, in one plain sentence: the rules by which a laboratory reads its tests.

Two facts carry most of it. A broken axon goes on conducting beyond the injury for days, so an
early study cannot tell block from axon loss. And a study says nothing about a stretch it does not
stimulate across: beyond a high injury it looks normal until the broken axons have died.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from tinel import evidence
from tinel.exam.limits import limit, side_share
from tinel.exam.protocol import Measure
from tinel.nerve.anatomy import Study

Place = Literal["elsewhere", "above", "across", "below", "beyond"]

GRADE_WORDS = (
    "no contraction",
    "a flicker without movement",
    "movement with gravity removed",
    "movement against gravity",
    "movement against some resistance",
    "full strength",
)


@dataclass(frozen=True)
class Signs:
    """What one conduction study shows on one day.

    ``place`` says where the injury lies: ``above`` all stimulation sites, ``across`` (a site on
    either side of it), ``below`` every site but before the recording electrode, ``beyond`` that
    electrode, or ``elsewhere`` (these fibres do not run through it). ``amplitude`` is that of the
    most distal site and ``other`` the other side's; ``lowest`` the lower limit of normal, None
    where none is published. ``kept_percent`` is the smallest proximal over distal amplitude as a
    percentage of the same ratio on the other side, nan where there is one site or no response.
    ``slow`` a latency or velocity outside its limit. ``grade`` the muscle's MRC grade, None where
    it was not tested, and ``force_percent`` its force as a percentage of the healthy one.
    """

    kind: str
    day: float
    place: Place
    amplitude: float
    other: float
    lowest: float | None = None
    kept_percent: float = math.nan
    slow: bool = False
    grade: float | None = None
    force_percent: float = math.nan

    @property
    def weak(self) -> bool:
        """The muscle was tested and is not at full strength."""
        return self.grade is not None and self.grade < 5

    @property
    def side_percent(self) -> float:
        """The response as a percentage of the other side's; nan where that is absent."""
        return 100 * self.amplitude / self.other if self.other > 0 else math.nan

    @property
    def reduced(self) -> bool:
        """Below the limit of normal, or below half of the other side."""
        lowest = self.lowest
        # where the healthy side is below the limit too, the limit says nothing about the injury
        below_limit = lowest is not None and self.amplitude < lowest <= self.other
        return below_limit or self.amplitude < side_share() * self.other


def settled_d(kind: str) -> float:
    """The day from which a response beyond the injury shows which axons are alive.

    Two standard deviations past the median day on which broken axons fall silent: the endplates
    of motor axons fail first, the stumps of sensory ones later.

    Example:
        >>> round(settled_d("motor"), 1), round(settled_d("sensory"), 1)
        (6.9, 10.8)
    """
    key = "course.junction.motor" if kind == "motor" else "course.stump.conduction"
    spread = math.hypot(
        evidence.value("course.degeneration.fibre_spread"),
        evidence.value("course.degeneration.twin_spread"),
    )
    return evidence.value(key) * math.exp(evidence.value("laboratory.limit.sd") * spread)


def signs(
    study: Study,
    values: Mapping[Measure, float],
    other_side: Mapping[Measure, float],
    day: float,
    place: Place,
    grade: float | None = None,
    force_percent: float = math.nan,
) -> Signs:
    """Collect the signs of a study from what was measured on both sides.

    Args:
        study: the conduction study.
        values: measured values; those of other tests are passed over.
        other_side: the same on the healthy side.
        day: days after the injury.
        place: where the injury lies, see ``Signs``.
        grade: MRC grade of the study's muscle.
        force_percent: its force as a percentage of the healthy one.
    """
    amplitude, other, ratios, slow = 0.0, 0.0, [math.nan], False
    lowest: float | None = None
    for measure, value in values.items():
        if measure.study != study.name:
            continue
        bound = limit(measure, study)
        there = other_side.get(measure, math.nan)
        if measure.quantity == "amplitude" and measure.site == study.sites[0].name:
            amplitude, other, lowest = value, there, bound.value if bound else None
        elif measure.quantity == "amplitude against distal" and there > 0:
            ratios.append(100 * value / there)
        elif bound and math.isfinite(value):
            slow = slow or (bound.broken(value) and not bound.broken(there))
    known = [r for r in ratios if not math.isnan(r)]
    kept = min(known) if known else math.nan
    return Signs(study.kind, day, place, amplitude, other, lowest, kept, slow, grade, force_percent)


def conduction(s: Signs) -> str:
    """One sentence on one conduction study.

    Example:
        >>> print(conduction(Signs("motor", 10, "across", 9.0, 10.0, 4.0, kept_percent=5)))
        Block: the response beyond the injury is kept (90 % of the other side), but from above \
the injury only 5 % of it comes through.
        >>> print(conduction(Signs("motor", 1, "above", 9.0, 10.0, 4.0, grade=0)))
        Cannot tell block from axon loss yet: the muscle is weak (MRC 0) and the response kept \
(90 % of the other side), but a broken axon still conducts beyond the injury for days and no site \
lies above it; repeat from day 7.
    """
    if not s.other > 0:
        return "No response on either side, so this study says nothing about the injury."
    side = f"{s.side_percent:.0f} % of the other side"
    if s.place in ("elsewhere", "beyond"):
        why = (
            "these fibres do not run through the injury"
            if s.place == "elsewhere"
            else "the injury lies beyond the recording electrode"
        )
        found = "Reduced" if s.reduced else "Normal"
        return f"{found} ({side}), and no test of the injury: {why}."
    if s.place == "below":
        return _from_above_only(s, side)
    return _early(s, side) if s.day < settled_d(s.kind) else _late(s, side)


def _from_above_only(s: Signs, side: str) -> str:
    alike = "every site lies above the injury, where block and axon loss look the same"
    if s.amplitude <= 0:
        return f"No response comes through the injury; {alike}."
    if s.reduced:
        return f"Reduced ({side}); {alike}."
    slow = ", but slowed" if s.slow else ""
    return f"Most fibres conduct through the injury ({side}){slow}."


def _early(s: Signs, side: str) -> str:
    repeat = f"repeat from day {math.ceil(settled_d(s.kind))}"
    yet = "a broken axon still conducts beyond the injury for days"
    if s.reduced:
        return (
            f"Axons beyond the injury have begun to fall silent ({side}); how many will do so is "
            f"not yet known; {repeat}."
        )
    if s.place == "across" and _drop(s):
        return (
            f"Cannot tell block from axon loss yet: the response is kept beyond the injury "
            f"({side}) and {_through(s)} from above it, but {yet}; {repeat}."
        )
    if s.place == "above" and s.grade is not None and not s.weak:
        return f"Nothing abnormal so far ({side}), and full strength{_slowed(s)}."
    if s.place == "above":
        muscle = f"the muscle is weak (MRC {s.grade:g}) and " if s.weak else ""
        verb = "" if s.weak else " is"
        return (
            f"Cannot tell block from axon loss yet: {muscle}the response{verb} kept ({side}), "
            f"but {yet} and no site lies above it; {repeat}."
        )
    return f"Nothing abnormal so far ({side}), across the injury too{_slowed(s)}."


def _late(s: Signs, side: str) -> str:
    if s.amplitude <= 0:
        return "Axon loss: no response beyond the injury, so next to no axon is alive there."
    block = s.place == "across" and _drop(s)
    if s.reduced:
        lost = 100 - s.side_percent
        about = f"about {lost:.0f} % of the response is missing" if lost > 0 else "below the limit"
        hidden = ", and sprouting may hide more" if s.kind == "motor" and lost > 0 else ""
        also = f"; and block, as {_through(s)} from above the injury" if block else ""
        return f"Axon loss: {about} against the other side{hidden}{also}{_slowed(s)}."
    if block:
        come = "none" if s.kept_percent <= 0 else f"only {s.kept_percent:.0f} %"
        return (
            f"Block: the response beyond the injury is kept ({side}), but from above the injury "
            f"{come} of it comes through{_slowed(s)}."
        )
    if s.weak and s.place == "above":
        return _weak_yet_normal(s, side)
    if s.weak and s.place == "across":
        return _hidden_loss(s, side)
    size = "Size within normal limits" if s.slow else "Normal"
    return f"{size} ({side}){_slowed(s)}."


def _weak_yet_normal(s: Signs, side: str) -> str:
    assert s.grade is not None
    if s.force_percent < side_share() * s.side_percent:
        return (
            f"Within normal limits beyond the injury ({side}), yet the muscle has only "
            f"{s.force_percent:.0f} % of its strength (MRC {s.grade:g}): living axons are blocked "
            f"above every stimulation site; strength shows that, this study cannot."
        )
    return _hidden_loss(s, side)


def _hidden_loss(s: Signs, side: str) -> str:
    return (
        f"Within normal limits ({side}), and so is most of the strength (MRC {s.grade:g}, "
        f"{s.force_percent:.0f} %): a loss of this size hides inside the limits."
    )


def _drop(s: Signs) -> bool:
    least = evidence.value("exam.block.distal_least")
    if s.lowest is not None and s.amplitude < least * s.lowest:
        return False  # so small a distal response says nothing about block
    return s.kept_percent < 100 * (1 - evidence.value("exam.block.amplitude_drop"))


def _through(s: Signs) -> str:
    return "gone" if s.kept_percent <= 0 else f"falls to {s.kept_percent:.0f} %"


def _slowed(s: Signs) -> str:
    return "; conduction is slowed" if s.slow else ""


def strength(grade: float, force_percent: Sequence[float]) -> str:
    """One sentence on a muscle's MRC grade, on one day or on several with the same grade.

    Example:
        >>> strength(3.0, [4.6, 5.4])
        'MRC 3: movement against gravity, with about 5 % of healthy force.'
        >>> strength(4.0, [46, 83])
        'MRC 4: movement against some resistance, with about 46 to 83 % of healthy force.'
    """
    words = GRADE_WORDS[int(grade)]
    if grade in (0, 5):
        return f"MRC {grade:g}: {words}."
    low, high = f"{min(force_percent):.0f}", f"{max(force_percent):.0f}"
    force = low if low == high else f"{low} to {high}"
    return f"MRC {grade:g}: {words}, with about {force} % of healthy force."


def touch(marking: float, healthy: float) -> str:
    """One sentence on the finest filament felt; inf where none was.

    Example:
        >>> touch(math.inf, 2.83)
        'Not even the thickest filament is felt.'
    """
    if math.isinf(marking):
        return "Not even the thickest filament is felt."
    if marking <= healthy:
        return f"Normal: the {marking:.2f} filament is felt."
    force = evidence.number(f"exam.monofilament.f{f'{marking:.2f}'.replace('.', '_')}_force_g")
    return f"Reduced: nothing finer than the {marking:.2f} filament ({force.value:g} g) is felt."
