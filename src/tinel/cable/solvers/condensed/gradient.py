"""Spike times as a differentiable function of the lesion and the stimulus.

Everything from the sheath to the spike is computed in JAX here, the diagonalisation of the
internodes included, so that a recording can be fitted by following gradients.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tinel.cable.fibres.double_cable import Geometry
from tinel.cable.fibres.internode import Sheath, elements
from tinel.cable.membranes.membrane import Membrane
from tinel.cable.models import mrg
from tinel.cable.solvers.condensed.condense import modes
from tinel.cable.solvers.condensed.jax_loop import solve, tridiagonal
from tinel.cable.solvers.condensed.prepare import coefficients
from tinel.cable.solvers.condensed.rest import newton
from tinel.cable.stimulation.drive import at_ends
from tinel.errors import TinelError

try:
    import jax
    import jax.numpy as jnp
except ModuleNotFoundError:
    told = "JAX is not installed; gradients and graphics cards need it"
    raise TinelError(told, advice="pip install 'tinel[jax]'") from None

Floats = NDArray[np.float64]
NEWTON_STEPS = 12


def spike_ms(
    lamellae_left: Any,
    gap_factor: Any,
    amplitude_nA: Any,
    *,
    geometry: Geometry,
    nodes: int,
    waveform: Floats,
    node: int = 1,
    dt_ms: float = 0.005,
    temperature_C: float = 37.0,
    level_mV: float = -30.0,
    membrane: Membrane | None = None,
) -> Any:
    """When each node fires (ms), shape ``(n_fibre, n_node)``, nan for never; differentiable.

    Args:
        lamellae_left: above 0 to 1, ``(n_fibre, n_node - 1)``.
        gap_factor: 1 or more, ``(n_fibre, n_node - 1)``.
        amplitude_nA: current into ``node`` at waveform 1, ``(n_fibre,)``.
        geometry: from a fibre model, arrays ``(n_fibre,)``.
        waveform: factor per step, ``(n_step,)``.
        nodes: 2 or more.
        node: where the current goes in, 0 to ``nodes`` - 1.
        dt_ms: 0.0001 to 0.02.
        temperature_C: 5 to 45.
        membrane: of the nodes; MRG's as published if left out.

    Raises:
        TinelError: an argument of another shape or, unless JAX is tracing it, outside its range.

    Differentiate with ``value_and_slopes``, or with JAX's own transformations inside
    ``jax.enable_x64(True)``.

    Example:
        >>> from tinel.cable.models import mrg
        >>> from tinel.cable.stimulation.waveform import pulse_samples
        >>> fibre = mrg.geometry(np.array([10.0]))
        >>> def arrival(share):
        ...     left = jnp.ones((1, 10)).at[0, 5].set(share)
        ...     return spike_ms(left, jnp.ones((1, 10)), jnp.array([5.0]), geometry=fibre,
        ...                     nodes=11, dt_ms=0.01,
        ...                     waveform=pulse_samples(1.0, 0.01, 0.1, 0.1))[0, 9]
        >>> _, (slope,) = value_and_slopes(arrival, 0.2)
        >>> slope < 0  # more myelin, earlier arrival
        True
    """
    if nodes < 2:
        raise TinelError(f"nodes is {nodes} (allowed: 2 or more)")
    if not 0 <= node < nodes:
        raise TinelError(f"node is {node} (allowed: 0 to {nodes - 1})")
    membrane = membrane or mrg.membrane()
    _in_range("dt_ms", dt_ms, 1e-4, 0.02)
    _in_range("temperature_C", temperature_C, 5.0, 45.0)
    n_fibre = len(geometry["fibre"])
    _shaped("lamellae_left", lamellae_left, (n_fibre, nodes - 1))
    _shaped("gap_factor", gap_factor, (n_fibre, nodes - 1))
    _shaped("amplitude_nA", amplitude_nA, (n_fibre,))
    _in_range("lamellae_left", lamellae_left, np.nextafter(0.0, 1.0), 1.0)
    _in_range("gap_factor", gap_factor, 1.0, np.inf)
    e = elements(geometry, Sheath(lamellae_left, gap_factor), jnp)
    parities = modes(e, jnp)
    c = coefficients(e, dt_ms, parities, jnp)

    def towards_rest(v: Any, _: Any) -> Any:
        v, _moved = newton(
            v, c["self_uS"], c["mutual_uS"], c["area"], temperature_C, membrane, jnp, tridiagonal
        )
        return v, None

    zero = jnp.zeros((nodes, n_fibre), jnp.asarray(lamellae_left).dtype)
    v, _ = jax.lax.scan(towards_rest, zero, length=NEWTON_STEPS)
    v_rest = v + membrane.rest_mV
    g, ge = membrane.steady(v_rest, temperature_C, jnp)
    c["still"] = c["area"] * (g * v_rest - ge)
    none = jnp.zeros((1, 1, 1, 1))
    charge = jnp.zeros((1, nodes, n_fibre)).at[0, node].set(2 * dt_ms / 3 * amplitude_nA)
    drive = {"charge": charge, "jump": jnp.zeros((1, nodes, n_fibre)), "even": none, "odd": none}
    out = solve(
        c, drive, jnp.asarray(at_ends(waveform))[None], v_rest, None, temperature_C, level_mV,
        dt_ms, membrane,
    )  # fmt: skip
    return (out["spike"].T - 1) * dt_ms


def _shaped(name: str, given: Any, shape: tuple[int, ...]) -> None:
    if jnp.shape(given) != shape:
        raise TinelError(f"{name} has shape {jnp.shape(given)} (allowed: {shape})")


def _in_range(name: str, given: Any, least: float, most: float) -> None:
    if isinstance(given, jax.core.Tracer):
        return
    a = np.asarray(given)
    if not np.all((a >= least) & (a <= most)):
        raise TinelError(f"{name} is {given} (allowed: {least:g} to {most:g})")


def value_and_slopes(function: Any, *parameters: float) -> tuple[float, tuple[float, ...]]:
    """A scalar function's value and its derivatives, in double precision.

    Example:
        >>> value_and_slopes(lambda x, y: x * x * y, 3.0, 2.0)
        (18.0, (12.0, 9.0))
    """
    with jax.enable_x64(True):
        given = tuple(jnp.asarray(p, jnp.float64) for p in parameters)
        value, slopes = _compiled(function, len(given))(*given)
    return float(value), tuple(float(s) for s in slopes)


@cache
def _compiled(function: Any, count: int) -> Any:
    return jax.jit(jax.value_and_grad(function, argnums=tuple(range(count))))
