"""A membrane's functions with their numbers, as values that compare and cross processes.

A closure is equal to nothing but itself and cannot be pickled. What is written with these is
pickled by the name of its function, so that another process uses its own code, and is equal to what
was sent, so that nothing is compiled twice.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any

from tinel.cable.membranes.operations import Operations


@dataclass(frozen=True)
class Formulas:
    """A module's function of ``Operations`` and of numbers, with the numbers it takes.

    Args:
        function: given ``Operations`` and ``numbers``, returns what ``Membrane.formulas`` does.
        numbers: what else it takes, in order.

    Example:
        >>> from tinel.cable.models import sundt
        >>> sundt.membrane().formulas == Formulas(sundt.channels, (sundt.constants(),))
        True
    """

    function: Callable[..., Any]
    numbers: tuple[Hashable, ...]

    def __call__(self, op: Operations) -> Any:
        return self.function(op, *self.numbers)


@dataclass(frozen=True)
class Warmth:
    """Factors on rates by temperature, one for each pair of a Q10 and its temperature (C).

    Example:
        >>> Warmth(((3.0, 20.0),))(30.0)
        (3.0,)
    """

    pairs: tuple[tuple[float, ...], ...]

    def __call__(self, temperature_C: Any) -> tuple[Any, ...]:
        return tuple(q10 ** ((temperature_C - measured) / 10.0) for q10, measured in self.pairs)
