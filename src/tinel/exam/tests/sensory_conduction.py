"""Antidromic sensory conduction: stimulate the nerve, record its axons further on through skin."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tinel.exam.compound import compound
from tinel.exam.conduction_time import calibre_um, conduction_time_ms, diameters_um
from tinel.exam.interpretation import conduction_sentences
from tinel.exam.laboratory import Laboratory
from tinel.exam.lead import bipolar_slope_per_mm, seen_uV
from tinel.exam.limb import Limb
from tinel.exam.response import RATIO, Floats, Response
from tinel.exam.test import Test, studies
from tinel.exam.waveform import read
from tinel.nerve.anatomy import Nerve, Study

if TYPE_CHECKING:
    from tinel.cable.conduction.dipole import Dipole

STEP_ms, WINDOW_ms = 0.02, 16.0
BEFORE_ms, AFTER_ms = -2.0, 6.0
ALONG_mm = np.arange(-60.0, 100.0, 0.2)
FIFTHS = (-1.28, -0.52, 0.0, 0.52, 1.28)  # middles of five equal parts of a normal distribution


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
    time = np.arange(BEFORE_ms, AFTER_ms, STEP_ms)
    slope = bipolar_slope_per_mm(
        ALONG_mm,
        study.depth_mm,
        p.scalar("laboratory.sensory.reference_mm"),
        p.scalar("laboratory.medium.conductivity_S_per_m"),
    )
    return np.array(
        [
            seen_uV(slope, ALONG_mm, current, dipole.time_ms, velocity, time)
            for current, velocity in zip(dipole.current_nA, dipole.velocity_m_per_s, strict=True)
        ]
    )


def sensory_conduction(limb: Limb, study: Study, laboratory: Laboratory) -> Response:
    """Stimulate every site at 0 ms and record (uV) at ``study.record_mm``."""
    p, conduction = limb.parameters, laboratory.conduction
    part = limb.only(study.target)
    calibre = calibre_um(part, study.record_mm)
    template = np.abs(calibre[..., None] - diameters_um()).argmin(axis=-1)
    # between two table calibres a potential grows about with the square of the calibre
    size = part.nerve.fibres.weight * (calibre / diameters_um()[template]) ** 2
    paces = [1 + p["laboratory.sensory.row_spread"] * z for z in FIFTHS]
    sizes, templates = np.tile(size / len(paces), len(paces)), np.tile(template, len(paces))
    clock = np.arange(0, WINDOW_ms, STEP_ms)
    activation = p["laboratory.stimulus.activation_ms"]
    floor = p.per_twin("laboratory.sensory.floor_uV")
    onset = p["laboratory.onset.fraction"]
    potentials = laboratory.tables[TEST.name][study.name]
    waveforms, readings = [], []
    velocity: dict[str, Floats] = {}
    for site in study.sites:
        time = conduction_time_ms(part, conduction, site.position_mm, study.record_mm)
        # a row's axons are alike, not identical: left in step they would not cancel each other
        arrival = activation + np.concatenate([time * pace for pace in paces], axis=1)
        wave = compound(arrival, sizes, templates, potentials, BEFORE_ms, clock)
        reading = read(wave, clock, floor, onset)
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
)
