"""What a patch of skin feels: through its own axons, and from its borders through neighbours'.

Neighbours grow a margin into skin that has lost its axons: some millimetres for light touch, more
for what is felt through few axons, so a narrow patch closes and a wide one does not. Axons that lie
together in the nerve end together in the skin. Where a touch lies, and whether it is one point or
two, is told by axons in their right place; the brain learns a new place the better the younger it
is.
"""

from __future__ import annotations

import numpy as np

from tinel.evidence import Parameters
from tinel.exam import supply
from tinel.exam.limb import Floats, Limb
from tinel.exam.per_twin import beside
from tinel.exam.supply import Supplied
from tinel.lesion.state import Ints
from tinel.nerve.anatomy import Target

FIRM = "firm touch"  # a finger, cotton wool drawn over the skin, a thick filament
SENSES = ("touch", "pain", "heat", FIRM)
ONE_POINT = np.inf  # two points are never told apart


def since_loss_d(limb: Supplied, skin: str) -> Floats:
    """Days since the axons of a patch broke, ``(n_twin,)``.

    The mean over those that the injury itself broke; without any, days since the injury.
    """
    which = limb.nerve.fibres.target == limb.row(skin)
    cut = limb.lesion.first_cut_d[:, which]
    broke = np.isfinite(cut)
    mean = np.where(broke, cut, 0.0).sum(axis=1) / np.maximum(broke.sum(axis=1), 1)
    return np.maximum(limb.day - mean, 0.0)


def margin_mm(limb: Supplied, skin: str, sense: str = "touch") -> Floats:
    """How far neighbours' axons have grown into a patch from its border, ``(n_twin,)``.

    It does not go back when the patch's own axons return.

    Args:
        limb: nerve, lesion and state of the day.
        skin: name of the patch.
        sense: one of ``SENSES``.

    Source:
        Healy et al. 1996, doi:10.1093/brain/119.6.2063: 6, 7 and 11.5 mm after 10 to 15 months for
        light touch, sharp pain and heat; firm touch from numb areas that were mapped.
    """
    twins = limb.nerve.twins
    tau, measured = twins.each("skin.margin.tau"), twins.each("skin.margin.measured_d")
    person = np.exp(
        twins.each("skin.margin.between_people") * twins.normal("exam.skin.margin", 1)[:, 0]
    )
    grown = np.expm1(-since_loss_d(limb, skin) / tau) / np.expm1(-measured / tau)
    reach = twins.each(f"skin.margin.{sense.replace(' ', '_')}_mm") * person
    return reach * grown * supply.broken(limb, skin)


def inside(limb: Supplied, skin: Target, sense: str = "touch") -> Floats:
    """Fraction of a patch that neighbours have not reached, ``(n_twin,)``; all if it has no size.

    Source:
        Arithmetic: a rectangle less the margin on all four sides.
    """
    if not (skin.width_mm and skin.length_mm):
        return np.ones(limb.nerve.n_twin)
    gained = 2 * margin_mm(limb, skin.name, sense)
    left = (np.maximum(side - gained, 0.0) / side for side in (skin.width_mm, skin.length_mm))
    return np.prod(list(left), axis=0)


def bare(fraction: Floats, overlap: float | Floats) -> Floats:
    """Fraction of a patch in which no axon is felt, shape of ``fraction``.

    Args:
        fraction: of the patch's axons that work, 0 to 1.
        overlap: axons felt at any one point of healthy skin, above 0.

    Source:
        Axons that lie at random: exp(-overlap x fraction) of the points have none, drawn out so
        that healthy skin has no such point.

    Example:
        >>> bare(np.array([0.0, 0.1, 1.0]), 10.0).round(2).tolist()
        [1.0, 0.37, 0.0]
    """
    lost: Floats = np.expm1(-overlap * (fraction - 1.0)) / np.expm1(overlap)
    return np.maximum(lost, 0.0)


