"""Decompression: the roof of a tight tunnel is divided, the nerve itself is left alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tinel.evidence import Parameters
from tinel.treatment.plan import Intervention
from tinel.treatment.treatment import DAYS, ONE_DAY, Treatment, helped

KEY = "treatment.decompression"
SAYS = (
    "Brings the pressure in a tunnel back to that of healthy people: 2.5 mmHg at rest against 32 "
    "in carpal tunnel syndrome (Gelberman 1981). It acts on what is there on its day: sheaths grow "
    "back and standing axons are spared, so that early release finds more of them; axons already "
    "broken have to grow, and a cut nerve is not joined. Of carpal tunnel releases 0.2 to 2.7 % "
    "were done again. Many pressure palsies recover without it. Released on the day of a hip "
    "replacement 80 % of 13 palsies gained strength against 12.5 % without, in patients who were "
    "not randomised; that figure is not used. Risks of the operation are not modelled."
)


def _effect(
    values: Mapping[str, Any], parameters: Parameters, which: str
) -> tuple[Intervention, ...]:
    return tuple(
        Intervention(
            name="decompression",
            day=day,
            pressure_factor=helped(parameters, f"{KEY}.pressure_factor", which, more_helps=False),
            recurrence_d=helped(parameters, f"{KEY}.recurrence", which, more_helps=True),
        )
        for day in values["on_days"]
    )


DECOMPRESSION = Treatment(
    name="decompression",
    text="The roof of the tunnel or band that presses the nerve is divided.",
    source="Gelberman et al. 1981 (abstract read): pressures with and without the syndrome",
    fields=(ONE_DAY, DAYS),
    effect=_effect,
    says=SAYS,
    evidence_grade="assumption",
    frees_nerve=True,
    operation=True,
)
