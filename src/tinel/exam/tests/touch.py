"""Touch with monofilaments: the finest one that is still felt.

The threshold is the healthy one as long as enough touch fibres work, and rises by so many decades
of force per tenfold loss beyond that; what is felt is the next filament of the usual set. inf means
that not even the thickest is felt. People and examiners err: what is found on one day scatters
about that threshold, so that a good part of healthy hands misses the finest filament.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from tinel.evidence import Parameters
from tinel.exam.examination import Visit
from tinel.exam.laboratory import Laboratory
from tinel.exam.limb import Floats, Limb
from tinel.exam.measure import STATES, Measure
from tinel.exam.measurement import Value
from tinel.exam.per_twin import beside, of_first
from tinel.exam.skin import felt_fraction, felt_in_worst_part
from tinel.exam.test import Test, targets
from tinel.nerve.anatomy import Nerve, Target

FILAMENTS = np.array([2.83, 3.61, 4.31, 4.56, 5.07, 6.65])  # log10 of force in 0.1 mg
LEVELS = tuple(FILAMENTS.tolist())
FILAMENT, FILAMENT_UNIT = "finest filament felt", "marking"
FOUND = "filament found by an examiner"
WORST = "finest filament felt in the worst part"
_WHERE = {"arm": "hand", "leg": "foot", "head": "hand"}


def healthy_marking(nerve: Nerve) -> float:
    """The filament that a healthy person feels: hand or foot, whichever the nerve goes to."""
    return _of_healthy(nerve, "marking")


def healthy_limit(nerve: Nerve) -> float:
    """The thickest filament that a healthy person may need; touch is reduced beyond it."""
    return _of_healthy(nerve, "limit")


def _of_healthy(nerve: Nerve, which: str) -> float:
    return nerve.twins.parameters.scalar(f"normal.monofilament.{_WHERE[nerve.limb]}_{which}")


def filament(fraction: Floats, healthy_marking: float, parameters: Parameters) -> Floats:
    """The finest filament felt, as its marking; inf for none.

    Args:
        fraction: working touch fibres, ``(n_twin, ...)``, 0 to 1.
        healthy_marking: the filament that a healthy person feels.
        parameters: with ``laboratory.touch.enough`` and ``decades_per_decade``.

    Example:
        >>> filament(np.array([1.0, 0.1, 0.0]), 2.83, Parameters.of_evidence()).tolist()
        [2.83, 4.31, inf]
    """
    return next_filament(threshold_marking(fraction, healthy_marking, parameters))


def threshold_marking(fraction: Floats, healthy_marking: float, parameters: Parameters) -> Floats:
    """The threshold of touch on the scale of the markings, inf for none; as in ``filament``."""
    slope = beside(parameters, "laboratory.touch.decades_per_decade", fraction)
    enough = beside(parameters, "laboratory.touch.enough", fraction)
    with np.errstate(divide="ignore"):
        loss = np.log10(np.minimum(fraction / enough, 1.0))
    return np.asarray(healthy_marking - slope * loss)


def filament_in_worst_part(limb: Limb, skin: Target) -> Floats:
    """The finest filament felt where a patch of skin feels least; inf for none.

    A search for any loss finds that part, where the middle of the patch may feel normally.
    """
    felt = felt_in_worst_part(limb, skin)
    return filament(felt, healthy_marking(limb.nerve), limb.parameters)


def next_filament(marking: Floats) -> Floats:
    """The finest filament of the usual set at or above a threshold; inf for none.

    Example:
        >>> next_filament(np.array([2.0, 3.0, 7.0])).tolist()
        [2.83, 3.61, inf]
    """
    return np.append(FILAMENTS, np.inf)[np.searchsorted(FILAMENTS, marking - 1e-9)]


def filament_found(limb: Limb, skin: Target) -> Floats:
    """The filament that an examiner finds on the day, with that day's error; inf for none."""
    twins = limb.nerve.twins
    drawn = twins.normal(f"exam.filament.{skin.name}.day {limb.state.day:g}", 1)[:, 0]
    fraction, normal = felt_fraction(limb, skin), healthy_marking(limb.nerve)
    felt = threshold_marking(fraction, normal, limb.parameters)
    return next_filament(felt + twins.each("bedside.filament.examiner") * drawn)


def touch(limb: Limb, skin: Target, laboratory: Laboratory) -> tuple[Value, ...]:
    """The finest filament felt in the middle of a patch of skin, the one an examiner finds there,
    and the finest felt where the patch feels least."""
    felt = filament(felt_fraction(limb, skin), healthy_marking(limb.nerve), limb.parameters)
    return (
        Value(FILAMENT, FILAMENT_UNIT, felt),
        Value(FOUND, FILAMENT_UNIT, filament_found(limb, skin)),
        Value(WORST, FILAMENT_UNIT, filament_in_worst_part(limb, skin)),
    )


def sentence(marking: float, healthy: float, parameters: Parameters) -> str:
    """One sentence on the finest filament felt; inf where none was.

    Example:
        >>> sentence(math.inf, 2.83, Parameters.of_evidence())
        'Not even the thickest filament is felt.'
    """
    if math.isinf(marking):
        return "Not even the thickest filament is felt."
    if marking <= healthy:
        return f"Normal: the {marking:.2f} filament is felt."
    name = f"{marking:.2f}".replace(".", "_")
    force = of_first(parameters, f"exam.monofilament.f{name}_force_g")
    return f"Reduced: nothing finer than the {marking:.2f} filament ({force:g} g) is felt."


def sentences(skin: Target, visits: Sequence[Visit], other_side: Visit) -> list[str]:
    """One sentence per visit."""
    healthy = healthy_marking(other_side.limb.nerve)
    felt = [v.examination.value(skin.name, FILAMENT) for v in visits]
    return [
        "" if marking is None else sentence(marking, healthy, visit.limb.parameters)
        for marking, visit in zip(felt, visits, strict=True)
    ]


TEST = Test(
    name="touch",
    other_names=("monofilaments", "Semmes-Weinstein monofilaments"),
    text="Find the finest monofilament that is felt on each patch of skin.",
    source="maker's table in PMC7873561; how the threshold rises with loss is assumed",
    subjects=targets("sensory"),
    examine=touch,
    interpret=sentences,
    title="Touch (monofilaments)",
    shown=(FILAMENT,),
    measures=(
        Measure(FILAMENT, FILAMENT_UNIT, 0, 7, ("filament",), LEVELS, usual=True, states=STATES),
        Measure(FOUND, FILAMENT_UNIT, 0, 7, (), LEVELS, states=STATES),
        Measure(WORST, FILAMENT_UNIT, 0, 7, (), LEVELS, states=STATES),
    ),
)
