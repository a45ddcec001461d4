"""The time loop that keeps every compartment, compiled; fibres side by side in lanes.

With M the capacitances and A the conductances of inner and periaxonal side (2x2 blocks along the
fibre, A with the channels as they are at the end of the step) and d the step of the potentials,

    (M + h A) d  =  h f(x) + M d_before / 3,        h = 2 dt / 3,

the backward difference formula of second order: one solve per step, and the periaxonal modes
(rates up to 1e7 1/ms) are forgotten at once, where the trapezoidal rule would let them ring.

Gates go first. They need the potential in the middle of the coming step: the cubic through the last
four says it (``prepare.CUBIC``). Then they move in rational form.

The blocks are eliminated along the fibre. A block (b+e, -b; -b, b+q), its large part b apart from
its small parts e and q, has the determinant b (e+q) + e q: no digits cancel in single precision.
"""

# ruff: noqa: F821 (the names that `compile` gives to these functions)
from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # what ``compile`` gives as globals
    number: Any
    rates: Any
    opened_at: Any
    warmth_at: Any
    gate_count: int
    current_count: int
    block: int
    zero: Any
    one: Any
    half: Any
    third: Any
    quadratic: Any
    cubic: Any
    steepest: Any
    receptor: bool
    held: int
    first_drug: int
    pull: Any
    sweep_node: Any
    sweep_mysa: Any
    sweep_flut: Any
    sweep_stin: Any


def no_sweep(at, coefficient, state, site, reversal, lanes, dt):  # type: ignore[no-untyped-def]
    """A passive kind: nothing moves."""


def sweep(at, coefficient, state, site, reversal, lanes, dt):  # type: ignore[no-untyped-def]
    """Move the gates of one kind of compartment a step on, and say what conducts then."""
    half_dt, bound = half * dt, steepest * dt
    for c in range(at.shape[0]):
        x, f, y = state[at[c]], coefficient[at[c]], site[c]
        gate, warm, density = y.gate, y.warm, y.density
        for i in range(lanes):
            d = x.du[i] - x.dp[i]
            bend = d - x.before[i]
            # what the stimulus does in one step is not carried on beyond it
            known, bend = min(max(d, -bound), bound), min(max(bend, -bound), bound)
            ahead = half * known + quadratic * bend + cubic * (bend - x.bend[i])
            x.v[i] = f.v_rest[i] + x.u[i] - x.p[i] + ahead
            x.before[i], x.bend[i] = d, bend
        for i in range(lanes):
            r = rates(x.v[i], x.v[i] + f.shift[i], warmth_at(warm, i))
            for k in range(gate_count):
                opening = r[4 * k] * r[4 * k + 3]
                sum_of = half_dt * (opening + r[4 * k + 2] * r[4 * k + 1])
                base = r[4 * k + 1] * r[4 * k + 3]
                # what is faster than half a step has settled; so a gate stays in 0 to 1
                most = base if abs(sum_of) < abs(base) else sum_of
                gate[k, i] = (gate[k, i] * (most - sum_of) + dt * opening) / (most + sum_of)
            if receptor:  # by its increment: in single precision one swallows so slow a rate
                k = first_drug
                constant, factor = pull(gate[held, i], warm[k, i], warm[k + 1, i], warm[k + 2, i])
                away = constant - factor * gate[gate_count, i]
                gate[gate_count, i] += dt * away / (one + half_dt * factor)
        for i in range(lanes):
            fraction = opened_at(gate, i)
            total, driven = zero, zero
            for k in range(current_count):
                open_now = density[k, i] * fraction[k]
                total += open_now
                driven += open_now * reversal[k]
            x.g[i], x.ge[i] = total, driven


def drive(waveform, pattern, state, k, lanes):  # type: ignore[no-untyped-def]
    """What all channels together drive in step ``k``: summed anew only where one has changed."""
    changed = k == 0
    for c in range(waveform.shape[0]):
        changed = changed or waveform[c, k] != waveform[c, k - 1]
    if changed:
        for n in range(1, state.shape[0] - 1):
            x = state[n]
            for i in range(lanes):
                x.drive_u[i], x.drive_p[i] = zero, zero
            for c in range(waveform.shape[0]):
                now = waveform[c, k]
                for i in range(lanes):
                    x.drive_u[i] += now * pattern[c, 0, n, i]
                    x.drive_p[i] += now * pattern[c, 1, n, i]


