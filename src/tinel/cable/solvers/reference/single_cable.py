"""The reference solution of single cables: double precision, plain linear algebra, slow.

One banded linear system per step for all points, exponential gates half a step ahead, as in
``full``. ``theta`` 1 is backward Euler, 0.5 the trapezoidal rule. Concentrations advance with the
gates; the currents that carry them are those at the new potential.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
from scipy.linalg import solve_banded

from tinel.cable.fibres.single_cable import Cable, Floats
from tinel.cable.membranes import ions
from tinel.cable.membranes.ions import Channel, FARADAY_C_per_mol, IonMembrane
from tinel.cable.membranes.membrane import Membrane
from tinel.cable.membranes.operations import on_arrays
from tinel.cable.solvers.reference.full import with_its_formulas


class Trace(NamedTuple):
    """``time_ms`` ``(n_step + 1,)``, ``v_mV`` ``(n_step + 1, points)``, and the last ``state``:
    the gates, or gates and concentrations (mM; sodium in and out, potassium in and out)."""

    time_ms: Floats
    v_mV: Floats
    state: Any


class Site(NamedTuple):
    """A membrane as this solution takes it: its state at rest; conductance and driven current of
    a state; the state after a step at a potential."""

    start: Any
    conductance: Callable[[Any], tuple[Floats, Floats]]
    advance: Callable[[Any, Floats, float], Any]


def run(
    cable: Cable,
    fibre: int,
    points: int,
    membrane: Membrane | IonMembrane,
    *,
    duration_ms: float,
    dt_ms: float,
    temperature_C: float = 37.0,
    theta: float = 1.0,
    current_nA: Floats | None = None,
    potential_mV: Floats | None = None,
    waveform: Floats | None = None,
    settle_ms: float = 2000.0,
) -> Trace:
    """Simulate one cable of a batch.

    Args:
        cable: elements of the batch; ``fibre`` picks the row.
        points: number of points; the ends are sealed.
        current_nA, potential_mV: per point at waveform 1, shape ``(points,)``.
        waveform: stimulus factor for the step that starts at each sample, shape ``(n_step,)``.
        settle_ms: time given to reach rest before the run; not needed where ions are counted.
    """
    steps = round(duration_ms / dt_ms)
    area, g = cable.area_um2[fibre] * 1e-2, cable.axial_uS[fibre]
    wave = np.zeros(steps) if waveform is None else waveform
    drive = np.zeros(points) if current_nA is None else np.array(current_nA, dtype=float)
    if potential_mV is not None:
        drive += _axial(g, potential_mV)
    if isinstance(membrane, IonMembrane):
        site = _counting(membrane, points, temperature_C, cable.diameter_um[fibre])
    else:
        site = _gated(membrane, points, temperature_C)
    neighbours = np.full(points, 2.0)
    neighbours[[0, -1]] = 1.0
    v, state = np.full(points, membrane.rest_mV), site.start

    def step(v: Floats, state: Any, dt: float, theta: float, factor: float) -> Floats:
        conductance, driven = (area * x for x in site.conductance(state))
        right = driven - conductance * v + _axial(g, v) + factor * drive
        band = np.full((3, points), -g)
        band[1] = g * neighbours + conductance + cable.capacitance_nF[fibre] / (theta * dt)
        return v + solve_banded((1, 1), band, right, check_finite=False) / theta

    if not isinstance(membrane, IonMembrane):
        for _ in range(round(settle_ms / 5.0)):
            v = step(v, state, 5.0, 1.0, 0.0)
            state = site.advance(state, v, 5.0)
    path = np.empty((steps + 1, points))
    path[0] = v
    for k in range(steps):
        v = path[k + 1] = step(v, state, dt_ms, theta, wave[k])
        state = site.advance(state, v, dt_ms)
    return Trace(np.arange(steps + 1.0) * dt_ms, path, state)


def _axial(g: float, v: Floats) -> Floats:
    flow = np.zeros(len(v) + 1)
    flow[1:-1] = g * (v[1:] - v[:-1])
    return flow[1:] - flow[:-1]


def _relaxed(gates: Floats, rates: tuple[Floats, Floats], dt: float) -> Floats:
    total = rates[0] + rates[1]
    rest = rates[0] / total
    return rest + (gates - rest) * np.exp(-dt * total)


def _with_its_formulas(c: Channel) -> Channel:
    made = c.formulas(on_arrays(np))
    return replace(c, formulas=lambda _: made)


def _gated(m: Membrane, points: int, temperature_C: float) -> Site:
    m = with_its_formulas(m)
    opening, closing = m.rates(np.full(points, m.rest_mV), temperature_C)

    def advance(gates: Floats, v: Floats, dt: float) -> Floats:
        return _relaxed(gates, m.rates(v, temperature_C), dt)

    return Site(opening / (opening + closing), m.conductance, advance)


def _counting(m: IonMembrane, points: int, temperature_C: float, diameter_um: float) -> Site:
    rest, thermal = ions.rest(m, temperature_C), ions.thermal_mV(temperature_C)
    pump, m = m.pump(on_arrays(np)), replace(m, channels=tuple(map(_with_its_formulas, m.channels)))
    per_um = 1e4 / FARADAY_C_per_mol

    def flows(state: Any) -> Any:
        gates, (na_in, na_out, k_in, k_out) = state
        g_na, g_k = m.conductance(gates)
        pumped_na, pumped_k, opened = pump(na_in, k_out)
        return (
            (g_na + rest.leak[0], thermal * np.log(na_out / na_in), pumped_na + rest.pump[0]),
            (g_k + rest.leak[1] + opened, thermal * np.log(k_out / k_in), pumped_k + rest.pump[1]),
        )

    def conductance(state: Any) -> tuple[Floats, Floats]:
        (g_na, e_na, p_na), (g_k, e_k, p_k) = flows(state)
        return g_na + g_k, g_na * e_na + g_k * e_k - p_na - p_k

    def advance(state: Any, v: Floats, dt: float) -> Any:
        gates = _relaxed(state[0], m.rates(v, temperature_C), dt)
        c = []
        for ion, (g, e, pumped) in enumerate(flows(((state[0] + gates) / 2, state[1]))):
            current = g * (v - e) + pumped
            inside, outside = state[1][2 * ion], state[1][2 * ion + 1]
            leaving = m.exchange_um_per_ms * (outside - m.outside_mM[ion])
            c.append(inside - dt * 4 * per_um * current / diameter_um)
            c.append(outside + dt * (per_um * current - leaving) / m.shell_um)
        return gates, np.array(c)

    gates = np.repeat(rest.gates[:, None], points, axis=1)
    start = [c for pair in zip(m.inside_mM, m.outside_mM, strict=True) for c in pair]
    return Site((gates, np.repeat(np.array(start)[:, None], points, axis=1)), conductance, advance)
