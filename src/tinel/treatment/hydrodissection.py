"""Fluid injected round the nerve under ultrasound, with or without platelet products."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from tinel.declare import Field
from tinel.evidence import Parameters
from tinel.treatment.pain import effect, remedy
from tinel.treatment.plan import Intervention
from tinel.treatment.treatment import DAYS, ONE_DAY, Treatment, helped
from tinel.twins import Floats

KEY = "treatment.hydrodissection"
MM3_PER_ML = 1000.0
SAYS = (
    "No controlled trial has tested it, with or without platelets, for surgical scar round a "
    "nerve, nor with axons or strength as the end. In carpal tunnel trials it changed symptoms "
    "and nerve size for weeks to months, usually not conduction. Scar was back within a week in "
    "rats. So its effect on the scar's pressure and on axons is set to zero here; the range only "
    "shows what a small effect would look like, and more volume reaches more of the scar in it. "
    "In cadavers the nerve slid with a fifth less drag, which is no pressure."
)
PLATELETS = (
    "Platelets drive Schwann cells in culture; no trial has measured nerve growth in people."
)
FLUIDS = {
    "saline": "Of 34 wrists those with saline round the nerve had milder symptoms for 3 months "
    "than those with saline under the skin.",
    "dextrose": "Of 63 wrists those with the most dextrose had less pain at 12 weeks, and no "
    "difference at 24 weeks, in conduction or in nerve size.",
    "steroid": "Of 20 wrists those with steroid in more fluid did worse at 4 weeks than those "
    "with steroid alone, and alike at 6 months.",
}


def reach_mm(volume_mL: float, parameters: Parameters) -> float | Floats:
    """Length of nerve that a volume of fluid surrounds, mm.

    The fluid is taken to lie round the nerve as a jacket of one cross-section along its length.

    Args:
        volume_mL: 0 or more.
        parameters: the numbers in use.

    Source:
        A tenth of a mL spread over 25 mm of a rabbit's nerve (Sung 2004, Reg Anesth Pain Med
        29:194), which is a jacket of 4 mm2; in people it is an assumption.

    Example:
        >>> reach_mm(3.0, Parameters.of_evidence())
        50.0
    """
    return volume_mL * MM3_PER_ML / parameters[f"{KEY}.jacket_area"]


def pressure_left(
    volume_mL: float, scar_mm: float, parameters: Parameters, which: str = "value"
) -> float | Floats:
    """Factor on the scar's pressure that a volume leaves: what it reaches of the scar is relieved.

    Args:
        volume_mL: fluid of one session, 0 or more.
        scar_mm: length of the scar, above 0.
        parameters: the numbers in use.
        which: ``value``, or ``low`` or ``high`` for the end with the least or most help.

    Example:
        >>> published = Parameters.of_evidence()
        >>> [round(pressure_left(v, 100.0, published, "high"), 2) for v in (0.0, 3.0, 6.0, 20.0)]
        [1.0, 0.9, 0.8, 0.8]
    """
    reached = np.minimum(reach_mm(volume_mL, parameters) / scar_mm, 1.0)
    whole = helped(parameters, f"{KEY}.pressure_factor", which, more_helps=False)
    factor = 1.0 - (1.0 - whole) * reached
    return float(factor) if np.ndim(factor) == 0 else factor


def _effect(
    values: Mapping[str, Any], parameters: Parameters, which: str
) -> tuple[Intervention, ...]:
    platelets, days = values["platelets"], values["on_days"]
    # Only relief can fade slower than in the rat; a harm that lingers is not assumed.
    fading_at = "high" if which == "high" else "value"
    fading = helped(parameters, f"{KEY}.recurrence", fading_at, more_helps=True)
    left = pressure_left(values["volume_mL"], values["scar_mm"], parameters, which)
    factor = (
        helped(parameters, f"{KEY}.platelet_growth_rate_factor", which, more_helps=True)
        if platelets
        else 1.0
    )
    given = _against_pain(values)
    lasts_d = remedy(given).lasts_d or 0.0
    return tuple(
        Intervention(
            name="hydrodissection with platelets" if platelets else "hydrodissection",
            day=day,
            pressure_factor=left,
            recurrence_d=fading,
            # Sessions do not add up: one course of platelets, one change of growth.
            growth_rate_factor=factor if day == days[0] else 1.0,
            relief=effect(given).relief(which, day + lasts_d),
            fluid_mL=values["volume_mL"],
        )
        for day in days
    )


def _against_pain(values: Mapping[str, Any]) -> str:
    # Of what is mixed into one fluid, that with trials of its own decides.
    if values["platelets"]:
        return "platelets"
    return "steroid injection" if values["fluid"] == "steroid" else "hydrodissection"


HYDRODISSECTION = Treatment(
    name="hydrodissection",
    text="Fluid injected round the nerve under ultrasound.",
    source="Lin et al. 2020, doi:10.3389/fphar.2020.625830: conduction did not change",
    fields=(
        ONE_DAY,
        DAYS,
        Field("fluid", "what is injected", "choice", choices=tuple(FLUIDS), default="saline"),
        Field("volume_mL", "fluid of one session", "number", "mL", 0.1, 100, default=5.0),
        Field(
            "scar_mm",
            "length of the scar to be reached; the injury's in a case that does not give it",
            "number",
            "mm",
            1,
            300,
            default=30.0,
        ),
        Field("platelets", "whether the fluid holds platelets", "yes or no", default=False),
    ),
    other_names=("nerve hydrodissection",),
    effect=_effect,
    says=SAYS,
    evidence_grade="assumption",
    details={
        **{f"fluid={fluid}": says for fluid, says in FLUIDS.items()},
        "platelets": PLATELETS,
    },
    frees_nerve=True,
)
