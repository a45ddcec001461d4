"""Short steps past a narrow place: healthy steps beside published ones, and where an injury lies.

Nothing is fitted: the steps follow from the axons' velocities, and the jump from the myelin that a
pressure takes.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from tests.people import some
from tinel.course import follow
from tinel.exam.examination import Visit, visit
from tinel.exam.findings import findings
from tinel.exam.laboratory import set_up
from tinel.exam.limb import Floats, healthy
from tinel.exam.tests import inching
from tinel.lesion.causes import compression, constriction
from tinel.nerve import build
from tinel.treatment import plan

CASES = {
    "ulnar": ("ulnar trunk", 515.0, "ulnar motor inching (ADM)", "medial epicondyle"),
    "median": ("median trunk", 745.0, "median sensory inching (digit 2)", "carpal tunnel"),
    "sciatic": ("common fibular", 773.0, "fibular motor inching (EDB)", "fibular neck"),
}


@cache
def seen(name: str) -> tuple[Visit, Visit, Visit]:
    """The healthy side; a nerve under pressure for 200 days; and one pressed hard for hours."""
    branch, site_mm, _, _ = CASES[name]
    nerve = build(name, side="left", twins=some(range(12)))
    laboratory = set_up(nerve)
    at = {"site_mm": site_mm, "length_mm": 10.0}
    lasting = constriction.make(nerve, branch, pressure_mmHg=80.0, **at)
    short = compression.make(nerve, branch, pressure_mmHg=300.0, hours=3.0, **at)
    found = [visit(healthy(nerve), laboratory, 0.0, ["inching"])]
    for hurt, day in ((lasting, 200.0), (short, 5.0)):
        limb = laboratory.limb(follow(nerve, hurt, plan("wait", [])), day)
        found.append(visit(limb, laboratory, day, ["inching"]))
    return found[0], found[1], found[2]


def steps(of: Visit, quantity: str) -> Floats:
    return np.array([m.values for m in of.examination.measurements if m.quantity == quantity])


@pytest.mark.truth
@pytest.mark.parametrize(
    ("name", "least", "most", "published"),
    [("ulnar", 0.11, 0.27, "0.19 ± 0.08"), ("median", 0.16, 0.21, "0.16 to 0.21")],
)
def test_healthy_steps(name: str, least: float, most: float, published: str) -> None:
    """62 ulnar nerves (clinph 2003.12.017); median sensory axons of 61 people (Kimura 1979)."""
    mine = steps(seen(name)[0], inching.STEP)
    print(f"{name}: {mine.mean():.2f} ± {mine.std():.2f} ms per cm, published {published}")
    assert least <= mine.mean() <= most


@pytest.mark.truth
def test_the_longest_healthy_step_lies_within_the_limit() -> None:
    longest = steps(seen("ulnar")[0], inching.STEP).max(axis=0)
    beyond = 100 * (longest > 0.4).mean()
    print(f"ulnar: longest step {longest.max():.2f} ms, published at most 0.40; {beyond:.0f} %")
    assert beyond < 10


@pytest.mark.parametrize("name", CASES)
def test_the_largest_step_is_where_the_injury_lies(name: str) -> None:
    _, site_mm, subject, middle = CASES[name]
    nerve = build(name, side="left", twins=some(range(1)))
    above = nerve.landmark(middle).position_mm - site_mm
    place = seen(name)[1].examination.of(subject, inching.PLACE)
    assert place is not None
    near = np.abs(place.values - above) <= 10
    of_people = np.nanmedian(steps(seen(name)[1], inching.STEP), axis=1)
    study = next(s for s in inching.inchings(nerve) if s.name == subject)
    at = study.sites[int(np.nanargmax(of_people))].position_mm
    print(f"{name}: injury {above:+.0f} mm from the {middle}, largest steps at {place.values}")
    assert near.mean() > 0.5 and 0 <= at - site_mm <= 10


@pytest.mark.parametrize("name", ["ulnar", "sciatic"])
def test_a_block_shows_in_one_step(name: str) -> None:
    other, _, blocked = seen(name)
    kept, whole = (steps(v, inching.KEPT) for v in (blocked, other))
    lost = np.nanmin(kept, axis=0)
    print(f"{name}: {lost.mean():.0f} % comes through the worst step, healthy {whole.min():.0f} %")
    assert (whole > 90).all() and lost.mean() < 50
    study = inching.inchings(blocked.limb.nerve)[0]
    said = inching.sentences(study, [other, blocked], other)
    assert said[0].startswith("No step is slow") and "the response" in said[1]


def test_findings_mark_the_step() -> None:
    other, slow, _ = seen("ulnar")
    marked = [row.site for row in findings(slow, other) if row.abnormal]
    assert marked == ["1 cm below to 2 cm below"]


def test_a_long_injury_is_spread_over_several_steps() -> None:
    """Half of the wrists of Kimura 1979 were slow so, and no single step was."""
    nerve = build("ulnar", side="left", twins=some(range(12)))
    laboratory = set_up(nerve)
    excess = {}
    for length_mm in (10.0, 30.0):
        hurt = constriction.make(
            nerve, "ulnar trunk", pressure_mmHg=60.0, site_mm=515.0, length_mm=length_mm
        )
        limb = laboratory.limb(follow(nerve, hurt, plan("wait", [])), 60.0)
        mine = steps(visit(limb, laboratory, 60.0, ["inching"]), inching.STEP).mean(axis=1)
        excess[length_mm] = mine - steps(seen("ulnar")[0], inching.STEP).mean(axis=1)
    print({mm: np.round(each, 2).tolist() for mm, each in excess.items()})
    assert (excess[10.0] > 0.02).sum() == 1 and (excess[30.0] > 0.02).sum() == 3
    assert excess[30.0].sum() > 2 * excess[10.0].sum()


def test_wider_steps_and_a_shorter_series() -> None:
    changed = {"laboratory.inching.step_mm": 20.0, "laboratory.inching.reach_mm": 60.0}
    nerve = build("ulnar", side="left", twins=some(range(2), changed=changed))
    (study,) = inching.inchings(nerve)
    names = [site.name for site in study.sites]
    assert names[0] == "6 cm below" and names[3] == "medial epicondyle" and len(names) == 7
    assert inching.limit_ms("sensory", nerve.twins.parameters) == pytest.approx(0.74)
