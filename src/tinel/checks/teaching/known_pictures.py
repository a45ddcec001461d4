"""B-mode pictures of simulated people with the nerve known pixel by pixel, to teach the measure.

People, injuries, handling and the brightness of tissues are drawn at random. No person of the
studies of accuracy is among them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tinel.course import follow, state_at
from tinel.evidence import Parameters
from tinel.imaging.anatomy.scanned import Scanned
from tinel.imaging.anatomy.section import cross_section
from tinel.imaging.anatomy.shape import shape_at
from tinel.imaging.anatomy.sites import scan_sites, sites_of
from tinel.imaging.picture import Picture
from tinel.imaging.plane import Plane
from tinel.imaging.ultrasound.b_mode import b_mode
from tinel.imaging.ultrasound.echo import NERVE
from tinel.imaging.ultrasound.handling import usual_handling
from tinel.imaging.ultrasound.held import as_held
from tinel.imaging.ultrasound.probe import linear_probe
from tinel.lesion import Lesion, constriction, crush, laceration
from tinel.nerve import Nerve, build
from tinel.treatment import plan
from tinel.twins import Patient, Twins

# no cohort of the studies of accuracy has this number (exam.accuracy.people)
STREAM, LARGEST = 90, 100_000
# those that clinics scan most are drawn more often
NERVES = (
    *("median", "ulnar") * 4,
    *("radial", "sciatic") * 3,
    *("femoral", "sural", "axillary", "musculocutaneous", "obturator"),
    *("medial antebrachial cutaneous", "lateral femoral cutaneous", "suprascapular"),
    *("spinal accessory", "digital", "brachial plexus"),
)
INJURIES = ("none", "pressed", "crushed", "cut in part", "cut", "sewn", "grafted", "neuroma")
OFTEN = (0.27, 0.22, 0.07, 0.08, 0.13, 0.06, 0.06, 0.11)
NEUROMA_FROM_d, NEUROMA_LONG_mm = 150.0, 20.0
PICTURES, CLOSE_mm = 8, 1.0
MHZ_NEAR, MHZ_DEEP = (15.0, 18.0, 18.0, 22.0), (10.0, 12.0, 12.0, 15.0)
# what is changed at random in every other picture, within its published or assumed range
VARIED = ("ultrasound.echo.", "ultrasound.state.", "ultrasound.reflection.", "ultrasound.display.")


@dataclass(frozen=True)
class KnownPicture:
    """A picture and where the nerve lies on it.

    Args:
        picture: as an examiner has it.
        nerve: which pixels show the nerve, as many as the picture's; none in a gap.
        middle_mm: depth and place across of the nerve's middle, or of a gap's.
        told: what is drawn, in a few words.
    """

    picture: Picture
    nerve: NDArray[np.bool_]
    middle_mm: tuple[float, float]
    told: str


def known_pictures(person: int, parameters: Parameters) -> Iterator[KnownPicture]:
    """Some pictures of one simulated person, healthy or injured, on one day.

    Args:
        person: which one, 0 to 99,999; the same number gives the same pictures.
        parameters: the numbers in use.
    """
    rng = np.random.default_rng((STREAM, person))
    limb = _limb(rng, person, parameters)
    for at_mm, branch in _places(limb, rng):
        yield _picture(limb, at_mm, branch, rng, parameters)


def _limb(rng: np.random.Generator, person: int, parameters: Parameters) -> Scanned:
    sex = "female" if rng.random() < 0.5 else "male"
    mean, sd = (164.0, 6.0) if sex == "female" else (177.0, 7.0)
    height = float(mean + sd * rng.standard_normal())
    patient = Patient(age=float(rng.uniform(18, 85)), sex=sex, height_cm=height)
    twins = Twins(patient, range(1), STREAM * LARGEST + person, parameters)
    nerve = build(str(rng.choice(NERVES)), side="left", twins=twins)
    kind = str(rng.choice(INJURIES, p=OFTEN))
    earliest = NEUROMA_FROM_d if kind == "neuroma" else 3.0
    day = float(np.exp(rng.uniform(np.log(earliest), np.log(720.0))))
    if kind == "none":
        return Scanned.healthy(nerve)
    lesion, steps = _injury(nerve, kind, day, rng)
    done = plan("plan", steps)
    course = follow(nerve, lesion, done)
    return Scanned(nerve, lesion, state_at(course, day), done.interventions, 0, course)


def _injury(
    nerve: Nerve, kind: str, day: float, rng: np.random.Generator
) -> tuple[Lesion, list[dict[str, object]]]:
    at_mm, name = _known(nerve, rng)
    branch = nerve.branch(name)
    room = min(5.0, 0.2 * (branch.end_mm - branch.start_mm))
    site = at_mm + float(rng.uniform(-40.0, 40.0))
    site = float(np.clip(site, branch.start_mm + room, branch.end_mm - room))
    long = float(min(rng.uniform(3.0, 40.0), branch.end_mm - site - 0.5 * room))
    if kind == "pressed":
        mmHg = float(rng.uniform(20.0, 200.0))
        return constriction.make(nerve, name, site_mm=site, length_mm=long, pressure_mmHg=mmHg), []
    if kind == "crushed":
        return crush.make(nerve, name, site_mm=site, length_mm=long), []
    part = float(rng.uniform(0.15, 0.8)) if kind == "cut in part" else 1.0
    lesion = laceration.make(nerve, name, site_mm=site, fraction=part)
    done: dict[str, list[dict[str, object]]] = {
        "sewn": [{"treatment": "repair", "day": day * float(rng.uniform(0.0, 0.7))}],
        "grafted": [
            {
                "treatment": "graft",
                "day": day * float(rng.uniform(0.0, 0.7)),
                "gap_mm": float(min(rng.uniform(10.0, 50.0), branch.end_mm - site - 0.5 * room)),
            }
        ],
    }
    return lesion, done.get(kind, [])


def _places(limb: Scanned, rng: np.random.Generator) -> Iterator[tuple[float, str]]:
    """Half of the pictures within some centimetres of an injury, the others anywhere known."""
    hurt = [scan_sites(limb)[0]] if limb.lesion.present.any() else []
    for k in range(PICTURES):
        at, name = _known(limb.nerve, rng)
        at += float(rng.uniform(-25.0, 25.0))
        if hurt and k % 4 != 3:
            name, long = hurt[0].branch, float(limb.lesion.length_mm[0])
            aside = float(rng.choice([3.0, 10.0, 30.0]))
            before, beyond = -aside, long + aside
            if limb.state.day >= NEUROMA_FROM_d and rng.random() < 0.5:  # where a neuroma lies
                before, beyond = -NEUROMA_LONG_mm, 0.0
            at = float(limb.lesion.site_mm[0] + rng.uniform(before, beyond))
        branch = limb.nerve.branch(name)
        yield float(np.clip(at, branch.start_mm, branch.end_mm)), name


def _known(nerve: Nerve, rng: np.random.Generator) -> tuple[float, str]:
    """A place with neighbours of its own, or any place of a nerve that has none."""
    known = sites_of(nerve)
    if known:
        site = known[int(rng.integers(len(known)))]
        return site.position_mm, site.branch
    branch = nerve.branches[int(rng.integers(len(nerve.branches)))]
    return float(rng.uniform(branch.start_mm, branch.end_mm)), branch.name


def _picture(
    limb: Scanned, at_mm: float, branch: str, rng: np.random.Generator, parameters: Parameters
) -> KnownPicture:
    shape = shape_at(limb, at_mm, branch)
    wide = float(rng.choice([24.0, 24.0, 34.0]))
    deep = shape.depth_mm + 0.5 * shape.height_mm + float(rng.uniform(5.0, 14.0))
    plane = cross_section(limb, at_mm, branch=branch, width_mm=wide, depth_mm=deep)
    probe = linear_probe(
        float(rng.choice(MHZ_DEEP if shape.depth_mm > 18.0 else MHZ_NEAR)), parameters
    )
    changed = changed_at_random(rng, parameters) if rng.random() < 0.5 else parameters
    held = usual_handling(rng, parameters)
    picture = b_mode(plane, probe, rng, changed, handling=held)
    seen = as_held(plane, held, parameters)
    nerve = _in_middle(np.isin(seen.tissue, NERVE), seen)
    told = f"{limb.nerve.name} {at_mm:.0f} mm, {shape.area_mm2:.1f} mm²{', gap' * shape.gap}"
    return KnownPicture(picture, nerve, _middle(nerve, seen, shape.depth_mm), told)


def changed_at_random(rng: np.random.Generator, parameters: Parameters) -> Parameters:
    """The numbers with echoes, reflections and grey somewhere within their ranges."""
    drawn = {}
    for key in sorted(k for k in parameters if k.startswith(VARIED)):
        number = parameters.number(key)
        if number.low is not None and number.high is not None:
            drawn[key] = float(rng.uniform(number.low, number.high))
    return parameters.replace(drawn)


def _middle(nerve: NDArray[np.bool_], seen: Plane, depth_mm: float) -> tuple[float, float]:
    """Depth and place across of a nerve's middle, or of where it should lie in a gap."""
    if not nerve.any():
        return depth_mm, 0.0
    rows, columns = np.nonzero(nerve)
    return float(seen.depth_mm[rows].mean()), float(seen.across_mm[columns].mean())


def _in_middle(nerve: NDArray[np.bool_], plane: Plane) -> NDArray[np.bool_]:
    """The nerve in the middle without a neighbouring one, with what parts its cut fascicles."""
    from scipy.ndimage import label

    parts, n = label(nerve)
    sizes = np.bincount(parts.ravel())[1:]
    away = [float(np.abs(plane.across_mm[np.nonzero(parts == k + 1)[1]]).min()) for k in range(n)]
    kept = [k + 1 for k in range(n) if away[k] < CLOSE_mm and sizes[k] >= 0.1 * sizes.max()]
    return whole_of(np.isin(parts, kept))


def whole_of(nerve: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """A nerve with what lies in gaps and holes of it, such as scar between cut fascicles.

    Args:
        nerve: which pixels, 0.05 mm wide, show its tissues.
    """
    from scipy.ndimage import binary_closing, binary_fill_holes

    down, across = np.ogrid[-8:9, -8:9]
    closed = binary_closing(np.pad(nerve, 9), down**2 + across**2 <= 64)
    return np.asarray(binary_fill_holes(closed)[9:-9, 9:-9], np.bool_)
