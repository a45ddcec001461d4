"""How fast a fibre conducts, what a demyelinated stretch costs it, and when it blocks.

A person has thousands of fibres, each with its own calibre and its own sheath, examined on many
days. Their travel times are read from a table that the engine computes once per temperature:
velocity by diameter; and for a stretch of n internodes with a fraction of their lamellae, the extra
delay, or block. The table's axis is the margin above block,

    margin = ln(lamellae / block) / ln(1 / block),     0 at block, 1 with a whole sheath,

because delay varies smoothly in it up to the edge where conduction fails. Stretches beyond the
longest simulated one add the delay per internode of the last two.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import RegularGridInterpolator

from tinel.cable.models import build as models
from tinel.cable.models import mrg
from tinel.cable.simulate import simulate
from tinel.cable.solvers.response import Response
from tinel.cable.stimulation.stimulus import pulse

Floats = NDArray[np.float64]

DIAMETERS_um = np.array([2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14.5, 16])
INTERNODES = np.array([1, 2, 4, 8, 16])
MARGINS = np.array([0.0, 0.01, 0.03, 0.07, 0.13, 0.22, 0.35, 0.55, 1.0])
BEFORE, AFTER = 8, 9  # healthy internodes on either side of the stretch
NODES = BEFORE + int(INTERNODES[-1]) + AFTER
STEP_ms = 0.01
DURATION_ms = 10.0
LEAST_LAMELLAE = 1e-3  # a sheath thinner than this is not looked for


@dataclass(frozen=True)
class Conduction:
    """Velocities and delays at one temperature.

    ``velocity_m_per_s`` ``(n_diameter,)``; ``block`` ``(n_diameter, n_internode)`` fraction of
    lamellae at which conduction fails; ``delay_ms`` ``(n_diameter, n_internode, n_margin)``
    delay beyond the healthy travel time.
    """

    temperature_C: float
    velocity_m_per_s: Floats
    block: Floats
    delay_ms: Floats

    def velocity(self, diameter_um: Floats) -> Floats:
        """Velocity (m/s = mm/ms) of healthy fibres of any shape; 2 to 16 um."""
        return np.interp(diameter_um, DIAMETERS_um, self.velocity_m_per_s)

    def block_at(self, diameter_um: Floats, length_mm: Floats) -> Floats:
        """Fraction of lamellae below which a stretch of this length blocks."""
        d, n, _ = _place(*np.broadcast_arrays(diameter_um, length_mm))
        return np.exp(RegularGridInterpolator(_AXES, np.log(self.block))((d, n)))

    def lesion_delay(self, diameter_um: Floats, lamellae_left: Floats, length_mm: Floats) -> Floats:
        """Extra delay (ms) across a stretch of thinned sheath; inf where the impulse fails.

        Args:
            diameter_um, lamellae_left, length_mm: same shape; 2 to 16 um, 0 to 1, above 0.
        """
        edge = self.block_at(diameter_um, length_mm)
        margin = np.log(np.maximum(lamellae_left, 1e-9) / edge) / np.log(1 / edge)
        at = np.clip(margin, 0.0, 1.0)
        d, n, beyond = _place(diameter_um, length_mm)
        # delay grows nearly in proportion to the internodes: interpolate it per internode
        each = RegularGridInterpolator((*_AXES, MARGINS), self.delay_ms / INTERNODES[:, None])
        delay = each((d, n, at)) * 2**n
        if beyond.any():
            last, before = (each((d, np.full_like(d, k), at)) * 2**k for k in _AXES[1][[-1, -2]])
            delay += beyond * (last - before) / (INTERNODES[-1] - INTERNODES[-2])
        return np.where(margin < 0, np.inf, delay)


_AXES = (DIAMETERS_um, np.log2(INTERNODES))


def _place(diameter_um: Floats, length_mm: Floats) -> tuple[Floats, Floats, Floats]:
    # where on the table a stretch lies, and how many internodes it is longer than the longest
    d = np.clip(diameter_um, DIAMETERS_um[0], DIAMETERS_um[-1])
    count = np.maximum(length_mm * 1000 / mrg.geometry(d.ravel())["spacing"].reshape(d.shape), 1.0)
    return d, np.log2(np.minimum(count, INTERNODES[-1])), np.maximum(count - INTERNODES[-1], 0.0)


def conduction(temperature_C: float) -> Conduction:
    """Compute the table with the engine (a few seconds).

    Raises:
        TinelError: temperature outside 5 to 45 degrees.
    """
    d = np.repeat(DIAMETERS_um, len(INTERNODES))
    n = np.tile(INTERNODES, len(DIAMETERS_um))
    low, high = np.full(len(d), np.log(LEAST_LAMELLAE)), np.full(len(d), np.log(0.5))
    for _ in range(9):
        middle = (low + high) / 2
        passed = np.isfinite(_travel_ms(_across(d, np.exp(middle), n, temperature_C)))
        low, high = np.where(passed, low, middle), np.where(passed, middle, high)
    # the lowest fraction known to conduct: delays are then finite at margin 0
    block = np.exp(high)
    margins = MARGINS[:-1]
    fraction = block[:, None] ** (1 - margins)
    run = _across(
        np.repeat(d, len(margins)), fraction.ravel(), np.repeat(n, len(margins)), temperature_C
    )
    travel = _travel_ms(run).reshape(len(d), -1)
    whole = np.ones(len(DIAMETERS_um), int)
    healthy = _across(DIAMETERS_um, whole.astype(float), whole, temperature_C)
    extra = travel - np.repeat(_travel_ms(healthy), len(INTERNODES))[:, None]
    delay = np.concatenate([extra, np.zeros((len(d), 1))], axis=1)
    spikes = healthy.spike_ms
    spacing_mm = mrg.geometry(DIAMETERS_um)["spacing"] / 1000
    first, final = BEFORE - 2, NODES - 5
    velocity = (final - first) * spacing_mm / (spikes[:, final] - spikes[:, first])
    shape = (len(DIAMETERS_um), len(INTERNODES))
    return Conduction(temperature_C, velocity, block.reshape(shape), delay.reshape(*shape, -1))


def _across(
    diameter: Floats, fraction: Floats, count: NDArray[np.int_], temperature_C: float
) -> Response:
    at = np.arange(NODES - 1) - BEFORE
    left = np.where((at >= 0) & (at < count[:, None]), fraction[:, None], 1.0)
    fibre = models.mrg(diameter_um=diameter, nodes=NODES).demyelinate(lamellae_fraction=left)
    return simulate(
        fibre, pulse(node=1, amplitude_nA=5.0, start_ms=0.05, width_ms=0.1),
        duration_ms=DURATION_ms, dt_ms=STEP_ms, temperature_C=temperature_C,
    )  # fmt: skip


def _travel_ms(run: Response) -> Floats:
    travel = run.spike_ms[:, NODES - 3] - run.spike_ms[:, BEFORE - 2]
    return np.where(np.isnan(travel), np.inf, travel)
