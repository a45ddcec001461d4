"""Where an examiner takes pictures of a nerve, and where on them the nerve is pointed out.

On both sides the same places are looked at: the injured one, the known one nearest to it, and
one far enough to show the calibre that the nerve has where it is not hurt.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tinel.exam.limb import Limb
from tinel.exam.test import Subject
from tinel.nerve.anatomy import Nerve, Target

if TYPE_CHECKING:  # a command that makes no picture need not wait for it
    from tinel.imaging.anatomy.scanned import Scanned
    from tinel.imaging.anatomy.sites import ScanSite

INJURED, MOST_KNOWN = "injured place", 1


@dataclass(frozen=True)
class Place:
    """A place at which a twin's nerve is scanned.

    Args:
        name: as in the values.
        branch: on which it lies.
        position_mm: from the cord.
        reference: whether it shows the calibre where nothing is hurt.
    """

    name: str
    branch: str
    position_mm: float
    reference: bool = False


def whole_nerve(nerve: Nerve, called: str) -> tuple[Subject, ...]:
    """The nerve as one subject, under the name of its pictures.

    Args:
        nerve: of the twins.
        called: e.g. ``nerve on ultrasound``.
    """
    end = max(t.path_mm for t in nerve.targets)
    return (Target(called, called, nerve.branches[0].name, end, end),)


def scanned(limb: Limb, twin: int) -> Scanned:
    """One twin of a limb, as the pictures are made of."""
    from tinel.imaging.anatomy.scanned import Scanned

    return Scanned(limb.nerve, limb.lesion, limb.state, limb.interventions, twin, limb.course)


def places(limb: Limb, twin: int) -> tuple[Place, ...]:
    """The places at which a limb is scanned, the injured one first, then by distance from it.

    Args:
        limb: injured, or healthy with what is hurt beside it; of a healthy one without, all known
            places of its nerve.
        twin: by its place among the nerve's twins. Which places are chosen goes by the first twin,
            so that all have the same.
    """
    from tinel.imaging.anatomy.scanned import Scanned
    from tinel.imaging.anatomy.sites import scan_sites

    lesion = limb.lesion if limb.beside is None else limb.beside
    if not lesion.present.any():
        return tuple(_place(site) for site in scan_sites(scanned(limb, twin)))
    hurt = Scanned(limb.nerve, lesion, limb.state, limb.interventions, 0)
    first, *known = scan_sites(hurt)
    here = [site for site in known if site.branch == first.branch]
    away = {site.name: abs(site.position_mm - first.position_mm) for site in here}
    same = limb.parameters.scalar("pictures.same_mm")
    near = sorted(
        (site for site in here if away[site.name] > same),
        key=lambda site: (away[site.name], site.name),
    )
    least = limb.parameters.scalar("pictures.reference_mm") + float(lesion.length_mm[0]) / 2
    unhurt = next((site.name for site in near if away[site.name] >= least), "")
    chosen = [site for k, site in enumerate(near) if k < MOST_KNOWN or site.name == unhurt]
    middle = float(lesion.site_mm[twin] + lesion.length_mm[twin] / 2)
    return (
        Place(INJURED, first.branch, middle),
        *(_place(site, site.name == unhurt) for site in chosen),
    )


def size_of(limb: Limb, name: str) -> str:
    """Key of the normal area at a place of that name; empty where nobody measured it.

    Args:
        limb: injured, or healthy with what is hurt beside it.
        name: of a place; the injured one is taken for a known one that it lies at.
    """
    from tinel.imaging.anatomy.sites import sites_of

    known = sites_of(limb.nerve)
    if name != INJURED:
        return next((site.size for site in known if site.name == name), "")
    hurt = places(limb, 0)[0]
    same = limb.parameters.scalar("pictures.same_mm")
    at = [
        site
        for site in known
        if site.branch == hurt.branch and abs(site.position_mm - hurt.position_mm) <= same
    ]
    return min(at, key=lambda site: abs(site.position_mm - hurt.position_mm)).size if at else ""


def _place(site: ScanSite, reference: bool = False) -> Place:
    return Place(site.name, site.branch, site.position_mm, reference)


def pointed_mm(depth_mm: float, limb: Limb, rng: np.random.Generator) -> tuple[float, float]:
    """Where an examiner says that the nerve lies: depth and distance from the picture's middle.

    Args:
        depth_mm: of the nerve, or of where it should be.
        limb: with the numbers.
        rng: of this picture.
    """
    spread = limb.parameters.scalar("pictures.point_sd_mm")
    down, across = rng.standard_normal(2) * spread
    return max(depth_mm + float(down), 0.5), float(across)


def spread_mm(one: Scanned, place: Place, most: int, least_apart_mm: float = 0.0) -> list[float]:
    """Positions of pictures through an injury and what lies beside it, an odd number of them.

    Args:
        one: whose nerve; its lesion says how long the injury is.
        place: the injured one, in the middle.
        most: how many pictures at most, 1 or more.
        least_apart_mm: the least distance between two.
    """
    branch = one.nerve.branch(place.branch)
    length_mm = float(one.lesion.length_mm[one.twin])
    half = (one.parameters.scalar("pictures.continuity_mm") + length_mm) / 2
    aside = max((most - 1) // 2, 0)
    if least_apart_mm > 0:
        aside = min(aside, math.ceil(half / least_apart_mm))
    apart = max(half / max(aside, 1), least_apart_mm)
    found = [place.position_mm + apart * k for k in range(-aside, aside + 1)]
    inside = [mm for mm in found if branch.start_mm <= mm <= branch.end_mm]
    return inside or [place.position_mm]


def nearest(at_mm: Sequence[float], place: Place) -> int:
    """Which of some positions lies nearest to a place."""
    return min(range(len(at_mm)), key=lambda k: abs(at_mm[k] - place.position_mm))
