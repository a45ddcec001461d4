"""The first screen: what is hurt, what comes back, what would change the plan, whom to see."""

from __future__ import annotations

import math
from dataclasses import dataclass

from tinel.report.certainty import Certainty, certainty
from tinel.report.chances import chance_table, chances
from tinel.report.figure import Table
from tinel.report.findings_beside import findings_beside
from tinel.report.letter import letter
from tinel.report.plan_changes import plan_changes
from tinel.report.published_beside import published_beside
from tinel.report.referral import WhomToSee, whom_to_see
from tinel.report.told import NO_SUCH_MUSCLE, NOT_COMPUTED, Told, told_symptoms, told_table
from tinel.report.what_is_hurt import what_is_hurt
from tinel.result import Result

CAPTION = "In brackets: 90 % interval, as far off as such figures have been"
NO_FORECAST, OUTSIDE = "No forecast", "Never tested"
STORY_ALONE = "By the story alone, which the findings contradict:"
NOTHING_LOST = "Nothing is lost that strength, touch or pain would show."


@dataclass(frozen=True)
class FirstScreen:
    """Plain rows, as the page shows them; pairs are a heading and a sentence.

    ``alarms`` are what contradicts the forecast or lies outside of what was tested; ``nothing``
    stands where no chance is shown.
    """

    title: str
    who: str
    alarms: tuple[tuple[str, str], ...]
    hurt: tuple[str, ...]
    chances: Table
    published: tuple[tuple[str, str], ...]
    nothing: str
    changes: tuple[tuple[str, str], ...]
    whom: WhomToSee
    certainty: Certainty
    told: Table | None
    findings: Table | None
    left_out: tuple[str, ...]
    letter: str


def first_screen(result: Result) -> FirstScreen:
    """Collect the first screen.

    Of a case with findings the twins are those of the patient; no chance is stated where story and
    findings do not fit each other.

    Args:
        result: of a run.
    """
    case, nerve, fit = result.case, result.healthy.limb.nerve, result.posterior.fit
    title = f"{nerve.title}, {case.nerve.side}: {case.cause.phrase}"
    if case.cause.beyond is not None:
        title += f", and {case.cause.beyond.phrase} beyond it"
    person = f"{case.patient.sex}, {case.patient.age:g} years"
    who = f"{person}; day 0: {case.cause.procedure}" if case.cause.procedure else person
    told, sure, hurt = told_symptoms(result), certainty(result), what_is_hurt(result)
    if not fit.fits:
        hurt = (STORY_ALONE, *hurt)
    findings = findings_beside(result, case.observed, fit, case.events)
    alarms = (
        *(("Findings" if fit.fits else NO_FORECAST, text) for text in fit.reasons),
        *(() if fit.surprises else _findings_not_shown(findings)),
        *contradictions(told),
        *((OUTSIDE, text) for text in sure.outside),
    )
    size = min(fit.effective_sample_size, result.outcomes.n_twin)
    days = (f.last_day for f in case.observed if math.isfinite(f.last_day))
    today = max(days, default=0.0) if fit.surprises else 0.0
    table = chance_table(chances(result, size, today) if fit.fits else (), CAPTION)
    rates = published_beside(result, today)
    changes = (*fading(told), *plan_changes(result)) if fit.fits else ()
    whom = whom_to_see(result)
    return FirstScreen(
        title=title,
        who=who,
        alarms=alarms,
        hurt=hurt,
        chances=table,
        published=rates,
        nothing=NOTHING_LOST if fit.fits else f"{NO_FORECAST}: see above.",
        changes=changes,
        whom=whom,
        certainty=sure,
        told=told_table(told, case.done),
        findings=findings,
        left_out=result.posterior.left_out,
        letter=letter(title, who, hurt, table, (*rates, *changes, *whom.lines[:1], *alarms)),
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


def _findings_not_shown(found: Table | None) -> tuple[tuple[str, str], ...]:
    rows = () if found is None else found.rows
    cells = [[cell.text for cell in row] for row in rows if row[-1].text == "no"]
    return tuple(
        (f"Found: {told}", f"but {shown} in the virtual people, which contradicts the forecast.")
        for _, told, _, shown, _ in cells
    )


def fading(told: tuple[Told, ...]) -> tuple[tuple[str, str], ...]:
    """What is told and soon passes in most twins: the first of each symptom."""
    found: dict[str, str] = {}
    for one in told:
        if one.agreement == "early":
            found.setdefault(one.text, f"{one.means}: {one.answer}.")
    return tuple((f"Still “{text}”", said) for text, said in found.items())


def _who(one: Told) -> str:
    fraction = one.at_worst.partition(",")[0]
    return "" if one.day_told else f"{fraction} on any day, which "
