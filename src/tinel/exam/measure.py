"""What a test measures, declared beside it: names, units and words, known before anyone is tested.

A patient's findings are read against it, so that a name or a unit is checked without a twin.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

STATES = ("absent", "present", "normal", "reduced")
UNBOUNDED = 1e9
NOTHING = (("none", 0.0, 0.0), ("absent", 0.0, 0.0))  # of a size that is 0 where there is nothing
NOT_ABSENT = ("normal", "reduced")
LATENCY = ("latency", "distal latency", "DML")
NOT_LESS = ("absent", "present", "normal")  # of a latency, which no injury shortens


@dataclass(frozen=True)
class Measure:
    """One quantity of a test.

    Args:
        quantity, unit: as those of the ``Value`` that the test gives.
        least, most: smallest and largest value that is possible at all, in ``unit``.
        other_names: usual names of the same quantity.
        levels: the values of a scale of steps, from low to high; empty where any number may stand.
        words: what clinics write, in small letters, each with the lowest and highest value meant.
        usual: whether a finding of the test means it where it names no quantity.
        by_segment: whether it belongs to the stretch between two sites.
        states: which of ``STATES`` say something of it; None for all where it has no steps, and
            for none where it has.
        beyond, within: words for a value beyond the published upper limit of its place, and for
            one within it.

    Example:
        >>> pluses = Measure("fibrillations", "0 to 4+", 0, 4, levels=(0, 1, 2, 3, 4),
        ...     words=(("none", 0, 0), ("2+", 2, 2)))
        >>> pluses.means("2+"), pluses.means("many")
        ((2, 2), None)
    """

    quantity: str
    unit: str
    least: float = 0.0
    most: float = UNBOUNDED
    other_names: tuple[str, ...] = ()
    levels: tuple[float, ...] = ()
    words: tuple[tuple[str, float, float], ...] = ()
    usual: bool = False
    by_segment: bool = False
    states: tuple[str, ...] | None = None
    beyond: tuple[str, ...] = ()
    within: tuple[str, ...] = ()

    def means(self, word: str) -> tuple[float, float] | None:
        """The lowest and highest value that a word stands for; None for an unknown word."""
        return next(((low, high) for name, low, high in self.words if name == word), None)

    @property
    def states_meant(self) -> tuple[str, ...]:
        """Which of ``STATES`` a finding of it may be."""
        if self.states is not None:
            return self.states
        return () if self.levels else tuple(s for s in STATES if self.means(s) is None)

    @property
    def allowed(self) -> str:
        """What may be given, in words, e.g. ``0 to 5: 0, 1, 2, 3, 4, 5``."""
        if self.levels:
            return ", ".join(f"{level:.3g}" for level in self.levels)
        top = f" to {self.most:g}" if self.most < UNBOUNDED else " or more"
        unit = "" if self.unit == "1" else self.unit
        return f"{self.least:g}{top} {unit}".rstrip()

    @property
    def written(self) -> tuple[str, ...]:
        """Everything that a finding of it may say, without further spellings such as ``m4``."""
        words = (word for word, _, _ in self.words if not re.match("(m|mrc )[0-9]", word))
        of_limit = (*self.beyond, *self.within)
        return tuple(dict.fromkeys([self.allowed, *words, *of_limit, *self.states_meant]))


def of_conduction(unit: str) -> tuple[Measure, ...]:
    """The quantities of a conduction study whose response is measured in ``mV`` or ``µV``.

    Example:
        >>> [one.quantity for one in of_conduction("mV")][:3]
        ['amplitude', 'onset latency', 'velocity']
    """
    size = 100.0 if unit == "mV" else 1000.0
    names: tuple[str, ...] = (
        ("CMAP", "CMAP amplitude") if unit == "mV" else ("SNAP", "SNAP amplitude")
    )
    names += ("base-peak amplitude", "baseline-to-peak amplitude", "response")
    return (
        Measure("amplitude", unit, 0, size, names, usual=True),
        Measure(
            "onset latency", "ms", 0, 200, ("latency", "distal latency", "DML"), states=NOT_LESS
        ),
        Measure("velocity", "m/s", 0, 150, ("conduction velocity", "NCV"), by_segment=True),
        Measure("peak latency", "ms", 0, 200, states=NOT_LESS),
        Measure("duration", "ms", 0, 200),
        Measure("area", f"{unit} ms", 0, 10 * size),
        Measure("peak-to-peak amplitude", unit, 0, 2 * size, ("peak-peak amplitude",)),
        Measure("phases", "1", 0, 50),
        Measure("amplitude against distal", "%", 0, 1000, ("proximal to distal ratio",)),
    )


def percent(
    quantity: str, unit: str = "%", *other_names: str, most: float = 100.0, usual: bool = False
) -> Measure:
    """A quantity in percent."""
    return Measure(
        quantity, unit, 0, most, other_names, (), NOTHING, usual=usual, states=NOT_ABSENT
    )
