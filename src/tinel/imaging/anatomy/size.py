"""How large a healthy nerve is at a place in one person, how deep it lies, and how flat it is."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log, sqrt

import numpy as np
from scipy.interpolate import PchipInterpolator

from tinel.evidence import Parameters
from tinel.imaging.anatomy.along import through
from tinel.imaging.anatomy.scanned import Scanned
from tinel.imaging.anatomy.sites import ScanSite, Site, round_it, sites, sites_of
from tinel.nerve.atlas import REFERENCE_HEIGHT_CM


@dataclass(frozen=True)
class Calibre:
    """A healthy nerve at a place: area (mm2), width over height, and depth of its centre (mm).

    ``fat_mm`` is what this person's fat adds to the usual depth of everything there.
    """

    area_mm2: float
    width_to_height: float
    depth_mm: float
    fat_mm: float


def calibre(scanned: Scanned, branch: str, position_mm: float) -> Calibre:
    """The healthy nerve of this person at a place, between the known sites of its branch.

    Args:
        scanned: whose nerve.
        branch: on which the place lies.
        position_mm: way from the cord.

    Source:
        ``anatomy.size``: published means and spreads by site, which are met because they are put
        in. Between two sites the logarithm of the area is interpolated.

    Example:
        >>> from tinel import nerve
        >>> from tinel.twins import Patient, Twins
        >>> one = Twins(Patient(age=40, sex="female", height_cm=170))
        >>> arm = Scanned.healthy(nerve.build("median", side="left", twins=one))
        >>> 5.0 < calibre(arm, "median trunk", 717.0).area_mm2 < 15.0
        True
    """
    there = [s for s in sites_of(scanned.nerve) if s.branch == branch]
    known = there or [ScanSite("", branch, position_mm, "", "", sites()[-1])]
    places = [s.position_mm for s in known]

    def between(values: list[float]) -> float:
        return float(np.interp(position_mm, places, values))

    more = fat_more_mm(scanned, round_it(scanned.nerve, branch, position_mm))
    return Calibre(
        area_mm2=healthy_mm2(scanned, branch, position_mm),
        width_to_height=between([s.site.width_to_height for s in known]),
        depth_mm=_smooth(
            position_mm, places, [s.site.depth_mm + _below_fat(scanned, s.site) for s in known]
        ),
        fat_mm=more,
    )


def healthy_mm2(scanned: Scanned, branch: str, position_mm: float) -> float:
    """The area alone, which takes a third of the time; arguments as for ``calibre``."""
    measured = [s for s in sites_of(scanned.nerve) if s.branch == branch and s.size]
    if not measured:
        return _unmeasured(scanned, branch, position_mm)
    places = [s.position_mm for s in measured]
    areas = [log(area_at(scanned, s)) for s in measured]
    return exp(float(np.interp(position_mm, places, areas)))


def _smooth(at: float, places: list[float], values: list[float]) -> float:
    """Between values without a kink, which a nerve has nowhere."""
    if len(set(places)) < 2 or len(set(places)) < len(places):
        return float(np.interp(at, places, values))
    return float(PchipInterpolator(places, values)(np.clip(at, places[0], places[-1])))


def _below_fat(scanned: Scanned, site: Site) -> float:
    return deeper_by_fat_mm(site, fat_more_mm(scanned, site), scanned.number("skin_mm"))


def deeper_by_fat_mm(site: Site, fat_mm: float, skin_mm: float) -> float:
    """How far more fat sinks a nerve; one that lies within the fat moves with half of it."""
    return fat_mm * (0.5 if site.depth_mm < site.fat_mm + skin_mm else 1.0)


def fat_more_mm(scanned: Scanned, site: Site) -> float:
    """What the fat under the skin is thicker at a site than a usual man's, mm; less is negative."""
    women = scanned.number("fat_women_over_men") if _is_woman(scanned) else 1.0
    factor = women * exp(scanned.number("fat_spread") * scanned.normal("fat"))
    return site.fat_mm * (factor - 1.0)


def _is_woman(scanned: Scanned) -> bool:
    return scanned.nerve.twins.patient.sex == "female"


def area_at(scanned: Scanned, at: ScanSite) -> float:
    """The healthy area of this person's nerve at a site where it was measured, mm2."""
    mean, sd = scanned.number(f"{at.size}.mean"), scanned.number(f"{at.size}.sd")
    return mean * _person(scanned, sd / mean, at.size)


def _unmeasured(scanned: Scanned, branch: str, position_mm: float) -> float:
    """Area by the axons that run there, where no one has measured the nerve."""
    nerve = scanned.nerve
    here = through(scanned, branch, position_mm)
    fraction = nerve.fibres.weight[here].sum() / nerve.fibres.weight.sum()
    mean = nerve.area_mm2 * max(float(fraction), 0.02)
    return mean * _person(scanned, scanned.number("size.elsewhere_cv"), branch)


def grown_part(age: float, parameters: Parameters) -> float:
    """Area of a healthy nerve over that of an adult, by age: a child's grows along a logarithm.

    Args:
        age: years, 1 to 100.
        parameters: the numbers in use.

    Source:
        ``anatomy.size.child``: the median nerve of 43 people at wrist, forearm and arm; taken for
        every nerve.

    Example:
        >>> from tinel.evidence import Parameters
        >>> [round(grown_part(age, Parameters.of_evidence()), 2) for age in (1, 2, 8, 15, 40)]
        [0.6, 0.7, 0.91, 1.0, 1.0]
    """
    known_y, part, adult_y = (
        parameters.scalar(f"anatomy.size.child.{key}") for key in ("known_y", "part", "adult_y")
    )
    if age >= adult_y:
        return 1.0
    return part + (1.0 - part) * log(age / known_y) / log(adult_y / known_y)


def _person(scanned: Scanned, cv: float, place: str) -> float:
    """Factor on the mean area of a site, log-normal with mean 1 over people of both sexes."""
    ratio = scanned.number("size.men_over_women")
    away = (ratio - 1.0) / (ratio + 1.0)  # of either sex from their mean
    patient = scanned.nerve.twins.patient
    known = (
        grown_part(patient.age, scanned.parameters)
        * (1.0 - away if _is_woman(scanned) else 1.0 + away)
        * (
            1.0
            + scanned.number("size.age_per_y") * (patient.age - scanned.number("size.age_of_means"))
        )
        * (1.0 + scanned.number("size.per_cm_height") * (patient.height_cm - REFERENCE_HEIGHT_CM))
    )
    # what sex explains of the published spread is no longer drawn
    drawn = max(cv**2 - away**2, 0.0) / (1.0 + away**2)
    person, side = scanned.number("size.person"), scanned.number("size.side")
    z = (
        sqrt(person) * scanned.normal("size.person")
        + sqrt(side) * scanned.normal(f"size.side.{scanned.nerve.side}.{place}")
        + sqrt(1.0 - person - side) * scanned.normal(f"size.site.{place}")
    )
    sigma = sqrt(log(1.0 + drawn))
    return known * exp(sigma * z - sigma**2 / 2)
