"""Tacrolimus, a drug against rejection that hastens regrowth in rats."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tinel.evidence import Parameters
from tinel.treatment.plan import Intervention
from tinel.treatment.treatment import DAY, Treatment, helped

KEY = "treatment.tacrolimus.time_factor"
SAYS = (
    "Rats recovered in 15 to 29 % less time when it was given from the repair on; begun a week "
    "late, most of that was lost. In people five repaired nerves were followed under it for 40 "
    "months: no better strength or feeling than expected, and no group without it. A randomised "
    "trial was planned and withdrawn. So it changes nothing here; the range is the rat's. The "
    "drug weakens the defence against infection and has other harms, which are not modelled."
)


def _effect(
    values: Mapping[str, Any], parameters: Parameters, which: str
) -> tuple[Intervention, ...]:
    time = helped(parameters, KEY, which, more_helps=False)
    return tuple(
        Intervention("tacrolimus", day, growth_rate_factor=1.0 / time, delay_factor=time)
        for day in values["on_days"]
    )


TACROLIMUS = Treatment(
    name="tacrolimus",
    text="A course of tacrolimus (FK506) from a day on.",
    source="Phan & Schuind 2012, J Hand Surg Eur 37:537: 5 patients, no effect seen",
    fields=(DAY,),
    other_names=("FK506",),
    effect=_effect,
    says=SAYS,
    evidence_grade="assumption",
)
