"""Conduction block without broken axons."""

from __future__ import annotations

import numpy as np

from tinel.cable.models.build import mrg
from tinel.cable.simulate import simulate
from tinel.cable.stimulation.stimulus import pulse
from tinel.claims.computations.people import (
    OF_TWINS,
    adults,
    band,
    counted,
    course,
    force_percent,
    mrc,
    room,
)
from tinel.claims.computed import Computed
from tinel.course import Course
from tinel.evidence import Parameters
from tinel.lesion.causes import compression

NODES, FIRST, LAST = 31, 8, 16  # of the simulated fibre, and its thinned internodes
TURNS = 9  # halvings of the fraction that is looked for
WEEK_d = 7.0
WRIST_LIFT = "extensor digitorum communis"
N_TWIN = 30


def thin_sheath(parameters: Parameters) -> Computed:
    """How thin a sheath must be for a whole axon to stop conducting."""

    def arrives(lamellae: float) -> bool:
        fibre = mrg(diameter_um=10.0, nodes=NODES, parameters=parameters)
        hurt = fibre.demyelinate(internodes=slice(FIRST, LAST), lamellae_fraction=lamellae)
        start = pulse(node=1, amplitude_nA=5.0, start_ms=0.1, width_ms=0.1)
        seen = simulate(hurt, start, duration_ms=8.0).spike_ms[0, NODES - 3]
        return bool(np.isfinite(seen))

    blocked, open_ = 0.001, 1.0
    for _ in range(TURNS):
        middle = float(np.sqrt(blocked * open_))
        blocked, open_ = (blocked, middle) if arrives(middle) else (middle, open_)
    what = "axon of 10 µm, whole, eight internodes thinned: myelin left when the impulse just stops"
    low, high = 100.0 * blocked, 100.0 * open_
    return Computed(what, low, "% of lamellae", low, high, "between")


def weeks(parameters: Parameters) -> Computed:
    """Weeks until half of the blocked axons that did not break conduct again."""
    pressed = _sleep(parameters, hours=2.0)
    place, grid = room(pressed.nerve), np.arange(1.0, 40.0)
    whole = pressed.lesion.present & ~np.isfinite(pressed.cut_d)
    blocked = whole & ~place.limb(pressed, 3.0).conducts
    some = blocked.any(axis=1)
    again = np.stack(
        [(blocked & place.limb(pressed, day).conducts).sum(axis=1) for day in WEEK_d * grid], axis=1
    )
    half = again[some] >= 0.5 * blocked[some].sum(axis=1, keepdims=True)
    value, low, high = band(np.where(half.any(axis=1), grid[half.argmax(axis=1)], np.inf))
    what = "radial nerve pressed in sleep: until half of the blocked axons conduct again"
    return Computed(what, value, "weeks", low, high, OF_TWINS, int(some.sum()))


def back_by(parameters: Parameters, week: str) -> Computed:
    """Twins at full strength some weeks after a block."""
    grades = mrc(_sleep(parameters, hours=2.0), WRIST_LIFT, [3.0, WEEK_d * float(week)])
    weak = grades[:, 0] < 3.0
    value, low, high = counted(grades[weak, 1] >= 5.0)
    what = f"radial nerve pressed in sleep, hand dropped: at full strength after {week} weeks"
    return Computed(what, value, "% of twins", low, high, "95 % interval", int(weak.sum()))


def first_wave(parameters: Parameters) -> Computed:
    """How much of the force regained in two years came back with the block."""
    early, end = 84.0, 730.0
    pressed = _sleep(parameters, hours=3.0)
    at = force_percent(pressed, WRIST_LIFT, [3.0, early, end])
    gained = at[:, 2] - at[:, 0]
    some = gained > 10.0
    value, low, high = band(100.0 * (at[some, 1] - at[some, 0]) / gained[some])
    what = "radial nerve pressed longer: of the force regained in two years, back in twelve weeks"
    return Computed(what, value, "%", low, high, OF_TWINS, int(some.sum()))


def _sleep(parameters: Parameters, hours: float) -> Course:
    nerve = adults(parameters, "radial", N_TWIN)
    pressure = np.linspace(280.0, 420.0, N_TWIN)  # as in the example of a Saturday-night palsy
    hurt = compression.make(
        nerve, "radial trunk", site_mm=375.0, length_mm=30.0, pressure_mmHg=pressure, hours=hours
    )
    return course(nerve, hurt)
