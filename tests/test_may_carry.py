"""Which axons may carry an impulse to a place: none that does is left out."""

from __future__ import annotations

import numpy as np
import pytest

from tests.people import some
from tinel import lesion
from tinel.course import follow
from tinel.exam.conduction_time import conduction_time_ms, may_carry
from tinel.exam.laboratory import set_up
from tinel.lesion import Lesion
from tinel.nerve import build
from tinel.treatment import plan

NERVE = build("ulnar", side="left", twins=some(range(6)))
PLACES_mm = (150.0, 390.0, 430.0, 560.0, 720.0)


def cut() -> Lesion:
    return lesion.laceration.make(NERVE, "ulnar trunk", site_mm=400.0, fraction=0.6)


def pressed() -> Lesion:
    return lesion.compression.make(
        NERVE, "ulnar trunk", site_mm=400.0, length_mm=30.0, pressure_mmHg=400.0, hours=4.0
    )


def pressed_below() -> Lesion:
    return lesion.compression.make(
        NERVE, "ulnar trunk", site_mm=640.0, length_mm=20.0, pressure_mmHg=400.0, hours=4.0
    )


@pytest.mark.parametrize(
    "hurt", [cut(), pressed(), lesion.both(cut(), pressed_below())], ids=["cut", "pressed", "both"]
)
def test_every_axon_that_carries_may(hurt: Lesion) -> None:
    laboratory = set_up(NERVE, temperature_C=35.0)
    steps = [{"treatment": "repair", "day": 2}] if hurt.beyond is None else []
    course = follow(NERVE, hurt, plan("repair", steps))
    carried = left_out = 0
    for day in (1.0, 6.0, 12.0, 120.0, 365.0, 900.0):
        limb = laboratory.limb(course, day)
        for end in PLACES_mm[1:]:
            may = may_carry(limb, end)
            left_out += int((~may).sum())
            for start in PLACES_mm:
                does = np.isfinite(conduction_time_ms(limb, laboratory.conduction, start, end))
                carried += int(does.sum())
                assert not (does & ~may).any(), f"day {day:g}, {start:g} to {end:g} mm"
    print(f"{carried} carried, {left_out} left out")
    assert carried > 0 and left_out > 0
