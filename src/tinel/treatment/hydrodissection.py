"""Fluid injected round the nerve under ultrasound, with or without platelet products."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tinel.declare import Field
from tinel.evidence import Parameters
from tinel.treatment.plan import Intervention
from tinel.treatment.treatment import DAYS, ONE_DAY, Detail, Treatment, helped

KEY = "treatment.hydrodissection"
SAYS = (
    "No controlled trial has tested it, with or without platelets, for surgical scar round a "
    "nerve, nor with axons or strength as the end. In carpal tunnel trials it changed symptoms "
    "and nerve size for weeks to months, usually not conduction. Scar was back within a week in "
    "rats. So its effect on the scar's pressure and on axons is set to zero here; the range only "
    "shows what a small effect would look like."
)
PLATELETS = (
    "Platelets drive Schwann cells in culture; no trial has measured nerve growth in people."
)


def _effect(
    values: Mapping[str, Any], parameters: Parameters, which: str
) -> tuple[Intervention, ...]:
    platelets, days = values["platelets"], values["on_days"]
    # Only relief can fade slower than in the rat; a harm that lingers is not assumed.
    fading_at = "high" if which == "high" else "value"
    fading = helped(parameters, f"{KEY}.recurrence", fading_at, more_helps=True)
    factor = (
        helped(parameters, f"{KEY}.platelet_growth_rate_factor", which, more_helps=True)
        if platelets
        else 1.0
    )
    return tuple(
        Intervention(
            name="hydrodissection with platelets" if platelets else "hydrodissection",
            day=day,
            pressure_factor=helped(parameters, f"{KEY}.pressure_factor", which, more_helps=False),
            recurrence_d=fading,
            # Sessions do not add up: one course of platelets, one change of growth.
            growth_rate_factor=factor if day == days[0] else 1.0,
        )
        for day in days
    )


HYDRODISSECTION = Treatment(
    name="hydrodissection",
    text="Fluid injected round the nerve under ultrasound.",
    source="Lin et al. 2020, doi:10.3389/fphar.2020.625830: conduction did not change",
    fields=(
        ONE_DAY,
        DAYS,
        Field("platelets", "whether the fluid holds platelets", "yes or no", default=False),
    ),
    other_names=("nerve hydrodissection",),
    effect=_effect,
    says=SAYS,
    evidence_grade="assumption",
    evidence=(f"{KEY}.pressure_factor", f"{KEY}.recurrence"),
    details={"platelets": Detail(PLATELETS, (f"{KEY}.platelet_growth_rate_factor",))},
    frees_nerve=True,
)
