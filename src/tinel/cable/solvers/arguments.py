"""Checks of what a solver is given, so that no loop reads beyond it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tinel.cable.stimulation.drive import Drive
from tinel.errors import TinelError

Floats = NDArray[np.float64]


def check_numbers(
    dt_ms: float, longest_ms: float, level_mV: float, precision: str, since_ms: float = 0.0
) -> None:
    """Step, level and precision.

    Raises:
        TinelError: one outside its range.
    """
    if not 1e-4 <= dt_ms <= longest_ms:
        raise TinelError(f"dt_ms is {dt_ms:g} (allowed: 0.0001 to {longest_ms:g})")
    if not -70 <= level_mV <= 20:
        raise TinelError(f"level_mV is {level_mV:g} (allowed: -70 to 20)")
    if not 0 <= since_ms < np.inf:
        raise TinelError(f"since_ms is {since_ms:g} (allowed: 0 or more)")
    if precision not in ("float32", "float64"):
        raise TinelError(f"precision is {precision!r} (allowed: 'float32', 'float64')")


def check_temperature(temperature_C: float) -> None:
    """One temperature for a batch.

    Raises:
        TinelError: outside 5 to 45, or not one number.
    """
    if np.ndim(temperature_C) != 0 or not 5 <= temperature_C <= 45:
        raise TinelError(f"temperature_C is {temperature_C} (allowed: one number, 5 to 45)")


def check_kept(name: str, kept: Sequence[int], points: int) -> None:
    """The nodes or points whose potential is kept.

    Raises:
        TinelError: one that is no integer, or not on the fibre.
    """
    whole = (isinstance(k, (int, np.integer)) and not isinstance(k, bool) for k in kept)
    if not (all(whole) and all(0 <= k < points for k in kept)):
        raise TinelError(f"{name} is {tuple(kept)} (allowed: integers, 0 to {points - 1})")


def check_nodes(nodes: object, n_fibre: int) -> None:
    """A number of nodes for all fibres, or one per fibre.

    Raises:
        TinelError: no integers, fewer than 2, or not one per fibre.
    """
    a = np.asarray(nodes)
    if not np.issubdtype(a.dtype, np.integer) or a.shape not in ((), (n_fibre,)) or a.min() < 2:
        raise TinelError(f"nodes is {nodes} (allowed: an integer, 2 or more, or {n_fibre} of them)")


def check_patterns(channels: Sequence[Drive], n_fibre: int, nodes: int, along: int) -> None:
    """Patterns of the channels against the fibres: ``nodes`` currents, ``along`` potentials.

    Raises:
        TinelError: no fibre, or a pattern of another shape.
    """
    if n_fibre < 1:
        raise TinelError("the batch has no fibre (allowed: 1 or more)")
    for one in channels:
        for name, a, width in (
            ("current_nA", one.current_nA, nodes), ("potential_mV", one.potential_mV, along)
        ):  # fmt: skip
            if a is not None and (a.shape[0] not in (1, n_fibre) or a.shape[1] != width):
                raise TinelError(
                    f"{name} has shape {a.shape} (allowed: {n_fibre} fibres or 1, {width} places)"
                )


def check_lead(lead_mV_per_mA: Floats | None, n_fibre: int, along: int) -> None:
    """Lead fields of all electrodes.

    Raises:
        TinelError: another shape.
    """
    a = lead_mV_per_mA
    if a is not None and (a.ndim != 3 or a.shape[0] != n_fibre or a.shape[2] != along):
        raise TinelError(
            f"lead_mV_per_mA has shape {a.shape} (allowed: ({n_fibre} fibres, electrodes, {along}))"
        )
