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


@dataclass(frozen=True)
class Between:
    """Diameters from one to another, both allowed.

    Args:
        low_um, high_um: the ends.
        words: the range in words; made from its ends where empty.

    Example:
        >>> Between(2.0, 16.0)(np.array([1.0, 2.0, np.nan]))
        array([False,  True, False])
    """

    low_um: float
    high_um: float
    words: str = ""

    def __call__(self, diameter_um: Floats) -> Bools:
        return (diameter_um >= self.low_um) & (diameter_um <= self.high_um)

    @property
    def text(self) -> str:
        """The range in words."""
        return self.words or f"{self.low_um:g} to {self.high_um:g} um"


@dataclass(frozen=True)
class OneOf:
    """Diameters of a table alone.

    Example:
        >>> OneOf((5.7, 10.0))(np.array([5.7, 6.0])), OneOf((5.7, 10.0)).text
        (array([ True, False]), '5.7, 10 um')
    """

    diameters_um: tuple[float, ...]

    def __call__(self, diameter_um: Floats) -> Bools:
        same = np.isclose(np.asarray(diameter_um)[:, None], self.diameters_um)
        return np.asarray(same.any(axis=1))

    @property
    def text(self) -> str:
        """The diameters in words."""
        return f"{', '.join(f'{d:g}' for d in self.diameters_um)} um"


ABOVE_0 = Between(np.nextafter(0.0, 1.0), np.finfo(float).max, "above 0 um")
MYELIN = frozenset(CHANGES) - {"kv1_factor"}


@dataclass(frozen=True, eq=False)
class Model:
    """What a fibre is built from; each part is made when first needed.

    Args:
        name: short name.
        text: what it is, one sentence.
        diameters: the range of its outer diameters.
        geometry: from diameters to lengths and widths, of a myelinated fibre.
        membrane: of the nodes where internodes are passive, or of every point of a single cable.
        axon: channels of every kind of compartment, of a myelinated fibre.
        cable: from diameters to a single cable.
        changes: names of the changes (``CHANGES``) that the model allows.
        source: where it comes from.
        parameters: the numbers its parts are made with; as published if None.
    """

    name: str
    text: str
    diameters: Callable[[], Between | OneOf]
    geometry: Callable[[Floats], Geometry] | None = None
    membrane: Callable[[], Any] | None = None
    axon: Callable[[], Any] | None = None
    cable: Callable[[Floats], Any] | None = None
    changes: frozenset[str] = frozenset()
    source: str = ""
    parameters: Parameters | None = None

    def fits(self, diameter_um: Floats) -> Bools:
        """Whether diameters (um) belong to the model, element by element."""
        return self.diameters()(diameter_um)

    @property
    def allowed_um(self) -> str:
        """The diameters it allows, in words."""
        return self.diameters().text

    @property
    def myelinated(self) -> bool:
        """Whether it has internodes of ten compartments."""
        return self.geometry is not None

    def using(self, parameters: Parameters | None) -> Model:
        """The model made with these numbers; each part has to take an argument ``parameters``."""
        if parameters is None:
            return self
        names = ("diameters", "geometry", "membrane", "axon", "cable")
        parts = {name: getattr(self, name) for name in names}
        given: dict[str, Any] = {
            n: partial(f, parameters=parameters) for n, f in parts.items() if f is not None
        }
        return replace(self, parameters=parameters, **given)

    def __repr__(self) -> str:
        return f"<model {self.name}>"
