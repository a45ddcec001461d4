"""The page on how far forecasts can be believed, written from what was measured."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from tinel.checks import tables
from tinel.checks.all import SAMPLED, Checked
from tinel.checks.figure import draw
from tinel.checks.ranks import inside
from tinel.checks.stories import FOLDER
from tinel.checks.verdicts import least_effective, places_of, predicted

_HEAD = """\
# How far to believe a forecast

Made by `make check-forecasts`; not written by hand. Last made with {patients} simulated patients
(stories: {stories}; twins of each: {twins}), in {minutes:.0f} min.

What was asked was written down (`src/tinel/checks/asked.toml`) before anything was computed, and
stands beside each figure. Bold: not met.

What this page can and cannot show:

- Simulated patients are twins of the same simulation. That their forecasts are calibrated shows
  that findings are read and weighed rightly. It shows nothing of whether the simulation is right.
- Published patients are few, were chosen by those who published them, and had been seen by those
  who wrote the numbers of the simulation. [Validation](validation.md) has the published cohorts.
- A forecast is that of a model whose growth, block and grades rest on many assumptions. It is no
  advice for a person.

## In short
"""
_FIGURE = "calibration.svg"


def write(checked: Checked, file: Path) -> None:
    """Write the page, and its picture beside it.

    Args:
        checked: what was measured.
        file: the page.
    """
    draw(
        checked.forecasts, places_of(checked.forecasts), least_effective(), file.with_name(_FIGURE)
    )
    file.write_text(page(checked), encoding="utf-8")


def page(checked: Checked) -> str:
    """The page in Markdown."""
    size, least = checked.size, least_effective()
    head = _HEAD.format(
        patients=size.patients, stories=size.stories, twins=size.twins, minutes=checked.minutes
    )
    lines = [head, *tables.in_short(checked)]
    lines += [
        "## Simulated patients", "",
        f"![Forecast chances and ranks]({_FIGURE})", "",
        "Each patient is a twin drawn with another seed, examined with error. Twins of the story "
        "are weighted by how well they agree (Talts 2018, arXiv:1804.06788). Bedside findings are "
        "a grade and a filament on days 1, 21 and 90; conduction studies and needle are of day 21. "
        f"Where fewer than {least:g} twins count, the patient is left out and counted; these "
        "are the rarest patients and those with most findings, so the rest is no fair sample of "
        "all.", "",
        "### Coverage of strength", "",
        "The first forecast of strength still ahead. Share of intervals that hold the truth, in "
        "percent, with exact 95 % intervals. Forecasts of one patient on several days are "
        "not independent, so pooled intervals are too narrow. Where few twins count, weights by "
        "themselves make forecasts too sure; the last two rows show it.", "",
        *tables.coverage(checked),
        "### Twins behind a forecast", "", *tables.effective(checked),
        "### Ranks and contraction", "",
        "Place of the truth in the forecast, in ten bins, pooled over the stories; about one row "
        "in a hundred has p below 0.01 by chance alone. *Narrower*: standard deviation beside that "
        "before any finding. Sizes of the injury begin with `cause.`.", "", *tables.ranks(checked),
        "### Scores", "",
        "Chance of grade 4 or more, beside the share of the story's twins that reach it (the base "
        "rate). Both scores: smaller is better.", "", *tables.scored(checked),
        "The same beside the nearest published count of the nerve and cause, taken as the chance "
        "of everybody (grade 4 or more on the last day; the count is of other patients, and "
        "often of another outcome).", "", *tables.ruled(checked),
        "## Twins as they are really drawn", "",
        f"{len(checked.sampled)} patients, findings of {SAMPLED.text}, 100 twins "
        f"from {size.sampler_prior} before. "
        "Bold: more than 10 points off. Truths of one patient are not independent.", "",
        *tables.sampled(checked),
        "### A second route", "",
        f"The same patient by weights of other twins ({checked.second_effective:.0f} effective), "
        "whose fibres the sampler never saw; sizes of the injury as standard normal scores.", "",
        *tables.second_route(checked),
        "## False alarms and planted misfits", "",
        "Findings up to day 21 of patients who fit, and of the same with a mistake or another "
        "disease planted. *A changed finding fits least*: the finding of least chance given the "
        "others is one of those that were changed. Every finding may be mistaken (one in fifty), "
        "so a single finding that contradicts seldom raises an alarm by itself.",
        "", *tables.alarms(checked),
        "## Published patients", "",
        "Each finding is predicted from the patient's other findings, by "
        f"{size.published_twins} twins of the story. *Chance*: of something at least as unlikely; "
        "of a finding in words, of what was told. Words that nearly all twins agree with lie "
        "inside whatever was found. Sources stand in `src/tinel/checks/published.toml`.", "",
        *(tables.published(checked) if checked.published else ["No case files were there.", ""]),
        "## What each finding settles", "",
        "Expected share of the variance that the finding settles by itself.", "",
        *tables.informed(checked.informs),
        "### Whole or torn tubes", "",
        "Only injuries that break all axons. Before axons could have grown through, no test can "
        "know whole tubes from torn ones (axonotmesis from neurotmesis). The first run took "
        "injuries that break nine of ten. There, tests up to week 3 settled up to 32 %, because "
        "they show how hard the injury was, and a harder one breaks more axons and tears more "
        "tubes.", "",
        *tables.informed(checked.complete),
        "## What guidelines ask", "", *_guidelines(checked),
    ]  # fmt: skip
    return "\n".join(lines).rstrip() + "\n"


def _guidelines(checked: Checked) -> list[str]:
    told = tomllib.loads((FOLDER / "credibility.toml").read_text(encoding="utf-8"))["list"]
    n, total = inside(places_of(checked.forecasts), 90.0)
    every = predicted(checked)
    apart = [one.standard_errors for one in checked.agreed]
    figures: dict[str, Any] = {
        "patients": checked.size.patients,
        "sampler_patients": len(checked.sampled),
        "published_patients": sum(not isinstance(rows, str) for _, rows in checked.published),
        "coverage": f"{100 * n / max(total, 1):.0f} %",
        "inside": f"{sum(one.inside for one in every)} of {len(every)}",
        "standard_errors": f"{max(apart):.1f}" if apart else "(not computed)",
    }
    lines = []
    for one in told:
        rows = [
            (item["item"], item["text"].format(**figures), "yes" if item["there"] else "**no**")
            for item in one["items"]
        ]
        lines += [f"### {one['name']}", "", f"{one['source']}.", ""]
        lines += tables.table(("asked", "what stands here", "there"), rows)
    return lines
