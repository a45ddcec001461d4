"""Motor nerve conduction: stimulate the nerve, record the sum of the motor units it excites."""

from __future__ import annotations

import numpy as np

from tinel.exam.compound import compound
from tinel.exam.conduction_time import conduction_times_ms
from tinel.exam.interpretation import conduction_sentences
from tinel.exam.laboratory import Laboratory
from tinel.exam.limb import Limb
from tinel.exam.measure import of_conduction
from tinel.exam.motor_response import ending_ms, unit_sizes_mV
from tinel.exam.motor_unit import MuscleFibre, unit_potential
from tinel.exam.response import RATIO, Floats, Response
from tinel.exam.technique import astray_mm, late_ms
from tinel.exam.test import Test, studies
from tinel.exam.waveform import read
from tinel.nerve.anatomy import Nerve, Study

STEP_ms, WINDOW_ms, TEMPLATE_ms = 0.05, 50.0, 25.0


def unit_shape(nerve: Nerve, temperature_C: float) -> Floats:
    """One motor unit's potential on the study's clock, long enough for a cold muscle."""
    parameters = nerve.twins.parameters
    speed = MuscleFibre.at(temperature_C, parameters).velocity_m_per_s
    slower = max(1.0, parameters.scalar("exam.muscle.fibre_velocity_m_per_s") / speed)
    clock = np.arange(0, TEMPLATE_ms * slower, STEP_ms)
    return unit_potential(clock, temperature_C, parameters)


def motor_conduction(limb: Limb, study: Study, laboratory: Laboratory) -> Response:
    """Stimulate every site with a supramaximal pulse at 0 ms and record the muscle (mV).

    A unit answers if its axon carries the impulse from the site to endplates that still work.
    Latency is activation, conduction time, the thin terminal axon and the junction.
    """
    p, conduction = limb.parameters, laboratory.conduction
    target = limb.nerve.target(study.target)
    state = limb.state
    answers = limb.supplying(target.name) & (state.joined | state.stump_conducts)
    some = np.asarray(answers.any(axis=0))
    part, answers = limb.part(some), answers[:, some]
    size = unit_sizes_mV(limb, part, target)
    ending = p["laboratory.stimulus.activation_ms"] + ending_ms(part, target, laboratory)
    unit = laboratory.tables[TEST.name]
    clock = np.arange(0, WINDOW_ms, STEP_ms)
    floor = p.per_twin("laboratory.muscle.floor_mV")
    seen = p["laboratory.onset.fraction"], p["laboratory.onset.noise_fraction"]
    waveforms, readings = [], []
    speed = conduction.velocity(part.nerve.fibres.diameter_um)
    astray, late = astray_mm(limb, study), late_ms(limb, study)
    places = [site.position_mm for site in study.sites]
    end_mm = target.path_mm - target.terminal_mm
    ways = conduction_times_ms(part, conduction, places, end_mm, speed)
    for k, way in enumerate(ways):
        arrival = np.where(
            answers, way + astray[k][:, None] / speed + late[k][:, None] + ending, np.inf
        )
        wave = compound(arrival, size, np.zeros(size.shape, int), unit[None, :], 0.0, clock)
        waveforms.append(wave)
        readings.append(read(wave, clock, floor, *seen))
    velocity: dict[str, Floats] = {}
    for k in range(1, len(study.sites)):
        distal, proximal = study.sites[k - 1], study.sites[k]
        way_mm = distal.position_mm - proximal.position_mm
        time = readings[k].onset_ms - readings[k - 1].onset_ms
        velocity[f"{proximal.name} to {distal.name}"] = way_mm / np.where(time > 0, time, np.nan)
    return Response(study, "mV", clock, np.array(waveforms), tuple(readings), velocity)


TEST = Test(
    name="motor conduction",
    other_names=("motor nerve conduction study", "CMAP"),
    text="Stimulate the nerve at its sites and record the muscle's compound action potential.",
    source="units: Rosenfalck 1969; conduction: the engine",
    subjects=studies("motor"),
    examine=motor_conduction,
    prepare=unit_shape,
    interpret=conduction_sentences,
    shown=("amplitude", RATIO, "onset latency", "velocity"),
    measures=of_conduction("mV"),
)
