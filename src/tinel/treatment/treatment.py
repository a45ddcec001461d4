"""What a file has to declare so that a case may name it as a treatment."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tinel.declare import Field, Offer, found
from tinel.declare.kinds import takes_only_its_kinds
from tinel.declare.quantity import shown
from tinel.errors import TinelError
from tinel.evidence import GRADES, Parameters
from tinel.treatment.plan import PLACES, TOLD, Intervention
from tinel.twins import Floats

DAY = Field("day", "day of the treatment, counted from the injury", "day", needed=True)
# A treatment that may be repeated has these two fields, of which a step gives one.
ONE_DAY = Field("day", "day of the treatment, counted from the injury", "day")
DAYS = Field("days", "days of a repeated treatment", "days")

Effect = Callable[[Mapping[str, Any], Parameters, str], tuple[Intervention, ...]]


@dataclass(frozen=True, kw_only=True)
class Treatment(Offer):
    """Something done to an injured nerve on one day or several.

    Args:
        name, text, source, fields, other_names: as in ``tinel.declare.Offer``. The days of the
            treatment are the fields ``DAY``, or ``ONE_DAY`` and ``DAYS`` where it may be repeated.
        effect: the interventions, from the values of the fields, the parameters, and which end of
            the numbers' ranges to use: ``value``, ``low`` (least help) or ``high`` (most help).
            The values hold one key more, ``on_days``: all days in order.
        says: what the evidence shows, in plain words for the report.
        evidence_grade: of the effect, one of ``tinel.evidence.GRADES``; empty where nothing is
            done.
        details: more words, by the yes-or-no field that brings them; of a choice by
            ``field=word``, such as ``fluid=steroid``.
        frees_nerve: True where it takes pressure off the nerve and does nothing else, so that it
            makes no sense before a scar presses.
        operation: True where a surgeon opens the limb; two within days are noted as odd.
        combines: True where it may be done on the day of any other, also of one of its own kind.

    Raises:
        TinelError: an unknown grade.

    Example:
        >>> known_treatments()["neurolysis"].frees_nerve
        True
    """

    effect: Effect
    says: str
    evidence_grade: str = "assumption"
    details: Mapping[str, str] = field(default_factory=dict)
    frees_nerve: bool = False
    operation: bool = False
    combines: bool = False

    def __post_init__(self) -> None:
        if self.evidence_grade and self.evidence_grade not in GRADES:
            told = f"evidence_grade is '{self.evidence_grade}' (allowed: {', '.join(GRADES)})"
            raise TinelError(told, f"treatment '{self.name}'")

    @property
    def does_nothing(self) -> bool:
        """True for waiting: no effect that could have a grade."""
        return not self.evidence_grade

    def read_step(
        self, step: Mapping[str, Any], where: str
    ) -> tuple[dict[str, Any], tuple[str, ...]]:
        """The values of a step, ``on_days`` and ``at`` among them, and notes on newer names.

        Args:
            step: keys and values as a user wrote them, with or without ``treatment``, and with
                ``at``, one of ``plan.PLACES``, where the nerve has two injuries.
            where: place for errors, e.g. ``tanya.toml: arm[2].step[1]``.

        Raises:
            TinelError: as ``Offer.read``; no day, both ``day`` and ``days``, a day given twice, or
                an ``at`` that is no place.
        """
        own = {key: value for key, value in step.items() if key not in ("treatment", "at")}
        values, notes = self.read(own, where)
        at = step.get("at", "")
        if at not in ("", *PLACES):
            raise TinelError(f"{shown(at)} is no place of two injuries", f"{where}.at", TOLD)
        day, days = values.get("day"), values.get("days")
        if {"day", "days"} <= values.keys() and (day is None) == (days is None):
            told = "neither 'day' nor 'days' is given" if day is None else "is given twice"
            raise TinelError(told, f"{where}.day", "give one 'day' or a list 'days'")
        on_days = tuple(sorted(days or ())) if day is None else (day,)
        if len(set(on_days)) < len(on_days):
            raise TinelError("a day is given twice", f"{where}.days", "give each day once")
        return {**values, "on_days": on_days, "at": at}, notes

    def account(self, values: Mapping[str, Any]) -> str:
        """What the evidence shows for a step with these values."""
        more = [words for name, words in self.details.items() if _holds(values, name)]
        return " ".join([self.says, *more])


def _holds(values: Mapping[str, Any], name: str) -> bool:
    field, is_choice, word = name.partition("=")
    return values.get(field) == word if is_choice else bool(values.get(field))


def helped(parameters: Parameters, key: str, which: str, *, more_helps: bool) -> float | Floats:
    """A number's value, or the end of its range with the least (low) or most (high) help.

    Example:
        >>> factor = "treatment.hydrodissection.pressure_factor"
        >>> helped(Parameters.of_evidence(), factor, "high", more_helps=False)
        0.8
    """
    if which == "value":
        return parameters[key]
    return parameters.end(key, "high" if (which == "high") == more_helps else "low")


@takes_only_its_kinds
def known_treatments(files: Sequence[str | Path] = ()) -> dict[str, Treatment]:
    """Every treatment by name: those of ``tinel/treatment``, then those of a user's own files.

    Args:
        files: Python files of your own. They are run, so name only files you trust.

    Raises:
        TinelError: a file cannot be read or run, or two treatments share a name.

    Example:
        >>> [field.name for field in known_treatments()["graft"].fields]
        ['day', 'gap_mm', 'resect']
    """
    return found("tinel.treatment", Treatment, files)
