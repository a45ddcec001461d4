"""Vibration with a graduated tuning fork: the score of 0 to 8 at which it is no longer felt.

The triangles of the fork meet at 0 with the full swing and at 8 with none, so that the score shows
the threshold amplitude. A fork stands on bone, which carries a part of it into neighbouring skin.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from tinel.exam.examination import Visit
from tinel.exam.laboratory import Laboratory
from tinel.exam.limb import Floats, Limb
from tinel.exam.measure import NOT_ABSENT, NOTHING, Measure
from tinel.exam.measurement import Value
from tinel.exam.per_twin import of_first
from tinel.exam.reference_limits import limit_of
from tinel.exam.small_fibres import thick_fraction
from tinel.exam.test import Test, targets
from tinel.exam.thermal import years_from_fit
from tinel.nerve.anatomy import Target

SCORE, SCORE_UNIT = "vibration score", "0 to 8"
FULL = 8.0


def site(limb: Limb) -> str:
    """``hand`` or ``foot``, whichever the nerve goes to; a face is taken as a hand."""
    return "foot" if limb.nerve.limb == "leg" else "hand"


def amplitude(score: Floats) -> Floats:
    """Amplitude of the fork over its full swing at a score, and the score at such an amplitude."""
    return 1.0 - score / FULL


def threshold_amplitude(limb: Limb, skin: Target) -> Floats:
    """The least amplitude that is felt over the fork's full swing, ``(n_twin,)``, before any error.

    Example:
        >>> from tinel.exam.limb import healthy
        >>> from tinel.nerve import build
        >>> from tinel.twins import Patient, Twins
        >>> many = Twins(Patient(age=50, sex="female", height_cm=170), range(50))
        >>> hand = healthy(build("ulnar", side="left", twins=many))
        >>> found = threshold_amplitude(hand, hand.nerve.target("little finger skin"))
        >>> bool(0.06 < np.median(found) < 0.12)
        True
    """
    twins = limb.nerve.twins
    middle = amplitude(twins.each(f"bedside.vibration.{site(limb)}_score"))
    older = years_from_fit(twins)
    person = (
        twins.each("bedside.vibration.between_people") * twins.normal("exam.vibration", 1)[:, 0]
    )
    through = twins.each("bedside.vibration.through_bone")
    fraction = np.maximum(thick_fraction(limb, skin.name), through)
    with np.errstate(divide="ignore"):
        rise = fraction ** -twins.each("bedside.vibration.decades_per_decade")
    healthy = middle * np.exp(twins.each("bedside.vibration.per_year") * older + person)
    return np.asarray(healthy * rise)


def vibration(limb: Limb, skin: Target, laboratory: Laboratory) -> tuple[Value, ...]:
    """The mean score of a few readings, each with its error; 0 where the full swing is not felt."""
    twins = limb.nerve.twins
    count = max(round(limb.parameters.scalar("bedside.vibration.readings")), 1)
    drawn = twins.normal(f"exam.vibration.{skin.name}.day {limb.state.day:g}", count)
    error = np.exp(twins.each("bedside.vibration.reading")[:, None] * drawn)
    read = threshold_amplitude(limb, skin)[:, None] * error
    return (Value(SCORE, SCORE_UNIT, (FULL * np.maximum(1.0 - read, 0.0)).mean(axis=1)),)


def least_normal(limb: Limb) -> float:
    """The lowest score that is still normal in the first twin, by its age and limb."""
    p = limb.parameters
    middle = 1.0 - of_first(p, f"bedside.vibration.{site(limb)}_score") / FULL
    older = float(years_from_fit(limb.nerve.twins)[0])
    reach = of_first(p, "laboratory.limit.sd") * of_first(p, "bedside.vibration.between_people")
    by_age = of_first(p, "bedside.vibration.per_year") * older
    return max(FULL * (1.0 - middle * math.exp(by_age + reach)), 0.0)


def sentence(score: float, other: float, least: float) -> str:
    """One sentence on the score beside the other side's and the lowest normal one.

    Example:
        >>> sentence(2.4, 7.2, 6.5)
        'Vibration is lost below 2.4 of 8 (other side 7.2): reduced, normal is 6.5 or more.'
        >>> sentence(7.0, 7.2, 6.5)
        'Vibration is felt down to 7.0 of 8 (other side 7.2): normal.'
        >>> sentence(0.0, 7.2, 6.5)
        'Not even the full swing of the tuning fork is felt (other side 7.2).'
    """
    if score <= 0:
        return f"Not even the full swing of the tuning fork is felt (other side {other:.1f})."
    if score < least:
        return (
            f"Vibration is lost below {score:.1f} of 8 (other side {other:.1f}): reduced, normal "
            f"is {least:.1f} or more."
        )
    return f"Vibration is felt down to {score:.1f} of 8 (other side {other:.1f}): normal."


def sentences(skin: Target, visits: Sequence[Visit], other_side: Visit) -> list[str]:
    """One sentence per visit; empty where nobody tested."""
    other = other_side.examination.value(skin.name, SCORE)
    said = []
    for visit in visits:
        score = visit.examination.of(skin.name, SCORE)
        if score is None or other is None:
            said.append("")
            continue
        _, bound = limit_of(score, visit)
        least = least_normal(visit.limb) if bound is None else bound.value
        said.append(sentence(float(score.values[0]), other, least))
    return said


TEST = Test(
    name="vibration",
    other_names=("tuning fork", "Rydel-Seiffer", "vibration sense"),
    text="Read the score of a graduated tuning fork at which it is no longer felt.",
    source="Martina et al. 1998 (abstract); how it falls with loss is assumed",
    subjects=targets("sensory"),
    examine=vibration,
    interpret=sentences,
    title="Vibration (graduated tuning fork)",
    on_request=True,
    measures=(
        Measure(SCORE, SCORE_UNIT, 0, FULL, ("score",), (), NOTHING, usual=True, states=NOT_ABSENT),
    ),
)
