"""Antidromic sensory conduction: stimulate the nerve, record its axons further on through skin."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from tinel.exam.compound import compound
from tinel.exam.conduction_time import (
    calibre_um,
    conduction_times_ms,
    diameters_um,
    may_carry,
)
from tinel.exam.interpretation import conduction_sentences
from tinel.exam.laboratory import Laboratory
from tinel.exam.lead import bipolar_slope_per_mm, seen_uV
from tinel.exam.limb import Bools, Limb
from tinel.exam.measure import of_conduction
from tinel.exam.response import RATIO, Floats, Response
from tinel.exam.technique import astray_mm, depth_factor, late_ms
from tinel.exam.test import Test, studies
from tinel.exam.waveform import read
from tinel.nerve.anatomy import Nerve, Study

if TYPE_CHECKING:
    from tinel.cable.conduction.dipole import Dipole

STEP_ms, WINDOW_ms = 0.02, 16.0
BEFORE_ms, AFTER_ms = -2.0, 6.0
ALONG_mm = np.arange(-140.0, 180.0, 0.2)
TRIANGLE = math.sqrt(6)  # half the base of a triangle, in standard deviations


def single_fibre_potentials(nerve: Nerve, temperature_C: float) -> dict[str, Floats]:
    """Each sensory study's potentials of one fibre of each table diameter.

    Returns:
        By study, ``(n_diameter, n_time)`` in uV.
    """
    sensory = [s for s in nerve.studies if s.kind == "sensory"]
    if not sensory:
        return {}
    from tinel.cable.conduction.dipole import dipole

    current = dipole(temperature_C, nerve.twins.parameters)
    return {s.name: _single_fibre_uV(nerve, s, current) for s in sensory}


def _single_fibre_uV(nerve: Nerve, study: Study, dipole: Dipole) -> Floats:
    p = nerve.twins.parameters
    women = p.scalar("nerve.person.women_girth")
    thinner = women if nerve.twins.patient.sex == "female" else 1.0
    time = np.arange(BEFORE_ms, AFTER_ms, STEP_ms)
    slope = bipolar_slope_per_mm(
        ALONG_mm,
        study.depth_mm,
        p.scalar("laboratory.sensory.reference_mm"),
        p.scalar("laboratory.sensory.conductivity_S_per_m"),
        p.scalar(f"laboratory.sensory.{'finger' if study.ring else 'limb'}_radius_mm") * thinner,
        study.ring,
    )
    return np.array(
        [
            seen_uV(slope, ALONG_mm, current, dipole.time_ms, velocity, time)
            for current, velocity in zip(dipole.current_nA, dipole.velocity_m_per_s, strict=True)
        ]
    )


def stimulated(limb: Limb, target: str) -> Bools:
    """Axons in a target that a stimulus for its thick ones excites, ``(n_twin, n_fibre)``.

    Thresholds rise as calibres fall, and an examiner goes only a little above the stimulus at which
    the response no longer grows.

    Args:
        limb: the whole limb or a part of it.
        target: the patch of skin; its own axons count, and those of others that supply it.
    """
    healthy, own = limb.nerve.fibres.diameter_um, limb.fibres_of(target)
    least = limb.parameters["laboratory.stimulus.thinnest_fraction"]
    thick = healthy >= least * healthy[:, own].max(axis=1, keepdims=True)
    return np.asarray(thick & (own | limb.supplying(target)))


def sensory_conduction(limb: Limb, study: Study, laboratory: Laboratory) -> Response:
    """Stimulate every site at 0 ms and record (uV) at ``study.record_mm``."""
    p, conduction = limb.parameters, laboratory.conduction
    excited = stimulated(limb, study.target)
    some = np.asarray((excited & may_carry(limb, study.record_mm)).any(axis=0))
    part, excited = limb.part(some), excited[:, some]
    calibre = calibre_um(part, study.record_mm)
    template = np.interp(calibre, diameters_um(), np.arange(diameters_um().size))
    size = part.nerve.fibres.weight * depth_factor(limb, study)
    # a row's axons are alike, not identical: left in step they would not cancel each other
    spread = TRIANGLE * p["laboratory.sensory.row_spread"]
    clock = np.arange(0, WINDOW_ms, STEP_ms)
    activation = p["laboratory.stimulus.activation_ms"]
    floor = p.per_twin("laboratory.sensory.floor_uV")
    seen = p["laboratory.onset.fraction"], p["laboratory.onset.noise_fraction"]
    potentials = laboratory.tables[TEST.name][study.name]
    waveforms, readings = [], []
    velocity: dict[str, Floats] = {}
    speed = conduction.velocity(part.nerve.fibres.diameter_um)
    astray, late = astray_mm(limb, study), late_ms(limb, study)
    places = [site.position_mm for site in study.sites]
    times = conduction_times_ms(part, conduction, places, study.record_mm, speed)
    for k, (site, time) in enumerate(zip(study.sites, times, strict=True)):
        time = time + astray[k][:, None] / speed + late[k][:, None]
        arrival = np.where(excited, activation + time, np.inf)
        wave = compound(arrival, size, template, potentials, BEFORE_ms, clock, spread * time)
        reading = read(wave, clock, floor, *seen)
        waveforms.append(wave)
        readings.append(reading)
        velocity[site.name] = (study.record_mm - site.position_mm) / reading.onset_ms
    return Response(study, "uV", clock, np.array(waveforms), tuple(readings), velocity)


TEST = Test(
    name="sensory conduction",
    other_names=("sensory nerve conduction study", "SNAP"),
    text="Stimulate the nerve at its sites and record its sensory action potential further on.",
    source="single fibres: the engine; volume conductor: a homogeneous half-space",
    subjects=studies("sensory"),
    examine=sensory_conduction,
    prepare=single_fibre_potentials,
    interpret=conduction_sentences,
    shown=("amplitude", RATIO, "onset latency", "velocity"),
    measures=of_conduction("µV"),
)