def run(  # type: ignore[no-untyped-def]
    waveform, pattern, coefficient, state, node_at, mysa_at, flut_at, stin_at, node_site, mysa_site,
    flut_site, stin_site, reversal, see_u, see_p, keep, dt, level, first, spike, peak, last, traces,
    recorded,
):  # fmt: skip
    """All steps of a block of fibres.

    ``waveform`` is (channel, step), ``pattern`` (channel, inner and periaxonal, compartment, lane).
    ``coefficient`` and ``state`` are records per compartment, counted from 1, with an empty one at
    each end, conductances times h; ``..._at`` the compartments of a kind and ``..._site`` their
    channels; ``reversal`` the potentials (mV) of each kind's currents. Spikes count from step
    ``first`` on. Writes ``spike`` (node, lane; in steps, negative for none), ``peak``, ``last``,
    ``traces`` (step, kept node, lane) and ``recorded`` (step, electrode, lane).
    """
    size, lanes, electrodes = state.shape[0] - 2, spike.shape[1], see_u.shape[0]
    for k in range(waveform.shape[1]):
        drive(waveform, pattern, state, k, lanes)  # type: ignore[no-untyped-call]
        sweep_node(node_at, coefficient, state, node_site, reversal[0], lanes, dt)
        sweep_mysa(mysa_at, coefficient, state, mysa_site, reversal[1], lanes, dt)
        sweep_flut(flut_at, coefficient, state, flut_site, reversal[2], lanes, dt)
        sweep_stin(stin_at, coefficient, state, stin_site, reversal[3], lanes, dt)
        for n in range(1, size + 1):
            f, e, x, left, right = (
                coefficient[n], coefficient[n + 1], state[n], state[n - 1], state[n + 1]
            )  # fmt: skip
            if (n - 1) % block == 0:
                for i in range(lanes):
                    u, li = x.u[i], f.inner[i]
                    into = (
                        third * f.c_ax[i] * x.du[i] - (x.g[i] * (f.v_rest[i] + u) - x.ge[i])
                        + f.still[i] + x.drive_u[i] - f.leak[i] * u
                        + li * (left.u[i] - u + left.su[i]) + e.inner[i] * (right.u[i] - u)
                    )  # fmt: skip
                    inverse = one / (f.c_ax[i] + x.g[i] + f.within[i] - li * li * left.ia[i])
                    x.ia[i] = inverse
                    x.su[i] = inverse * into
            else:
                for i in range(lanes):
                    u, p, li, lo = x.u[i], x.p[i], f.inner[i], f.outer[i]
                    memory = third * f.c_ax[i] * (x.du[i] - x.dp[i])
                    through = x.g[i] * (f.v_rest[i] + u - p) - x.ge[i] - f.still[i] - memory
                    into_u = (
                        x.drive_u[i] - through
                        + li * (left.u[i] - u + left.su[i]) + e.inner[i] * (right.u[i] - u)
                    )  # fmt: skip
                    into_p = (
                        x.drive_p[i] + through - f.g_my[i] * p + third * f.c_my[i] * x.dp[i]
                        + lo * (left.p[i] - p + left.sp[i]) + e.outer[i] * (right.p[i] - p)
                    )  # fmt: skip
                    cross = li * lo * left.ib[i]
                    b = f.c_ax[i] + x.g[i] + cross
                    inside = f.within[i] - (li * li * left.ia[i] + cross)
                    outside = f.between[i] - (lo * lo * left.ic[i] + cross)
                    inverse = one / (b * (inside + outside) + inside * outside)
                    a, b, c = (b + outside) * inverse, b * inverse, (b + inside) * inverse
                    x.ia[i], x.ib[i], x.ic[i] = a, b, c
                    x.su[i] = a * into_u + b * into_p
                    x.sp[i] = b * into_u + c * into_p
        for n in range(size, 0, -1):
            e, x, right = coefficient[n + 1], state[n], state[n + 1]
            for i in range(lanes):
                a, b = e.inner[i] * right.du[i], e.outer[i] * right.dp[i]
                du = x.su[i] + x.ia[i] * a + x.ib[i] * b
                dp = x.sp[i] + x.ib[i] * a + x.ic[i] * b
                x.du[i], x.dp[i] = du, dp
                x.u[i] += du
                x.p[i] += dp
        for m in range(spike.shape[0]):
            f, x = coefficient[1 + m * block], state[1 + m * block]
            for i in range(lanes):
                new = f.v_rest[i] + x.u[i]
                old = last[m, i]
                rises = (new >= level) & (old < level) & (spike[m, i] < zero) & (k >= first)
                # where in the step: on the line, then on the parabola through three potentials
                at = (level - old) / (new - old)
                at += half * at * (one - at) * (x.du[i] - x.before[i]) / (new - old)
                at = min(max(at, zero), one)
                spike[m, i] = number(k) + at if rises else spike[m, i]
                peak[m, i] = max(peak[m, i], new)
                last[m, i] = new
        for kept in range(keep.shape[0]):
            for i in range(lanes):
                traces[k, kept, i] = last[keep[kept], i]
        for m in range(electrodes):
            for n in range(1, size + 1):
                x = state[n]
                for i in range(lanes):
                    recorded[k, m, i] += see_u[m, n, i] * x.u[i] + see_p[m, n, i] * x.p[i]
