"""Virtual twins as the tests want them: one line instead of five arguments."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tinel.evidence import Parameters
from tinel.twins import Patient, Twins

PUBLISHED = Parameters.of_evidence()


def some(
    numbers: range = range(1),
    *,
    age: float = 40,
    sex: str = "female",
    height_cm: float = 170,
    seed: int = 1,
    changed: Mapping[str, Any] | None = None,
    conditions: tuple[str, ...] = (),
) -> Twins:
    """Twins of one patient; ``changed`` are parameters that differ from the published ones."""
    parameters = Parameters.of_evidence().replace(changed or {}).of_twins(numbers)
    return Twins(Patient(age, sex, height_cm, conditions=conditions), numbers, seed, parameters)


# What time does with a scar, and the names of injuries: tests/test_parameters.py.
ACTS_LATER = ("lesion.sheath.", "lesion.axon.", "lesion.scar.", "lesion.classify.")


def acts_at_once(key: str) -> bool:
    """A number of a lesion that a cause reads when it happens: tests/test_causes.py."""
    later = key.startswith(ACTS_LATER) and key != "lesion.sheath.floor"
    return key.startswith("lesion.") and not later
