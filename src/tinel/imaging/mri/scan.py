"""A whole examination: pictures of a stack of planes, and what a reader writes down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tinel.evidence import Parameters
from tinel.imaging.measured.mr_outline import Outline
from tinel.imaging.measured.mr_region import (
    fascicles_seen,
    muscle_at,
    nerve_muscle_ratio,
    value_inside,
)
from tinel.imaging.measured.mr_stack import Followed, follow, is_continuous
from tinel.imaging.measured.mr_tracts import Tracts, least_passing, track
from tinel.imaging.mri.diffusion import DiffusionSlice, diffusion
from tinel.imaging.mri.limb import LimbSection
from tinel.imaging.mri.person import AVERAGE, Person
from tinel.imaging.mri.t2_map import t2_map
from tinel.imaging.mri.weighted import stir, t2_weighted
from tinel.imaging.picture import Picture
from tinel.imaging.plane import Plane


@dataclass(frozen=True)
class Neurography:
    """Pictures of one stack, each of the same places along the nerve.

    Args:
        position_mm: of the slices, mm from the cord.
        t2_weighted, stir, t2_map: a picture per slice.
        diffusion: FA, ADC and directions per slice.
    """

    position_mm: tuple[float, ...]
    t2_weighted: tuple[Picture, ...]
    stir: tuple[Picture, ...]
    t2_map: tuple[Picture, ...]
    diffusion: tuple[DiffusionSlice, ...]


@dataclass(frozen=True)
class MrValue:
    """One value that a reader writes down.

    Args:
        name: what was measured, e.g. ``T2``, ``nerve-muscle ratio``, ``area``, ``FA``, ``ADC``,
            ``gap``, ``tracts through``, ``fascicles seen``, ``STIR ratio``.
        unit: of it, ``1`` for none.
        value: None where nothing was found to measure; an area is that of the whole nerve.
        where: position along the nerve, or the muscle.
        bias: what was read less the value, where a known bias was taken off; else 0.
        sd: standard deviation of one reading about the value that there is; None if not known.
    """

    name: str
    unit: str
    value: float | None
    where: str = ""
    bias: float = 0.0
    sd: float | None = None


def scan(
    planes: Sequence[Plane],
    rng: np.random.Generator,
    parameters: Parameters,
    person: Person = AVERAGE,
) -> Neurography:
    """Every picture of a stack of planes.

    Args:
        planes: across the nerve, of one shape, in order along it.
        rng: noise and unevenness.
        parameters: relaxation times, protocols, scanner.
        person: whose nerve it is.

    Raises:
        TinelError: no planes, planes of different shapes, or dipy is not installed.

    Example:
        >>> from tinel.imaging.mri.phantom import nerve_phantom
        >>> stack = [nerve_phantom(position_mm=mm) for mm in (0.0, 4.0)]
        >>> made = scan(stack, np.random.default_rng(1), Parameters.of_evidence())
        >>> len(made.stir), made.position_mm
        (2, (0.0, 4.0))
    """
    return Neurography(
        position_mm=tuple(plane.position_mm for plane in planes),
        t2_weighted=t2_weighted(planes, rng, parameters, person=person),
        stir=stir(planes, rng, parameters, person=person),
        t2_map=t2_map(planes, rng, parameters, person=person),
        diffusion=diffusion(planes, rng, parameters, person=person),
    )


def pointed(
    near_mm: tuple[float, float], rng: np.random.Generator, parameters: Parameters
) -> tuple[float, float]:
    """Where a reader points who means a place, with the reader's error.

    Example:
        >>> sure = Parameters.of_evidence().replace({"mri.reader.pointing_mm": 0.3})
        >>> down, across = pointed((10.0, 12.0), np.random.default_rng(1), sure)
        >>> abs(down - 10.0) < 2.0
        True
    """
    off = rng.normal(0.0, parameters.scalar("mri.reader.pointing_mm"), 2)
    return near_mm[0] + float(off[0]), near_mm[1] + float(off[1])


@dataclass(frozen=True)
class Reading:
    """What a reader found in a stack.

    Args:
        followed: the nerve from slice to slice.
        tracts: None where no nerve was seen in the first slice.
        values: what is written down, per slice and for the whole stack.
    """

    followed: Followed
    tracts: Tracts | None
    values: tuple[MrValue, ...]

    def value(self, name: str, where: str = "") -> float | None:
        """A value by name; of several slices that of the largest outline, where none is named."""
        for each in self.values:
            if each.name == name and where in ("", each.where):
                return each.value
        return None

    @property
    def continuous(self) -> bool | None:
        """Whether the reader calls the nerve continuous; None where no nerve was seen."""
        found = self.value("continuous")
        return None if found is None else found > 0.5


def read(made: Neurography, near_mm: tuple[float, float], parameters: Parameters) -> Reading:
    """Measure a stack blind, from where the reader points in its first slice.

    Values of slices come first for the largest outline, then along the nerve.

    Args:
        made: from ``scan``.
        near_mm: down and across from the corner of the first picture; see ``pointed``.
        parameters: the reader's.

    Example:
        >>> from tinel.imaging.mri.phantom import nerve_phantom
        >>> stack = [nerve_phantom(position_mm=mm) for mm in (0.0, 4.0)]
        >>> made = scan(stack, np.random.default_rng(1), Parameters.of_evidence())
        >>> found = read(made, (8.0, 8.0), Parameters.of_evidence())
        >>> found.continuous, bool(1.0 < found.value("nerve-muscle ratio") < 2.0)
        (True, True)
    """
    followed = follow(made.t2_weighted, made.position_mm, near_mm, parameters)
    slices = [(k, outline) for k, outline in enumerate(followed.outlines) if outline is not None]
    slices.sort(key=lambda each: -each[1].area_mm2)
    order = slices[:1] + sorted(slices[1:], key=lambda each: each[0])
    values = [v for k, outline in order for v in of_slice(made, k, outline, parameters)]
    tracts, through = None, None
    first = followed.outlines[0]
    if first is not None and len(made.position_mm) > 1:
        fa = [each.fa for each in made.diffusion]
        direction = [each.direction for each in made.diffusion]
        tracts = track(fa, direction, made.position_mm, first, parameters)
        outlines = followed.outlines
        through = least_passing(fa, direction, made.position_mm, outlines, parameters)
    seen = all(v.value == 1.0 for v in values if v.name == "fascicles seen")
    whole = is_continuous(followed, through, seen, parameters)
    values += _of_stack(followed, tracts, through, whole)
    return Reading(followed, tracts, tuple(values))


def of_slice(
    made: Neurography, k: int, outline: Outline, parameters: Parameters
) -> tuple[MrValue, ...]:
    """What is written down about one slice with a nerve."""
    where = f"{made.position_mm[k]:.0f} mm"
    picture, diffuses = made.t2_weighted[k], made.diffusion[k]
    seen = float(fascicles_seen(picture, outline, parameters))
    return (
        whole_area(outline, parameters, where),
        MrValue("nerve-muscle ratio", "1", nerve_muscle_ratio(picture, outline, parameters), where),
        MrValue("T2", "ms", value_inside(made.t2_map[k], outline, parameters), where),
        MrValue("FA", "1", value_inside(diffuses.fa, outline, parameters), where),
        MrValue("ADC", "µm²/ms", value_inside(diffuses.adc, outline, parameters), where),
        MrValue("fascicles seen", "1", seen, where),
    )


def whole_area(outline: Outline, parameters: Parameters, where: str = "") -> MrValue:
    """Area of the whole nerve: its outer epineurium is as dark as fat, so that less is outlined.

    Args:
        outline: as read.
        parameters: the reader's, ``mri.reader.area_part``.
        where: of the slice.

    Example:
        >>> ring = Outline((5.0, 5.0), np.full(48, 1.5), 1.0, 0.0, 0.1)
        >>> found = whole_area(ring, Parameters.of_evidence())
        >>> found.value > ring.area_mm2, round(found.value + found.bias - ring.area_mm2, 6)
        (True, 0.0)
    """
    seen = parameters.number("mri.reader.area_part")
    part = parameters.scalar("mri.reader.area_part")
    whole = outline.area_mm2 / part
    spread = whole * (seen.sd or 0.0) / part
    return MrValue("area", "mm²", whole, where, bias=outline.area_mm2 - whole, sd=spread)


def _of_stack(
    followed: Followed, tracts: Tracts | None, through: float | None, whole: bool | None
) -> list[MrValue]:
    return [
        MrValue("gap", "mm", followed.gap_mm),
        MrValue("tracts through", "1", through),
        MrValue("tracts reach", "mm", None if tracts is None else tracts.stop_mm),
        MrValue("continuous", "1", None if whole is None else float(whole)),
    ]


def read_muscles(
    picture: Picture,
    section: LimbSection,
    muscles: Sequence[str],
    beside: Sequence[str],
    rng: np.random.Generator,
    parameters: Parameters,
) -> tuple[MrValue, ...]:
    """STIR brightness of muscles over that of the nearest few that another nerve supplies.

    The reader knows where a muscle lies, points with an error, and places a circle inside the
    muscle that is seen there.

    Args:
        picture: STIR, of the whole section.
        section: for where the muscles lie; nothing else of it is looked at.
        muscles: to be measured.
        beside: healthy muscles to compare with.
        rng: the reader's error.
        parameters: the reader's.

    Example:
        >>> from tinel.imaging.mri.limb import limb_section
        >>> p, rng = Parameters.of_evidence(), np.random.default_rng(1)
        >>> section = limb_section("forearm", p, spacing_mm=0.4)
        >>> [picture] = stir([section.plane], rng, p)
        >>> one, other = ["flexor carpi ulnaris"], ["brachioradialis"]
        >>> [found] = read_muscles(picture, section, one, other, rng, p)
        >>> found.name, bool(0.8 < found.value < 1.25)
        ('STIR ratio', True)
    """

    def brightness(names: Sequence[str]) -> Mapping[str, float]:
        found = {}
        for name in names:
            at = section.muscle_mm.get(name)
            if at is not None:
                mean = muscle_at(picture, pointed(at, rng, parameters), parameters)
                if mean is not None:
                    found[name] = mean
        return found

    healthy = brightness(beside)
    compared = round(parameters.scalar("mri.reader.compared"))
    seen = brightness(muscles)

    def nearest(name: str) -> list[float]:
        at = np.array(section.muscle_mm[name])
        away = {other: float(np.hypot(*(at - section.muscle_mm[other]))) for other in healthy}
        return [healthy[other] for other in sorted(away, key=lambda o: away[o])[:compared]]

    return tuple(
        MrValue(
            "STIR ratio",
            "1",
            seen[name] / float(np.mean(nearest(name))) if healthy and name in seen else None,
            name,
        )
        for name in muscles
    )
