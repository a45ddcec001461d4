"""A whole examination on one day: every test asked for, on every study and target of the nerve."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from tinel import evidence
from tinel.exam.laboratory import Laboratory
from tinel.exam.limb import Bools, Floats, Limb
from tinel.exam.response import Response
from tinel.exam.strength import force_share, mrc
from tinel.exam.touch import filament, touch_share

TESTS = ("motor conduction", "sensory conduction", "strength", "touch")


class Measure(NamedTuple):
    """What was measured: the test, the study or target, the site, the quantity and its unit."""

    test: str
    study: str
    site: str
    quantity: str
    unit: str


def examine(
    limb: Limb, laboratory: Laboratory, tests: Sequence[str], reached: Bools
) -> tuple[dict[Measure, Floats], dict[str, Response]]:
    """Do the tests.

    Args:
        limb: nerve, lesion and state of the day.
        laboratory: from ``laboratory.set_up``.
        tests: among ``TESTS``.
        reached: which fibres an impulse from the cord gets through (``travel.reached``).

    Returns:
        Every measured value ``(n_twin,)``, and the responses by study name.
    """
    values: dict[Measure, Floats] = {}
    responses: dict[str, Response] = {}
    for study in limb.nerve.studies:
        test = f"{study.kind} conduction"
        if test in tests:
            responses[study.name] = laboratory.conduct(limb, study)
            values |= _conduction_values(test, responses[study.name])
    for target in limb.nerve.targets:
        if target.kind == "motor" and "strength" in tests:
            force = force_share(limb, reached, target.name)
            values[Measure("strength", target.name, "", "force", "% of healthy")] = 100 * force
            values[Measure("strength", target.name, "", "MRC grade", "0 to 5")] = mrc(force)
        if target.kind == "sensory" and "touch" in tests:
            felt = filament(touch_share(limb, reached, target.name), healthy_marking(limb))
            values[Measure("touch", target.name, "", "finest filament felt", "marking")] = felt
    return values, responses


def healthy_marking(limb: Limb) -> float:
    """The filament a healthy person feels: hand or foot, whichever the nerve goes to."""
    where = {"arm": "hand", "leg": "foot"}[limb.nerve.limb]
    return evidence.value(f"normal.monofilament.{where}_marking")


def _conduction_values(test: str, response: Response) -> dict[Measure, Floats]:
    values: dict[Measure, Floats] = {}
    name, unit = response.study.name, "µV" if response.unit == "uV" else response.unit
    first = response.readings[0].amplitude
    for site, reading in zip(response.study.sites, response.readings, strict=True):
        for quantity, what, in_unit in (
            ("amplitude", reading.amplitude, unit),
            ("onset latency", reading.onset_ms, "ms"),
            ("duration", reading.duration_ms, "ms"),
            ("area", reading.area, f"{unit} ms"),
        ):
            values[Measure(test, name, site.name, quantity, in_unit)] = what
        if site is not response.study.sites[0]:
            ratio = 100 * reading.amplitude / np.where(first > 0, first, np.nan)
            values[Measure(test, name, site.name, "amplitude against distal", "%")] = ratio
    for segment, velocity in response.velocity_m_per_s.items():
        values[Measure(test, name, segment, "velocity", "m/s")] = velocity
    return values
