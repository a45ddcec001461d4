"""The few functions membrane formulas are written in: on whole arrays, or compiled for lanes.

A membrane's formulas are written once, as a function of these operations, so that the reference,
the JAX solver and the compiled loop cannot drift apart. Rates come as fractions (numerator,
denominator): the loop then needs one division per gate instead of three.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numpy.polynomial import Chebyshev, Polynomial

Rate = tuple[float, float, float]  # rate (1/ms), half (mV), slope (mV)
# what compiled code may do with rounding; what is not finite stays so
FAST_MATH = {"nsz", "arcp", "contract", "afn", "reassoc"}
# nothing here is called by C, and what C would call takes time to compile for each function
NOT_FROM_C: dict[str, Any] = {"no_cfunc_wrapper": True}


class Operations(NamedTuple):
    """How formulas compute.

    ``number`` types a constant; ``linoid`` and ``sigmoid`` take v (mV) and a ``Rate`` and return
    numerator and denominator of  rate (v - half) / (1 - exp(-(v - half) / slope))  and of
    rate / (1 + exp(-(v - half) / slope)); ``jit`` compiles a formula, or leaves it alone;
    ``choose(condition, yes, no)`` picks element by element; ``log`` is of positive numbers.
    """

    number: Callable[[float], Any]
    exp: Callable[[Any], Any]
    linoid: Callable[[Any, Any], tuple[Any, Any]]
    sigmoid: Callable[[Any, Any], tuple[Any, Any]]
    jit: Callable[[Any], Any]
    choose: Callable[[Any, Any, Any], Any]
    log: Callable[[Any], Any]


def on_arrays(xp: Any) -> Operations:
    """Operations on whole arrays of numpy or ``jax.numpy``."""

    def linoid(v: Any, k: Rate) -> tuple[Any, Any]:
        rate, half, slope = k
        u = (v - half) / slope
        near = xp.abs(u) < 1e-4  # where the quotient is 0/0, its series
        if xp is np and not near.any():
            return rate * slope * u, 1.0 - np.exp(-u)
        safe = xp.where(near, 1.0, u)
        top = rate * slope * xp.where(near, 1.0 + 0.5 * u, safe)
        return top, xp.where(near, 1.0, 1.0 - xp.exp(-safe))

    def sigmoid(v: Any, k: Rate) -> tuple[Any, Any]:
        rate, half, slope = k
        return rate + 0.0 * v, 1.0 + xp.exp((half - v) / slope)

    return Operations(float, xp.exp, linoid, sigmoid, lambda f: f, xp.where, xp.log)


@cache
def on_lanes(precision: str) -> Operations:
    """Operations on single numbers, compiled so that a loop over fibres becomes vector code.

    The exponential is 2^n times a polynomial; relative error below 2e-6 in ``float32`` and 1e-14
    in ``float64``. The logarithm is n ln 2 plus the series of artanh; below 4e-7 and 1e-14.
    """
    import numba
    from llvmlite import ir
    from numba import types
    from numba.extending import intrinsic

    single = precision == "float32"
    number = np.float32 if single else np.float64
    whole = np.int32 if single else np.int64
    bias, shift = whole(127 if single else 1023), whole(23 if single else 52)
    # three such exponentials are multiplied where fractions are added: their product must be finite
    most = number(40.0 if single else 330.0)

    def jit(f: Any) -> Any:
        # LLVM inlines; where numba does, each call is typed and written out anew
        options = {"forceinline": True, "fastmath": FAST_MATH, **NOT_FROM_C}
        return numba.njit(error_model="numpy", **options)(f)

    @intrinsic
    def from_bits(context: Any, bits: Any) -> Any:
        def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            return builder.bitcast(arguments[0], ir.FloatType() if single else ir.DoubleType())

        integer, real = (types.int32, types.float32) if single else (types.int64, types.float64)
        return real(integer), build

    @intrinsic
    def to_bits(context: Any, real: Any) -> Any:
        def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            return builder.bitcast(arguments[0], ir.IntType(32 if single else 64))

        return (types.int32 if single else types.int64)(real), build

    one, half_, per_ln2 = number(1.0), number(0.5), number(1.0 / math.log(2.0))
    middle = number(bias)
    c = [number(a) for a in _power_of_two(5 if single else 11)]
    c0, c1, c2, c3, c4, c5 = c[:6]
    c6, c7, c8, c9, c10, c11 = (number(0),) * 6 if single else c[6:]

    @jit
    def exp(x: Any) -> Any:
        t = min(max(x * per_ln2, -most), most)
        n = whole(t + middle)  # of a positive number whole() is floor
        r = t - (number(n) - middle)
        p = c5
        if not single:
            p = c5 + r * (c6 + r * (c7 + r * (c8 + r * (c9 + r * (c10 + r * c11)))))
        scale: Any = from_bits(n << shift)  # type: ignore[call-arg]
        return (c0 + r * (c1 + r * (c2 + r * (c3 + r * (c4 + r * p))))) * scale

    two, ln2, root_2 = number(2.0), number(math.log(2.0)), number(math.sqrt(2.0))
    mantissa = whole((1 << int(shift)) - 1)
    d1, d2, d3, d4, d5, d6, d7, d8, d9, d10 = (number(1.0 / (2 * k + 1)) for k in range(1, 11))

    @jit
    def log(x: Any) -> Any:
        bits: Any = to_bits(x)  # type: ignore[call-arg]
        n = number((bits >> shift) - bias)
        m: Any = from_bits((bits & mantissa) | (bias << shift))
        large = m > root_2
        m, n = half_ * m if large else m, n + one if large else n
        f = (m - one) / (m + one)
        r = f * f
        p = d4
        if not single:
            p = d4 + r * (d5 + r * (d6 + r * (d7 + r * (d8 + r * (d9 + r * d10)))))
        return n * ln2 + two * f * (one + r * (d1 + r * (d2 + r * (d3 + r * p))))

    @jit
    def choose(condition: Any, yes: Any, no: Any) -> Any:
        return yes if condition else no

    near = number(1e-3 if single else 1e-6)

    @jit
    def linoid(v: Any, k: Any) -> Any:
        u = v * (one / k[2]) - k[1] * (one / k[2])
        close = abs(u) < near
        top = one + half_ * u if close else u
        bottom = one if close else one - exp(-u)
        return k[0] * k[2] * top, bottom

    @jit
    def sigmoid(v: Any, k: Any) -> Any:
        return k[0], one + exp(k[1] * (one / k[2]) - v * (one / k[2]))

    return Operations(number, exp, linoid, sigmoid, jit, choose, log)


def _power_of_two(degree: int) -> list[float]:
    # coefficients of a polynomial for 2^r, r from 0 to 1
    power = Chebyshev.interpolate(lambda r: 2.0**r, degree, domain=[0, 1])
    return list(power.convert(kind=Polynomial).coef)
