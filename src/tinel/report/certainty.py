"""How sure it is, in three parts: the patient, the model, and whether it was ever tested here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tinel.declare.quantity import shown_day
from tinel.evidence.validated import Validated, validated
from tinel.report.chances import typical_miss_points
from tinel.report.number_format import interval
from tinel.result import Result


@dataclass(frozen=True)
class Certainty:
    """A heading and a sentence for each part, and what lies outside of what was tested."""

    parts: tuple[tuple[str, str], ...]
    outside: tuple[str, ...]


def certainty(result: Result, rows: Sequence[Validated] | None = None) -> Certainty:
    """Collect the three parts.

    Args:
        result: of a run.
        rows: published cohorts beside the program, instead of those of the last validation.
    """
    every = validated() if rows is None else rows
    case, end = result.case, result.days[-1]
    nerve = case.nerve.name
    here = [row for row in every if row.nerve == nerve]
    spread = interval(result.curve(result.waiting, "conducting fibres")[:, -1], "")
    told = (
        f"whom of these people a patient is most like is not known. Untreated, {spread} of 100 "
        f"fibres conduct on day {shown_day(end)}."
    )
    outside = tuple(_outside(nerve, end, here, every))
    return Certainty(
        (
            ("Patient", told),
            ("Model", _model(nerve, here, every)),
            ("Tested here", " ".join(outside) or _tested(nerve, here)),
        ),
        outside,
    )


def _model(nerve: str, here: Sequence[Validated], every: Sequence[Validated]) -> str:
    if not every:
        return "no published figure was computed, so nothing is known of how far it is off."
    off = [row.off_points for row in here or every]
    whose = "on this nerve" if here else "on other nerves"
    return (
        f"of {len(off)} published figures {whose} half were missed by more than "
        f"{np.median(off):.0f} points, 1 in 5 by more than the "
        f"{typical_miss_points(nerve, every):.0f} that the brackets reach either way."
    )


def _tested(nerve: str, here: Sequence[Validated]) -> str:
    who = len({row.cohort for row in here})
    last = max(row.day for row in here)
    return (
        f"{who} published groups of patients with an injury of this nerve, up to day "
        f"{shown_day(last)}; never on single patients."
    )


def _outside(
    nerve: str, end_d: float, here: Sequence[Validated], every: Sequence[Validated]
) -> list[str]:
    if not here:
        return [f"No published group with an injury of the {nerve} nerve was ever computed."]
    last = max(row.day for row in here)
    if end_d > last:
        return [
            f"Days after {shown_day(last)} lie beyond every published group of this nerve that "
            f"was computed."
        ]
    return []
