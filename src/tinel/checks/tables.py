"""The tables of the page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from tinel.checks.alarms import FITTING
from tinel.checks.all import Checked
from tinel.checks.calibration import Forecasts
from tinel.checks.informs import Informs
from tinel.checks.ranks import LEVELS, exact_percent, histogram, inside
from tinel.checks.scores import against_rule, rule_of, scores
from tinel.checks.stories import asked, stories
from tinel.checks.verdicts import least_effective, places_of, verdicts
from tinel.exam.limb import Floats

MANY = 100.0
MET = {True: "yes", False: "**no**", None: "not measured"}


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    """A table in Markdown."""
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    lines += [f"| {' | '.join(str(cell).replace('|', '/') for cell in row)} |" for row in rows]
    return [*lines, ""]


def in_short(checked: Checked) -> list[str]:
    """Every figure that something was asked of."""
    rows = [(v.what, v.measured, v.asked, MET[v.met]) for v in verdicts(checked)]
    return table(("what", "computed", "asked", "met"), rows)


def coverage(checked: Checked) -> list[str]:
    """Coverage by nerve, by day and by kind of findings."""
    off = asked()["calibration"]["coverage_of_part_off_points"]
    parts: dict[str, list[Forecasts]] = {"all": list(checked.forecasts)}
    for one in checked.forecasts:
        for name in (f"{one.nerve} nerve", f"known on day {one.known.day:g}"):
            parts.setdefault(name, []).append(one)
        parts.setdefault(" + ".join(one.known.kinds), []).append(one)
    rows: list[tuple[object, ...]] = []
    for name, found in parts.items():
        places = places_of(found)
        lost = sum(len(one.effective) for one in found) - len(places)
        rows.append((name, len(places), lost, *_levels(places, off)))
    for name, low, high in ((f"{least_effective():g} to 100", least_effective(), MANY),
                            ("more than 100", MANY, np.inf)):  # fmt: skip
        places = places_of(checked.forecasts, effective=(low, high))
        rows.append((f"{name} effective twins", len(places), "-", *_levels(places, off)))
    head = ("forecasts", "n", "left out", *(f"{level:g} %" for level in LEVELS))
    return table(head, rows)


def _levels(places: Floats, off: float) -> list[str]:
    cells = []
    for level in LEVELS:
        n, total = inside(places, level)
        if total == 0:
            cells.append("-")
            continue
        low, high = exact_percent(n, total)
        percent = 100 * n / total
        text = f"{percent:.1f} ({low:.0f} to {high:.0f})"
        cells.append(text if abs(percent - level) <= off else f"**{text}**")
    return cells


def ranks(checked: Checked) -> list[str]:
    """Counts of ranks and contraction by goal, pooled over stories and by what was known."""
    rows = []
    for goal in dict.fromkeys(g for one in checked.forecasts for g in one.places):
        for known in dict.fromkeys(one.known for one in checked.forecasts):
            here = [one for one in checked.forecasts if one.known == known and goal in one.places]
            places = places_of(here, goal)
            if len(places) < 50:
                continue
            counts, band, p = histogram(places)
            narrower = 100 * float(np.mean([one.narrower[goal] for one in here]))
            shown = " ".join(map(str, counts))
            least = asked()["calibration"]["least_p"]
            chance = f"{p:.3f}" if p >= least else f"**{p:.4f}**"
            row = (goal, known.text, len(places), shown, f"{band[0]} to {band[1]}", chance)
            rows.append((*row, f"{narrower:.0f} %"))
    head = ("goal", "known", "n", "ranks in ten bins", "95 % band", "p", "narrower")
    return table(head, rows)


def effective(checked: Checked) -> list[str]:
    """Effective twins behind a forecast."""
    rows = []
    for known in dict.fromkeys(one.known for one in checked.forecasts):
        each = np.concatenate([o.effective for o in checked.forecasts if o.known == known])
        low, middle, high = np.quantile(each, [0.05, 0.5, 0.95])
        few = int((each < least_effective()).sum())
        rows.append(
            (known.text, f"{middle:.0f} ({low:.0f} to {high:.0f})", f"{few} of {len(each)}")
        )
    return table(("known", "effective twins: median (90 %)", "left out"), rows)


def sampled(checked: Checked) -> list[str]:
    """Patients whose twins were drawn as for a case file."""
    rows = []
    for name, within in (
        ("all", lambda one: True),
        ("where a forecast is given", lambda o: o.fits),
    ):
        here = [one for one in checked.sampled if within(one)]
        for kind in ("force", "cause."):
            places = [p for o in here for g, p in o.places.items() if g.startswith(kind)]
            goal = "strength" if kind == "force" else "sizes of the injury"
            cells = _levels(np.array(places), 10.0) if places else ["-"] * len(LEVELS)
            rows.append((name, goal, len(here), len(places), *cells))
    head = ("patients", "goal", "patients", "truths", *(f"{level:g} %" for level in LEVELS))
    return table(head, rows)


def second_route(checked: Checked) -> list[str]:
    """Two routes to one posterior."""

    def told(values: tuple[float, float, float, float]) -> tuple[str, str]:
        mean, error, low, high = values
        return f"{mean:.3g} ± {error:.2g}", f"{low:.3g} to {high:.3g}"

    rows = [
        (one.goal, *told(one.drawn), *told(one.weighted), f"{one.standard_errors:.1f}")
        for one in checked.agreed
    ]
    head = ("goal", "sampler: mean ± s.e.", "90 %", "weights: mean ± s.e.", "90 %", "s.e. apart")
    return table(head, rows)


def alarms(checked: Checked) -> list[str]:
    """Alarms by what was planted."""
    rows = []
    for one in checked.alarms:
        low, high = exact_percent(one.alarms, one.patients)
        percent = f"{100 * one.alarms / one.patients:.0f} % ({low:.0f} to {high:.0f})"
        named = "-" if one.misfit == FITTING or not one.alarms else f"{one.named} of {one.alarms}"
        rows.append((one.misfit, one.nerve, one.patients, percent, named))
    rows.sort(key=lambda row: row[0] != FITTING)
    head = ("planted", "nerve", "patients", "alarm (exact 95 %)", "a changed finding fits least")
    return table(head, rows)


def published(checked: Checked) -> list[str]:
    """Findings of published patients, each beside what the others let expect."""
    rows: list[tuple[object, ...]] = []
    for patient, found in checked.published:
        if isinstance(found, str):
            rows.append((patient.name, f"not computed: {found}", "-", "-", "-", "-"))
            continue
        for one in found:
            chance = f"{100 * one.chance:.0f} % ({100 * one.by_story:.0f} %)"
            inside = "yes" if one.inside else "**no**"
            rows.append((patient.name, one.found, one.others, one.expected, chance, inside))
    head = ("patient", "finding", "others", "expected", "chance (story alone)", "inside 90 %")
    return table(head, rows)


def scored(checked: Checked) -> list[str]:
    """Brier and logarithmic scores beside the base rate."""
    rows = [
        (
            one.nerve, one.known, one.goal, one.patients, f"{one.came_true_percent:.0f} %",
            f"{one.brier:.3f} / {one.base_brier:.3f}".replace("/", "beside"),
            f"{one.log_score:.3f} beside {one.base_log_score:.3f}", f"{one.skill_percent:.0f} %",
        )
        for one in scores(checked.forecasts, least_effective())
    ]  # fmt: skip
    head = ("nerve", "known", "goal", "n", "came true", "Brier beside base", "log beside base",
            "better by")  # fmt: skip
    return table(head, rows)


def ruled(checked: Checked) -> list[str]:
    """Forecasts beside the nearest published count."""
    rows: list[tuple[object, ...]] = []
    for story in stories()[: checked.size.stories]:
        rule = rule_of(story.read())
        if rule is None:
            rows.append((story.nerve, "no count of the same nerve and cause", "-", "-", "-", "-"))
            continue
        here = [one for one in checked.forecasts if one.nerve == story.nerve]
        n, true, own, of_rule = against_rule(here, rule, least_effective())
        told = f"{rule.percent:.0f} %: {rule.text}"
        rows.append((story.nerve, told, n, f"{100 * true:.0f} %", f"{own:.3f}", f"{of_rule:.3f}"))
    head = ("nerve", "published count", "forecasts", "came true", "Brier", "Brier of the count")
    return table(head, rows)


def informed(found: Sequence[Informs]) -> list[str]:
    """What each test settles."""
    rows = []
    for one in found:
        for goal, percent in one.settled_percent.items():
            rows.append((one.nerve, goal, f"{one.test}, day {one.day:g}", f"{percent:.0f} %"))
    rows.sort(key=lambda row: (row[0], row[1]))
    return table(("nerve", "goal", "finding", "settles"), rows)
