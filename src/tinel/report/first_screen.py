"""The first screen: what is hurt, what comes back, what would change the plan, whom to see."""

from __future__ import annotations

from dataclasses import dataclass

from tinel.report.certainty import Certainty, certainty
from tinel.report.chances import chance_table, chances
from tinel.report.figure import Table
from tinel.report.letter import letter
from tinel.report.plan_changes import plan_changes
from tinel.report.referral import WhomToSee, whom_to_see
from tinel.report.told import NO_SUCH_MUSCLE, NOT_COMPUTED, Told, told_symptoms, told_table
from tinel.report.what_is_hurt import what_is_hurt
from tinel.result import Result

CAPTION = "In brackets: as far off as such figures have been"


@dataclass(frozen=True)
class FirstScreen:
    """Plain rows, as the page shows them; pairs are a heading and a sentence.

    ``alarms`` are what contradicts the forecast or lies outside of what was tested.
    """

    title: str
    who: str
    alarms: tuple[tuple[str, str], ...]
    hurt: tuple[str, ...]
    chances: Table
    changes: tuple[tuple[str, str], ...]
    whom: WhomToSee
    certainty: Certainty
    told: Table | None
    letter: str


def first_screen(result: Result) -> FirstScreen:
    """Collect the first screen."""
    case, nerve = result.case, result.healthy.limb.nerve
    title = f"{nerve.title}, {case.nerve.side}: {case.cause.phrase}"
    person = f"{case.patient.sex}, {case.patient.age:g} years"
    who = f"{person}; day 0: {case.cause.procedure}" if case.cause.procedure else person
    told, sure, hurt = told_symptoms(result), certainty(result), what_is_hurt(result)
    alarms = (
        *contradictions(told),
        *(("Outside of what was tested", text) for text in sure.outside),
    )
    table = chance_table(chances(result), CAPTION)
    changes = (*fading(told), *plan_changes(result))
    whom = whom_to_see(result)
    return FirstScreen(
        title=title,
        who=who,
        alarms=alarms,
        hurt=hurt,
        chances=table,
        changes=changes,
        whom=whom,
        certainty=sure,
        told=told_table(told),
        letter=letter(title, who, hurt, table, (*changes, *whom.lines, *alarms)),
    )


def contradictions(told: tuple[Told, ...]) -> tuple[tuple[str, str], ...]:
    """What is told and not shown by the twins, or not understood; one entry per symptom."""
    found: dict[str, list[str]] = {}
    for one in told:
        if one.agreement == "no":
            who = "" if one.answer == NO_SUCH_MUSCLE else _who(one)
            found.setdefault(one.text, []).append(f"{one.means}: {who}{one.answer}")
        elif not one.means or one.answer == NOT_COMPUTED:
            found.setdefault(one.text, []).append(one.means or one.answer)
    return tuple((f"Told: “{text}”", f"{'; '.join(said)}.") for text, said in found.items())


def fading(told: tuple[Told, ...]) -> tuple[tuple[str, str], ...]:
    """What is told and soon passes in most twins: the first of each symptom."""
    found: dict[str, str] = {}
    for one in told:
        if one.agreement == "early":
            found.setdefault(one.text, f"{one.means}: {one.answer}.")
    return tuple((f"Still “{text}”", said) for text, said in found.items())


def _who(one: Told) -> str:
    return "" if one.answer[:1].isdigit() else f"{one.at_worst.partition(',')[0]} on any day, which "
