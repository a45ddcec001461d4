"""Nerve transfer: a branch that can be spared is sewn to the way of a paralysed muscle."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tinel.declare import Field
from tinel.errors import TinelError
from tinel.evidence import Parameters
from tinel.treatment.plan import Intervention, Transfer
from tinel.treatment.treatment import DAY, Treatment, helped
from tinel.twins import Floats

KEY = "treatment.transfer"
OTHER = "other"
DONORS = ("ulnar fascicle", "median fascicle", "spinal accessory", "intercostals", OTHER)
SAYS = (
    "Brings axons of a healthy nerve close to the muscle, so that they arrive before it has "
    "faded; the muscle that gave them loses a part, and the new movement has to be learned, "
    "neither of which is modelled. Donors with fewer than 0.7 axons for each of the recipient "
    "did worse. Of 408 fascicular transfers for the elbow 71 % reached M4, fewer the later (odds "
    "a third lower per 3 months); 23 of 26 triceps branches to the deltoid, 20 of 24 "
    "to the ulnar hand (M3) and 9 of 21 tibial branches to the lifters of the foot did. None of "
    "these was randomised. A muscle with axons on their way may recover without it, and loses "
    "them by it."
)


def _names(text: str) -> tuple[str, ...]:
    names = tuple(name.strip() for name in text.split(",") if name.strip())
    if not names or len(set(names)) < len(names):
        told = f"'{text}' does not name each target once"
        raise TinelError(told, "targets", "write for example 'deltoid, teres minor'")
    return names


def donor_fraction(donor: str, parameters: Parameters, which: str = "value") -> float | Floats:
    """Donor axons over the axons of the recipient.

    Args:
        donor: one of ``DONORS``.
        parameters: the numbers in use.
        which: ``value``, or ``low`` or ``high`` for the end with the least or most help.

    Example:
        >>> donor_fraction("ulnar fascicle", Parameters.of_evidence())
        0.72
    """
    return helped(parameters, f"{KEY}.{donor.replace(' ', '_')}", which, more_helps=True)


def _effect(
    values: Mapping[str, Any], parameters: Parameters, which: str
) -> tuple[Intervention, ...]:
    done = Transfer(
        targets=_names(values["targets"]),
        distance_mm=values["distance_mm"],
        donor_fraction=donor_fraction(values["donor"], parameters, which),
        passage=helped(parameters, "treatment.repair.passage", which, more_helps=True),
        spread=parameters["treatment.repair.spread"],
    )
    delay = helped(parameters, "treatment.repair.delay", which, more_helps=False)
    return tuple(
        Intervention("nerve transfer", day, delay_d=delay, transfers=(done,))
        for day in values["on_days"]
    )


TRANSFER = Treatment(
    name="nerve transfer",
    text="A branch that can be spared is sewn to the way of a paralysed muscle.",
    source="axon counts: Schreiber et al. 2015, doi:10.1097/PRS.0000000000000795",
    fields=(
        DAY,
        Field(
            "targets",
            "names of the muscles or skin, with commas between them",
            "text",
            needed=True,
        ),
        Field(
            "distance_mm",
            "way from the suture to the muscle or skin",
            "number",
            "mm",
            1,
            300,
            needed=True,
        ),
        Field(
            "donor",
            "where the axons come from",
            "choice",
            choices=DONORS,
            default=OTHER,
        ),
    ),
    effect=_effect,
    says=SAYS,
    evidence_grade="assumption",
    operation=True,
    combines=True,
)
