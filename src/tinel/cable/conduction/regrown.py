"""How fast a fibre conducts that has grown back: thin, and with short internodes.

Velocity over that of a healthy fibre of the same calibre, by calibre, internode and lamellae, from
the engine; between its grid points it is interpolated linearly, internodes by their logarithm.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import RegularGridInterpolator

from tinel.cable.conduction.kept import kept
from tinel.cable.conduction.table import Conduction, DIAMETERS_um, STEP_ms, conduction
from tinel.cable.fibres.double_cable import Geometry
from tinel.cable.fibres.fibre import Fibre
from tinel.cable.membranes.constants import Used
from tinel.cable.models import build as models
from tinel.cable.models import mrg
from tinel.cable.simulate import simulate
from tinel.cable.solvers.runner import RestlessError
from tinel.cable.stimulation.stimulus import pulse
from tinel.evidence import Parameters

Floats = NDArray[np.float64]

FACTORS = np.array([0.1, 0.15, 0.2, 0.28, 0.4, 0.6, 1.0])
SHEATHS = np.array([0.25, 0.5, 0.75, 1.0, 1.25])
NODES, FIRST, LAST = 61, 12, 56
DURATION_ms = 8.0


@dataclass(frozen=True)
class Regrown:
    """Velocities of regrown fibres at one temperature.

    Args:
        healthy: the table with the velocities of healthy fibres.
        ratio: over those, ``(n_diameter, n_factor, n_sheath)``.
    """

    healthy: Conduction
    ratio: Floats

    def velocity(
        self, calibre_um: Floats, internode_factor: Floats, sheath_fraction: Floats
    ) -> Floats:
        """Velocity (m/s = mm/ms), of the shape that the three have together.

        Args:
            calibre_um: outer diameter of the regrown fibre, 2 to 16.
            internode_factor: internode over that of a healthy fibre of this calibre, 0.1 to 1.
            sheath_fraction: lamellae over those of a healthy fibre of this calibre, 0.25 to 1.25.
        """
        d, f, s = np.broadcast_arrays(
            np.clip(calibre_um, DIAMETERS_um[0], DIAMETERS_um[-1]),
            np.log(np.clip(internode_factor, FACTORS[0], FACTORS[-1])),
            np.clip(sheath_fraction, SHEATHS[0], SHEATHS[-1]),
        )
        table = RegularGridInterpolator((DIAMETERS_um, np.log(FACTORS), SHEATHS), self.ratio)
        speed: Floats = self.healthy.velocity(d) * table((d, f, s))
        return speed

    def with_internodes(
        self, calibre_um: Floats, internode_um: Floats | float, sheath_fraction: Floats | float
    ) -> Floats:
        """Velocity (m/s) with internodes of a stated length, never longer than healthy ones."""
        calibre = np.asarray(calibre_um, dtype=float)
        own = mrg.spacing_um(np.clip(calibre, DIAMETERS_um[0], None), self.healthy.constants)
        factor = np.asarray(internode_um) / own
        return self.velocity(calibre, factor, np.asarray(sheath_fraction))


def regrown(temperature_C: float, parameters: Parameters | None = None) -> Regrown:
    """Compute the table with the engine (a second), once for each set of numbers.

    It is kept in the cache folder, where compiled code lies.

    Args:
        temperature_C: of the fibres, 5 to 45.
        parameters: the numbers of their model (``engine.mrg``); as published if left out.

    Raises:
        TinelError: temperature out of range, a number that was made to differ between twins, or
            numbers with which a healthy fibre of the table cannot be run or does not conduct.

    Example:
        >>> table = regrown(34.0)
        >>> whole, short = table.velocity(np.full(2, 8.0), np.array([1.0, 0.3]), np.ones(2))
        >>> bool(0.5 < short / whole < 0.9)
        True
    """
    return _regrown(temperature_C, Used(mrg.constants(parameters), parameters))


@lru_cache(maxsize=16)
def _regrown(temperature_C: float, used: Used) -> Regrown:
    healthy = conduction(temperature_C, used.parameters)  # checks all before anything is kept
    made = kept(
        "regrown", (temperature_C, used.constants.items),
        lambda: {"ratio": _ratio(temperature_C, used.parameters)},
    )  # fmt: skip
    return Regrown(healthy, made["ratio"])


def _ratio(temperature_C: float, parameters: Parameters | None) -> Floats:
    pace = np.empty((len(DIAMETERS_um), len(FACTORS), len(SHEATHS)))
    for j, factor in enumerate(FACTORS):
        for k, sheath in enumerate(SHEATHS):
            pace[:, j, k] = factor / _time_ms(factor, sheath, temperature_C, parameters)
    whole = pace[:, -1:, SHEATHS == 1.0]
    # what does not conduct is as slow as the slowest that does
    ratio: Floats = np.where(np.isfinite(pace), pace, np.nanmin(pace)) / whole
    return ratio


def _time_ms(
    factor: float, sheath: float, temperature_C: float, parameters: Parameters | None
) -> Floats:
    push = pulse(node=1, amplitude_nA=5.0, start_ms=0.05, width_ms=0.1)
    try:
        run = simulate(
            fibres(DIAMETERS_um, factor, sheath, parameters), push, duration_ms=DURATION_ms,
            dt_ms=STEP_ms, temperature_C=temperature_C,
        )  # fmt: skip
    except RestlessError:
        return np.full(len(DIAMETERS_um), np.nan)
    return run.spike_ms[:, LAST] - run.spike_ms[:, FIRST]


def fibres(
    diameter_um: Floats,
    internode_factor: float,
    sheath_fraction: float,
    parameters: Parameters | None = None,
    *,
    nodes: int = NODES,
) -> Fibre:
    """Fibres with short internodes and few lamellae all along.

    Args:
        diameter_um: 2 to 16, ``(n_fibre,)``.
        internode_factor: above 0 to 1; node and paranode keep their lengths.
        sheath_fraction: of the lamellae, above 0.
        parameters: as for ``regrown``.
        nodes: of each fibre.

    Example:
        >>> fibres(np.array([8.0]), 0.3, 1.0)
        <1 mrg fibre(s), 8 um, 61 nodes>
    """

    def sizes(diameter_um: Floats) -> Geometry:
        whole = mrg.geometry(diameter_um, parameters)
        changed = {
            "spacing": whole["spacing"] * internode_factor,
            "flut": whole["flut"] * internode_factor,
            "lamellae": whole["lamellae"] * sheath_fraction,
        }
        return Geometry({**whole.sizes, **changed}, whole.cable)

    return models.myelinated(
        mrg.membrane(parameters), diameter_um=diameter_um, nodes=nodes, geometry=sizes,
        parameters=parameters,
    )  # fmt: skip
