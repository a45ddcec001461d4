"""What is read off simulated ultrasound, beside published numbers."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from tinel import nerve
from tinel.evidence import Parameters
from tinel.imaging.anatomy.scanned import Scanned
from tinel.imaging.anatomy.section import cross_section
from tinel.imaging.anatomy.shape import shape_at
from tinel.imaging.anatomy.sites import sites_of
from tinel.imaging.measured.nerve_on_ultrasound import NoNerve, nerve_on_ultrasound
from tinel.imaging.ultrasound.b_mode import b_mode
from tinel.imaging.ultrasound.probe import linear_probe
from tinel.twins import Patient, Twins

pytest.importorskip("pymust")
PEOPLE = 6


@cache
def wrists() -> np.ndarray:
    """Median nerves at the tunnel's inlet: area, fascicles and their ratio, drawn and read."""
    numbers = Parameters.of_evidence()
    probe, rows = linear_probe(18.0, numbers), []
    for seed in range(PEOPLE):
        twins = Twins(Patient(age=45, sex="female", height_cm=165), range(1), seed=seed + 50)
        arm = nerve.build("median", side="left", twins=twins)
        (site,) = [s for s in sites_of(arm) if s.name.endswith("inlet")]
        healthy, rng = Scanned.healthy(arm), np.random.default_rng(seed)
        shape = shape_at(healthy, site.position_mm, site.branch)
        plane = cross_section(healthy, site.position_mm, branch=site.branch, depth_mm=15.0)
        near = (shape.depth_mm + 0.3 * rng.standard_normal(), 0.5 * rng.standard_normal())
        found = nerve_on_ultrasound(b_mode(plane, probe, rng, numbers), near, numbers)
        if isinstance(found, NoNerve):
            continue
        drawn = sum(np.pi * f.radius_mm**2 for f in shape.fascicles) / shape.area_mm2
        counts = (len(shape.fascicles), len(found.fascicles))
        areas = (shape.area_mm2, found.area_mm2)
        rows.append((*areas, *counts, drawn, found.fascicle_area_ratio))
    return np.array(rows)


def medians() -> np.ndarray:
    return np.median(wrists(), axis=0)


@pytest.mark.truth
def test_area_of_a_healthy_median_nerve_at_the_wrist() -> None:
    _, read, *_ = medians()
    print(f"\narea {read:.1f} mm² in {len(wrists())} of {PEOPLE}; published 9.33 (1.55)")
    assert abs(read - 9.33) < 1.55 and len(wrists()) >= 4


# fitted on other women: echo.fascicle, echo.epineurium and measured.fascicle.darkness
@pytest.mark.truth
def test_fascicles_are_lost() -> None:
    _, _, drawn, read, *_ = medians()
    print(f"\nfascicles {read:g} of {drawn:g}; published 7.04 of 10.07")
    assert abs(read / drawn - 0.70) < 0.1


@pytest.mark.truth
def test_fascicle_area_ratio() -> None:
    *_, drawn, read = medians()
    print(f"\nfascicle area ratio {read:.2f} of {drawn:.2f}; published 0.40 of 0.55")
    assert abs(read - 0.40) < 0.05


@pytest.mark.truth
@pytest.mark.xfail(
    strict=True, reason="-4 %: areas drawn are ultrasound areas, and no section shrinks here"
)
def test_area_against_histology() -> None:
    drawn, read, *_ = medians()
    print(f"\narea {read / drawn - 1:+.0%} of the drawn one; published +20 % of the section's")
    assert abs(read / drawn - 1.20) < 0.1
