"""What the findings say of the injury, the person and the model, and what they leave as it was."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

LEAST_TOLD = 0.02


@dataclass(frozen=True)
class Informed:
    """One quantity that differs between twins.

    Args:
        quantity: a size of the injury (``cause.``), of the person (``lesion.``, ``course.``) or a
            number of the model (``model.``).
        narrower: by how much its spread is smaller than before the findings, 0 to 1.
        says: whether that is more than twins scatter by chance.
    """

    quantity: str
    narrower: float
    says: bool


def informed(contraction: Mapping[str, float], effective: float) -> tuple[Informed, ...]:
    """Every quantity, what the findings narrow most first; none where there are no findings.

    Args:
        contraction: by quantity, from ``PatientTwins``.
        effective: how many independent twins it was measured in.

    Source:
        A standard deviation of n draws scatters by 1 over the root of 2 n; of all quantities
        together fewer than one in twenty is then named by chance.

    Example:
        >>> found = informed({"cause.hours": 0.02, "cause.pressure_mmHg": 0.6}, 200.0)
        >>> [(one.quantity, one.says) for one in found]
        [('cause.pressure_mmHg', True), ('cause.hours', False)]
    """
    from scipy.special import ndtri

    if not contraction:
        return ()
    by_chance = float(ndtri(1 - 0.05 / len(contraction))) / math.sqrt(2 * max(effective, 1.0))
    least = max(by_chance, LEAST_TOLD)
    names, values = list(contraction), np.array(list(contraction.values()))
    return tuple(
        Informed(names[k], float(values[k]), bool(values[k] > least)) for k in np.argsort(-values)
    )
