"""Outcomes of some twins, as labelled arrays."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np

from tinel.cohort.labelled import Labelled

CURVES = ("arm", "bound", "quantity", "target")
EXAMS = ("arm", "day", "test", "subject", "site", "quantity")
HEALTHY = ("test", "subject", "site", "quantity")
CLASSES = ("system", "name")
ARRIVALS = ("arm", "target", "quantity")
DRAWN = ("quantity",)


@dataclass(frozen=True)
class Outcomes:
    """Everything computed for a range of twins.

    Args:
        days: those of the curves.
        exam_days: those of the examinations and classes.
        curves: ``(n_twin, n_row, n_day)``. ``bound`` is empty for the plan itself, ``low`` and
            ``high`` for the ends of its sensitivity range (least and most help).
        exams: ``(n_twin, n_row)``, the injured limb; ``day`` as ``f"{day:g}"``.
        healthy: ``(n_twin, n_row)``, the other side.
        classes: fractions of the fibres at the injury in each of Seddon's and Sunderland's classes
            while waiting, ``(n_twin, n_row, n_exam_day)``.
        arrivals: when regrown axons arrive, see ``course.arrival``, ``(n_twin, n_row)``.
        drawn: sizes of the injury that differ between twins, ``(n_twin, n_row)``.
        read: keys of the parameters that were read.
    """

    days: tuple[float, ...]
    exam_days: tuple[float, ...]
    curves: Labelled
    exams: Labelled
    healthy: Labelled
    classes: Labelled
    arrivals: Labelled
    drawn: Labelled
    read: frozenset[str]

    @property
    def n_twin(self) -> int:
        """How many twins."""
        return len(self.curves.values)

    def tables(self) -> dict[str, Labelled]:
        """Every labelled array by the name of its field."""
        found = {f.name: getattr(self, f.name) for f in fields(self)}
        return {name: table for name, table in found.items() if isinstance(table, Labelled)}


class Growing:
    """The outcomes of all twins, filled part by part in any order, never held twice.

    Args:
        total: how many twins there will be.
    """

    def __init__(self, total: int) -> None:
        self._total = total
        self._made: Outcomes | None = None

    def fits(self, part: Outcomes) -> bool:
        """Whether a part has the same days, rows and units as those before it."""
        made = self._made
        return made is None or (
            (made.days, made.exam_days) == (part.days, part.exam_days)
            and _rows(made) == _rows(part)
        )

    def put(self, twins: range, part: Outcomes) -> None:
        """Add the part of some twins."""
        if self._made is None:
            empty = {name: _emptied(table, self._total) for name, table in part.tables().items()}
            self._made = replace(part, **empty)  # type: ignore[arg-type]
        for name, table in self._made.tables().items():
            if table.labels:
                table.values[twins.start : twins.stop] = part.tables()[name].values
        self._made = replace(self._made, read=self._made.read | part.read)

    def whole(self) -> Outcomes:
        """All of them; every part has been put."""
        assert self._made is not None, "no twins"
        return self._made


def _emptied(table: Labelled, total: int) -> Labelled:
    if not table.labels:
        return table
    shape = (total, *table.values.shape[1:])
    return replace(table, values=np.empty(shape, table.values.dtype))


def _rows(outcomes: Outcomes) -> list[tuple[object, ...]]:
    return [
        (name, t.names, t.labels, t.units, t.values.shape[1:])
        for name, t in outcomes.tables().items()
    ]
