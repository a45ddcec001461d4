"""Motor nerve conduction: stimulate the nerve, record the sum of the motor units it reaches."""

from __future__ import annotations

import numpy as np

from tinel import evidence
from tinel.cable.conduction.table import Conduction, DIAMETERS_um
from tinel.exam.compound import compound
from tinel.exam.limb import Limb
from tinel.exam.motor_unit import unit_potential
from tinel.exam.response import Floats, Response
from tinel.exam.travel import calibre_um, travel_ms
from tinel.exam.waveform import read
from tinel.nerve.anatomy import Study

STEP_ms, WINDOW_ms, TEMPLATE_ms = 0.05, 50.0, 25.0


def unit_shape() -> Floats:
    """One motor unit's potential on the study's clock, negative peak 1."""
    return unit_potential(np.arange(0, TEMPLATE_ms, STEP_ms))


def motor_conduction(limb: Limb, study: Study, conduction: Conduction, unit: Floats) -> Response:
    """Stimulate every site with a supramaximal pulse at 0 ms and record the muscle (mV).

    A unit answers if its axon carries the impulse from the site to endplates that still work.
    Latency is activation, travel, the thin terminal axon and the junction.

    Args:
        unit: shape of one unit's potential every ``STEP_ms``, from ``unit_shape``.
    """
    target = limb.nerve.target(study.target)
    row = [t.name for t in limb.nerve.targets].index(target.name)
    part = limb.only(target.name)
    state = part.state
    answers = state.joined | (state.stump_conducts & state.junction_works)
    sprouted = np.where(state.joined, state.unit_growth[:, row, None], 1.0)
    size = part.nerve.fibres.unit_uV * sprouted * state.readiness[:, row, None] / 1000
    share = evidence.value("laboratory.terminal.calibre_share")
    thin = np.maximum(calibre_um(part, target.path_mm) * share, DIAMETERS_um[0])
    ending = (
        evidence.value("laboratory.stimulus.activation_ms")
        + target.terminal_mm / conduction.velocity(thin)
        + evidence.value("exam.junction.delay_ms")
    )
    clock = np.arange(0, WINDOW_ms, STEP_ms)
    waveforms, readings = [], []
    for site in study.sites:
        way = travel_ms(part, conduction, site.position_mm, target.path_mm - target.terminal_mm)
        arrival = np.where(answers, way + ending, np.inf)
        wave = compound(arrival, size, np.zeros(size.shape, int), unit[None, :], 0.0, clock)
        waveforms.append(wave)
        readings.append(read(wave, clock, evidence.value("laboratory.muscle.floor_mV")))
    velocity: dict[str, Floats] = {}
    for k in range(1, len(study.sites)):
        distal, proximal = study.sites[k - 1], study.sites[k]
        way_mm = distal.position_mm - proximal.position_mm
        time = readings[k].onset_ms - readings[k - 1].onset_ms
        velocity[f"{proximal.name} to {distal.name}"] = way_mm / np.where(time > 0, time, np.nan)
    return Response(study, "mV", clock, np.array(waveforms), tuple(readings), velocity)