def numb_mm2(limb: Limb, skin: Target, sense: str = "touch") -> Floats:
    """Area without a sense, mm2, ``(n_twin,)``; nan where the size of the patch is not known."""
    if not (skin.width_mm and skin.length_mm):
        return _unknown(limb)
    overlap = limb.nerve.twins.each("skin.field.overlap")
    numb = inside(limb, skin, sense) * bare(supply.any(limb, skin.name), overlap)
    return skin.width_mm * skin.length_mm * numb


def neighbours(limb: Supplied, skin: Target) -> Floats:
    """Axons of neighbours in the middle of a patch over its healthy ones, ``(n_twin,)``.

    None before their margins have met there, or where its own axons are more.
    """
    density = limb.nerve.twins.each("skin.neighbour.density")
    fewer = supply.any(limb, skin.name) < density
    if not fewer.any():
        return np.zeros(fewer.shape)
    return np.where(fewer & (inside(limb, skin) <= 0.0), density, 0.0)


def felt_fraction(limb: Supplied, skin: Target) -> Floats:
    """Touch fibres felt in the middle of a patch over the healthy ones, ``(n_twin,)``, 0 to 1.

    Its own, those that came from elsewhere, or neighbours' where these are more.
    """
    return np.minimum(np.maximum(supply.any(limb, skin.name), neighbours(limb, skin)), 1.0)


def felt_in_worst_part(limb: Limb, skin: Target) -> Floats:
    """Touch fibres felt in the part of a patch that feels least over healthy ones, ``(n_twin,)``.

    Axons that lie together in the nerve end together in the skin, so that a nerve cut in part
    leaves a part of the patch without any. Axons from elsewhere lie evenly, and neighbours are as
    in ``felt_fraction``.

    Source:
        Peripheral projections of fascicles in the human median nerve (abstract, scilit
        ab0b0cda): the skin of a fascicle is one area, no more than a fifth of the nerve's;
        Hallin & Wu 2001: fibres that lie together within a fascicle have the same skin.

    Example:
        >>> from tinel.exam.limb import healthy
        >>> from tinel.nerve import build
        >>> from tinel.twins import Patient, Twins
        >>> two = Twins(Patient(age=40, sex="female", height_cm=170), range(2))
        >>> whole = healthy(build("sural", side="left", twins=two))
        >>> felt_in_worst_part(whole, whole.nerve.target("lateral foot skin")).round(6).tolist()
        [1.0, 1.0]
    """
    own, state = np.flatnonzero(limb.fibres_of(skin.name)), limb.state
    own = own[_round_their_middle(limb, own)]
    home = limb.conducts[:, own] & (state.destination[:, own] == limb.row(skin.name))
    holds = np.where(home & state.right[:, own], limb.holds[:, own], 0.0)
    fraction = limb.nerve.fibres.weight[own] / limb.nerve.fibres.weight[own].sum()
    many = max(round(own.size / limb.parameters.scalar("skin.parts.number")), 1)
    least = (_beside(holds, many) / _beside(fraction[None, :], many)).min(axis=1)
    elsewhere = np.maximum(supply.any(limb, skin.name) - holds.sum(axis=1), 0.0)
    felt = np.maximum(least + elsewhere, neighbours(limb, skin))
    return np.asarray(np.minimum(felt, 1.0))


def _round_their_middle(limb: Limb, which: Ints) -> Ints:
    """Order of some axons round the middle of where they lie in the nerve."""
    fibres = limb.nerve.fibres
    x, y = fibres.x_mm[which], fibres.y_mm[which]
    return np.argsort(np.arctan2(y - y.mean(), x - x.mean()), kind="stable")


def _beside(value: Floats, many: int) -> Floats:
    """Sums over so many axons beside one another in a ring, from each on, shape of ``value``."""
    sums = np.cumsum(np.concatenate([value, value[:, :many]], axis=1), axis=1)
    return sums[:, many:] - sums[:, :-many]


