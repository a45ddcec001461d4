"""Open release: a surgeon frees the nerve from its scar."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tinel.evidence import Parameters
from tinel.treatment.plan import Intervention
from tinel.treatment.treatment import DAYS, ONE_DAY, Treatment, helped

SAYS = (
    "Takes most of the scar's pressure away; how much was never measured, and scar may return. "
    "After hip replacement 75 % of released sciatic palsies improved (81 patients) against 33 % "
    "without (93), but surgeons chose whom to operate on, so the difference is biased and is not "
    "used as an effect size. Early or late, it acts on what is there on its day: it spares axons "
    "that still stand and lets those that wait at the scar cross, fewer the longer they waited; "
    "it does not join cut ones. Done 6 months or more after the injury it was followed by gains "
    "in 12 of 12 sciatic palsies, without a group that waited. The operation itself can hurt the "
    "nerve; that risk is not modelled."
)


def relief(
    day: float, parameters: Parameters, which: str, name: str = "neurolysis"
) -> Intervention:
    """The release of pressure on a day, at its value or at an end of its range.

    Example:
        >>> relief(180.0, Parameters.of_evidence(), "value").pressure_factor
        0.2
    """
    factor, recurrence = "treatment.neurolysis.pressure_factor", "treatment.neurolysis.recurrence"
    return Intervention(
        name=name,
        day=day,
        pressure_factor=helped(parameters, factor, which, more_helps=False),
        recurrence_d=helped(parameters, recurrence, which, more_helps=True),
    )


def _effect(
    values: Mapping[str, Any], parameters: Parameters, which: str
) -> tuple[Intervention, ...]:
    return tuple(relief(day, parameters, which) for day in values["on_days"])


NEUROLYSIS = Treatment(
    name="neurolysis",
    text="Open release of the nerve from its scar.",
    source="Chughtai et al. 2017, J Arthroplasty 32:1335; the size of the effect is an assumption",
    fields=(ONE_DAY, DAYS),
    other_names=("release",),
    effect=_effect,
    says=SAYS,
    evidence_grade="assumption",
    frees_nerve=True,
    operation=True,
)
