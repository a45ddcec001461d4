"""Guided movement of the joints and splints, for a limb that waits for its axons."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tinel.declare import Field
from tinel.evidence import Parameters
from tinel.treatment.pain import effect
from tinel.treatment.plan import Intervention
from tinel.treatment.treatment import DAY, Treatment, helped

KEY = "treatment.therapy.muscle_fade_factor"
SAYS = (
    "Keeps joints mobile and a limb usable while axons grow. No trial has measured that it saves "
    "axons or force of muscle without axons, so it changes neither here; the range shows what it "
    "would do if muscle faded a fifth more slowly. Stiff joints, which it is given against, are "
    "not modelled. Recovery beside it is that of waiting."
)
SPLINT = (
    "A splint holds what the muscles cannot, such as a foot or a wrist that drops; it moves no "
    "axon, and what it spares a stretched muscle was not measured."
)


def _effect(
    values: Mapping[str, Any], parameters: Parameters, which: str
) -> tuple[Intervention, ...]:
    factor = helped(parameters, KEY, which, more_helps=False)
    relief = effect("physical therapy").relief(which)
    return tuple(
        Intervention("therapy", day, muscle_fade_factor=factor, relief=relief)
        for day in values["on_days"]
    )


THERAPY = Treatment(
    name="therapy",
    text="Guided movement of the joints, with or without a splint, from a day on.",
    source="an assumption: no trial has measured axons or force",
    fields=(
        DAY,
        Field("splint", "whether a splint is worn too", "yes or no", default=False),
    ),
    other_names=("physical therapy", "physiotherapy"),
    effect=_effect,
    says=SAYS,
    evidence_grade="assumption",
    details={"splint": SPLINT},
)
