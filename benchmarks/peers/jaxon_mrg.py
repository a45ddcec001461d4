"""jaxon-nerve's MRG fibre on the processor: time of a batch, and the velocity it computes.

Reads ``{"batches": [...], "dt_ms": ..., "repeats": ...}`` from standard input. The batch function
is the one that jaxon-nerve recommends for many fibres (the field is a pattern times a waveform);
rematerialisation, which serves only gradients, is off.
"""

import dataclasses
import json
import os
import sys
import time
from importlib.metadata import version

os.environ["JAXON_FD_CHECKPOINT"] = "0"
os.environ["JAX_PLATFORMS"] = "cpu"

import jax
import jax.numpy as jnp
import numpy as np
from jaxley.solver_gate import solve_gate_exponential
from jaxon.channels.mrg_axnode import AxnodeMyel
from jaxon.fibers.mrg import CM_AXON, build_mrg, node_indices, section_centers_um
from jaxon.stim import batch_solve, extracellular_coupled

NODES, DURATION_ms, START_ms, WIDTH_ms = 21, 5.0, 0.5, 0.1
LEVEL_mV, REST_mV, SIGMA_S_per_m, DISTANCE_um = -30.0, -80.0, 0.3, 1000.0
AMPLITUDE_mA = 0.27  # 1.5 times threshold
PUSHED, STIMULATED, FIRST, LAST, WATCHED = 1, 10, 5, 12, 18
# S/cm2 and mV of the node; jaxon-nerve keeps them inside its solver
G_NAF, G_NAP, G_KS, G_LEAK, E_NA, E_K, E_LEAK = 3.0, 0.01, 0.08, 0.007, 50.0, -90.0, -90.0
G_INTERNODE = {"node": 0.0, "mysa": 1e-3, "flut": 1e-4, "stin": 1e-4}


def speed(geometry, batch, dt_ms, repeats):
    """Seconds of ``batch`` fibres of 5 ms, compiled before."""

    def wide(a):
        return jnp.repeat(a, batch, axis=0)

    statics = batch_solve.FiberStatics(
        *(wide(a) for a in batch_solve.stack_fiber_statics([geometry], dt_ms))
    )
    rest = tuple(wide(a) for a in batch_solve.initial_states_batch([geometry]))
    z = np.array(section_centers_um(geometry))
    reach_m = np.hypot(z - z[11 * STIMULATED], DISTANCE_um) * 1e-6
    field = wide(jnp.asarray(-AMPLITUDE_mA / (4 * np.pi * SIGMA_S_per_m * reach_m))[None])
    wave = _pulse(dt_ms)
    before = np.concatenate([[0.0], wave[:-1]])
    run = jax.jit(
        lambda s, r, f: batch_solve.batch_integrate_m_max_fd(
            s, r, f, jnp.asarray(wave), jnp.asarray(before), dt_ms
        )
    )
    opened = run(statics, rest, field).block_until_ready()
    if not np.all(np.asarray(opened)[:, 11 * WATCHED] > 0.9):
        raise RuntimeError("fibres stayed silent")
    seconds = []
    for _ in range(repeats):
        start = time.perf_counter()
        run(statics, rest, field).block_until_ready()
        seconds.append(time.perf_counter() - start)
    return seconds


def velocity(geometry, dt_ms):
    """Velocity (m/s) from node 5 to 12 after 5 nA for 0.1 ms into node 1."""
    # the axolemma's own capacitance, as jaxon-nerve's batch function takes it
    own = dataclasses.replace(geometry, cm_uF_cm2=[CM_AXON] * geometry.n_comp)
    static = extracellular_coupled.arrays_from_geometry(own, dt_ms)
    to_uS = static["A_in_cm2"] * 1e6
    passive = jnp.asarray([G_INTERNODE[kind] for kind in geometry.section_type]) * to_uS
    node = static["is_node"]

    def membrane(v, gates, dt_ms):
        rates = AxnodeMyel._alpha_beta(v, 37.0)
        m, h, p, s = gates = tuple(
            solve_gate_exponential(x, dt_ms, *r) for x, r in zip(gates, rates, strict=True)
        )
        sodium, slow = G_NAF * m**3 * h + G_NAP * p**3, G_KS * s
        ionic = sodium * (v - E_NA) + slow * (v - E_K) + G_LEAK * (v - E_LEAK)
        total = jnp.where(node, (sodium + slow + G_LEAK) * to_uS, passive)
        return total, jnp.where(node, ionic * to_uS, passive * (v - REST_mV)), gates

    rates = AxnodeMyel._alpha_beta(jnp.full(geometry.n_comp, REST_mV), 37.0)
    gates = tuple(opening / (opening + closing) for opening, closing in rates)
    at = node_indices(geometry)
    wave = _pulse(dt_ms)
    current = np.zeros((len(wave), geometry.n_comp))
    current[:, at[PUSHED]] = 5.0 * wave
    (inner, outer), _ = extracellular_coupled.integrate(
        static, membrane, gates, np.zeros(geometry.n_comp), np.zeros(len(wave)), dt_ms,
        record="all", i_intra=current,
    )  # fmt: skip
    v = np.asarray(inner - outer)
    first, last = (_crossing(v[:, at[k]]) * dt_ms for k in (FIRST, LAST))
    z = section_centers_um(geometry)
    return (z[at[LAST]] - z[at[FIRST]]) * 1e-3 / (last - first)


def _pulse(dt_ms):
    wave = np.zeros(round(DURATION_ms / dt_ms))
    wave[round(START_ms / dt_ms) : round((START_ms + WIDTH_ms) / dt_ms)] = 1.0
    return wave


def _crossing(v):
    k = np.flatnonzero((v[1:] >= LEVEL_mV) & (v[:-1] < LEVEL_mV))[0]
    return k + (LEVEL_mV - v[k]) / (v[k + 1] - v[k])


if __name__ == "__main__":
    request = json.load(sys.stdin)
    _, geometry = build_mrg(10.0, NODES)
    dt_ms, repeats = request["dt_ms"], request["repeats"]
    answer = {
        "seconds": [[n, speed(geometry, n, dt_ms, repeats)] for n in request["batches"]],
        "velocity_m_per_s": velocity(geometry, dt_ms),
        "versions": {n: version(n) for n in ("jaxon-nerve", "jax")},
    }
    print(json.dumps(answer))
