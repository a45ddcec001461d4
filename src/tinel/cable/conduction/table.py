"""How fast a fibre conducts, what a demyelinated stretch costs it, and when it blocks.

A person has thousands of fibres, each with its own calibre and its own sheath, examined on many
days. Their conduction times are read from a table that the engine computes once for a temperature:
velocity by diameter; and for a stretch of n internodes with a fraction of their lamellae, the extra
delay, or block. The table's axis is the margin above block,

    margin = ln(lamellae / block) / ln(1 / block),     0 at block, 1 with a whole sheath,

because delay varies smoothly in it up to the edge where conduction fails. Stretches beyond the
longest simulated one add the delay per internode of the last two.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache, partial

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import RegularGridInterpolator

from tinel.cable.conduction.kept import kept
from tinel.cable.membranes.constants import Constants, Used
from tinel.cable.models import build as models
from tinel.cable.models import mrg
from tinel.cable.simulate import simulate
from tinel.cable.solvers.response import Response
from tinel.cable.stimulation.stimulus import pulse
from tinel.errors import TinelError
from tinel.evidence import Parameters

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

    Args:
        temperature_C: of the fibres.
        velocity_m_per_s: of healthy fibres, ``(n_diameter,)``.
        block: fraction of lamellae at which conduction fails, ``(n_diameter, n_internode)``.
        delay_ms: beyond the healthy conduction time, ``(n_diameter, n_internode, n_margin)``.
        constants: the numbers of the fibres' model.
    """

    temperature_C: float
    velocity_m_per_s: Floats
    block: Floats
    delay_ms: Floats
    constants: Constants = field(default_factory=mrg.constants, repr=False)

    def velocity(self, diameter_um: Floats) -> Floats:
        """Velocity (m/s = mm/ms) of healthy fibres of any shape; 2 to 16 um."""
        return np.interp(diameter_um, DIAMETERS_um, self.velocity_m_per_s)

    def block_at(self, diameter_um: Floats, length_mm: Floats) -> Floats:
        """Fraction of lamellae below which a stretch of this length blocks."""
        d, n, _ = self.place(*np.broadcast_arrays(diameter_um, length_mm))
        return np.exp(RegularGridInterpolator(_AXES, np.log(self.block))((d, n)))

    def lesion_delay(self, diameter_um: Floats, lamellae_left: Floats, length_mm: Floats) -> Floats:
        """Extra delay (ms) across a stretch of thinned sheath; inf where the impulse fails.

        Args:
            diameter_um, lamellae_left, length_mm: same shape; 2 to 16 um, 0 to 1, above 0.
        """
        edge = self.block_at(diameter_um, length_mm)
        margin = np.log(np.maximum(lamellae_left, 1e-9) / edge) / np.log(1 / edge)
        at = np.clip(margin, 0.0, 1.0)
        d, n, beyond = self.place(diameter_um, length_mm)
        # delay grows nearly in proportion to the internodes: interpolate it per internode
        each = RegularGridInterpolator((*_AXES, MARGINS), self.delay_ms / INTERNODES[:, None])
        delay = each((d, n, at)) * 2**n
        if beyond.any():
            last, before = (each((d, np.full_like(d, k), at)) * 2**k for k in _AXES[1][[-1, -2]])
            delay += beyond * (last - before) / (INTERNODES[-1] - INTERNODES[-2])
        return np.where(margin < 0, np.inf, delay)

    def place(self, diameter_um: Floats, length_mm: Floats) -> tuple[Floats, Floats, Floats]:
        """Where on the table stretches lie: diameter, logarithm to base 2 of the internodes, and
        how many internodes they are longer than the longest."""
        d = np.clip(diameter_um, DIAMETERS_um[0], DIAMETERS_um[-1])
        spacing = mrg.spacing_um(d.ravel(), self.constants).reshape(d.shape)
        count, most = np.maximum(length_mm * 1000 / spacing, 1.0), INTERNODES[-1]
        return d, np.log2(np.minimum(count, most)), np.maximum(count - most, 0.0)


_AXES = (DIAMETERS_um, np.log2(INTERNODES))


