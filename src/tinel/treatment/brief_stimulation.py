"""Brief electrical stimulation: an hour of weak pulses to the nerve at the operation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tinel.evidence import Parameters
from tinel.treatment.pain import effect
from tinel.treatment.plan import Intervention
from tinel.treatment.treatment import DAY, Treatment, helped

KEY = "treatment.brief_stimulation.crossing_factor"
SAYS = (
    "After release of severe cubital tunnel syndrome patients with an hour of 20 Hz had twice the "
    "motor units of those without at 3 years (176 against 88; 20 and 11 patients, randomised, "
    "blinded). In carpal tunnel release and digital suture axons or feeling gained too, use of the "
    "hand did not. It acts on how many axons cross, not on how fast they grow: in rats it did not "
    "raise the speed. That the ratio of motor units is one of the odds to cross is an assumption. "
    "Whether it does the same after a suture of a large nerve is not known, so the range begins at "
    "no effect. Both groups of that trial recovered in part without it."
)


def _effect(
    values: Mapping[str, Any], parameters: Parameters, which: str
) -> tuple[Intervention, ...]:
    factor = helped(parameters, KEY, which, more_helps=True)
    relief = effect("brief electrical stimulation").relief(which)
    return tuple(
        Intervention("brief electrical stimulation", day, crossing_factor=factor, relief=relief)
        for day in values["on_days"]
    )


BRIEF_STIMULATION = Treatment(
    name="brief electrical stimulation",
    text="An hour of pulses at 20 Hz to the nerve when it is operated on.",
    source="Power et al. 2019, doi:10.1093/neuros/nyz322 (abstract read): 31 patients, 3 years",
    fields=(DAY,),
    other_names=("brief stimulation",),
    effect=_effect,
    says=SAYS,
    evidence_grade="assumption",
)
