"""The Tigerholm membrane: a human cutaneous C nociceptor whose ion concentrations change.

Tigerholm et al. 2014, J Neurophysiol 111:1721-1735, doi 10.1152/jn.00777.2012; numbers as in its
ModelDB entry and PyFibers. Three sodium channels, four potassium channels, the h current, a pump.
Units here: um, mV, ms, ohm cm, uF/cm2, S/cm2, mM, mA/cm2, degrees Celsius.
"""

from __future__ import annotations

from typing import Any

from tinel.cable.fibres.single_cable import Cable, Floats, cylinder
from tinel.cable.membranes.ions import Channel, IonMembrane
from tinel.cable.membranes.operations import Operations

REST_mV = -55.0
RESISTIVITY_ohm_cm = 35.4
COMPARTMENT_um = 8.333
INSIDE_mM, OUTSIDE_mM = (11.4, 121.7), (154.0, 5.6)  # sodium, potassium
SHELL_um, EXCHANGE_um_per_ms = 0.029, 1e-4
G_KNA, KNA_MOST, KNA_HALF_mM, KNA_POWER = 0.00042, 0.37, 38.7, 3.5
PUMP_mA_per_cm2 = -0.0047891

# Q10, and the temperature its rates were measured at
WARMTH = {
    "nav17": (2.5, 21.0),
    "nav18": (2.5, 22.0),
    "nav19": (2.5, 21.0),
    "ks": (3.3, 21.0),
    "kf": (3.3, 23.0),
    "kdr": (3.3, 22.0),
    "h": (3.0, 22.0),
}


def fibre(diameter_um: Floats, compartment_um: float = COMPARTMENT_um) -> Cable:
    """Tigerholm fibres of the given diameters (um), as cylinders of short compartments.

    Raises:
        ValueError: a diameter or compartment length that is not above 0.
    """
    return cylinder(diameter_um, compartment_um, RESISTIVITY_ohm_cm)


def warmth(temperature_C: float) -> tuple[float, ...]:
    """Factor on the rates of each channel, in the order of ``WARMTH``."""
    return tuple(q10 ** ((temperature_C - t) / 10.0) for q10, t in WARMTH.values())


def nav17(op: Operations) -> tuple[Any, Any, Any]:
    """Gates m, h and s; the fast sodium channel, whose s is slow inactivation."""
    fall, join, number = _fall(op), _joined(op), op.number
    m_open, m_close, h_open, s_open, s_close = (
        number(x) for x in (15.5, 35.2, 0.38685, 0.00092, 132.05)
    )
    h_close, leak, least = number(2.00283), number(0.00283), number(3e-5)

    def rates(v: Any, warm: Any) -> Any:
        q = warm[0]
        m_up, m_down = fall(v, 5.0, 12.08), fall(v, -72.7, -16.7)
        h_up, h_down = fall(v, -122.35, -15.29), fall(v, -5.5266, 12.70195)
        return (
            *join(q * m_open, m_up, q * m_close, m_down),
            *join(q * h_open, h_up, q * (h_close - leak * h_down), h_down),
        )

    def slow(v: Any, warm: Any) -> Any:
        q, up, down = warm[0], fall(v, -93.9, -16.6), fall(v, 384.9, 28.5)
        return join(q * (least * up + s_open), up, q * s_close, down)

    return op.jit(rates), op.jit(slow), op.jit(lambda m, h, s: m * m * m * h * s)


def nav18(op: Operations) -> tuple[Any, Any, Any]:
    """Gates m, h, s and u; the resistant sodium channel, with two slow inactivations."""
    fall, join, settling, bell, number = _fall(op), _joined(op), _settling(op), _bell(op), op.number
    most, less, m_close, base = (number(x) for x in (2.85, 2.839, 7.6205, 1.218))
    s_a, s_b, u_a, u_b = (number(x) for x in (0.0054203, 0.0050757, 0.00040868, 0.00039904))

    def rates(v: Any, warm: Any) -> Any:
        q = warm[1]
        m_up, m_down = fall(v, 1.159, -13.95), fall(v, -46.463, -8.8289)
        return (
            *join(q * (most * m_up - less), m_up, q * m_close, m_down),
            *settling(fall(v, -32.2, -4.0), q, base + bell(v, 42.043, -38.1, 15.19)),
        )

    def slow(v: Any, warm: Any) -> Any:
        q = warm[1]
        one_s, other_s = fall(v, -79.816, -16.269), fall(v, -15.968, 11.542)
        one_u, other_u = fall(v, -67.499, -19.51), fall(v, -30.963, 14.792)
        return (
            *settling(fall(v, -45.0, -8.0), q * (s_a * other_s + s_b * one_s), one_s * other_s),
            *settling(fall(v, -51.0, -8.0), q * (u_a * other_u + u_b * one_u), one_u * other_u),
        )

    return op.jit(rates), op.jit(slow), op.jit(lambda m, h, s, u: m * m * m * h * s * u)


