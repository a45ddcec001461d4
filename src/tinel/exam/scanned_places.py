"""Where on a nerve a picture may have been taken: places by the names that clinics use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tinel.errors import TinelError
from tinel.exam.limb import Limb
from tinel.exam.scanning import INJURED
from tinel.nerve.anatomy import Nerve

if TYPE_CHECKING:  # a command that makes no picture need not wait for it
    from tinel.imaging.anatomy.sites import ScanSite


@dataclass(frozen=True)
class NamedPlace:
    """A place along a nerve.

    Args:
        name: as in the values of a test of pictures.
        other_names: further names, of this place alone.
        branch: on which it lies.
        position_mm: from the cord.
        size: key of its normal area; empty where nobody measured it.
    """

    name: str
    other_names: tuple[str, ...]
    branch: str
    position_mm: float
    size: str


def named_places(nerve: Nerve) -> tuple[NamedPlace, ...]:
    """Every place of a nerve that has a name: where it is usually scanned, and its landmarks.

    A landmark at which the nerve is usually scanned is that place; see ``pictures.same_mm``.

    Args:
        nerve: whose names; its fibres do not matter.

    Example:
        >>> from tinel import nerve
        >>> from tinel.twins import Patient, Twins
        >>> one = Twins(Patient(age=40, sex="female", height_cm=170))
        >>> arm = nerve.build("median", side="left", twins=one)
        >>> inlet = next(p for p in named_places(arm) if "wrist" in p.other_names)
        >>> inlet.name, inlet.size
        ("median nerve at the tunnel's inlet", 'anatomy.size.arm.median_wrist')
    """
    from tinel.imaging.anatomy.sites import sites_of

    scanned = sites_of(nerve)
    same = nerve.twins.parameters.scalar("pictures.same_mm")
    called: dict[str, list[str]] = {site.name: [] for site in scanned}
    found = []
    for mark in nerve.landmarks:
        near = [
            s
            for s in scanned
            if s.branch == mark.branch and abs(s.position_mm - mark.position_mm) <= same
        ]
        if near:
            here = min(near, key=lambda s: _away(s, mark.position_mm))
            called[here.name] += [mark.name, *mark.other_names]
        else:
            others = tuple(mark.other_names)
            found.append(NamedPlace(mark.name, others, mark.branch, mark.position_mm, ""))
    usual = [
        NamedPlace(s.name, _others(called[s.name], s.name), s.branch, s.position_mm, s.size)
        for s in scanned
    ]
    return tuple(sorted([*usual, *found], key=lambda p: (p.position_mm, p.name)))


def _others(words: Sequence[str], name: str) -> tuple[str, ...]:
    return tuple(word for word in dict.fromkeys(words) if word != name)


def _away(site: ScanSite, position_mm: float) -> float:
    return abs(site.position_mm - position_mm)


def position_of(limb: Limb, name: str, twin: int) -> tuple[str, float]:
    """Branch and way from the cord (mm) of a place in one twin.

    Args:
        limb: injured, or healthy with what is hurt beside it.
        name: of a place of ``named_places``, or of the injured one, which is where the twin's own
            injury has its middle.
        twin: by its place among the nerve's twins.

    Raises:
        TinelError: no such place, or the injured one of a limb without an injury.
    """
    if name != INJURED:
        known = named_places(limb.nerve)
        found = next((one for one in known if one.name == name), None)
        if found is None:
            told = f"the {limb.nerve.name} nerve has no place called '{name}'"
            allowed = ", ".join(one.name for one in known)
            raise TinelError(told, "site", f"allowed: {INJURED}, {allowed}")
        return found.branch, found.position_mm
    lesion = limb.lesion if limb.beside is None else limb.beside
    if not lesion.present.any():
        raise TinelError("nothing is hurt, so no place is the injured one", "site")
    return lesion.branch, float(lesion.site_mm[twin] + lesion.length_mm[twin] / 2)
