"""Causes of injury: what each does to fibres, who is spared, and that every number counts."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import fields
from functools import cache
from inspect import signature
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.people import PUBLISHED, acts_at_once, some
from tinel.case import parse
from tinel.cohort.person import courses, injure
from tinel.course import classes_at, follow, pressure_at, state_at
from tinel.errors import TinelError
from tinel.lesion import (
    Lesion,
    compression,
    constriction,
    crush,
    heat,
    injection,
    ischaemia,
    join,
    known_causes,
    laceration,
    needle,
    tourniquet,
    traction,
)
from tinel.lesion.lasting_pressure import local_mmHg
from tinel.lesion.part import fibres_of, only, targets_in
from tinel.lesion.vulnerability import CONDITIONS, sheath_time_factor, tolerance
from tinel.nerve import Nerve, build
from tinel.nerve.way import way
from tinel.treatment import plan
from tinel.twins import Twins

TWINS = range(12)
SITE: dict[str, Any] = {"site_mm": 400.0}
AT: dict[str, Any] = {**SITE, "length_mm": 30.0}
TRUNK = "ulnar trunk"
# Each cause at a rising dose.
RISING: dict[str, tuple[Callable[[Nerve, float], Lesion], list[float]]] = {
    "pressure": (
        lambda n, x: compression.make(n, TRUNK, pressure_mmHg=x, hours=2.0, **AT),
        [0, 30, 50, 70, 120, 200, 300, 500, 1000, 3000],
    ),
    "hours": (
        lambda n, x: compression.make(n, TRUNK, pressure_mmHg=250.0, hours=x, **AT),
        [0, 0.5, 1, 2, 4, 8, 24, 48],
    ),
    "cuff": (
        lambda n, x: tourniquet.make(n, TRUNK, cuff_pressure_mmHg=x, minutes=120.0, **SITE),
        [0, 200, 350, 700, 1000, 2000],
    ),
    "minutes": (
        lambda n, x: tourniquet.make(n, TRUNK, cuff_pressure_mmHg=1000.0, minutes=x, **SITE),
        [0, 30, 90, 180, 600],
    ),
    "strain": (
        lambda n, x: traction.make(n, TRUNK, strain_percent=x, held_hours=1.0, **AT),
        [0, 4, 8, 12, 16, 20, 30, 60],
    ),
    "cut": (
        lambda n, x: laceration.make(n, TRUNK, fraction=x, **SITE),
        [0, 0.1, 0.5, 0.9, 1.0],
    ),
    "crush": (lambda n, x: crush.make(n, TRUNK, fraction=x, **SITE), [0, 0.3, 0.7, 1.0]),
    "no blood": (
        lambda n, x: ischaemia.make(n, TRUNK, hours=x, **AT),
        [0, 0.5, 1, 3, 6, 12, 72],
    ),
    "temperature": (
        lambda n, x: heat.make(n, TRUNK, temperature_C=x, seconds=45.0, **AT),
        [37, 45, 50, 55, 60, 90],
    ),
    "needle": (lambda n, x: needle.make(n, TRUNK, needle_mm=x, **SITE), [0.3, 0.8, 2.0, 5.0]),
    "volume": (
        lambda n, x: injection.make(n, TRUNK, drug="harmful", volume_ml=x, **SITE),
        [0.1, 0.5, 2.0, 10.0],
    ),
}


@cache
def ulnar(twins: range = TWINS) -> Nerve:
    return build("ulnar", side="left", twins=some(twins))


def other(people: Twins) -> Nerve:
    return build("ulnar", side="left", twins=people)


def broken(hurt: Lesion) -> NDArray[np.float64]:
    """Fraction of the fibres at the lesion whose axon broke, ``(n_twin,)``."""
    share: NDArray[np.float64] = np.isfinite(hurt.cut_d)[:, hurt.present].mean(axis=1)
    return share


@pytest.mark.parametrize("cause", RISING)
def test_a_bigger_dose_never_leaves_more(cause: str) -> None:
    make, doses = RISING[cause]
    lesions = [make(ulnar(), dose) for dose in doses]
    for less, more in itertools.pairwise(lesions):
        assert (more.lamellae_left <= less.lamellae_left + 1e-12).all()
        assert (more.paranode_opening >= less.paranode_opening - 1e-12).all()
        assert (more.cut_d <= less.cut_d).all()
        assert (more.sunderland_grade >= less.sunderland_grade).all()
        assert (more.block_d >= less.block_d).all()
    assert broken(lesions[-1]).mean() > broken(lesions[0]).mean()


@pytest.mark.parametrize("cause", RISING)
def test_what_a_cause_leaves_holds_together(cause: str) -> None:
    make, doses = RISING[cause]
    for dose in doses:
        hurt = make(ulnar(), dose)
        cut = np.isfinite(hurt.cut_d)
        assert (hurt.sunderland_grade[cut] >= 2).all() and (hurt.sunderland_grade[~cut] < 2).all()
        assert not cut[:, ~hurt.present].any() and (hurt.lamellae_left[:, ~hurt.present] == 1).all()
        assert hurt.lamellae_left.min() > 0 and hurt.lamellae_left.max() <= 1
        assert hurt.paranode_opening.min() >= 0 and hurt.paranode_opening.max() <= 1
        followed = follow(ulnar(), hurt, plan("wait", []))
        for day in (0.0, 30.0):
            assert np.allclose(classes_at(followed, day).sunderland.sum(axis=1), 1.0)


@pytest.mark.parametrize("cause", RISING)
def test_twins_do_not_depend_on_the_chunk(cause: str) -> None:
    make, doses = RISING[cause]
    whole, part = make(ulnar(), doses[-2]), make(ulnar(range(3, 6)), doses[-2])
    for field in fields(Lesion):
        value = getattr(whole, field.name)
        if isinstance(value, np.ndarray) and field.name != "present":
            assert (value[3:6] == getattr(part, field.name)).all(), field.name


STRAINS = np.linspace(9.5, 14.0, 40)


def every_lesion(people: Twins) -> Iterator[Lesion]:
    """One lesion of every cause and of every branch in its formula, as it is made."""
    arm = other(people)
    for make, doses in RISING.values():
        yield from (make(arm, dose) for dose in doses)
    yield constriction.make(arm, TRUNK, pressure_mmHg=90.0, onset_d=20.0, **AT)
    for kind in crush.INSTRUMENTS:
        yield crush.make(arm, TRUNK, instrument=kind, **SITE)
    for drug, inside in itertools.product(injection.DRUGS, (True, False)):
        yield injection.make(arm, TRUNK, drug=drug, inside=inside, volume_ml=2.0, **SITE)
    yield tourniquet.make(arm, TRUNK, cuff_pressure_mmHg=900.0, minutes=400.0, width_mm=200.0,
                          inflated_seconds=3000.0, every_minutes=60.0, **SITE)  # fmt: skip
    for x in STRAINS:
        yield traction.make(arm, TRUNK, strain_percent=x, held_hours=2.0, **AT)


def all_of(people: Twins) -> Iterator[bytes]:
    """What every lesion is made of, as it is computed."""
    yield np.float64(sheath_time_factor(people)).tobytes()
    for hurt in every_lesion(people):
        values = (getattr(hurt, field.name) for field in fields(Lesion))
        yield from (np.ascontiguousarray(v).tobytes() for v in values if isinstance(v, np.ndarray))


@cache
def published() -> list[bytes]:
    return list(all_of(some(TWINS, conditions=CONDITIONS)))


@pytest.mark.parametrize("key", [k for k in PUBLISHED if acts_at_once(k)])
def test_every_number_of_a_lesion_changes_something(key: str) -> None:
    number = PUBLISHED.number(key)
    least, most = number.allowed
    value = min(number.value * 1.25, most)
    value = value if value != number.value else max(number.value * 0.8, least)
    changed = some(TWINS, conditions=CONDITIONS, changed={key: value})
    # computed as far as the first difference
    pairs = zip(all_of(changed), published(), strict=True)
    assert any(now != before for now, before in pairs), f"{key} = {value} changes nothing"


def test_people_differ_and_vulnerable_nerves_bear_less() -> None:
    one = tolerance(some(range(400)))
    assert np.exp(np.std(np.log(one))) == pytest.approx(np.exp(0.3), rel=0.1)
    make, _ = RISING["pressure"]
    well = broken(make(ulnar(), 300.0)).mean()
    for condition in CONDITIONS:
        people = some(TWINS, conditions=(condition,))
        ill = broken(make(other(people), 300.0)).mean()
        print(f"{condition}: {ill:.0%} of the axons broken, {well:.0%} without")
        assert ill > well
        assert float(np.max(sheath_time_factor(people))) >= 1.0


def test_age_does_not_raise_the_risk() -> None:
    # Tourniquet palsies: odds ratio 0.7 per ten years older (PMID 16492857).
    for name in ("pressure", "strain", "cuff"):
        make, doses = RISING[name]
        young, old = (
            broken(make(other(some(range(40), age=age)), doses[-3])).mean() for age in (25, 80)
        )
        print(f"{name}: {young:.3f} of the axons broken at 25 years, {old:.3f} at 80")
        assert old <= young + 0.01


def test_a_cuff_harms_both_edges_and_a_cycling_one_less() -> None:
    wide, narrow = (
        tourniquet.make(ulnar(), TRUNK, cuff_pressure_mmHg=800, minutes=180, width_mm=w, **SITE)
        for w in (120.0, 20.0)
    )
    assert (wide.length_mm == 60.0).all() and (narrow.length_mm == 20.0).all()
    at = {"cuff_pressure_mmHg": 300.0, "minutes": 600.0, **SITE}
    steady = tourniquet.make(ulnar(), TRUNK, **at)
    cycling = tourniquet.make(ulnar(), TRUNK, inflated_seconds=40, every_minutes=3, **at)
    assert (cycling.lamellae_left >= steady.lamellae_left).all()
    assert cycling.block_d.max() == 0.0 and steady.block_d.min() >= 0.0 < steady.block_d.max()
    with pytest.raises(TinelError, match="every_minutes: is missing"):
        tourniquet.make(ulnar(), TRUNK, inflated_seconds=40, **at)
    with pytest.raises(TinelError, match="longer than a cycle"):
        tourniquet.make(ulnar(), TRUNK, inflated_seconds=400, every_minutes=3, **at)


def test_a_crush_leaves_tubes_and_opens_paranodes() -> None:
    hurt = crush.make(ulnar(), TRUNK, **SITE)
    here = hurt.present
    assert (hurt.paranode_opening[:, here] == 1.0).all()
    assert (hurt.sunderland_grade[:, here] == 2).mean() > 0.85
    toothed = crush.make(ulnar(), TRUNK, instrument="toothed clamp", **SITE)
    assert (toothed.sunderland_grade == 3).mean() > 3 * (hurt.sunderland_grade == 3).mean()


def test_an_injection_harms_inside_a_fascicle() -> None:
    # Gentili et al. 1979: severe inside, nearly none outside; penicillin worst, iron dextran least.
    loss = {
        (drug, inside): broken(
            injection.make(ulnar(), TRUNK, drug=drug, inside=inside, **SITE)
        ).mean()
        for drug in injection.DRUGS
        for inside in (True, False)
    }
    print({k: round(float(v), 3) for k, v in loss.items()})
    for drug in injection.DRUGS:
        if drug != "least harmful":
            assert loss[drug, False] < loss[drug, True]
    assert loss["most harmful", True] > loss["harmful", True] > loss["least harmful", True]
    hurt = injection.make(ulnar(), TRUNK, drug="most harmful", from_degrees=90.0, **SITE)
    killed = np.isfinite(hurt.cut_d) & (hurt.sunderland_grade == 2)
    assert all(len(np.unique(ulnar().fibres.fascicle[row])) == 1 for row in killed)
    numb = injection.make(ulnar(), TRUNK, drug="local anaesthetic", inside=False, **SITE)
    assert (numb.block_d[:, numb.present] > 0).all()


def test_a_needle_between_fascicles_severs_nothing() -> None:
    assert broken(needle.make(ulnar(), TRUNK, inside=False, **SITE)).max() == 0.0
    through = needle.make(ulnar(), TRUNK, needle_mm=1.0, depth_percent=100, **SITE)
    assert 0.0 < broken(through).mean() < 0.2
    one = needle.make(ulnar(), TRUNK, needle_mm=1.0, depth_percent=30, from_degrees=0.0, **SITE)
    hit = np.isfinite(one.cut_d).any(axis=0)
    assert ulnar().fibres.x_mm[hit].min() > 0.0


def test_half_of_the_sciatic() -> None:
    leg = build("sciatic", side="left", twins=some(range(3)))
    half = fibres_of(leg, "the peroneal half")
    assert 0.15 < half.mean() < 0.7
    assert (half == fibres_of(leg, "common fibular")).all()
    named = {leg.targets[k].name for k in np.unique(leg.fibres.target[half])}
    assert "tibialis anterior" in named and "gastrocnemius" not in named
    # its muscle in the thigh tells a palsy at the hip from one at the knee
    assert "short head of biceps femoris" in named
    assert "long head of biceps femoris" not in named
    assert (half != fibres_of(leg, "tibial half")).all(), "two halves make the whole"
    cut = laceration.make(
        leg, "sciatic trunk", site_mm=400.0, fraction=1.0, among=half & np.ones(half.size, bool)
    )
    here = cut.present
    assert (np.isfinite(cut.cut_d[:, here]) == half[here]).all()
    assert set(np.unique(cut.sunderland_grade)) <= {0, 3, 4}, "the trunk stands"
    scar = constriction.make(leg, "sciatic trunk", site_mm=400.0, length_mm=50, pressure_mmHg=120)
    followed = follow(leg, only(scar, half), plan("wait", []))
    later = state_at(followed, 300.0)
    assert (later.lamellae_left[:, ~half] > 0.999).all() and later.intact[:, ~half].all()
    assert later.lamellae_left[:, half & here].mean() < 0.5
    with pytest.raises(TinelError, match="'median' is no branch or target"):
        fibres_of(leg, "median")


CASE = """
[patient]
age = 40
sex = "female"
height_cm = 165
limb_temperature_c = 32
{patient}
[nerve]
name = "sciatic"
side = "left"
[cause]
procedure = "hip replacement"
site = "gluteal fold"
{cause}
[[exam]]
days = [1, 400]
tests = ["strength"]
"""


def case_of(cause: str, patient: str = "") -> Any:
    return parse(CASE.format(cause=cause, patient=patient))


PRESSED = 'kind = "compression"\nlength_mm = 40\nacute_pressure_mmHg = 400\nhours = 3\n'
STRETCH = 'kind = "traction"\nlength_mm = 80\nstrain_percent = 15\n'


def test_stretch_with_pressure_in_one_case() -> None:
    alone = injure(case_of(STRETCH), TWINS)
    both = injure(case_of(f"{STRETCH}[cause.with]\n{PRESSED}"), TWINS)
    assert both.lesion.cause == "stretch, then acute compression"
    assert broken(both.lesion).mean() > broken(alone.lesion).mean()
    assert (both.lesion.lamellae_left <= alone.lesion.lamellae_left).all()
    again = injure(case_of(f"{STRETCH}[cause.acute]\n{PRESSED}"), TWINS)
    assert (again.lesion.cut_d == both.lesion.cut_d).all()
    # two causes with a field of one name draw apart
    wide = "{ low = 2, high = 9, why = 'not told' }"
    twice = PRESSED.replace("hours = 3", f"hours = {wide}")
    drawn = injure(case_of(f"{twice}[cause.with]\n{twice}"), TWINS).drawn
    assert set(drawn) == {"hours", "with.hours"}
    assert (drawn["hours"] != drawn["with.hours"]).all()
    with pytest.raises(TinelError, match="means the same as 'acute'"):
        case_of(f"{STRETCH}[cause.with]\n{PRESSED}\n[cause.acute]\n{PRESSED}")


def test_sizes_that_do_not_fit_together_are_found_in_the_file() -> None:
    cuff = 'kind = "tourniquet"\ncuff_pressure_mmHg = 300\nminutes = 300\ninflated_seconds = 40\n'
    for text, section in ((cuff, "cause"), (f"{STRETCH}[cause.with]\n{cuff}", "cause.acute")):
        case = case_of(text)
        with pytest.raises(TinelError, match="is missing beside inflated_seconds") as caught:
            injure(case, TWINS)
        assert caught.value.where == f"{case.source.path.name}: {section}.every_minutes"


def test_a_late_injury_does_nothing_before() -> None:
    case = case_of(PRESSED + "onset_days = { low = 5, high = 20, why = 'a bleed' }\n")
    person = injure(case, TWINS)
    struck = person.lesion.struck_d
    assert struck.min() > 0 and (person.drawn["onset_days"] == struck).all()
    assert case.cause.begins_d == 5.0
    (course,) = courses(person, case.plans())
    before = state_at(course, float(struck.min()) - 0.5)
    assert before.intact.all() and (before.lamellae_left == 1.0).all()
    assert not before.ionic_block.any() and before.paranode_opening.max() == 0.0
    soon = injure(case_of(PRESSED), TWINS)
    (at_once,) = courses(soon, case.plans())
    for twin, day in enumerate(struck):
        late, early = state_at(course, day + 40.0), state_at(at_once, 40.0)
        assert np.allclose(late.lamellae_left[twin], early.lamellae_left[twin])
        assert (late.intact[twin] == early.intact[twin]).all()
        assert np.allclose(late.paranode_opening[twin], early.paranode_opening[twin])
    assert pressure_at(course, 3.0).max() == 0.0


def test_a_case_names_a_part_and_conditions() -> None:
    case = case_of(STRETCH + 'part = "fibular half"\n', 'conditions = ["hnpp", "diabetes"]')
    assert case.patient.conditions == ("HNPP", "diabetes")
    person = injure(case, range(3))
    half = fibres_of(person.nerve, "common fibular")
    assert np.isinf(person.lesion.cut_d[:, ~half]).all()
    assert np.isfinite(person.lesion.cut_d[:, half]).any()
    with pytest.raises(TinelError, match=r"patient\.conditions") as caught:
        case_of(STRETCH, 'conditions = ["diabets"]')
    assert "diabetes" in caught.value.advice
    with pytest.raises(TinelError, match=r"cause\.part.*'radial half' is no branch or target"):
        case_of(STRETCH + 'part = "radial half"\n')
    with pytest.raises(TinelError, match="no fibre of"):
        parse(
            CASE.format(cause=STRETCH + 'part = "fibular"\n', patient="").replace(
                'site = "gluteal fold"', 'site = "popliteal fossa"'
            )
        )


# By the files' own names and usual ones a word of place picked a branch: half of a nerve by a word.
PLACES = (
    ("sciatic", "anterior half"),
    ("sciatic", "posterior half"),
    ("sciatic", "lateral"),
    ("sciatic", "superficial fibres"),
    ("sciatic", "deep"),
    ("ulnar", "dorsal half"),
    ("ulnar", "the deep part"),
    ("ulnar", "motor fascicles"),
    ("ulnar", "sensory fibres"),
    ("ulnar", "cutaneous fibres"),
    ("ulnar", "the branch"),
    ("brachial plexus", "upper half"),
    ("brachial plexus", "middle"),
    ("brachial plexus", "lower fascicles"),
    ("brachial plexus", "medial half"),
    ("brachial plexus", "cord"),
    ("axillary", "anterior"),
    ("median", "palmar side"),
    ("digital", "inner half"),
    ("sciatic", "the common part"),
    ("musculocutaneous", "forearm"),
    ("musculocutaneous", "half of the nerve"),
)
NAMED = (
    ("sciatic", "fibular half", "common fibular"),
    ("sciatic", "tibial half", "tibial"),
    ("sciatic", "the tibial division", "tibial"),
    ("sciatic", "anterior tibial", "deep fibular"),
    ("sciatic", "superficial peroneal fascicles", "superficial fibular"),
    ("ulnar", "deep branch", "deep branch"),
    ("ulnar", "dorsal ulnar cutaneous", "dorsal cutaneous branch"),
    ("brachial plexus", "upper trunk", "upper trunk"),
    ("brachial plexus", "the medial cord", "medial cord"),
    ("axillary", "anterior branch", "anterior branch"),
)


def parts_of(name: str, words: str) -> tuple[str, ...]:
    on = build(name, side="left", twins=some())
    return targets_in(words, on.branches, on.targets)


@pytest.mark.parametrize(("name", "words"), PLACES)
def test_a_word_of_place_names_no_part(name: str, words: str) -> None:
    with pytest.raises(TinelError, match="says a place or a kind of fibre") as caught:
        parts_of(name, words)
    assert "from_degrees" in caught.value.advice and "name one of" in caught.value.advice


@pytest.mark.parametrize(("name", "words", "branch"), NAMED)
def test_a_branch_names_its_part(name: str, words: str, branch: str) -> None:
    on = build(name, side="left", twins=some())
    beyond = {t.name for t in on.targets if branch in [b.name for b in way(on.branches, t)]}
    beyond |= {t.name for t in on.targets if t.runs_with == branch}
    assert set(parts_of(name, words)) == beyond


def test_the_length_of_a_cuff_is_its_width() -> None:
    cuff = 'kind = "tourniquet"\ncuff_pressure_mmHg = 800\nminutes = 180\n'
    for given, length in (("", 60.0), ("length_mm = 20\n", 20.0), ("length_mm = 150\n", 60.0)):
        hurt = injure(case_of(cuff + given), TWINS).lesion
        assert (hurt.length_mm == length).all()
    older = case_of(cuff + "width_mm = 20\n")
    assert (injure(older, TWINS).lesion.length_mm == 20.0).all()
    assert any("width_mm is now called 'length_mm'" in note for note in older.notes)
    with pytest.raises(TinelError, match=r"cause\.length_mm: 400 mm is out of range"):
        case_of(cuff + "length_mm = 400\n")
    # beside another cause it keeps its own width
    both = case_of(f"{STRETCH}[cause.with]\n{cuff}length_mm = 20\n")
    assert both.cause.acute.length_mm.low == 20.0
    usual = case_of(f"{STRETCH}[cause.with]\n{cuff}")
    assert usual.cause.acute.length_mm.low == tourniquet.CUFF_mm


def test_a_scar_to_be_reached_is_as_long_as_the_injury_unless_a_step_says() -> None:
    scar = 'kind = "constriction"\npressure_mmHg = 60\nonset_days = 20\nlength_mm = {}\n'
    step = '[[arm]]\nname = "fluid"\nstep = [{{ treatment = "hydrodissection", day = 60{} }}]\n'
    for length, more, reached in (
        ("80", "", 80.0),
        ("80", ", scar_mm = 20", 20.0),
        ("400", "", 300.0),
        ('{ low = 30, high = 100, why = "not told" }', "", 54.8),
    ):
        case = case_of(scar.format(length) + step.format(more))
        given = next(arm for arm in case.arm if arm.name == "fluid").step[0]
        assert given["scar_mm"] == pytest.approx(reached, abs=1.0), (length, more)


MODULES = (
    compression, constriction, crush, heat, injection, ischaemia, laceration, needle, tourniquet,
    traction,
)  # fmt: skip


@pytest.mark.parametrize("make", [m.make for m in MODULES], ids=[m.__name__ for m in MODULES])
def test_a_cause_takes_only_its_kinds(make: Callable[..., Lesion]) -> None:
    parameters = list(signature(make).parameters.values())[2:]
    needed: dict[str, Any] = {
        p.name: "harmful" if p.annotation == "str" else 0.1
        for p in parameters
        if p.default is p.empty
    }
    with pytest.raises(TinelError, match="site_mm is 'here'"):
        make(ulnar(), TRUNK, **{**needed, "site_mm": "here"})
    if "inside" in [p.name for p in parameters]:
        with pytest.raises(TinelError, match="inside is 'outside the fascicle'"):
            make(ulnar(), TRUNK, **{**needed, "inside": "outside the fascicle"})


def test_a_scar_reaches_no_fibre_beside_its_part() -> None:
    leg = build("sciatic", side="left", twins=some(range(2)))
    half = fibres_of(leg, "fibular half")
    scar = constriction.make(leg, "sciatic trunk", site_mm=400.0, length_mm=50, pressure_mmHg=120)
    felt = local_mmHg(only(scar, half), scar.pressure_mmHg, leg.twins.parameters)
    assert (felt[:, ~half] == 0.0).all() and (felt[:, half] > 25.0).all()


def test_every_cause_is_named_once() -> None:
    names = known_causes()
    assert {"tourniquet", "crush", "needle", "injection", "ischaemia", "heat"} <= set(names)
    for cause in names.values():
        assert cause.text.endswith(".") and cause.source


def test_join_keeps_block_and_paranodes() -> None:
    first, second = (RISING[name][0](ulnar(), x) for name, x in (("pressure", 90.0), ("crush", 1)))
    both = join(first, second)
    assert (both.paranode_opening == np.maximum(first.paranode_opening, 1.0 * second.present)).all()
    assert (both.block_d == first.block_d).all()
