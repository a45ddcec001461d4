"""MR neurography: slices of the nerve and STIR of its muscles, as a radiologist reads them.

A radiologist outlines the nerve on T2-weighted slices and follows it through the injury; maps are
read inside that outline. Muscle without axons is bright on STIR.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from tinel.exam.examination import Visit
from tinel.exam.laboratory import Laboratory
from tinel.exam.limb import Limb
from tinel.exam.measure import Measure
from tinel.exam.measurement import Value
from tinel.exam.per_twin import of_first
from tinel.exam.picture_measures import CONTINUITY
from tinel.exam.picture_words import (
    area_words,
    at_injury,
    beyond_limits,
    both_sides,
    sentence,
    side_ratio,
)
from tinel.exam.pictures import Pictures
from tinel.exam.scanning import INJURED, places, whole_nerve
from tinel.exam.test import Subject, Test
from tinel.imaging.extra import check_installed
from tinel.nerve.anatomy import Nerve

if TYPE_CHECKING:
    from tinel.exam.mr_pictures import PlaceRead

SUBJECT = "nerve and muscles on MR"
AREA, SIGNAL, T2, FA, ADC = "area on MR", "nerve-muscle ratio", "T2", "FA", "ADC"
GAP, THROUGH, WHOLE = "stretch without a nerve", "tracts through", "continuous"
STIR = "STIR ratio"
# the reader's names for them
READ = {
    AREA: ("area", "mm²", 1.0),
    SIGNAL: ("nerve-muscle ratio", "ratio", 1.0),
    T2: ("T2", "ms", 1.0),
    FA: ("FA", "ratio", 1.0),
    ADC: ("ADC", "µm²/ms", 1.0),
}
OF_STACK = {
    WHOLE: ("continuous", "0 or 1", 1.0),
    GAP: ("gap", "mm", 1.0),
    THROUGH: ("tracts through", "%", 100.0),
}


def subjects(nerve: Nerve) -> Sequence[Subject]:
    """The nerve with its muscles as a whole: where it is scanned goes by its injury."""
    return whole_nerve(nerve, SUBJECT)


def mr_neurography(limb: Limb, subject: Subject, laboratory: Laboratory) -> Pictures:
    """Scan every twin's nerve at every place, and the muscles.

    Raises:
        TinelError: a package for pictures is not installed.
    """
    # the rest of the program works without the packages that this imports
    from tinel.exam.mr_pictures import muscles_read, of_place

    twins = range(limb.nerve.n_twin)
    every = [[of_place(limb, place, twin) for place in places(limb, twin)] for twin in twins]
    muscles = [muscles_read(limb, twin) for twin in twins]
    found = list(_values(every))
    for k, (name, _) in enumerate(muscles[0].ratios):
        ratios = np.array([twin.ratios[k][1] for twin in muscles])
        found.append(Value(STIR, "ratio", ratios, name))
    taken = (picture for place in every[0] for picture in place.taken)
    # the rest of the nerve shows nothing that one slice does not
    views = tuple(place.diffusion for place in every[0][:1])
    return Pictures(tuple(found), (*taken, *muscles[0].taken), views)


def _values(every: Sequence[Sequence[PlaceRead]]) -> Iterator[Value]:
    for k, first in enumerate(every[0]):
        named = READ | OF_STACK if first.is_stack else READ
        for quantity, (name, unit, factor) in named.items():
            read = [twin[k].value(name) * factor for twin in every]
            yield Value(quantity, unit, np.array(read), first.site)


def without_pictures(limb: Limb, site: str, quantity: str) -> Sequence[Value]:
    """What a reader without any error would find at a place, or of a muscle, of every twin."""
    from tinel.exam.mr_without_pictures import mr_values

    return mr_values(limb, site, quantity)


def sentences(subject: Subject, visits: Sequence[Visit], other_side: Visit) -> list[str]:
    """One sentence per visit; empty where nobody was scanned."""
    return [_sentence(visit, other_side) for visit in visits]


def _sentence(visit: Visit, other_side: Visit) -> str:
    areas = both_sides(visit, other_side, SUBJECT, AREA)
    if not areas:
        return ""
    parts, hurt = [], at_injury(areas)
    if hurt is not None:
        parts.append(area_words(hurt, side_ratio(visit)) + _of_area(visit, hurt.here))
        parts.append(_continuity(visit))
    bright = [
        f"{one.site} ({one.here:.1f})"
        for one in both_sides(visit, other_side, SUBJECT, STIR)
        if one.here > _limit(visit, one.site)
    ]
    if bright:
        parts.append(f"bright on STIR as without axons: {', '.join(bright)}")
    beyond = [b for b in beyond_limits(visit, other_side, SUBJECT) if not b.startswith(STIR)]
    parts.append(
        f"abnormal: {', '.join(beyond)}" if beyond else "no value of the nerve beyond its limit"
    )
    return sentence(parts)


def _of_area(visit: Visit, area_mm2: float) -> str:
    """What is known of how well an area is read; empty where there is none."""
    key, p = "mri.reader.area_part", visit.limb.parameters
    if math.isnan(area_mm2):
        return ""
    part, sd = of_first(p, key), p.number(key).sd or 0.0
    return (
        f" (outlined areas are divided by {part:.2g}, as the outer epineurium is as dark as fat; "
        f"SD of one reading {area_mm2 * sd / part:.1f} mm²)"
    )


def _limit(visit: Visit, muscle: str) -> float:
    from tinel.imaging.mri.limits import limit

    found = limit(STIR, visit.limb.parameters)
    return math.inf if found is None else found.value


def _continuity(visit: Visit) -> str:
    """Whether the reader calls the nerve continuous, and by what."""

    def there(quantity: str) -> float:
        found = visit.examination.value(SUBJECT, quantity, INJURED)
        return math.nan if found is None else found

    verdict, gap, through = (there(quantity) for quantity in (WHOLE, GAP, THROUGH))
    if math.isnan(verdict):
        return "whether the nerve is continuous cannot be said"
    why = [f"not seen over {gap:.0f} mm" if gap > 0 else "seen in every slice"]
    if not math.isnan(through):
        why.append(f"{through:.0f} % of tracts come through")
    return f"called {'continuous' if verdict > 0.5 else 'interrupted'}: {', '.join(why)}"


MEASURES = (
    *CONTINUITY,
    Measure(
        SIGNAL, "ratio", 0.1, 20.0,
        ("T2 ratio", "T2 signal ratio", "nerve-to-muscle ratio", "nerve to muscle ratio"),
        states=(), beyond=("bright", "hyperintense", "raised"), within=("normal", "not bright"),
    ),
    Measure(
        STIR, "ratio", 0.1, 20.0,
        ("STIR", "muscle signal", "muscle oedema", "muscle edema", "denervation oedema", "bright"),
        states=(), beyond=("bright", "hyperintense", "yes", "denervated"),
        within=("not bright", "normal", "no"),
    ),
    Measure(T2, "ms", 1.0, 500.0, ("T2 of the nerve", "T2 time"), states=()),
    Measure(
        AREA, "mm²", 0.1, 300.0, ("CSA", "area", "cross-sectional area"),
        states=(), beyond=("enlarged", "swollen"), within=("normal",),
    ),
)  # fmt: skip

TEST = Test(
    name="MR neurography",
    other_names=("mri", "mrn", "MRI", "MRN", "magnetic resonance neurography"),
    text="Image nerve and muscles by MR: size, signal, T2, diffusion and continuity.",
    source="sequences as in PMC5100717 (T2-weighted), pubmed 21493788 (STIR)",
    subjects=subjects,
    examine=mr_neurography,
    interpret=sentences,
    title="MR neurography (simulated, measured blind)",
    on_request=True,
    example_only=True,
    measures=MEASURES,
    without_pictures=without_pictures,
    check=check_installed,
)
