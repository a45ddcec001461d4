"""Relief of pain by a remedy that leaves nerve and muscle as they are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tinel.declare import Field
from tinel.errors import TinelError
from tinel.evidence import Parameters
from tinel.treatment.pain import effect, known
from tinel.treatment.pain.effect import KINDS
from tinel.treatment.plan import Intervention
from tinel.treatment.treatment import DAY, Treatment

# These act on the nerve too, or belong to an operation or a therapist: treatments of their own.
ELSEWHERE = ("brief electrical stimulation", "hydrodissection", "physical therapy", "platelets")
REMEDIES = {name: given for name, given in known().items() if name not in ELSEWHERE}
SAYS = (
    "It eases pain in some people, as a placebo does in about one of five. It changes neither "
    "nerve nor muscle: recovery beside it is that of waiting. Whether a person answers cannot be "
    "told beforehand."
)


def _effect(
    values: Mapping[str, Any], parameters: Parameters, which: str
) -> tuple[Intervention, ...]:
    day, until_day = values["day"], values["until_day"]
    if until_day is not None and until_day < day:
        told = f"until_day {until_day:g} lies before day {day:g}"
        raise TinelError(f"{told} (allowed: day {day:g} or later)", "pain relief")
    name = values["drug"]
    lasts_d = REMEDIES[name].lasts_d
    ends_d = float("inf") if until_day is None else until_day
    if lasts_d is not None:
        ends_d = min(ends_d, day + lasts_d)
    relief = effect(name, values["as_in"]).relief(which, ends_d)
    return (Intervention(name, day, relief=relief),)


PAIN_RELIEF = Treatment(
    name="pain relief",
    text="A drug or another remedy against pain, from a day on.",
    source="one file of trials for each remedy, see docs/concepts/pain.md",
    fields=(
        DAY,
        Field("drug", "what is given", "choice", choices=tuple(REMEDIES), needed=True),
        Field("until_day", "last day on which it is given; for good in a case without it", "day"),
        Field(
            "as_in",
            "pain whose trials are used; those of nerve pain in general may not hold",
            "choice",
            choices=KINDS,
            default="post-traumatic",
        ),
    ),
    other_names=("analgesia",),
    effect=_effect,
    says=SAYS,
    evidence_grade="assumption",
    details={f"drug={name}": given.answer for name, given in REMEDIES.items()},
    combines=True,
)
