"""Where axons end that cross a suture, beside animals in which they were counted."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tinel import course, lesion, treatment
from tinel.course.destination import destinations
from tinel.course.state import NOWHERE
from tinel.evidence import Parameters
from tinel.lesion.state import Floats
from tinel.nerve import Nerve, build
from tinel.nerve.anatomy import MOTOR
from tinel.twins import Patient, Twins

ALL = 5  # Sunderland grade of a cut


def some(nerve: str, n: int = 60, **changed: float) -> Nerve:
    parameters = Parameters.of_evidence().replace(
        {key.replace("__", "."): value for key, value in changed.items()}
    )
    twins = Twins(Patient(age=30, sex="male", height_cm=175), range(n), parameters=parameters)
    return build(nerve, side="left", twins=twins)


def crossed(nerve: Nerve, branch: str, site_mm: float, chance: float) -> tuple[Floats, ...]:
    """Where each axon of a cut nerve ends, whether it is right there, and which were cut."""
    cut = lesion.laceration.make(nerve, branch, site_mm=site_mm, fraction=1.0)
    shape = nerve.fibres.diameter_um.shape
    end, right = destinations(nerve, cut, np.full(shape, ALL), np.full(shape, chance))
    return end, right, cut.present


@pytest.mark.truth
def test_a_monkeys_median_nerve_gets_a_tenth_of_its_units_back() -> None:
    """Nothing here was fitted to it: the tubes are counted in people."""
    hand = some("median")
    wrist = hand.landmark("wrist").position_mm
    cut = lesion.laceration.make(hand, "median trunk", site_mm=wrist, fraction=1.0)
    plan = treatment.plan("sewn", [{"treatment": "repair", "day": 1}])
    grown = course.follow(hand, cut, plan).regrowth
    thumb = [t.name for t in hand.targets].index("abductor pollicis brevis")
    units = hand.fibres.target == thumb
    back = np.isfinite(grown.arrive_d[:, units]).mean()
    print(f"median nerve sewn at the wrist: {100 * back:.0f} % of the units back (12.5 %, monkey)")
    assert 0.08 < back < 0.19


@pytest.mark.truth
def test_a_rats_peroneal_axons_come_back_as_counted() -> None:
    """Fitted on paper: 42 % were back in their nerve, where 37 % of the tubes lead."""
    at_random = Parameters.of_evidence()["course.misdirection.grade5"]
    home = 1.0 - at_random + 0.37 * at_random
    print(f"{100 * home:.0f} % back in their nerve after suture (42 %)")
    assert home == pytest.approx(0.42, abs=0.05)


def test_two_nerves_in_one_coat_are_joined_each_with_its_like() -> None:
    leg = some("sciatic", 10)
    end, _, present = crossed(leg, "sciatic trunk", 400.0, 1.0)
    fibular = np.array(
        [any(b in t.branch for b in ("fibular",)) or "short head" in t.name for t in leg.targets]
    )
    mixed = np.array(["lateral foot" in t.name for t in leg.targets])
    for k, target in enumerate(leg.targets):
        if not present[leg.fibres.target == k].all() or mixed[k] or "head" in target.name:
            continue
        ends = end[:, leg.fibres.target == k]
        found = set(ends[ends != NOWHERE].tolist())
        others = {leg.targets[e].name for e in found if not mixed[e] and fibular[e] != fibular[k]}
        assert others <= {"short head of biceps femoris", "long head of biceps femoris"}, target


def test_muscles_that_act_together_may_exchange_axons() -> None:
    neck = some("spinal accessory", 20)
    end, right, present = crossed(neck, "spinal accessory trunk", 215.0, 1.0)
    trapezius = [k for k, t in enumerate(neck.targets) if "trapezius" in t.name]
    own = np.isin(neck.fibres.target, trapezius) & present
    moved = end[:, own] != neck.fibres.target[own]
    assert moved.any() and right[:, own][np.isin(end[:, own], trapezius)].all()


def test_as_many_come_from_muscles_that_nobody_follows_as_go_there() -> None:
    """With every axon at random, the right ones are as rare as their tubes."""
    hand = some("ulnar", 40)
    end, right, present = crossed(hand, "ulnar trunk", 720.0, 1.0)
    targets = {t.name: (k, t) for k, t in enumerate(hand.targets)}
    here = (hand.fibres.kind == MOTOR) & present
    in_muscle = (end[:, here] != NOWHERE).mean()
    _, adm = targets["abductor digiti minimi"]
    fdi = targets["first dorsal interosseous"][1]
    followed = sum(t.units + t.fellow_axons for t in (adm, fdi))
    others = adm.other_axons + fdi.other_axons
    known = Parameters.of_evidence()
    per_unit = known["course.misdirection.tubes_per_unit"]
    # a tube of muscle weighs more than one of skin for a motor axon
    per_unit = per_unit * known["course.misdirection.preference"]
    skin = targets["little finger skin"][1]
    tubes = per_unit * (followed + others) + skin.axons + skin.other_axons
    assert in_muscle == pytest.approx(per_unit * (followed + others) / tubes, abs=0.03)
    share = right[:, here][end[:, here] != NOWHERE].mean()
    assert share == pytest.approx(followed / (followed + others), abs=0.03)


def test_no_axon_goes_astray_without_a_torn_tube() -> None:
    hand = some("median", 5)
    cut = lesion.laceration.make(hand, "median trunk", site_mm=700.0, fraction=1.0)
    shape = hand.fibres.diameter_um.shape
    end, right = destinations(hand, replace(cut), np.full(shape, ALL), np.zeros(shape))
    assert right.all() and (end == hand.fibres.target).all()
