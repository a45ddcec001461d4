"""Decrement of the response at 3 stimuli per second: none in health and after block, some in new
endings. How much new endings fail is an assumption, so nothing here is a prediction but the time
course, which follows from when axons come back and mature.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from tests.people import PUBLISHED, some
from tinel.course import follow
from tinel.exam.examination import Visit, visit
from tinel.exam.laboratory import set_up
from tinel.exam.limb import Floats, healthy
from tinel.exam.tests import repetitive_stimulation
from tinel.lesion import laceration
from tinel.nerve import build
from tinel.treatment import plan

STUDY = "radial repetitive stimulation (EIP)"
DAYS = (14.0, 250.0, 1500.0)


@cache
def visits() -> tuple[Visit, ...]:
    """The healthy side, and a radial nerve whose tubes stay whole, cut in the arm."""
    nerve = build("radial", side="left", twins=some(range(8)))
    hurt = laceration.make(nerve, "radial trunk", site_mm=420.0, fraction=1.0)
    hurt.sunderland_grade[:] = np.minimum(hurt.sunderland_grade, 2)
    laboratory = set_up(nerve)
    course = follow(nerve, hurt, plan("wait", []))
    made = (visit(laboratory.limb(course, d), laboratory, d, NAMES) for d in DAYS)
    return visit(healthy(nerve), laboratory, 0.0, NAMES), *made


NAMES = ["repetitive stimulation"]


def decrement(of: Visit) -> Floats:
    found = of.examination.of(STUDY, "decrement")
    assert found is not None
    return found.values


@pytest.mark.truth
def test_a_healthy_response_does_not_fall() -> None:
    mine = decrement(visits()[0])
    print(f"healthy: {mine.mean():.2f} ± {mine.std():.2f} %, published usually none, up to 10")
    assert (np.abs(mine) < 2).all()


def test_new_endings_fail_and_get_better() -> None:
    _, gone, new, old = (decrement(v) for v in visits())
    print(f"day {DAYS[1]:g}: {np.nanmean(new):.1f} %, day {DAYS[2]:g}: {np.nanmean(old):.1f} %")
    assert np.isnan(gone).all()  # no response, no decrement
    most = 100 * PUBLISHED.scalar("exam.repetitive_stimulation.fails")
    assert 2 < np.nanmean(new) <= most + 1
    assert np.nanmean(old) < np.nanmean(new)


def test_sentences() -> None:
    other, gone, new, _ = visits()
    study = next(s for s in repetitive_stimulation.trains(other.limb.nerve) if s.name == STUDY)
    said = repetitive_stimulation.sentences(study, [other, gone, new], other)
    assert said[0].startswith("No decrement beyond normal")
    assert said[1].startswith("No response")
    assert "ecrement" in said[2]
