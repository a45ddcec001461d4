"""The action potential as a travelling dipole, seen from a distance.

Beyond a few internodes' distance only the axial current matters: current I that flows along
inside a piece dz must return outside it, so an electrode with lead field L (potential per
current) sees dL/dz I dz. The axial current I(t - z/v), averaged over an internode, is read off
the engine; the recording is its convolution with the slope of the lead field.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from tinel.cable.conduction.kept import kept
from tinel.cable.conduction.table import DIAMETERS_um, check_conducting
from tinel.cable.fibres.build import along_um
from tinel.cable.membranes.constants import Used
from tinel.cable.models import build as models
from tinel.cable.models import mrg
from tinel.cable.simulate import simulate
from tinel.cable.stimulation.stimulus import pulse
from tinel.evidence import Parameters

Floats = NDArray[np.float64]

NODES, AT = 33, 18  # a fibre long enough for a steady impulse, and the internode watched


@dataclass(frozen=True)
class Dipole:
    """Mean axial current around the impulse's arrival, of the fibres ``DIAMETERS_um``.

    ``time_ms`` ``(n_time,)``, ``current_nA`` ``(n_diameter, n_time)``, ``velocity_m_per_s``
    ``(n_diameter,)``.
    """

    time_ms: Floats
    current_nA: Floats
    velocity_m_per_s: Floats


def dipole(
    temperature_C: float,
    parameters: Parameters | None = None,
    *,
    dt_ms: float = 0.01,
    window_ms: float = 3.0,
) -> Dipole:
    """Compute the travelling dipole of every diameter, once for each set of numbers.

    Args:
        temperature_C: of the fibres, 5 to 45.
        parameters: the numbers of their model (``engine.mrg``); as published if left out.
        dt_ms: step, 0.0001 to 0.02.
        window_ms: how long after the arrival the current is followed; a third of it before.

    Raises:
        TinelError: an argument out of range, a number that was made to differ between twins, or
            numbers with which a fibre of the table cannot be run or does not conduct.

    Example:
        >>> passing = dipole(34.0)
        >>> passing.current_nA.shape == (len(DIAMETERS_um), len(passing.time_ms))
        True
    """
    return _dipole(temperature_C, Used(mrg.constants(parameters), parameters), dt_ms, window_ms)


@lru_cache(maxsize=16)
def _dipole(temperature_C: float, used: Used, dt_ms: float, window_ms: float) -> Dipole:
    made = kept(
        "dipole", (temperature_C, used.constants.items, dt_ms, window_ms),
        lambda: _computed(temperature_C, used, dt_ms, window_ms),
    )  # fmt: skip
    return Dipole(**made)


def _computed(
    temperature_C: float, used: Used, dt_ms: float, window_ms: float
) -> dict[str, Floats]:
    fibre = models.mrg(diameter_um=DIAMETERS_um, nodes=NODES, parameters=used.parameters)
    z = along_um(fibre)
    start, end = z[:, 11 * AT], z[:, 11 * (AT + 1)]
    # a lead field that rises by 1 over one internode and is flat elsewhere reads the mean current
    ramp = np.clip((z - start[:, None]) / (end - start)[:, None], 0.0, 1.0)
    run = simulate(
        fibre, pulse(node=1, amplitude_nA=5.0, start_ms=0.05, width_ms=0.1), duration_ms=9.0,
        dt_ms=dt_ms, temperature_C=temperature_C, record=ramp[:, None, :],
    )  # fmt: skip
    assert run.recorded_uV is not None
    spikes = run.spike_ms
    middle = (spikes[:, AT] + spikes[:, AT + 1]) / 2
    time = np.arange(-window_ms / 3, window_ms, dt_ms)
    clock = run.time_ms
    current_nA = np.array(
        [
            # readout is in uV for mV/mA, i.e. 1e-3 per nA
            np.interp(m + time, clock, trace * 1e3, left=0.0, right=0.0)
            for m, trace in zip(middle, run.recorded_uV[:, :, 0], strict=True)
        ]
    )
    spacing_mm = mrg.spacing_um(DIAMETERS_um, used.constants) / 1000
    velocity = 10 * spacing_mm / (spikes[:, AT + 6] - spikes[:, AT - 4])
    check_conducting(run, np.isfinite(velocity))
    return {"time_ms": time, "current_nA": current_nA, "velocity_m_per_s": velocity}
