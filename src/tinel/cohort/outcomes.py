"""Outcomes of some twins, as labelled arrays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

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

    @staticmethod
    def joined(parts: Sequence[Outcomes]) -> Outcomes:
        """All twins, from one part after another."""
        first = parts[0]
        tables = {
            name: Labelled.joined([part.tables()[name] for part in parts])
            for name in first.tables()
        }
        read = frozenset().union(*(part.read for part in parts))
        return Outcomes(days=first.days, exam_days=first.exam_days, read=read, **tables)