def conduction(temperature_C: float, parameters: Parameters | None = None) -> Conduction:
    """Compute the table with the engine (a few seconds), once for each set of numbers.

    Args:
        temperature_C: of the fibres, 5 to 45.
        parameters: the numbers of their model (``engine.mrg``); as published if left out.

    Raises:
        TinelError: temperature out of range, a number that was made to differ between twins, or
            numbers with which a fibre of the table cannot be run or does not conduct.

    Example:
        >>> table = conduction(34.0)
        >>> bool(40 < table.velocity(np.array([10.0]))[0] < 60)
        True
    """
    return _conduction(temperature_C, Used(mrg.constants(parameters), parameters))


@lru_cache(maxsize=16)
def _conduction(temperature_C: float, used: Used) -> Conduction:
    made = kept(
        "conduction", (temperature_C, used.constants.items),
        lambda: _computed(temperature_C, used),
    )  # fmt: skip
    return Conduction(temperature_C, **made, constants=used.constants)


def _computed(temperature_C: float, used: Used) -> dict[str, Floats]:
    across = partial(_across, temperature_C=temperature_C, parameters=used.parameters)
    whole = np.ones(len(DIAMETERS_um), int)
    healthy = across(DIAMETERS_um, whole.astype(float), whole)
    check_conducting(healthy, np.isfinite(_time_ms(healthy)))
    d = np.repeat(DIAMETERS_um, len(INTERNODES))
    n = np.tile(INTERNODES, len(DIAMETERS_um))
    low, high = np.full(len(d), np.log(LEAST_LAMELLAE)), np.full(len(d), np.log(0.5))
    for _ in range(9):
        middle = (low + high) / 2
        passed = np.isfinite(_time_ms(across(d, np.exp(middle), n)))
        low, high = np.where(passed, low, middle), np.where(passed, middle, high)
    # the lowest fraction known to conduct: delays are then finite at margin 0
    block = np.exp(high)
    margins = MARGINS[:-1]
    fraction = block[:, None] ** (1 - margins)
    run = across(np.repeat(d, len(margins)), fraction.ravel(), np.repeat(n, len(margins)))
    time = _time_ms(run).reshape(len(d), -1)
    extra = time - np.repeat(_time_ms(healthy), len(INTERNODES))[:, None]
    delay = np.concatenate([extra, np.zeros((len(d), 1))], axis=1)
    spikes = healthy.spike_ms
    spacing_mm = mrg.spacing_um(DIAMETERS_um, used.constants) / 1000
    first, final = BEFORE - 2, NODES - 5
    velocity = (final - first) * spacing_mm / (spikes[:, final] - spikes[:, first])
    shape = (len(DIAMETERS_um), len(INTERNODES))
    return {
        "velocity_m_per_s": velocity,
        "block": block.reshape(shape),
        "delay_ms": delay.reshape(*shape, -1),
    }


def check_conducting(run: Response, conducts: NDArray[np.bool_]) -> None:
    """Refuse numbers with which a healthy fibre of ``DIAMETERS_um`` does not conduct.

    Raises:
        TinelError: there is one.
    """
    for k, diameter in enumerate(DIAMETERS_um):
        if not conducts[k]:
            why = (run.reasons and run.reasons[k]) or "the impulse does not arrive"
            raise TinelError(
                f"a healthy fibre of {diameter:g} um does not conduct: {why}",
                advice="the tables of the exam need fibres that do; see what was changed of "
                "engine.mrg",
            )


def _across(
    diameter: Floats,
    fraction: Floats,
    count: NDArray[np.int_],
    temperature_C: float,
    parameters: Parameters | None,
) -> Response:
    at = np.arange(NODES - 1) - BEFORE
    left = np.where((at >= 0) & (at < count[:, None]), fraction[:, None], 1.0)
    healthy = models.mrg(diameter_um=diameter, nodes=NODES, parameters=parameters)
    fibre = healthy.demyelinate(lamellae_fraction=left)
    return simulate(
        fibre, pulse(node=1, amplitude_nA=5.0, start_ms=0.05, width_ms=0.1),
        duration_ms=DURATION_ms, dt_ms=STEP_ms, temperature_C=temperature_C,
    )  # fmt: skip


def _time_ms(run: Response) -> Floats:
    time = run.spike_ms[:, NODES - 3] - run.spike_ms[:, BEFORE - 2]
    return np.where(np.isnan(time), np.inf, time)
