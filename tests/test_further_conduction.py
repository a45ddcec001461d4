"""Studies on request: they answer in health, and see what the usual ones cannot."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from tests.people import some
from tinel.course import follow
from tinel.exam.examination import Visit, visit
from tinel.exam.laboratory import Laboratory, set_up
from tinel.exam.limb import healthy
from tinel.exam.tests.further_conduction import further_studies
from tinel.lesion import laceration
from tinel.nerve import Nerve, build, names
from tinel.nerve.library import read
from tinel.treatment import plan

TESTS = ["motor conduction", "further conduction"]
NERVES = [name for name in names() if any(study.on_request for study in read(name).study)]


@cache
def people(name: str, height_cm: float = 170.0) -> tuple[Nerve, Laboratory, Visit]:
    nerve = build(name, side="left", twins=some(range(3), height_cm=height_cm))
    laboratory = set_up(nerve)
    return nerve, laboratory, visit(healthy(nerve), laboratory, 0.0, TESTS)


@pytest.mark.parametrize("name", NERVES)
@pytest.mark.parametrize("height_cm", [150.0, 195.0])
def test_every_study_has_a_response_at_every_site(name: str, height_cm: float) -> None:
    nerve, _, other = people(name, height_cm)
    studies = further_studies(nerve)
    assert studies
    for study in studies:
        for reading in other.examination.responses[study.name].readings:
            assert (reading.amplitude > 0).all(), study.name


@pytest.mark.truth
def test_from_wrist_to_palm() -> None:
    """56.0 ± 7.6 m/s in 50 hands (Kimura 1978)."""
    found = people("median")[2].examination.of("median motor (APB), palm", "velocity")
    assert found is not None
    away = (found.values.mean() - 56.0) / 7.6
    print(f"wrist to palm {found.values.mean():.1f} m/s, published 56.0 ± 7.6, {away:+.1f} SD")
    assert abs(away) < 0.5


def test_a_fresh_cut_in_the_arm_is_seen_from_the_axilla_alone() -> None:
    nerve, laboratory, other = people("median")
    cut = laceration.make(nerve, "median trunk", site_mm=375.0, fraction=1.0)
    limb = laboratory.limb(follow(nerve, cut, plan("wait", [])), 0.1)
    first = visit(limb, laboratory, 0.1, TESTS)
    usual, further = (f"median motor (APB){more}" for more in ("", ", proximal"))
    for subject, site, kept in ((usual, "antecubital fossa", True), (further, "axilla", False)):
        mine, whole = (v.examination.of(subject, "amplitude", site) for v in (first, other))
        assert mine is not None and whole is not None and (whole.values > 0).all()
        assert np.allclose(mine.values, whole.values if kept else 0.0)


def test_they_are_made_where_a_case_asks_alone() -> None:
    nerve, laboratory, other = people("median")
    assert "further conduction" not in laboratory.for_other_side(["motor conduction"])
    usual = {s.name for s in laboratory.tests["motor conduction"].subjects(nerve)}
    assert not usual & {s.name for s in further_studies(nerve)}
    made = {m.test for m in other.examination.measurements if "palm" in m.subject}
    assert made == {"further conduction"}
