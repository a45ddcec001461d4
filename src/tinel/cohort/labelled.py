"""Arrays with labelled rows, the twins on the first axis."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np

from tinel.errors import TinelError
from tinel.exam.limb import Floats


class Row(NamedTuple):
    """One row: its labels, its unit, and its values ``(n_twin, ...)``."""

    labels: tuple[str, ...]
    unit: str
    values: Floats


@dataclass(frozen=True)
class Labelled:
    """An array with one row of labels for each entry of its second axis.

    Args:
        names: what the labels are, e.g. ``("arm", "quantity")``.
        labels: one tuple of texts per row.
        units: one unit per row.
        values: ``(n_twin, n_row, ...)``.

    Example:
        >>> both = Labelled(("arm",), (("wait",), ("repair",)), ("%", "%"), np.array([[1.0, 2.0]]))
        >>> both.of(arm="repair").tolist()
        [2.0]
    """

    names: tuple[str, ...]
    labels: tuple[tuple[str, ...], ...]
    units: tuple[str, ...]
    values: Floats

    @classmethod
    def of_rows(cls, names: tuple[str, ...], rows: Iterable[Row]) -> Labelled:
        """From labels, unit and array ``(n_twin, ...)`` of each row."""
        found = list(rows)
        labels, units = tuple(r.labels for r in found), tuple(r.unit for r in found)
        values = np.stack([r.values for r in found], axis=1) if found else np.zeros((0, 0))
        return cls(names, labels, units, values)

    def of(self, **wanted: str) -> Floats:
        """The row with these labels, ``(n_twin, ...)``; a name left out means an empty label.

        Raises:
            TinelError: no such row.
        """
        place = self._place.get(tuple(wanted.get(name, "") for name in self.names))
        if place is None or not wanted.keys() <= set(self.names):
            told = ", ".join(f"{name} '{word}'" for name, word in wanted.items())
            given = {name: sorted(set(self.column(name)))[:12] for name in self.names}
            known = "; ".join(f"{name}: {', '.join(words)}" for name, words in given.items())
            raise TinelError(f"nothing was computed for {told}", advice=f"there are {known}")
        row: Floats = self.values[:, place]
        return row

    def rows(self) -> Iterator[tuple[dict[str, str], str, Floats]]:
        """Labels by name, unit and values of every row."""
        for k, label in enumerate(self.labels):
            yield dict(zip(self.names, label, strict=True)), self.units[k], self.values[:, k]

    def column(self, name: str) -> tuple[str, ...]:
        """One label of every row."""
        place = self.names.index(name)
        return tuple(label[place] for label in self.labels)

    def with_row(self, values: Floats, **wanted: str) -> Labelled:
        """The same with other values in one row, ``(n_twin, ...)``."""
        changed = self.values.copy()
        changed[:, self._place[tuple(wanted.get(name, "") for name in self.names)]] = values
        return replace(self, values=changed)

    @cached_property
    def _place(self) -> dict[tuple[str, ...], int]:
        return {label: k for k, label in enumerate(self.labels)}
