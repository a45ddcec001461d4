"""Scar that presses for months: it thins the sheath first and breaks axons last."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from tinel import evidence
from tinel.lesion import place, susceptibility
from tinel.lesion.state import Floats, Lesion
from tinel.nerve.anatomy import Nerve


def make(
    nerve: Nerve,
    branch: str,
    *,
    site_mm: ArrayLike,
    length_mm: ArrayLike,
    pressure_mmHg: ArrayLike,
    onset_d: ArrayLike = 0.0,
) -> Lesion:
    """Scar round the nerve. On the day it begins nothing is lost yet; time does the rest.

    What happens at a pressure is a threshold, not a bore: narrowing alone does not starve an
    axon, and adhesion below 20 to 30 mmHg does no harm however long it lasts.

    Args:
        nerve, branch, site_mm, length_mm: as in ``place.unhurt``.
        pressure_mmHg: lasting pressure on the nerve, 0 to 1000 mmHg.
        onset_d: day on which it begins to press, 0 to 3650.

    Raises:
        TinelError: a number outside its range, or as ``place.unhurt``.

    Example:
        >>> from tinel import lesion, nerve
        >>> from tinel.twins import Patient, Twins
        >>> few = Twins(Patient(age=40, sex="female", height_cm=170), range(2))
        >>> arm = nerve.build("ulnar", side="left", twins=few)
        >>> scar = lesion.constriction.make(arm, "ulnar trunk", site_mm=400.0, length_mm=30.0,
        ...                                 pressure_mmHg=80.0)
        >>> scar.pressure_mmHg.tolist(), float(scar.lamellae_left.min())
        ([80.0, 80.0], 1.0)
    """
    whole = place.unhurt("constriction by scar", nerve, branch, site_mm, length_mm)
    return replace(
        whole,
        pressure_mmHg=place.per_twin(
            "pressure_mmHg", pressure_mmHg, nerve.n_twin, 0.0, 1000.0, "mmHg"
        ),
        onset_d=place.per_twin("onset_d", onset_d, nerve.n_twin, 0.0, 3650.0, "days"),
        susceptibility=susceptibility.of(nerve),
    )


def local_mmHg(lesion: Lesion, pressure_mmHg: Floats) -> Floats:
    """Pressure on each fibre under given scar pressures ``(n_twin,)``, ``(n_twin, n_fibre)``."""
    threshold = evidence.value("lesion.sheath.threshold")
    return susceptibility.local_mmHg(lesion.susceptibility, pressure_mmHg[:, None], threshold)


def sheath_under(pressure_local_mmHg: ArrayLike) -> Floats:
    """Share of the sheath's lamellae left when a pressure lasts for ever, same shape as given.

    ``floor + (1 - floor) / (1 + (overpressure / half) ** steepness)``, overpressure counted from
    ``lesion.sheath.threshold``. The threshold is a rabbit's, the shape an assumption.

    Example:
        >>> [round(float(x), 2) for x in sheath_under([20.0, 50.0, 100.0, 1000.0])]
        [1.0, 0.51, 0.05, 0.01]
    """
    over = np.maximum(
        np.asarray(pressure_local_mmHg, np.float64) - evidence.value("lesion.sheath.threshold"), 0.0
    )
    floor = evidence.value("lesion.sheath.floor")
    times = (over / evidence.value("lesion.sheath.half")) ** evidence.value(
        "lesion.sheath.steepness"
    )
    left: Floats = floor + (1.0 - floor) / (1.0 + times)
    return left


def overpressure(pressure_local_mmHg: ArrayLike) -> Floats:
    """Pressure above what an axon bears without limit of time, mmHg, same shape as given.

    Example:
        >>> overpressure([40.0, 100.0]).tolist()
        [0.0, 40.0]
    """
    over: Floats = np.maximum(
        np.asarray(pressure_local_mmHg, np.float64) - evidence.value("lesion.axon.threshold"), 0.0
    )
    return over


def tolerance_mmHg_days(draw: Floats) -> Floats:
    """Overpressure dose that breaks an axon, mmHg times days, from standard normal draws.

    Example:
        >>> float(tolerance_mmHg_days(np.zeros(1))[0])
        5000.0
    """
    spread = evidence.value("lesion.axon.tolerance_spread")
    tolerance: Floats = evidence.value("lesion.axon.tolerance") * np.exp(spread * draw)
    return tolerance
