"""The time loop in JAX: charge balance at the nodes, scalar filters between them.

The backward difference formula of second order, one solve per step: with dv the change of the node
potentials, h = 2 dt/3, and everything that conducts as it is at the end of the step,

    (M + h g + h G + W) dv  =  M dv_before / 3  +  h (g E - g v - G v)  +  W e s  +  stimulus
    s  <- e s - (dv_L +- dv_R)            the internodes' memory, exact for linear v
    x  <- (x (w - z) + dt alpha) / (w + z),  z = dt k/2,  w = max(1, z)       gates, a step ahead

M holds the capacitance of the nodes and of what has no memory, G and W (per internode, a node and
its neighbour) the static conductance and the memory's weight. Second order, and what is much
faster than a step is forgotten at once, where the trapezoidal rule would let it ring.

Gates go first, k the sum of their rates: by the trapezoidal rule where it does not overshoot
(z < 1), and where they are faster, at once to where they settle. The new value is a mean of the old
and the settled one with weights that are never negative, so it stays in 0 to 1 whatever the
stimulus. They need the potential in the middle of the coming step: the cubic through the last four
potentials says it, in which a potential counts as changing at most as fast as a spike may
(``STEEPEST_mV_per_ms``): a jump of the stimulus is over when its step is.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tinel.cable.membranes.membrane import Membrane
from tinel.cable.solvers.compile_cache import cache_folder
from tinel.cable.solvers.condensed.prepare import (
    CUBIC,
    QUADRATIC,
    Answer,
    Batch,
    STEEPEST_mV_per_ms,
)
from tinel.cable.solvers.parts import CHUNK
from tinel.errors import TinelError

try:
    import jax
    import jax.numpy as jnp
except ModuleNotFoundError:
    told = "JAX is not installed; gradients and graphics cards need it"
    raise TinelError(told, advice="pip install 'tinel[jax]'") from None


def _keep_compiled() -> None:
    # in the cache folder, so that only the first run waits; silently without where it cannot be
    try:
        cache_folder().mkdir(parents=True, exist_ok=True)
    except OSError:
        return
    jax.config.update("jax_compilation_cache_dir", str(cache_folder()))
    jax.config.update("jax_persistent_cache_min_compile_time_secs", 0.1)
    jax.config.update("jax_persistent_cache_min_entry_size_bytes", 0)


_keep_compiled()
CHUNK_ON_CARD = 16384


@partial(jax.jit, static_argnames=("keep", "membrane"))
def solve(
    c: dict[str, Any],
    stimulus: dict[str, Any],
    waveform: Any,
    v_rest: Any,
    readout: dict[str, Any] | None,
    temperature_C: Any,
    level_mV: Any,
    dt_ms: Any,
    membrane: Membrane,
    first: Any = 0,
    keep: tuple[int, ...] = (),
) -> dict[str, Any]:
    """Run one batch; arrays have nodes before fibres, fibres last.

    ``waveform`` is ``(n_channel, n_step)`` and every array of ``stimulus`` has channels first.
    Returns ``spike`` (index in steps, interpolated, of the first upward crossing of ``level_mV``
    per node from step ``first`` on, nan for none), ``peak``, ``last`` (final potentials),
    ``traces`` ``(n_step, len(keep), n_fibre)`` and ``recorded`` ``(n_step, n_electrode, n_fibre)``
    in uV.
    """
    nodes, n_fibre = v_rest.shape
    dtype = v_rest.dtype
    gates = membrane.settled(v_rest, temperature_C, xp=jnp)
    memory = [
        jnp.zeros((c[p]["decay"].shape[0], nodes - 1, n_fibre), dtype) for p in ("even", "odd")
    ]
    own = jnp.zeros((nodes, n_fibre), dtype)
    own = own.at[:-1].add(c["own"]).at[1:].add(c["own"]) + c["node_nF"]
    fast = jnp.zeros((nodes, n_fibre), dtype)
    fast = fast.at[:-1].add(c["fast_own"]).at[1:].add(c["fast_own"]) + c["node_nF"]
    across = jnp.broadcast_to(c["across"], (nodes - 1, n_fibre))
    h, bound = 2 * dt_ms / 3, STEEPEST_mV_per_ms * dt_ms
    edge = jnp.zeros((1, n_fibre), dtype)

    def along(factor: Any, pattern: Any) -> Any:
        return jnp.tensordot(factor, pattern, 1)  # the channels add up

    def step(carry: Any, drive: Any) -> Any:
        v, before, curve_before, gates, even, odd, spike, peak = carry
        k, now, change = drive
        g, ge = membrane.conductance(gates, xp=jnp)
        g, ge = c["area"] * g, c["area"] * ge
        e = (c["even"]["weight"] * even).sum(0)
        o = (c["odd"]["weight"] * odd).sum(0)
        x = v - v_rest
        moved = before / 3
        left = (
            c["fast_across"] * moved[1:]
            + e
            + o
            - h * (c["self_uS"] * x[:-1] + c["mutual_uS"] * x[1:])
        )
        right = (
            c["fast_across"] * moved[:-1]
            + e
            - o
            - h * (c["self_uS"] * x[1:] + c["mutual_uS"] * x[:-1])
        )
        charge = (
            fast * moved
            + h * (ge - g * v + c["still"])
            + along(now, stimulus["charge"])
            + along(change, stimulus["jump"])
            + jnp.concatenate([left, edge])
            + jnp.concatenate([edge, right])
        )
        dv = tridiagonal(own + h * g, across, charge)
        even = c["even"]["decay"] * even - (dv[:-1] + dv[1:]) + along(change, stimulus["even"])
        odd = c["odd"]["decay"] * odd - (dv[:-1] - dv[1:]) + along(change, stimulus["odd"])
        v_new = v + dv
        bend = dv - before
        # what the stimulus does in one step is not carried on beyond it
        known, curve = (jnp.clip(a, -bound, bound) for a in (dv, bend))
        ahead = v_new + known / 2 + QUADRATIC * curve + CUBIC * (curve - curve_before)
        opening, closing = membrane.rates(ahead, temperature_C, xp=jnp)
        half = 0.5 * dt_ms * (opening + closing)
        # what is faster than half a step has settled; so a gate stays in 0 to 1
        most = jnp.maximum(1.0, half)
        gates = (gates * (most - half) + dt_ms * opening) / (most + half)
        rising = (v < level_mV) & (v_new >= level_mV) & jnp.isnan(spike) & (k >= first)
        # dividing by a dv that is not chosen would put 0/0 into gradients
        rise = jnp.where(rising, dv, 1.0)
        # where in the step: on the line, then on the parabola through three potentials
        at = (level_mV - v) / rise
        at = at + at * (1 - at) * bend / (2 * rise)
        spike = jnp.where(rising, k + jnp.clip(at, 0.0, 1.0), spike)
        peak = jnp.maximum(peak, v_new)
        out = {"traces": v_new[jnp.array(keep)] if keep else None}
        if readout is not None:
            out["recorded"] = (
                jnp.einsum("enf,nf->ef", readout["node"], v_new - v_rest)
                + jnp.einsum("ejnf,jnf->ef", readout["even"], even)
                + jnp.einsum("ejnf,jnf->ef", readout["odd"], odd)
            )
        return (v_new, dv, curve, gates, even, odd, spike, peak), out

    steps = waveform.shape[1]
    change = jnp.diff(waveform, axis=1, prepend=0.0).astype(dtype)
    start = (
        v_rest,
        jnp.zeros_like(v_rest),
        jnp.zeros_like(v_rest),
        gates,
        *memory,
        jnp.full_like(v_rest, jnp.nan),
        v_rest,
    )
    index = jnp.arange(steps, dtype=dtype)
    last, out = jax.lax.scan(step, start, (index, waveform.T.astype(dtype), change.T))
    return {"spike": last[6], "peak": last[7], "last": last[0], **out}


def tridiagonal(centre: Any, beside: Any, right: Any) -> Any:
    """Solve a symmetric tridiagonal system per fibre; ``beside`` is what stands beside the centre.

    Its derivative is another such solution, which takes far less code than that of each sweep.
    """

    def product(x: Any) -> Any:
        return centre * x + _after(beside * x[1:]) + _before(beside * x[:-1])

    def solved(_: Any, right: Any) -> Any:
        return _reduced(centre, beside, right)

    return jax.lax.custom_linear_solve(product, right, solved, symmetric=True)


def _after(a: Any) -> Any:
    return jnp.pad(a, ((0, 1), (0, 0)))


def _before(a: Any) -> Any:
    return jnp.pad(a, ((1, 0), (0, 0)))


def _reduced(centre: Any, beside: Any, right: Any) -> Any:
    """Parallel cyclic reduction: log2(n) sweeps over whole arrays instead of n dependent rows."""
    nodes = centre.shape[0]
    zero = jnp.zeros_like(centre[:1])
    below = jnp.concatenate([zero, beside])
    above = jnp.concatenate([beside, zero])
    reach = 1
    while reach < nodes:
        pad = ((reach, 0), (0, 0))
        up = ((0, reach), (0, 0))
        inverse = 1.0 / centre
        lower = below * jnp.pad(inverse[:-reach], pad)
        upper = above * jnp.pad(inverse[reach:], up)
        right = right - lower * jnp.pad(right[:-reach], pad) - upper * jnp.pad(right[reach:], up)
        centre = centre - lower * jnp.pad(above[:-reach], pad) - upper * jnp.pad(below[reach:], up)
        below = -lower * jnp.pad(below[:-reach], pad)
        above = -upper * jnp.pad(above[reach:], up)
        reach *= 2
    return right / centre


def run(batch: Batch) -> Answer:
    """Run a batch on whatever JAX computes with."""
    real = np.dtype(batch.precision)

    def typed(tree: Any) -> Any:
        return jax.tree.map(lambda a: jnp.asarray(np.asarray(a), real), tree)

    with jax.enable_x64(batch.precision == "float64"):
        out = solve(
            typed(batch.steps), typed(batch.driven), typed(batch.waveform), typed(batch.v_rest),
            None if batch.seen is None else typed(batch.seen), batch.temperature_C,
            batch.level_mV, batch.dt_ms, batch.membrane, batch.first_step, keep=batch.keep_nodes,
        )  # fmt: skip
        spike, peak, last = (np.asarray(out[n], float).T for n in ("spike", "peak", "last"))
        traces, recorded = (
            None if out.get(n) is None else np.moveaxis(np.asarray(out[n], float), -1, 0)
            for n in ("traces", "recorded")
        )
    return spike, peak, last, traces, recorded


def chunks(n_fibre: int) -> list[NDArray[np.int_]]:
    """Rows to run at a time: a graphics card wants many.

    The last chunk repeats its last fibre up to a power of two, so that few shapes are compiled.
    """
    most = CHUNK if jax.default_backend() == "cpu" else CHUNK_ON_CARD
    found = []
    for start in range(0, n_fibre, most):
        count = min(most, n_fibre - start)
        bucket = max(16, 1 << (count - 1).bit_length())
        found.append(np.minimum(start + np.arange(bucket), n_fibre - 1))
    return found
