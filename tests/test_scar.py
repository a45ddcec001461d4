"""A scar over months: it stays, softens or contracts; inside and outside the nerve; its states."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from test_lesion import NERVE, scar

from tests.people import PUBLISHED
from tinel import course, treatment
from tinel.course import Course
from tinel.course.scar import FLOW, blood_flow, fluid_pressure, scar_state
from tinel.nerve.anatomy import Nerve

WAIT = treatment.plan("wait", [])
RELEASE = treatment.plan("release", [{"treatment": "neurolysis", "day": 100}])
YEAR = (0.0, 30.0, 90.0, 180.0, 365.0, 730.0, 1825.0)


def under(values: dict[str, Any], pressure: float = 60.0, plan: Any = WAIT) -> Course:
    """The course of a scar in the same nerve with other numbers."""
    twins = replace(NERVE.twins, parameters=NERVE.twins.parameters.replace(values))
    nerve: Nerve = replace(NERVE, twins=twins)
    return course.follow(nerve, scar(pressure, onset_d=14.0), plan)


def pressures(followed: Course) -> list[float]:
    return [float(course.pressure_at(followed, day)[0]) for day in YEAR]


def test_by_default_a_scar_stays() -> None:
    found = pressures(under({}))
    assert found[0] == 0.0 and set(found[1:]) == {60.0}


def test_a_scar_softens_or_contracts_towards_its_end() -> None:
    soft, tight = (pressures(under({"scar.final_factor": f})) for f in (0.4, 1.8))
    print(f"softening {np.round(soft, 1)}, contracting {np.round(tight, 1)} on days {YEAR}")
    assert (np.diff(soft[1:]) <= 0).all() and soft[-1] == pytest.approx(24.0)
    assert (np.diff(tight[1:]) >= 0).all() and tight[-1] == pytest.approx(108.0)
    slow = pressures(under({"scar.final_factor": 0.4, "scar.maturing": 365.0}))
    assert slow[3] > soft[3]
    # half way after ln 2 time constants, as far as steps of pressure allow
    half = float(course.pressure_at(under({"scar.final_factor": 0.4}), 14.0 + 180 * np.log(2))[0])
    assert half == pytest.approx(42.0, abs=4.0)


def test_a_softer_scar_never_costs_more_axons() -> None:
    standing = [
        course.state_at(under({"scar.final_factor": f}, 90.0), 1095.0).intact.mean()
        for f in (0.3, 0.6, 1.0, 1.5, 2.0)
    ]
    print(f"axons standing at 3 years, from softening to contracting: {np.round(standing, 3)}")
    assert (np.diff(standing) <= 0).all() and standing[0] > standing[-1]


def test_release_from_outside_leaves_what_presses_inside() -> None:
    found = [
        float(course.pressure_at(under({"scar.intraneural": s}, plan=RELEASE), 101.0)[0])
        for s in (0.0, 0.25, 0.5, 1.0)
    ]
    print(f"60 mmHg the day after release, a share of 0 to 1 inside: {np.round(found, 1)}")
    assert (np.diff(found) > 0).all() and found[-1] == pytest.approx(60.0)
    relieved = 60.0 - found[0]
    assert found[2] == pytest.approx(60.0 - 0.5 * relieved)


@pytest.mark.truth
def test_adhesion_alone_harms_nothing() -> None:
    # Rabbit (PMID 15897039): adhesion without fibrosis inside leaves conduction and blood flow.
    followed = under({}, pressure=15.0)
    for day in (90.0, 1825.0):
        state = course.state_at(followed, day)
        seen = scar_state(followed, day)
        assert state.intact.all() and (state.lamellae_left == 1.0).all()
        assert {FLOW[k] for k in seen.flow} == {"free"} and (seen.fluid_pressure == 1.0).all()
        assert all((share == 1.0).all() for share in seen.delivered.values())
    print("15 mmHg for five years: every axon stands, blood and transport free")


@pytest.mark.truth
def test_blood_stops_in_the_order_of_the_rabbit() -> None:
    # Rydevik 1981: venules 20-30, capillaries 40-50, no flow 60-80 mmHg.
    states = [FLOW[k] for k in blood_flow([15.0, 30.0, 50.0, 80.0], PUBLISHED)]
    print(f"15, 30, 50 and 80 mmHg: {states}")
    assert states == list(FLOW)
    # Lundborg 1983: three times at 30 and 80 mmHg for 8 h
    assert fluid_pressure([10.0, 30.0, 80.0], PUBLISHED).tolist() == [1.0, 3.0, 3.0]


def test_states_differ_between_twins_with_their_numbers() -> None:
    twins = PUBLISHED.replace({"scar.flow.none": [60.0, 80.0]}).of_twins(range(2))
    assert blood_flow(np.full(2, 70.0), twins).tolist() == [3, 2]


def test_a_softening_scar_lets_transport_through_again() -> None:
    followed = under({"scar.final_factor": 0.3})
    early, late = scar_state(followed, 20.0), scar_state(followed, 1825.0)
    fast = float(early.delivered["fast"][0]), float(late.delivered["fast"][0])
    print(f"fast cargo delivered on day 20 and after five years: {np.round(fast, 2)}")
    assert fast[0] < 0.5 and fast[1] > 0.99
