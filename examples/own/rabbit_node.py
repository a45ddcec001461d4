"""The node of a rabbit's fibre (Sweeney, Mortimer and Durand 1987, 37 C): an example of a membrane
of your own. Units: mV, ms, S/cm2."""

from tinel.own import Membrane


def warmth(temperature_C):
    """1: the rates were published at one temperature."""
    return (1.0 + 0.0 * temperature_C,)


def formulas(op):
    """Rates of the gates m and h as fractions, and the open fraction of each current."""
    n, exp, sigmoid = op.number, op.exp, op.sigmoid
    m_open, h_close = (n(1.0), n(-49.0), n(5.3)), (n(15.6), n(-56.0), n(10.0))
    base, per_mV, one = n(126.0), n(0.363), n(1.0)
    m_half, m_slope, h_half, h_slope = n(-56.2), n(4.17), n(-74.5), n(5.0)

    def rates(v, na, warm):
        (q,) = warm
        _, below = sigmoid(na, m_open)
        opening = q * (base + per_mV * na)
        closing, h_below = sigmoid(na, h_close)
        return (
            opening,
            below,
            opening * exp((m_half - na) / m_slope),
            below,
            q * closing * exp((h_half - na) / h_slope),
            h_below,
            q * closing,
            h_below,
        )

    def opened(m, h):
        return m * m * h, one

    return op.jit(rates), op.jit(opened)


MEMBRANE = Membrane(
    name="rabbit node",
    text="The node of a rabbit's myelinated fibre.",
    source="Sweeney, Mortimer and Durand 1987",
    gates=("m", "h"),
    currents=("naf", "leak"),
    density_S_per_cm2=(1.445, 0.128),
    reversal_mV=(35.64, -80.01),
    rest_mV=-80.0,
    warmth=warmth,
    formulas=formulas,
)
