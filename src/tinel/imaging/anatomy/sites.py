"""Where nerves are scanned: places, the key of their normal size, and what lies round them."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from tinel.imaging.anatomy.scanned import Scanned
from tinel.imaging.plane import Tissue
from tinel.nerve.anatomy import Landmark, Nerve
from tinel.nerve.atlas import REFERENCE_HEIGHT_CM

WHAT_FOR = "swelling, fascicles and continuity against the other side"
BAND_MM = 1e6  # half the width of a layer that crosses the whole picture


@dataclass(frozen=True)
class Neighbour:
    """An ellipse of tissue beside the nerve: centre and half axes in mm from nerve and skin.

    ``name`` is that of a target where it is a muscle of the nerve.
    """

    tissue: Tissue
    name: str
    across_mm: float
    depth_mm: float
    half_width_mm: float
    half_depth_mm: float


@dataclass(frozen=True)
class Site:
    """A place as its file has it: what the nerve is like there, and its neighbours.

    ``at`` holds nerve, branch and landmark; ``limb_mm`` width and depth of the limb. Layers across
    the whole picture are neighbours of endless width.
    """

    name: str
    at: tuple[tuple[str, str, str], ...]
    beyond_mm: float
    size: str
    width_to_height: float
    depth_mm: float
    fat_mm: float
    below: Tissue
    tunnel: bool
    one_fascicle: bool
    limb_mm: tuple[float, float]
    neighbours: tuple[Neighbour, ...]


@dataclass(frozen=True)
class ScanSite:
    """A place at which an examiner scans a nerve.

    Args:
        name: what it is called.
        branch: on which it lies.
        position_mm: way from the cord.
        what_for: what is looked for there.
        size: key of the normal area, e.g. ``anatomy.size.arm.median_wrist``; empty where nobody
            measured it.
        site: what lies round it.
    """

    name: str
    branch: str
    position_mm: float
    what_for: str
    size: str
    site: Site


@cache
def sites() -> tuple[Site, ...]:
    """Every place of ``sites.toml``; the last one stands for all that are not in it."""
    return tuple(
        Site(
            name=one["name"],
            at=tuple((str(n), str(b), str(m)) for n, b, m in one["at"]),
            beyond_mm=float(one.get("beyond_mm", 0.0)),
            size=one.get("size", ""),
            width_to_height=float(one["width_to_height"]),
            depth_mm=float(one["depth_mm"]),
            fat_mm=float(one["fat_mm"]),
            below=Tissue[one["below"].upper()],
            tunnel=bool(one.get("tunnel", False)),
            one_fascicle=bool(one.get("one_fascicle", False)),
            limb_mm=(
                float(_file()["limb"][one["limb"]][0]),
                float(_file()["limb"][one["limb"]][1]),
            ),
            neighbours=(
                *(
                    _neighbour(kind, name, 0.0, depth, BAND_MM, thick / 2)
                    for kind, name, depth, thick in one.get("bands", [])
                ),
                *(_neighbour(*row) for row in one["tissue"]),
            ),
        )
        for one in _file()["site"]
    )


@dataclass(frozen=True)
class HowKnown:
    """What is known of a depth, width or place of ``sites.toml``.

    Args:
        evidence_grade: one of ``tinel.evidence.GRADES``.
        source: where it comes from.
        low_factor, high_factor: by which the true value may differ; 1 where it was measured.
    """

    evidence_grade: str
    source: str
    low_factor: float
    high_factor: float


def how_known(site: str, key: str) -> HowKnown:
    """How a number of a site is known.

    Args:
        site: its name.
        key: e.g. ``depth_mm``.

    Example:
        >>> how_known("sciatic nerve at its fork", "depth_mm").evidence_grade
        'read'
        >>> how_known("sciatic nerve at its fork", "fat_mm").high_factor
        1.5
    """
    about = _file()["about"]
    for one in about["but"]:
        if (one["site"], one["key"]) == (site, key):
            return HowKnown(one["evidence_grade"], one["source"], 1.0, 1.0)
    return HowKnown(
        about["evidence_grade"], about["source"], about["low_factor"], about["high_factor"]
    )


@cache
def stands_for() -> dict[str, str]:
    """Target whose fate a drawn muscle of the same branch has, by the name of the muscle."""
    return dict(_file()["stands_for"])


@cache
def _file() -> dict[str, Any]:
    text = resources.files("tinel.imaging.anatomy").joinpath("sites.toml").read_text("utf-8")
    return tomllib.loads(text)


def _neighbour(kind: str, name: str, *numbers: float) -> Neighbour:
    # the root of another segment is one large fascicle
    tissue = Tissue.FASCICLE if kind == "root" else Tissue[kind.upper()]
    return Neighbour(tissue, name, *(float(n) for n in numbers))


def sites_of(nerve: Nerve) -> tuple[ScanSite, ...]:
    """Every place of a nerve at which it may be scanned, from the cord outwards."""
    return _placed(nerve.name, nerve.landmarks, nerve.height_cm / REFERENCE_HEIGHT_CM)


@cache
def _placed(nerve_name: str, landmarks: tuple[Landmark, ...], scale: float) -> tuple[ScanSite, ...]:
    at = {mark.name: mark.position_mm for mark in landmarks}
    every = [(b, mark, s) for s in sites() for n, b, mark in s.at if n == nerve_name]
    found = [
        ScanSite(
            name=site.name if [s for *_, s in every].count(site) < 2 else mark,
            branch=branch,
            position_mm=at[mark] + site.beyond_mm * scale,
            what_for=WHAT_FOR,
            size=f"anatomy.{site.size}" if site.size else "",
            site=site,
        )
        for branch, mark, site in every
        if mark in at  # a nerve of a user's own file may have a bundled one's name
    ]
    return tuple(sorted(found, key=lambda s: (s.position_mm, s.name)))


def scan_sites(scanned: Scanned) -> tuple[ScanSite, ...]:
    """The places at which this nerve is scanned, and the injured one first of all if there is one.

    Args:
        scanned: whose nerve.

    Example:
        >>> from tinel import nerve
        >>> from tinel.twins import Patient, Twins
        >>> one = Twins(Patient(age=40, sex="female", height_cm=170))
        >>> arm = nerve.build("median", side="left", twins=one)
        >>> [s.name for s in scan_sites(Scanned.healthy(arm))][-2:]
        ["median nerve at the tunnel's inlet", 'median nerve in the carpal tunnel']
    """
    known = sites_of(scanned.nerve)
    lesion, twin = scanned.lesion, scanned.twin
    if not lesion.present.any():
        return known or (_marked(scanned),)
    middle = float(lesion.site_mm[twin] + lesion.length_mm[twin] / 2)
    here = ScanSite(
        name="injured place",
        branch=lesion.branch,
        position_mm=middle,
        what_for="continuity, neuroma, scar and swelling",
        size="",
        site=round_it(scanned.nerve, lesion.branch, middle),
    )
    return (here, *known)


def _marked(scanned: Scanned) -> ScanSite:
    marks, trunk = scanned.nerve.landmarks, scanned.nerve.branches[0]
    if not marks:
        middle = 0.5 * (trunk.start_mm + trunk.end_mm)
        return ScanSite(trunk.name, trunk.name, middle, WHAT_FOR, "", sites()[-1])
    mark = marks[len(marks) // 2]
    return ScanSite(mark.name, mark.branch, mark.position_mm, WHAT_FOR, "", sites()[-1])


def round_it(nerve: Nerve, branch: str, position_mm: float) -> Site:
    """What lies round a nerve at a place: that of the nearest known one on the branch."""
    there = [s for s in sites_of(nerve) if s.branch == branch]
    if not there:
        return sites()[-1]
    return min(there, key=lambda s: abs(s.position_mm - position_mm)).site
