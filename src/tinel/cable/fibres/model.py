"""A fibre model: which geometry and which membranes a fibre is made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tinel.cable.fibres.changes import CHANGES
from tinel.cable.fibres.double_cable import Geometry
from tinel.evidence import Parameters

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Model:
    """What a fibre is built from; each part is made when first needed.

    Args:
        name: short name.
        text: what it is, one sentence.
        fits: whether diameters (um) belong to the model, element by element.
        allowed_um: the same in words.
        geometry: from diameters to lengths and widths, of a myelinated fibre.
        membrane: of the nodes where internodes are passive, or of every point of a single cable.
        axon: channels of every kind of compartment, of a myelinated fibre.
        cable: from diameters to a single cable.
        changes: names of the changes (``CHANGES``) the model knows.
        source: where it comes from.
    """

    name: str
    text: str
    fits: Callable[[Floats], Bools]
    allowed_um: str
    geometry: Callable[[Floats], Geometry] | None = None
    membrane: Callable[[], Any] | None = None
    axon: Callable[[], Any] | None = None
    cable: Callable[[Floats], Any] | None = None
    changes: frozenset[str] = frozenset()
    source: str = ""

    @property
    def myelinated(self) -> bool:
        """Whether it has internodes of ten compartments."""
        return self.geometry is not None

    def using(self, parameters: Parameters | None) -> Model:
        """The model with these numbers; its parts have to take them as ``parameters``."""
        if parameters is None:
            return self
        names = ("geometry", "membrane", "axon", "cable")
        parts = {name: getattr(self, name) for name in names}
        given: dict[str, Any] = {
            n: partial(f, parameters=parameters) for n, f in parts.items() if f is not None
        }
        return replace(self, **given)

    def __repr__(self) -> str:
        return f"<model {self.name}>"


MYELIN = frozenset(CHANGES) - {"kv1_factor"}


@dataclass(frozen=True)
class Between:
    """Diameters from one to another, both allowed.

    Example:
        >>> Between(2.0, 16.0)(np.array([1.0, 2.0, np.nan]))
        array([False,  True, False])
    """

    low_um: float
    high_um: float

    def __call__(self, diameter_um: Floats) -> Bools:
        return (diameter_um >= self.low_um) & (diameter_um <= self.high_um)

    @property
    def text(self) -> str:
        """The range in words."""
        return f"{self.low_um:g} to {self.high_um:g} um"
