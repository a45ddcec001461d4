"""From the steps of a case file to a plan."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tinel.errors import TinelError, suggest
from tinel.treatment import graft, hydrodissection, neurolysis, repair, wait
from tinel.treatment.plan import Intervention, Plan
from tinel.treatment.step import Step, Treatment

TREATMENTS: dict[str, Callable[[Step], Treatment]] = {
    "wait": wait.read,
    "hydrodissection": hydrodissection.read,
    "neurolysis": neurolysis.read,
    "repair": repair.read,
    "graft": graft.read,
}

_FIRMEST_FIRST = ("read", "secondary", "calibrated", "animal", "unverified", "assumption")


def plan(name: str, steps: Sequence[Step]) -> Plan:
    """A named arm from its steps; no steps means waiting.

    Args:
        name: what the report calls it, e.g. ``neurolysis at 6 months``.
        steps: each a mapping with ``treatment`` and that treatment's fields, such as
            ``{"treatment": "hydrodissection", "days": [60, 150], "platelets": True}``,
            ``{"treatment": "neurolysis", "day": 180}``, ``{"treatment": "repair", "day": 30}`` or
            ``{"treatment": "graft", "day": 120, "gap_mm": 40}``.

    Returns:
        The plan with its weakest grade, what the evidence says in plain words, the keys of the
        numbers it rests on, and the same plan with the least (``low``) and most help (``high``).

    Raises:
        TinelError: unknown treatment or field, or an illegal value.

    Example:
        >>> arm = plan("release", [{"treatment": "neurolysis", "day": 180}])
        >>> arm.interventions[0].pressure_factor, arm.high.interventions[0].pressure_factor
        (0.2, 0.05)
    """
    read = [_read(step) for step in steps] or [wait.read({"treatment": "wait"})]
    kinds = dict.fromkeys(str(step["treatment"]) for step in steps) or {"wait": None}
    grades = [t.evidence_grade for t in read if t.evidence_grade]
    weakest = max(grades, key=_FIRMEST_FIRST.index, default="")
    says = " ".join(dict.fromkeys(t.says for t in read))
    keys = tuple(dict.fromkeys(key for t in read for key in t.evidence))

    def named(suffix: str, done: list[Intervention], low: Plan | None, high: Plan | None) -> Plan:
        return Plan(
            name=name + suffix,
            treatment=", ".join(kinds),
            interventions=tuple(sorted(done, key=lambda i: i.day)),
            evidence_grade=weakest,
            says=says,
            evidence=keys,
            low=low,
            high=high,
        )

    if not any(t.value for t in read):
        return named("", [], None, None)
    low = named(" (least help)", [i for t in read for i in t.low], None, None)
    high = named(" (most help)", [i for t in read for i in t.high], None, None)
    return named("", [i for t in read for i in t.value], low, high)


def _read(step: Step) -> Treatment:
    given = step.get("treatment")
    if given not in TREATMENTS:
        raise TinelError(
            f"no treatment is called '{given}'", advice=suggest(str(given), list(TREATMENTS))
        )
    return TREATMENTS[str(given)](step)
