"""What examiners read off a limb: areas, whether a nerve is whole, a neuroma, conduction."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from tinel.exam.accuracy.people import design
from tinel.exam.examination import visit
from tinel.exam.laboratory import Laboratory
from tinel.exam.limb import Limb
from tinel.exam.pictures import TakenPicture
from tinel.exam.reference_limits import limit_of
from tinel.exam.scanning import Place, places
from tinel.exam.ultrasound_names import AREA, WHOLE


def area_mm2(limb: Limb, place: Place, pictures: int) -> float:
    """Median area of several pictures of one place, each with errors of its own; nan if none.

    Args:
        limb: of one person.
        place: of the nerve.
        pictures: how many, 1 or more.
    """
    from tinel.exam.ultrasound_pictures import at_place

    areas = [
        _read(at_place(limb, replace(place, name=f"{place.name}, picture {n}"), 0), AREA)
        for n in range(pictures)
    ]
    found = [area for area in areas if not math.isnan(area)]
    return float(np.median(found)) if found else math.nan


def interrupted_on_ultrasound(limb: Limb) -> bool:
    """Whether a slide through the injury is read as an interrupted nerve."""
    from tinel.exam.ultrasound_pictures import slid_through

    return _read(slid_through(limb, places(limb, 0)[0], 0), WHOLE) < 0.5


def interrupted_on_mr(limb: Limb) -> bool | None:
    """Whether a stack through the injury is read as an interrupted nerve; None if no nerve is seen
    in it."""
    from tinel.exam.mr_pictures import of_place

    whole = of_place(limb, places(limb, 0)[0], 0).value("continuous")
    return None if math.isnan(whole) else whole < 0.5


def neuroma_over_nerve(limb: Limb) -> float:
    """Diameter of a neuroma at a cut end over that of the nerve before it; nan if one is not seen.

    Args:
        limb: with a nerve cut through.
    """
    how, cut = design()["neuroma"], places(limb, 0)[0]
    site_mm = float(limb.lesion.site_mm[0])

    def areas(before: list[float]) -> list[float]:
        at = [Place(f"{mm:g} mm before the cut", cut.branch, site_mm - mm) for mm in before]
        return [a for a in (area_mm2(limb, place, 1) for place in at) if not math.isnan(a)]

    bulb, nerve = areas(how["before_mm"]), areas(how["nerve_mm"])
    return math.sqrt(max(bulb) / float(np.median(nerve))) if bulb and nerve else math.nan


def conduction_is_abnormal(limb: Limb, laboratory: Laboratory) -> bool:
    """Whether a conduction study of the wrist finds a value beyond the laboratory's limits.

    Args:
        limb: of one person, pressed or healthy.
        laboratory: of a person of the same sex.
    """
    how, day = design()["conduction"], limb.state.day
    conducting = limb if limb.course is None else laboratory.limb(limb.course, day)
    seen = visit(conducting, laboratory, day, how["tests"])
    for study, quantity in how["of"]:
        measured = seen.examination.of(study, quantity)
        bound = None if measured is None else limit_of(measured, seen)[1]
        if measured is not None and bound is not None and bound.broken(float(measured.values[0])):
            return True
    return False


def _read(taken: TakenPicture, quantity: str) -> float:
    return next((value for name, value, _ in taken.read if name == quantity), math.nan)
