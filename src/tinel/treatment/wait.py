"""Waiting: nothing is done to the nerve."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tinel.evidence import Parameters
from tinel.treatment.plan import Intervention
from tinel.treatment.treatment import Treatment

SAYS = (
    "Nothing is done to the nerve; it recovers or not by itself. Two thirds of sciatic palsies "
    "after hip replacement recover fully (14 retrospective series, doi:10.1155/2017/8361071), and "
    "94 % of radial palsies with operated humeral fractures within 18 months (n = 32); both "
    "figures were read in abstracts. A trunk that was cut through and not joined recovers nothing."
)


def _effect(
    values: Mapping[str, Any], parameters: Parameters, which: str
) -> tuple[Intervention, ...]:
    return ()


WAIT = Treatment(
    name="wait",
    text="Nothing is done; an arm without steps waits.",
    source="doi:10.1155/2017/8361071",
    effect=_effect,
    says=SAYS,
    evidence_grade="",
)
