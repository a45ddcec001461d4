"""Simulated people of the study of accuracy: ill ones and healthy ones, each drawn alone."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from functools import cache
from importlib import resources
from typing import Any

import numpy as np

from tinel.course import follow, state_at
from tinel.evidence import Parameters
from tinel.exam.limb import Limb, healthy, limb_on
from tinel.exam.scanning import Place
from tinel.lesion import Lesion, constriction, crush, laceration
from tinel.nerve import Nerve, build
from tinel.treatment import plan
from tinel.twins import Patient, Twins

COHORTS = ("tunnel", "elbow", "severed", "neuroma", "sites")
LARGEST = 100_000  # people of one cohort: seeds of cohorts must not meet


@cache
def design() -> dict[str, Any]:
    """The people and how they are examined, as ``accuracy.toml`` has them."""
    text = resources.files("tinel.exam.accuracy").joinpath("accuracy.toml").read_text("utf-8")
    return tomllib.loads(text)


def pressed(cohort: str, k: int, ill: bool, parameters: Parameters) -> Limb:
    """A wrist or an elbow, with a nerve that something presses on or with a healthy one.

    Args:
        cohort: ``tunnel`` or ``elbow``.
        k: which person, 0 or more; ill and healthy ones are different people.
        ill: whether the nerve is pressed.
        parameters: the numbers in use.

    Example:
        >>> hand = pressed("tunnel", 0, True, Parameters.of_evidence())
        >>> bool(20.0 <= hand.lesion.pressure_mmHg[0] <= 120.0)
        True
    """
    how, rng = design()[cohort], _stream(cohort, k, ill)
    nerve = _nerve(how["nerve"], cohort, k, ill, rng, parameters)
    if not ill:
        return healthy(nerve)
    site_mm = place_of(nerve, how["size"]).position_mm + how["beyond_mm"]
    pressure = rng.uniform(*how["pressure_mmHg"])
    at = {"site_mm": site_mm, "length_mm": how["length_mm"], "pressure_mmHg": pressure}
    lesion = constriction.make(nerve, how["branch"], **at)
    return _later(nerve, lesion, float(rng.uniform(*how["lasted_d"])))


def hurt_at_once(k: int, is_cut: bool, parameters: Parameters) -> Limb:
    """A median or ulnar nerve some weeks after it was cut through, or crushed or cut in part.

    Args:
        k: which person, 0 or more; of those in continuity every other one is crushed.
        is_cut: whether it is cut through.
        parameters: the numbers in use.

    Example:
        >>> arm = hurt_at_once(1, False, Parameters.of_evidence())
        >>> arm.lesion.present.any(), 10.0 <= arm.state.day <= 60.0
        (np.True_, True)
    """
    how, rng = design()["severed"], _stream("severed", k, is_cut)
    name = str(rng.choice(list(how["between"])))
    nerve = _nerve(name, "severed", k, is_cut, rng, parameters)
    first, last = (place_of(nerve, size) for size in how["between"][name])
    branch = first.branch
    site_mm = float(rng.uniform(first.position_mm, last.position_mm))
    if is_cut:
        lesion = laceration.make(nerve, branch, site_mm=site_mm, fraction=1.0)
    elif k % 2:
        length_mm = float(rng.uniform(*how["crushed_mm"]))
        lesion = crush.make(nerve, branch, site_mm=site_mm, length_mm=length_mm)
    else:
        part = float(rng.uniform(*how["fraction"]))
        lesion = laceration.make(nerve, branch, site_mm=site_mm, fraction=part)
    return _later(nerve, lesion, float(rng.uniform(*how["day"])))


def with_neuroma(k: int, parameters: Parameters) -> Limb:
    """A median or ulnar nerve that was cut through and never sewn, after it has grown a neuroma."""
    how, rng = design()["neuroma"], _stream("neuroma", k, True)
    between = design()["severed"]["between"]
    name = str(rng.choice(list(between)))
    nerve = _nerve(name, "neuroma", k, True, rng, parameters)
    first, last = (place_of(nerve, size) for size in between[name])
    site_mm = float(rng.uniform(first.position_mm, last.position_mm))
    lesion = laceration.make(nerve, first.branch, site_mm=site_mm, fraction=1.0)
    return _later(nerve, lesion, float(rng.uniform(*how["day"])))


def unhurt(name: str, k: int, parameters: Parameters) -> Limb:
    """A healthy nerve of a person of the normal areas."""
    return healthy(_nerve(name, "sites", k, False, _stream("sites", k, False), parameters))


def place_of(nerve: Nerve, size: str) -> Place:
    """Where a nerve has a normal size of that key: the first such place."""
    from tinel.imaging.anatomy.sites import sites_of

    site = next(s for s in sites_of(nerve) if s.size == size)
    return Place(site.name, site.branch, site.position_mm)


def _key(cohort: str, k: int, ill: bool) -> Sequence[int]:
    return (COHORTS.index(cohort) + 1, 2 * k + int(ill))


def _stream(cohort: str, k: int, ill: bool) -> np.random.Generator:
    return np.random.default_rng(_key(cohort, k, ill))


def _nerve(
    name: str, cohort: str, k: int, ill: bool, rng: np.random.Generator, parameters: Parameters
) -> Nerve:
    people = design()["people"]
    sex = "female" if rng.random() < people["women"] else "male"
    mean, sd = people["height_cm"][sex]
    patient = Patient(
        age=float(rng.uniform(*people["age"])),
        sex=sex,
        height_cm=float(mean + sd * rng.standard_normal()),
        # as warm as those whose conduction gave the limits
        limb_temperature_c=parameters.scalar("exam.temperature.skin_arm_C"),
    )
    of_cohort, number = _key(cohort, k, ill)
    seed = of_cohort * LARGEST + number
    return build(name, side="left", twins=Twins(patient, range(1), seed, parameters))


def _later(nerve: Nerve, lesion: Lesion, day: float) -> Limb:
    """The limb on a day, for pictures: which fibres conduct is not asked."""
    course = follow(nerve, lesion, plan("wait", []))
    block = np.zeros(nerve.fibres.diameter_um.shape)
    return limb_on(nerve, lesion, state_at(course, day), block, (), course)