def nav19(op: Operations) -> tuple[Any, Any, Any]:
    """Gates m, h and s; the persistent sodium channel, with ultraslow inactivation."""
    fall, join, exp, number = _fall(op), _joined(op), op.exp, op.number
    one, rate, scale = number(1.0), number(1.6e-7), number(-1.0 / 12.0)
    m_open, m_close, h_open, h_close, s_close = (
        number(x) for x in (1.032, 5.79, 0.06435, 0.13496, 5e-4)
    )

    def rates(v: Any, warm: Any) -> Any:
        q, up, down = warm[2], fall(v, -73.26415, -3.71928), fall(v, -10.27853, 9.09334)
        return (
            *join(q * m_open, fall(v, -6.99, 14.87115), q * m_close, fall(v, -130.4, -22.9)),
            *join(q * h_open, up, q * h_close, down),
        )

    def slow(v: Any, warm: Any) -> Any:
        return join(warm[2] * rate * exp(v * scale), one, warm[2] * s_close, fall(v, -32.0, 23.0))

    return op.jit(rates), op.jit(slow), op.jit(lambda m, h, s: m * h * s)


def ks(op: Operations) -> tuple[Any, Any, Any]:
    """Gates slow and fast, a quarter and three quarters of the slow potassium conductance."""
    fall, settling, choose, exp, number = _fall(op), _settling(op), op.choose, op.exp, op.number
    one, fixed, at_0, per_mV, edge = (number(x) for x in (1.0, 219.0, 1000.0, 13.0, -60.0))
    rate, half, width, quarter = (number(x) for x in (0.00395, -30.0, 40.0, 0.25))

    def rates(v: Any, warm: Any) -> Any:
        q, n, e = warm[3], fall(v, -30.0, 6.0), exp((v - half) / width)
        return (
            *settling(n, q, choose(v < edge, fixed, at_0 + per_mV * v)),
            *settling(n, q * rate * (e + one / (e * e)), one),
        )

    return op.jit(_none), op.jit(rates), op.jit(lambda s, f: quarter * (s + f + f + f))


def kf(op: Operations) -> tuple[Any, Any, Any]:
    """Gates m and h; the transient potassium channel."""
    fall, settling, bell, number = _fall(op), _settling(op), _bell(op), op.number
    one, base_m, base_h = number(1.0), number(0.25), number(20.0)

    def rates(v: Any, warm: Any) -> Any:
        q, root = warm[4], one / fall(v, 9.6, 16.4)
        return (
            q * (root * root * root * root),
            q,
            base_m + bell(v, 10.04, -24.67, 34.8),
            *settling(fall(v, -34.9, -4.6), q, base_h + bell(v, 50.0, -40.0, 40.0)),
        )

    return op.jit(rates), op.jit(_none), op.jit(lambda m, h: m * h)


def kdr(op: Operations) -> tuple[Any, Any, Any]:
    """Gate n; the delayed rectifier."""
    fall, settling, choose, exp, number = _fall(op), _settling(op), op.choose, op.exp, op.number
    edge, a, b, c, d = (number(x) for x in (-31.0, 0.16, 0.8, -0.0267, -11.0))
    e, f = number(0.688), number(1000.0)
    g_half, g_width, h_half, h_width = (number(x) for x in (-75.2, 6.5, 131.5, -34.8))

    def rates(v: Any, warm: Any) -> Any:
        above = a + b * exp(c * (v - d))
        below = e + f / (exp((v - g_half) / g_width) + exp((v - h_half) / h_width))
        return settling(fall(v, -25.0, 15.4), warm[5], choose(v < edge, below, above))

    return op.jit(rates), op.jit(_none), op.jit(lambda n: n * n * n * n)


