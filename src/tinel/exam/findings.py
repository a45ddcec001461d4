"""Findings: what a laboratory writes down, each value with its limit, verdict and other side.

Values of a simulated visit and of a recording are the same type: ``recording.measured`` makes them
from a file.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

from tinel.exam.block_criteria import by_value
from tinel.exam.examination import Visit
from tinel.exam.measurement import Measurement
from tinel.exam.method import Method, method_of
from tinel.exam.reference_limits import limit_of
from tinel.exam.side_comparison import side_fraction, verdict

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Finding:
    """One measured value of one person, simulated or recorded.

    Args:
        test: the test's name; empty where a recording does not say.
        nerve: name of the nerve; empty likewise.
        side: ``affected`` or ``healthy``; of a recording ``left``, ``right`` or empty.
        subject: conduction study, muscle or patch of skin.
        site: stimulation site or segment; empty where there is only one place.
        quantity, unit: what was measured.
        value: nan where the response is absent, inf where nothing was felt.
        limit: reference limit in words, such as ``≥ 4.2``; empty where none is published.
        abnormal: None where nothing says what is normal.
        criterion: what decided, see ``side_comparison.verdict``.
        other_side: the healthy side's value; None on the healthy side itself.
        method: how it was measured.
    """

    test: str
    nerve: str
    side: str
    subject: str
    site: str
    quantity: str
    unit: str
    value: float
    limit: str
    abnormal: bool | None
    criterion: str
    other_side: float | None
    method: Method = field(default_factory=Method)


@dataclass(frozen=True)
class Findings:
    """The findings of one visit, in the order in which they were made."""

    rows: tuple[Finding, ...]

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def to_dataframe(self) -> pd.DataFrame:
        """One row per finding; the columns are the fields of ``Finding`` and of its ``Method``."""
        import pandas as pd

        rows = [asdict(row) for row in self.rows]
        return pd.DataFrame([{**row, **row.pop("method")} for row in rows])


def findings(visit: Visit, other_side: Visit | None = None) -> Findings:
    """The findings of a visit's first twin.

    Args:
        visit: a limb that was examined.
        other_side: the same person's healthy limb; None where ``visit`` is that limb.
    """
    rows = []
    criteria = {}
    if other_side is not None:
        criteria = {s.name: by_value(s, visit, other_side) for s in visit.limb.nerve.studies}
    for measurement in visit.examination.measurements:
        other = None
        if other_side is not None:
            there = other_side.examination.of(
                measurement.subject, measurement.quantity, measurement.site
            )
            other = None if there is None else float(there.values[0])
        of_study = criteria.get(measurement.subject, {})
        met = of_study.get((measurement.quantity, measurement.site), [])
        rows.append(_finding(visit, measurement, other, met, healthy=other_side is None))
    return Findings(tuple(rows))


def _finding(
    visit: Visit, measurement: Measurement, other: float | None, met: list[str], healthy: bool
) -> Finding:
    value = float(measurement.values[0])
    limit, bound = limit_of(measurement, visit)
    text, abnormal, criterion = bound.text if bound else "", None, ""
    if limit is not None:
        fraction = side_fraction(visit.limb.parameters) if limit.beside_other_side else None
        if not text and fraction is not None:
            text = f"≥ {100 * fraction:.0f} % of the other side"
        if limit.applies(measurement, visit):
            abnormal, criterion = verdict(bound, value, other, fraction, met)
    return Finding(
        test=measurement.test,
        nerve=visit.limb.nerve.name,
        side="healthy" if healthy else "affected",
        subject=measurement.subject,
        site=measurement.site,
        quantity=measurement.quantity,
        unit=measurement.unit,
        value=value,
        limit=text,
        abnormal=abnormal,
        criterion=criterion,
        other_side=other,
        method=method_of(visit, measurement),
    )
