"""What a run leaves: the twins' table, one examined person in their middle, and its sources."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tinel.case import Case
from tinel.cohort.chunk import Table
from tinel.cohort.summary import quantiles
from tinel.declare.quantity import shown_day
from tinel.evidence import Number
from tinel.exam.limb import Bools, Floats, Limb
from tinel.exam.protocol import Measure
from tinel.exam.response import Response
from tinel.treatment import Plan


@dataclass(frozen=True)
class Visit:
    """One person examined once: the limb, the waveforms by study, every measured value.

    ``through`` tells which fibres an impulse from the cord gets through, ``(1, n_fibre)``.
    """

    limb: Limb
    responses: dict[str, Response]
    values: dict[Measure, float]
    through: Bools


@dataclass(frozen=True)
class Result:
    """Everything a report is made from.

    ``table`` holds all twins (keys as in ``cohort.chunk``); ``days`` are the days of its curves;
    ``middle`` is the number of the twin whose ``visits`` are kept, by arm and exam day;
    ``healthy`` is that twin's other side; ``used`` are the numbers asked for, by key;
    ``manifest`` says what was computed from what.
    """

    case: Case
    plans: tuple[Plan, ...]
    days: tuple[float, ...]
    table: Table
    middle: int
    healthy: Visit
    visits: dict[str, dict[float, Visit]]
    used: dict[str, Number]
    manifest: dict[str, Any]

    def curve(self, arm: str, quantity: str, target: str = "", bound: str = "") -> Floats:
        """Quantiles of a curve, ``(5, n_day)``: 5, 25, 50, 75 and 95 %.

        Raises:
            KeyError: no such curve.
        """
        return quantiles(self.table["curve", arm, bound, quantity, target])

    @property
    def waiting(self) -> str:
        """The name of the arm in which nothing is done."""
        return next(p.name for p in self.plans if not p.interventions)

    def summary(self) -> str:
        """A few plain lines for the terminal."""
        case, end = self.case, self.days[-1]
        lines = [
            f"{case.source.path.name}: {case.nerve.name} nerve, {case.nerve.side}, "
            f"{case.run.twins} virtual twins, seed {case.run.seed}",
            f"fibres that conduct past the injury on day {shown_day(end)}, median (90 % of twins):",
        ]
        for plan in self.plans:
            low, _, mid, _, high = self.curve(plan.name, "conducting fibres")[:, -1]
            lines.append(f"  {plan.name}: {mid:.0f} % ({low:.0f} to {high:.0f})")
        lines.append("research and teaching software; no advice for a person")
        return "\n".join(lines)

    def as_json(self) -> dict[str, Any]:
        """The summary as data, with the manifest."""
        end = {
            plan.name: dict(
                zip(
                    ("p5", "p25", "p50", "p75", "p95"),
                    (float(x) for x in self.curve(plan.name, "conducting fibres")[:, -1]),
                    strict=True,
                )
            )
            for plan in self.plans
        }
        return {
            "manifest": self.manifest,
            "day": self.days[-1],
            "conducting_fibres_percent": end,
        }