def h(op: Operations) -> tuple[Any, Any, Any]:
    """Gates slow and fast, half each; the inward rectifier, equal for sodium and potassium."""
    fall, settling, choose, exp, number = _fall(op), _settling(op), op.choose, op.exp, op.number
    edge, up, low, up_width, low_width = (number(x) for x in (-70.0, -25.0, -240.0, -20.0, 50.0))
    s0, s1, s2, s3 = (number(x) for x in (300.0, 542.0, 2500.0, 100.0))
    f0, f1, f2, f3, half = (number(x) for x in (140.0, 50.0, 250.0, 12.0, 0.5))

    def rates(v: Any, warm: Any) -> Any:
        n, q, deep = fall(v, -87.2, -9.7), warm[6], v < edge
        above, below = exp((v - up) / up_width), exp((v - low) / low_width)
        return (
            *settling(n, q, choose(deep, s2 + s3 * below, s0 + s1 * above)),
            *settling(n, q, choose(deep, f2 + f3 * below, f0 + f1 * above)),
        )

    return op.jit(_none), op.jit(rates), op.jit(lambda s, f: half * (s + f))


def pump(op: Operations) -> Any:
    """Pumped sodium and potassium (mA/cm2), and the potassium conductance that sodium opens."""
    exp, log, number = op.exp, op.log, op.number
    one, scale, more, back = (number(x) for x in (1.0, PUMP_mA_per_cm2, 8.0, -1.5))
    high, high_mM, low_mM = number(1.62), number(6.7), number(67.6)
    g, half, power = number(G_KNA * KNA_MOST), number(KNA_HALF_mM), number(KNA_POWER)

    def flows(sodium_in: Any, potassium_out: Any) -> Any:
        a, b = high_mM / (sodium_in + more), low_mM / (sodium_in + more)
        bound = potassium_out / (potassium_out + one)
        potassium = scale * bound * bound * (high / (one + a * a * a) + one / (one + b * b * b))
        return back * potassium, potassium, g / (one + exp(power * log(half / sodium_in)))

    return op.jit(flows)


def _none(v: Any, warm: Any) -> Any:
    return ()


def _fall(op: Operations) -> Any:
    # 1 + exp(-(v - half) / slope), what a rate / (1 + exp(...)) is divided by
    number, exp = op.number, op.exp
    one = number(1.0)
    return op.jit(lambda v, half, slope: one + exp((number(half) - v) / number(slope)))


def _joined(op: Operations) -> Any:
    # a gate that opens at a/b and closes at c/d
    return op.jit(lambda a, b, c, d: (a * d, a * d + c * b, b * d))


def _settling(op: Operations) -> Any:
    # a gate that settles at 1/fall, at the rate a/b
    return op.jit(lambda fall, a, b: (a, a * fall, fall * b))


def _bell(op: Operations) -> Any:
    number, exp = op.number, op.exp
    half = number(-0.5)

    def bell(v: Any, height: Any, middle: Any, width: Any) -> Any:
        u = (v - number(middle)) / number(width)
        return number(height) * exp(half * u * u)

    return op.jit(bell)


MEMBRANE = IonMembrane(
    name="tigerholm",
    channels={
        "nav17": Channel(("m", "h"), ("s",), 0.10664, 0.0, nav17),
        "nav18": Channel(("m", "h"), ("s", "u"), 0.24271, 0.0, nav18),
        "nav19": Channel(("m", "h"), ("s",), 9.4779e-5, 0.0, nav19),
        "ks": Channel((), ("slow", "fast"), 0.0, 0.0069733, ks),
        "kf": Channel(("m", "h"), (), 0.0, 0.012756, kf),
        "kdr": Channel(("n",), (), 0.0, 0.018002, kdr),
        "h": Channel((), ("slow", "fast"), 0.5 * 0.0025377, 0.5 * 0.0025377, h),
    },
    rest_mV=REST_mV,
    inside_mM=INSIDE_mM,
    outside_mM=OUTSIDE_mM,
    shell_um=SHELL_um,
    exchange_um_per_ms=EXCHANGE_um_per_ms,
    warmth=warmth,
    pump=pump,
    source="Tigerholm et al. 2014, doi 10.1152/jn.00777.2012",
)
