"""Measured values: what a test returns, and the same with the test and subject they belong to."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Value:
    """One quantity that a test measured in every twin.

    Args:
        quantity: its name, e.g. ``amplitude``.
        unit: its unit, e.g. ``mV``.
        values: ``(n_twin,)``; nan where the response is absent.
        site: stimulation site or segment; empty where there is only one place.

    Example:
        >>> Value("pinch force", "N", np.array([62.0, 55.0])).quantity
        'pinch force'
    """

    quantity: str
    unit: str
    values: Floats
    site: str = ""


@dataclass(frozen=True)
class Measurement:
    """A value with the test it comes from and the subject that was tested.

    ``subject`` is a conduction study, a muscle or a patch of skin; the rest as in ``Value``.
    """

    test: str
    subject: str
    site: str
    quantity: str
    unit: str
    values: Floats

    @property
    def labels(self) -> tuple[str, str, str, str]:
        """Test, subject, site and quantity."""
        return self.test, self.subject, self.site, self.quantity
