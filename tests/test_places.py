"""Where an injury lies: usual names of nerves and places, stretches that cross a branching."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from tests.people import some
from tinel.case import Case, parse
from tinel.cohort.person import grow, injure
from tinel.errors import TinelError
from tinel.nerve import Nerve, build, find, names

TEXT = """
[patient]
age = 40
sex = "male"
height_cm = 170
limb_temperature_c = 33

[nerve]
name = "{nerve}"
side = "left"

[cause]
kind = "compression"
procedure = "surgery"
acute_pressure_mmHg = 300
hours = 2
{place}

[[exam]]
days = [1]
tests = ["strength"]

[run]
twins = 2
"""


def case_of(nerve: str, *place: str) -> Case:
    return parse(TEXT.format(nerve=nerve, place="\n".join(place)), "case.toml")


def hurt(case: Case) -> set[str]:
    lesion, nerve = (person := injure(case, range(2))).lesion, person.nerve
    return {nerve.targets[i].name for i in np.unique(nerve.fibres.target[lesion.present])}


@dataclass
class Usual:
    """A usual name, and the nerve, branch and landmark it means."""

    word: str
    nerve: str
    branch: str = ""
    site: str = ""


USUAL = [
    Usual("peroneal", "sciatic", "common fibular"),
    Usual("Common Peroneal nerve", "sciatic", "common fibular"),
    Usual("common fibular", "sciatic", "common fibular"),
    Usual("deep peroneal", "sciatic", "deep fibular"),
    Usual("superficial peroneal", "sciatic", "superficial fibular"),
    Usual("tibial nerve", "sciatic", "tibial"),
    Usual("posterior interosseous", "radial", "posterior interosseous"),
    Usual("anterior interosseous", "median", "anterior interosseous"),
    Usual("saphenous", "femoral", "saphenous"),
    Usual("infrapatellar", "femoral", "infrapatellar branch"),
    Usual("carpal tunnel", "median", site="carpal tunnel"),
    Usual("cubital tunnel syndrome", "ulnar", site="cubital tunnel"),
    Usual("fibular neck", "sciatic", site="fibular neck"),
    Usual("quadrilateral space", "axillary", site="quadrilateral space"),
    Usual("groin", "femoral", site="groin"),
    Usual("Guyon", "ulnar", site="Guyon's canal"),
    Usual("spiral groove", "radial", site="spiral groove"),
    Usual("tarsal tunnel", "sciatic", site="tarsal tunnel"),
    Usual("accessory", "spinal accessory"),
    Usual("spinal_accessory", "spinal accessory"),
    Usual("meralgia paresthetica", "lateral femoral cutaneous"),
    Usual("upper trunk", "brachial plexus", "upper trunk"),
    Usual("lateral antebrachial cutaneous", "musculocutaneous", "lateral antebrachial cutaneous"),
]


@pytest.mark.parametrize("usual", USUAL, ids=lambda usual: usual.word)
def test_a_usual_name_leads_to_the_branch_or_place(usual: Usual) -> None:
    found = find(usual.word)
    assert (found.name, found.branch, found.site) == (usual.nerve, usual.branch, usual.site)


def test_a_misspelt_usual_name_suggests_the_right_one() -> None:
    for word, meant in (("peronal", "peroneal"), ("karpal tunnel", "carpal tunnel")):
        with pytest.raises(TinelError, match=f"did you mean '{meant}'") as caught:
            case_of(word, "site_mm = 700", "length_mm = 10")
        assert caught.value.where == "case.toml: nerve.name"
    with pytest.raises(TinelError, match="did you mean 'fibular neck'") as caught:
        case_of("peroneal", 'site = "peroneal tunel"', "length_mm = 10")
    assert caught.value.where == "case.toml: cause.site"


def test_every_name_of_a_nerve_and_its_parts_is_unlike_those_of_others() -> None:
    meant: dict[str, tuple[str, str, str]] = {}
    for name in names():
        for word in (name, *find(name).blueprint.names):
            entry = find(word)
            assert entry.name == name, f"'{word}' of {name} leads to {entry.name}"
            meant[word] = (entry.name, entry.branch, entry.site)
    assert len(meant) > 80


def test_peroneal_means_the_branch_where_only_a_position_is_given() -> None:
    case = case_of("peroneal", "site_mm = 740", "length_mm = 10")
    assert case.nerve.name == "sciatic" and case.place.branch == "common fibular"
    assert hurt(case) == {"tibialis anterior", "extensor digitorum brevis", "dorsum of foot skin"}
    with pytest.raises(TinelError, match="above common fibular") as caught:
        case_of("peroneal", "site_mm = 500", "length_mm = 10")
    assert "branch = 'sciatic trunk'" in caught.value.advice
    with pytest.raises(TinelError, match="has become deep fibular, superficial fibular"):
        case_of("peroneal", "site_mm = 900", "length_mm = 10")


@pytest.mark.parametrize(
    ("nerve", "site", "trunk", "branch"),
    [
        ("peroneal", "gluteal fold", "sciatic trunk", "common fibular"),
        ("posterior interosseous", "axilla", "radial trunk", "posterior interosseous"),
        ("peroneal", "popliteal fossa", "tibial", "common fibular"),
    ],
)
def test_a_usual_name_holds_where_a_landmark_is_given(
    nerve: str, site: str, trunk: str, branch: str
) -> None:
    with pytest.raises(TinelError, match=f"lies on {trunk}, not on {branch}") as caught:
        case_of(nerve, f'site = "{site}"', "length_mm = 10")
    assert caught.value.where == "case.toml: cause.site"
    assert (f"branch = '{trunk}'" in caught.value.advice) == trunk.endswith("trunk")
    assert (f"part = '{branch}'" in caught.value.advice) == trunk.endswith("trunk")


def test_what_the_error_advises_is_the_division_in_its_trunk() -> None:
    half = case_of(
        "peroneal", 'branch = "sciatic trunk"', 'part = "common fibular"', 'site = "gluteal fold"',
        "length_mm = 10",
    )  # fmt: skip
    person = injure(half, range(2))
    broken = np.isfinite(person.lesion.cut_d).any(axis=0)
    assert {person.nerve.targets[i].name for i in person.nerve.fibres.target[broken]} == {
        "short head of biceps femoris", "tibialis anterior", "extensor digitorum brevis",
        "dorsum of foot skin",
    }  # fmt: skip


def test_a_usual_name_means_its_branch_at_a_landmark_beyond_it() -> None:
    below = case_of("peroneal", 'site = "below fibular head"', "length_mm = 9")
    named = case_of(
        "sciatic", 'branch = "peroneal"', 'site = "below fibular head"', "length_mm = 9"
    )
    assert below.place.branch == "common fibular" and hurt(below) == hurt(named)
    interosseous = case_of("posterior interosseous", 'site = "mid-forearm"', "length_mm = 10")
    assert interosseous.place.branch == "posterior interosseous"
    trunk = case_of("peroneal", 'branch = "sciatic trunk"', 'site = "mid-thigh"', "length_mm = 10")
    assert trunk.place.branch == "sciatic trunk"


def test_a_nerve_named_by_a_place_needs_no_site() -> None:
    case = case_of("carpal tunnel", "length_mm = 20")
    assert case.nerve.name == "median" and case.place.site_mm.low == 740
    with pytest.raises(TinelError, match=r"cause\.site: neither"):
        case_of("median", "length_mm = 20")
    elsewhere = case_of("carpal tunnel", 'site = "elbow"', "length_mm = 20")
    assert elsewhere.place.site_mm.low == 480


def test_a_site_that_names_a_branch_is_where_it_begins() -> None:
    case = case_of("radial", 'site = "posterior interosseous"', "length_mm = 10")
    assert case.place.branch == "posterior interosseous" and case.place.site_mm.low == 505
    assert hurt(case) == {"extensor digitorum communis", "extensor indicis"}


@pytest.mark.parametrize(
    ("nerve", "site", "length_mm", "targets"),
    [
        (
            "sciatic",
            "fibular neck",
            30,
            {"tibialis anterior", "extensor digitorum brevis", "dorsum of foot skin"},
        ),
        ("median", "carpal tunnel", 40, {"abductor pollicis brevis", "index finger skin"}),
        ("axillary", "quadrilateral space", 30, {"deltoid", "teres minor", "lateral arm skin"}),
        (
            "femoral",
            "groin",
            100,
            {"rectus femoris", "vastus medialis", "medial leg skin", "skin below the kneecap"},
        ),
    ],
)
def test_a_lesion_may_cross_a_branching(
    nerve: str, site: str, length_mm: float, targets: set[str]
) -> None:
    case = case_of(nerve, f'site = "{site}"', f"length_mm = {length_mm}")
    assert hurt(case) == targets
    end = case.place.site_mm.median + length_mm
    assert end > grow(case, range(1)).branch(case.place.branch).end_mm


def test_a_branch_goes_on_beyond_its_end_in_all_that_it_becomes() -> None:
    cuff = case_of("femoral", 'branch = "femoral trunk"', "site_mm = 330", "length_mm = 90")
    assert hurt(cuff) == {
        "rectus femoris", "vastus medialis", "medial leg skin", "skin below the kneecap",
    }  # fmt: skip
    below = case_of("femoral", 'branch = "femoral trunk"', "site_mm = 450", "length_mm = 90")
    assert hurt(below) == {"vastus medialis", "medial leg skin", "skin below the kneecap"}
    finger = case_of("median", "site_mm = 800", "length_mm = 10")
    assert finger.place.branch == "digital branches" and hurt(finger) == {"index finger skin"}
    landmark = case_of(
        "peroneal", 'branch = "peroneal"', 'site = "below fibular head"', "length_mm = 9"
    )
    assert "dorsum of foot skin" in hurt(landmark)


def test_beyond_the_last_fibre_is_beyond_the_nerve() -> None:
    with pytest.raises(TinelError, match="beyond the nerve"):
        case_of("sciatic", 'site = "lateral malleolus"', "length_mm = 200")
    with pytest.raises(TinelError, match="is not on the nerve"):
        case_of("median", 'branch = "median trunk"', "site_mm = 900", "length_mm = 5")


def affected(built: Nerve, branch: str, start_mm: float, end_mm: float) -> set[str]:
    along = built.present_along(branch, start_mm, end_mm)
    return {built.targets[i].name for i in np.unique(built.fibres.target[along])}


def test_a_short_stretch_holds_the_fibres_of_its_place() -> None:
    for name in names():
        built = build(name, side="left", twins=some(range(1)))
        for branch in built.branches:
            for at in np.linspace(branch.start_mm, branch.end_mm, 7):
                along = built.present_along(branch.name, at, at)
                np.testing.assert_array_equal(along, built.present(branch.name, at))


def test_every_cord_of_the_plexus_carries_the_fibres_of_its_trunks() -> None:
    plexus = build("brachial plexus", side="left", twins=some(range(1)))
    upper, middle = (affected(plexus, f"{name} trunk", 140, 141) for name in ("upper", "middle"))
    posterior = affected(plexus, "posterior cord", 200, 201)
    assert posterior == {"deltoid", "triceps", "extensor digitorum communis"}
    assert posterior & upper == {"deltoid"} and posterior & middle == posterior - {"deltoid"}
    lower = affected(plexus, "lower trunk", 140, 141)
    assert lower == affected(plexus, "medial cord", 200, 201)
    assert "abductor pollicis brevis" in lower and "flexor carpi radialis" in middle
    every = {t.name for t in plexus.targets}
    assert affected(plexus, "roots", 20, 21) == every == upper | middle | lower


def test_movements_are_those_that_examiners_know() -> None:
    known = {
        "shoulder abduction", "shoulder external rotation", "shoulder flexion", "shoulder shrug",
        "elbow flexion", "elbow extension", "wrist extension", "wrist flexion",
        "finger extension", "finger flexion", "finger abduction", "thumb abduction",
        "thumb extension", "thumb flexion", "hip flexion", "hip adduction", "knee extension",
        "knee flexion", "ankle dorsiflexion", "ankle eversion", "ankle plantar flexion",
        "toe extension", "toe flexion", "face", "vocal fold", "forearm pronation",
    }  # fmt: skip
    given = {t.movement for name in names() for t in find(name).blueprint.target}
    assert given - {""} <= known
    assert {"elbow flexion", "hip adduction", "shoulder shrug", "face", "vocal fold"} <= given
    for name in names():
        skin = [t for t in find(name).blueprint.target if t.kind == "sensory"]
        assert not any(t.movement for t in skin)