def spacing(limb: Limb, skin: Target) -> Floats:
    """Distance between the axons that are in their right place over the healthy one, ``(n_twin,)``.

    It grows as the root of their number falls; inf for none. An axon that came back through a torn
    tube counts for a part only, which is larger in children; one in a whole tube keeps its place.
    One from elsewhere counts as much: two points are told apart by axons that end in two places,
    whichever places the brain takes them for.
    """
    twins = limb.nerve.twins
    own = limb.fibres_of(skin.name)
    here = limb.conducts[:, own] & (limb.state.destination[:, own] == limb.row(skin.name))
    here &= limb.state.right[:, own]
    holds = np.where(here, limb.holds[:, own], 0.0)
    torn = limb.state.torn[:, own]
    adult = twins.each("skin.two_point.adult")
    young = learns_anew(limb)
    learnt = adult + (1.0 - adult) * young
    placed = np.where(torn, learnt[:, None] * holds, holds).sum(axis=1)
    placed += learnt * supply.wrong(limb, skin.name)
    with np.errstate(divide="ignore"):
        apart = 1.0 / np.sqrt(np.minimum(placed, 1.0))
    if not skin.two_point_mm:  # not known
        return apart
    beyond = skin.two_point_mm * apart > max(skin.length_mm, skin.two_point_mm) + 1e-6
    return np.where(beyond, ONE_POINT, apart)


def learns_anew(limb: Limb) -> Floats:
    """Fraction of a small child's gift to learn new places of touch, ``(n_twin,)``, 0 to 1.

    Source:
        Lundborg & Rosen 2001: tactile gnosis after suture is best below 5 to 10 years of age, falls
        fast to puberty, and is flat after it.
    """
    twins = limb.nerve.twins
    half, fall = twins.each("skin.two_point.years"), twins.each("skin.two_point.fall_years")
    return np.asarray(1.0 / (1.0 + np.exp((twins.patient.age - half) / fall)))


def told_apart_mm(limb: Limb, skin: Target) -> Floats:
    """Least distance at which two points are told apart, mm, ``(n_twin,)``; inf for never.

    The healthy distance times ``spacing``; nan where the healthy distance is not known.
    """
    return skin.two_point_mm * spacing(limb, skin) if skin.two_point_mm else _unknown(limb)


def s_grade(works: Floats, filament: Floats, spaced: Floats, parameters: Parameters) -> Floats:
    """Sensory recovery S0 to S4 as 0 to 4, S3+ as 3.5; shape of ``works``.

    S0 nothing; S1 some axon works, no filament is felt; S2 a thick one is felt; S3 a light one;
    S3+ and S4 two points are told apart, at distances meant for a finger and taken in proportion
    elsewhere. Over-response (S2+) is not modelled.

    Args:
        works: fraction of axons that work, ``(n_twin, ...)``.
        filament: marking of the finest one felt, inf for none.
        spaced: least distance of two points told apart over that of healthy skin, inf for never.
        parameters: with ``skin.s_grade`` and ``skin.two_point.finger_mm``.

    Example:
        >>> p = Parameters.of_evidence()
        >>> felt, spaced = np.array([np.inf, 5.07, 3.61, 2.83]), np.array([9.0, 9.0, 4.0, 1.0])
        >>> s_grade(np.array([0.001, 0.05, 0.3, 0.9]), felt, spaced, p).tolist()
        [1.0, 2.0, 3.5, 4.0]
    """
    marking, plus_mm, full_mm = (
        beside(parameters, f"skin.s_grade.{key}", works)
        for key in ("touched_marking", "s3_plus_mm", "s4_mm")
    )
    apart_mm = spaced * beside(parameters, "skin.two_point.finger_mm", works)
    found = np.where(np.isfinite(filament), 2.0, np.where(works > 0, 1.0, 0.0))
    light = filament <= marking
    found = np.where(light, 3.0, found)
    found = np.where(light & (apart_mm <= plus_mm), 3.5, found)
    return np.where(light & (apart_mm <= full_mm), 4.0, found)


def _unknown(limb: Limb) -> Floats:
    return np.full(limb.nerve.n_twin, np.nan)
