"""Exercise: walking or running, as rodents do it on a treadmill."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tinel.evidence import Parameters
from tinel.treatment.plan import Intervention
from tinel.treatment.treatment import DAY, Treatment, helped

KEY = "treatment.exercise.growth_rate_factor"
SAYS = (
    "In rats and mice that run on a treadmill axons regenerate better (12 studies, PMC8571504); "
    "walking slowly did more than fast. No trial has measured axons in people, so it changes "
    "nothing here; the range shows growth that is up to a fifth faster, of axons that set out "
    "from that day on. Recovery beside it is that of waiting."
)


def _effect(
    values: Mapping[str, Any], parameters: Parameters, which: str
) -> tuple[Intervention, ...]:
    factor = helped(parameters, KEY, which, more_helps=True)
    return tuple(
        Intervention("exercise", day, growth_rate_factor=factor) for day in values["on_days"]
    )


EXERCISE = Treatment(
    name="exercise",
    text="Regular exercise of the whole body from a day on.",
    source="PMC8571504, table 2: rodents alone",
    fields=(DAY,),
    other_names=("training",),
    effect=_effect,
    says=SAYS,
    evidence_grade="assumption",
)
