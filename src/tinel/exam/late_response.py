"""Reading of late responses: what is measured on a series of sweeps, and on nothing else."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class LateReading:
    """Per twin ``(n_twin,)``; nan where no sweep has a response, ``persistence_percent`` then 0.

    ``mean_amplitude_uV`` is peak to peak, ``repeater_percent`` the part of the responses that have
    another of the same shape and time in the series.
    """

    minimum_ms: Floats
    mean_ms: Floats
    maximum_ms: Floats
    persistence_percent: Floats
    mean_amplitude_uV: Floats
    repeater_percent: Floats

    @property
    def chronodispersion_ms(self) -> Floats:
        """Longest less shortest latency."""
        return self.maximum_ms - self.minimum_ms


def read_sweeps(
    signal_uV: Floats,
    time_ms: Floats,
    floor_uV: Floats | float,
    onset_uV: Floats | float,
    likeness: Floats | float,
) -> LateReading:
    """Measure late responses.

    Args:
        signal_uV: ``(n_twin, n_sweep, n_time)``, negativity upward, the direct response left out.
        time_ms: ``(n_time,)``, evenly spaced.
        floor_uV: a smaller response, peak to peak, counts as none; a number or ``(n_twin,)``.
        onset_uV: deflection from the baseline at which the take-off is marked, alike.
        likeness: two responses are the same if their difference has at most this part of the
            energy of the smaller one; alike.
    """
    floor, onset, alike = (
        np.broadcast_to(given, len(signal_uV)) for given in (floor_uV, onset_uV, likeness)
    )
    size = signal_uV.max(axis=2) - signal_uV.min(axis=2)
    there = size >= floor[:, None]
    away = np.abs(signal_uV)
    level = onset[:, None, None]
    at = (away >= level).argmax(axis=2)
    before = np.maximum(at - 1, 0)
    here, last = (np.take_along_axis(away, k[..., None], axis=2)[..., 0] for k in (at, before))
    rise = np.where(here > last, here - last, 1.0)
    within = np.clip((onset[:, None] - last) / rise, 0.0, 1.0)
    latency = time_ms[before] + within * (time_ms[at] - time_ms[before])
    count = there.sum(axis=1)

    def mean(values: Floats) -> Floats:
        total = np.where(there, values, 0.0).sum(axis=1)
        return np.where(count > 0, total / np.maximum(count, 1), np.nan)

    none = count == 0
    return LateReading(
        minimum_ms=np.where(none, np.nan, np.where(there, latency, np.inf).min(axis=1)),
        mean_ms=mean(latency),
        maximum_ms=np.where(none, np.nan, np.where(there, latency, -np.inf).max(axis=1)),
        persistence_percent=100 * count / there.shape[1],
        mean_amplitude_uV=mean(size),
        repeater_percent=100 * mean(_repeated(signal_uV, there, alike).astype(float)),
    )


def _repeated(signal: Floats, there: NDArray[np.bool_], alike: Floats) -> NDArray[np.bool_]:
    # a stack of small products: einsum, as the linear-algebra library would start its threads
    few = signal[:, :, ::2]
    product = np.einsum("tin,tjn->tij", few, few)
    energy = np.diagonal(product, axis1=1, axis2=2)
    apart = energy[:, :, None] + energy[:, None, :] - 2 * product
    smaller = np.minimum(energy[:, :, None], energy[:, None, :])
    same = apart <= alike[:, None, None] * smaller
    same &= there[:, :, None] & there[:, None, :] & ~np.eye(there.shape[1], dtype=bool)
    return np.asarray(same.any(axis=2))
