"""Antidromic sensory conduction: stimulate the nerve, record its axons further on through skin."""

from __future__ import annotations

import numpy as np

from tinel import evidence
from tinel.cable.conduction.dipole import Dipole
from tinel.cable.conduction.table import Conduction, DIAMETERS_um
from tinel.exam.compound import compound
from tinel.exam.lead import bipolar_slope_per_mm, seen_uV
from tinel.exam.limb import Limb
from tinel.exam.response import Floats, Response
from tinel.exam.travel import calibre_um, travel_ms
from tinel.exam.waveform import read
from tinel.nerve.anatomy import Study

STEP_ms, WINDOW_ms = 0.02, 16.0
BEFORE_ms, AFTER_ms = -2.0, 6.0
ALONG_mm = np.arange(-60.0, 100.0, 0.2)


def single_fibre_uV(study: Study, dipole: Dipole) -> Floats:
    """The potential of one fibre of each table diameter, ``(n_diameter, n_time)``."""
    time = np.arange(BEFORE_ms, AFTER_ms, STEP_ms)
    slope = bipolar_slope_per_mm(
        ALONG_mm,
        study.depth_mm,
        evidence.value("laboratory.sensory.reference_mm"),
        evidence.value("laboratory.medium.conductivity_S_per_m"),
    )
    return np.array(
        [
            seen_uV(slope, ALONG_mm, current, dipole.time_ms, velocity, time)
            for current, velocity in zip(dipole.current_nA, dipole.velocity_m_per_s, strict=True)
        ]
    )


def sensory_conduction(
    limb: Limb, study: Study, conduction: Conduction, potentials: Floats
) -> Response:
    """Stimulate every site at 0 ms and record (uV) at ``study.record_mm``.

    Args:
        potentials: ``single_fibre_uV`` of the study.
    """
    part = limb.only(study.target)
    calibre = calibre_um(part, study.record_mm)
    template = np.abs(calibre[..., None] - DIAMETERS_um).argmin(axis=-1)
    # between two table calibres a potential grows about with the square of the calibre
    size = part.nerve.fibres.weight * (calibre / DIAMETERS_um[template]) ** 2
    spread = evidence.value("laboratory.sensory.row_spread")
    paces = 1 + spread * np.array([-1.28, -0.52, 0.0, 0.52, 1.28])  # five equal parts of a normal
    sizes, templates = np.tile(size / len(paces), len(paces)), np.tile(template, len(paces))
    clock = np.arange(0, WINDOW_ms, STEP_ms)
    activation = evidence.value("laboratory.stimulus.activation_ms")
    waveforms, readings = [], []
    velocity: dict[str, Floats] = {}
    for site in study.sites:
        travel = travel_ms(part, conduction, site.position_mm, study.record_mm)
        # a row's axons are alike, not identical: left in step they would not cancel each other
        arrival = activation + np.concatenate([travel * pace for pace in paces], axis=1)
        wave = compound(arrival, sizes, templates, potentials, BEFORE_ms, clock)
        reading = read(wave, clock, evidence.value("laboratory.sensory.floor_uV"))
        waveforms.append(wave)
        readings.append(reading)
        velocity[site.name] = (study.record_mm - site.position_mm) / reading.onset_ms
    return Response(study, "uV", clock, np.array(waveforms), tuple(readings), velocity)
