"""The Tigerholm membrane: a human cutaneous C nociceptor whose ion concentrations change.

Tigerholm et al. 2014, J Neurophysiol 111:1721-1735, doi 10.1152/jn.00777.2012; numbers in
evidence/data/engine/tigerholm.toml, as in its ModelDB entry and PyFibers. Three sodium channels,
four potassium channels, the h current, a pump.
Units here: um, mV, ms, ohm cm, uF/cm2, S/cm2, mM, mA/cm2, degrees Celsius.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from tinel.cable.fibres.single_cable import Cable, Floats, cylinder_of
from tinel.cable.membranes.constants import Constants, made_when_needed
from tinel.cable.membranes.formulas import Formulas, Warmth
from tinel.cable.membranes.ions import Channel, IonMembrane
from tinel.cable.membranes.operations import Operations
from tinel.evidence import Parameters

SOURCE = "Tigerholm et al. 2014, doi 10.1152/jn.00777.2012"
CHANNELS = ("nav17", "nav18", "nav19", "ks", "kf", "kdr", "h")


def constants(parameters: Parameters | None = None) -> Constants:
    """All numbers of the model, of these parameters or as published.

    Example:
        >>> constants()["rest.potential_mV"]
        -55.0
    """
    return Constants.of("engine.tigerholm", parameters)


def fibre(
    diameter_um: Floats,
    compartment_um: Floats | float | None = None,
    parameters: Parameters | None = None,
) -> Cable:
    """Tigerholm fibres of the given diameters (um), as cylinders of short compartments.

    Raises:
        TinelError: a diameter or compartment length that is not above 0.

    Example:
        >>> import numpy as np
        >>> float(fibre(np.array([1.0])).spacing_um[0])
        8.333
    """
    return cylinder_of(constants(parameters), diameter_um, compartment_um)


def nav17(op: Operations, c: Constants) -> tuple[Any, Any, Any]:
    """Gates m, h and s; the fast sodium channel, whose s is slow inactivation."""
    join, n = _joined(op), _numbers(c, "nav17", op)
    m_up, m_down, h_up, h_down, s_up, s_down = _falls(
        c, "nav17", op, "m_up", "m_down", "h_up", "h_down", "s_up", "s_down"
    )
    m_open, m_close, h_open = n("m_open_per_ms"), n("m_close_per_ms"), n("h_open_per_ms")
    h_close, leak = n("h_close_per_ms"), n("h_close_offset_per_ms")
    least, s_open, s_close = n("s_open_least_per_ms"), n("s_open_per_ms"), n("s_close_per_ms")

    def rates(v: Any, warm: Any) -> Any:
        q = warm[0]
        m_a, m_b = m_up(v), m_down(v)
        h_a, h_b = h_up(v), h_down(v)
        return (
            *join(q * m_open, m_a, q * m_close, m_b),
            *join(q * h_open, h_a, q * (h_close - leak * h_b), h_b),
        )

    def slow(v: Any, warm: Any) -> Any:
        q, up, down = warm[0], s_up(v), s_down(v)
        return join(q * (least * up + s_open), up, q * s_close, down)

    return op.jit(rates), op.jit(slow), op.jit(lambda m, h, s: m * m * m * h * s)


def nav18(op: Operations, c: Constants) -> tuple[Any, Any, Any]:
    """Gates m, h, s and u; the resistant sodium channel, with two slow inactivations."""
    join, settling, n = _joined(op), _settling(op), _numbers(c, "nav18", op)
    m_up, m_down, h_rest = _falls(c, "nav18", op, "m_up", "m_down", "h_rest")
    s_rest, s_one, s_other = _falls(c, "nav18", op, "s_rest", "s_one", "s_other")
    u_rest, u_one, u_other = _falls(c, "nav18", op, "u_rest", "u_one", "u_other")
    most, less, m_close = n("m_open_per_ms"), n("m_open_offset_per_ms"), n("m_close_per_ms")
    base, bell = n("h_time_ms"), _bell(c, "nav18.h_bell", op)
    s_a, s_b, u_a, u_b = (
        n(name) for name in ("s_one_per_ms", "s_other_per_ms", "u_one_per_ms", "u_other_per_ms")
    )

    def rates(v: Any, warm: Any) -> Any:
        q, up, down = warm[1], m_up(v), m_down(v)
        return (
            *join(q * (most * up - less), up, q * m_close, down),
            *settling(h_rest(v), q, base + bell(v)),
        )

    def slow(v: Any, warm: Any) -> Any:
        q = warm[1]
        s_1, s_2 = s_one(v), s_other(v)
        u_1, u_2 = u_one(v), u_other(v)
        return (
            *settling(s_rest(v), q * (s_a * s_2 + s_b * s_1), s_1 * s_2),
            *settling(u_rest(v), q * (u_a * u_2 + u_b * u_1), u_1 * u_2),
        )

    return op.jit(rates), op.jit(slow), op.jit(lambda m, h, s, u: m * m * m * h * s * u)


def nav19(op: Operations, c: Constants) -> tuple[Any, Any, Any]:
    """Gates m, h and s; the persistent sodium channel, with ultraslow inactivation."""
    join, exp, n = _joined(op), op.exp, _numbers(c, "nav19", op)
    m_up, m_down, h_up, h_down, s_down = _falls(
        c, "nav19", op, "m_up", "m_down", "h_up", "h_down", "s_down"
    )
    one, rate = op.number(1.0), n("s_open_per_ms")
    scale = op.number(-1.0 / c["nav19.s_open_slope_mV"])
    m_open, m_close, h_open, h_close, s_close = (
        n(f"{name}_per_ms") for name in ("m_open", "m_close", "h_open", "h_close", "s_close")
    )

    def rates(v: Any, warm: Any) -> Any:
        q, up, down = warm[2], h_up(v), h_down(v)
        return (
            *join(q * m_open, m_up(v), q * m_close, m_down(v)),
            *join(q * h_open, up, q * h_close, down),
        )

    def slow(v: Any, warm: Any) -> Any:
        return join(warm[2] * rate * exp(v * scale), one, warm[2] * s_close, s_down(v))

    return op.jit(rates), op.jit(slow), op.jit(lambda m, h, s: m * h * s)


def ks(op: Operations, c: Constants) -> tuple[Any, Any, Any]:
    """Gates slow and fast, a quarter and three quarters of the slow potassium conductance."""
    settling, choose, exp, n = _settling(op), op.choose, op.exp, _numbers(c, "ks", op)
    (rest,) = _falls(c, "ks", op, "rest")
    one, fixed, at_0 = op.number(1.0), n("slow_below_ms"), n("slow_at_0_mV_ms")
    per_mV, edge = n("slow_ms_per_mV"), n("slow_edge_mV")
    rate, half, width = n("fast_per_ms"), n("fast_half_mV"), n("fast_width_mV")
    quarter = n("slow_fraction")

    def rates(v: Any, warm: Any) -> Any:
        q, n, e = warm[3], rest(v), exp((v - half) / width)
        return (
            *settling(n, q, choose(v < edge, fixed, at_0 + per_mV * v)),
            *settling(n, q * rate * (e + one / (e * e)), one),
        )

    return op.jit(_none), op.jit(rates), op.jit(lambda s, f: quarter * (s + f + f + f))


def kf(op: Operations, c: Constants) -> tuple[Any, Any, Any]:
    """Gates m and h; the transient potassium channel."""
    settling, n = _settling(op), _numbers(c, "kf", op)
    m_rest, h_rest = _falls(c, "kf", op, "m_rest", "h_rest")
    one, base_m, base_h = op.number(1.0), n("m_time_ms"), n("h_time_ms")
    m_bell, h_bell = _bell(c, "kf.m_bell", op), _bell(c, "kf.h_bell", op)

    def rates(v: Any, warm: Any) -> Any:
        q, root = warm[4], one / m_rest(v)
        return (
            q * (root * root * root * root),
            q,
            base_m + m_bell(v),
            *settling(h_rest(v), q, base_h + h_bell(v)),
        )

    return op.jit(rates), op.jit(_none), op.jit(lambda m, h: m * h)


def kdr(op: Operations, c: Constants) -> tuple[Any, Any, Any]:
    """Gate n; the delayed rectifier."""
    settling, choose, exp, n = _settling(op), op.choose, op.exp, _numbers(c, "kdr", op)
    (rest,) = _falls(c, "kdr", op, "rest")
    edge, a, b = n("edge_mV"), n("above_ms"), n("above_height_ms")
    per_mV, middle, e, f = (
        n(name) for name in ("above_per_mV", "above_middle_mV", "below_ms", "below_height_ms")
    )
    g_half, g_width = n("below_rise_half_mV"), n("below_rise_width_mV")
    h_half, h_width = n("below_fall_half_mV"), n("below_fall_width_mV")

    def rates(v: Any, warm: Any) -> Any:
        above = a + b * exp(per_mV * (v - middle))
        below = e + f / (exp((v - g_half) / g_width) + exp((v - h_half) / h_width))
        return settling(rest(v), warm[5], choose(v < edge, below, above))

    return op.jit(rates), op.jit(_none), op.jit(lambda n: n * n * n * n)


def h(op: Operations, c: Constants) -> tuple[Any, Any, Any]:
    """Gates slow and fast, half each; the inward rectifier, equal for sodium and potassium."""
    settling, choose, exp, n = _settling(op), op.choose, op.exp, _numbers(c, "h", op)
    (rest,) = _falls(c, "h", op, "rest")
    edge, up, up_width = n("edge_mV"), n("above_half_mV"), n("above_width_mV")
    low, low_width, half = n("below_half_mV"), n("below_width_mV"), n("slow_fraction")
    s0, s1, s2, s3 = (
        n(f"slow_{name}_ms") for name in ("above", "above_height", "below", "below_height")
    )
    f0, f1, f2, f3 = (
        n(f"fast_{name}_ms") for name in ("above", "above_height", "below", "below_height")
    )

    def rates(v: Any, warm: Any) -> Any:
        n, q, deep = rest(v), warm[6], v < edge
        above, below = exp((v - up) / up_width), exp((v - low) / low_width)
        return (
            *settling(n, q, choose(deep, s2 + s3 * below, s0 + s1 * above)),
            *settling(n, q, choose(deep, f2 + f3 * below, f0 + f1 * above)),
        )

    return op.jit(_none), op.jit(rates), op.jit(lambda s, f: half * (s + f))


def pump(op: Operations, c: Constants) -> Any:
    """Pumped sodium and potassium (mA/cm2), and the potassium conductance that sodium opens."""
    exp, log, n, k = op.exp, op.log, _numbers(c, "pump", op), _numbers(c, "kna", op)
    one, scale, more = op.number(1.0), n("potassium_mA_per_cm2"), n("sodium_offset_mM")
    back, half_mM = n("sodium_per_potassium"), n("potassium_half_mM")
    high, high_mM, low_mM = n("high_factor"), n("high_mM"), n("low_mM")
    g = op.number(c["kna.density_S_per_cm2"] * c["kna.most_open"])
    half, power = k("half_mM"), k("power")

    def flows(sodium_in: Any, potassium_out: Any) -> Any:
        a, b = high_mM / (sodium_in + more), low_mM / (sodium_in + more)
        bound = potassium_out / (potassium_out + half_mM)
        potassium = scale * bound * bound * (high / (one + a * a * a) + one / (one + b * b * b))
        return back * potassium, potassium, g / (one + exp(power * log(half / sodium_in)))

    return op.jit(flows)


def _none(v: Any, warm: Any) -> Any:
    return ()


def _numbers(c: Constants, channel: str, op: Operations) -> Callable[[str], Any]:
    return lambda name: op.number(c[f"{channel}.{name}"])


def _falls(c: Constants, channel: str, op: Operations, *names: str) -> tuple[Any, ...]:
    return tuple(_fall(op, *c.row(f"{channel}.{name}")) for name in names)


def _fall(op: Operations, half_mV: float, slope_mV: float) -> Any:
    # 1 + exp(-(v - half) / slope), what a rate / (1 + exp(...)) is divided by
    exp, one, half, slope = op.exp, op.number(1.0), op.number(half_mV), op.number(slope_mV)
    return op.jit(lambda v: one + exp((half - v) / slope))


def _joined(op: Operations) -> Any:
    # a gate that opens at a/b and closes at c/d
    return op.jit(lambda a, b, c, d: (a * d, a * d + c * b, b * d))


def _settling(op: Operations) -> Any:
    # a gate that settles at 1/fall, at the rate a/b
    return op.jit(lambda fall, a, b: (a, a * fall, fall * b))


def _bell(c: Constants, name: str, op: Operations) -> Any:
    exp, number = op.exp, op.number
    minus_half, height = number(-0.5), number(c[f"{name}_ms"])
    middle, width = number(c[f"{name}_middle_mV"]), number(c[f"{name}_width_mV"])

    def bell(v: Any) -> Any:
        u = (v - middle) / width
        return height * exp(minus_half * u * u)

    return op.jit(bell)


def membrane(parameters: Parameters | None = None) -> IonMembrane:
    """The membrane of every compartment.

    Example:
        >>> [channel.name for channel in membrane().channels]
        ['nav17', 'nav18', 'nav19', 'ks', 'kf', 'kdr', 'h']
    """
    return _membrane(constants(parameters))


@cache
def _membrane(c: Constants) -> IonMembrane:
    def channel(
        formulas: Any, gates: tuple[str, ...], slow: tuple[str, ...], *ions: str
    ) -> Channel:
        name, density = formulas.__name__, c[f"{formulas.__name__}.density_S_per_cm2"]
        parts = {"sodium": 0.0, "potassium": 0.0} | {ion: density for ion in ions}
        if len(ions) > 1:
            parts = {ion: c[f"{name}.{ion}_fraction"] * density for ion in ions}
        return Channel(
            name, gates, slow, parts["sodium"], parts["potassium"], Formulas(formulas, (c,))
        )

    return IonMembrane(
        name="tigerholm",
        text="A human cutaneous C nociceptor whose ion concentrations change.",
        source=SOURCE,
        channels=(
            channel(nav17, ("m", "h"), ("s",), "sodium"),
            channel(nav18, ("m", "h"), ("s", "u"), "sodium"),
            channel(nav19, ("m", "h"), ("s",), "sodium"),
            channel(ks, (), ("slow", "fast"), "potassium"),
            channel(kf, ("m", "h"), (), "potassium"),
            channel(kdr, ("n",), (), "potassium"),
            channel(h, (), ("slow", "fast"), "sodium", "potassium"),
        ),
        rest_mV=c["rest.potential_mV"],
        inside_mM=(c["inside.sodium_mM"], c["inside.potassium_mM"]),
        outside_mM=(c["outside.sodium_mM"], c["outside.potassium_mM"]),
        shell_um=c["shell.width_um"],
        exchange_um_per_ms=c["shell.exchange_um_per_ms"],
        warmth=Warmth(tuple((c[f"{name}.q10"], c[f"{name}.measured_C"]) for name in CHANNELS)),
        pump=Formulas(pump, (c,)),
    )


__getattr__ = made_when_needed(__name__, MEMBRANE=membrane, OFFERS=lambda: (membrane(),))
