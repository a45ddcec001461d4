"""All checks, one after another; what was computed is kept, so a stopped run goes on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from time import monotonic

from tinel.checks.alarms import Alarms, alarms
from tinel.checks.calibration import Forecasts, forecasts
from tinel.checks.informs import Informs, informs, of_complete_injuries
from tinel.checks.published import Patient, Predicted, predictions
from tinel.checks.sample import Sample, sample
from tinel.checks.sampler import Agreed, Drawn, drawn, second_route
from tinel.checks.stories import BEDSIDE, CONDUCTION, STUDIED, Known, Story, stories
from tinel.progress import Progress, silent

TWINS_SEED, PATIENTS_SEED, THIRD_SEED = 1, 2, 3
COLD_C = 24.0
SAMPLED = Known(STUDIED, (BEDSIDE, CONDUCTION))


@dataclass(frozen=True)
class Size:
    """How much is computed.

    Args:
        patients: simulated, of all stories.
        twins: of each story, that forecast them.
        alarm_patients, alarm_twins: of each story, and of each planted misfit.
        sampled: patients of all stories whose twins are drawn as for a case file.
        published_twins: of each published patient.
        stories: how many of the stories.
        sampler_prior: twins before the findings, for each of the sampled patients.
    """

    patients: int
    twins: int
    alarm_patients: int
    alarm_twins: int
    sampled: int
    published_twins: int
    stories: int = 4
    sampler_prior: int = 400

    @property
    def sampled_each(self) -> int:
        """Patients of one story whose twins are drawn."""
        return max(self.sampled // self.stories, 1)


FULL = Size(1200, 2000, 40, 400, 40, 400)
SMALL = Size(40, 100, 6, 100, 4, 100, sampler_prior=100)


@dataclass(frozen=True)
class OfStory:
    """What was found in the simulated patients of one story.

    Args:
        forecasts, alarms, informs, complete: of weighted twins.
        sampled: patients whose twins were drawn.
        agreed, second_effective: the first of them by a second route, and its effective twins.
    """

    forecasts: tuple[Forecasts, ...]
    alarms: tuple[Alarms, ...]
    informs: tuple[Informs, ...]
    complete: tuple[Informs, ...]
    sampled: tuple[Drawn, ...] = ()
    agreed: tuple[Agreed, ...] = ()
    second_effective: float = 0.0


@dataclass(frozen=True)
class Checked:
    """What all checks found.

    Args:
        size: how much was computed.
        of_stories: the simulated patients.
        published: by patient, the predicted findings or why there are none; empty without a folder.
        minutes: that it took, where nothing was kept.
    """

    size: Size
    of_stories: tuple[OfStory, ...]
    published: tuple[tuple[Patient, tuple[Predicted, ...] | str], ...]
    minutes: float

    @property
    def forecasts(self) -> tuple[Forecasts, ...]:
        """Of all stories."""
        return tuple(one for of in self.of_stories for one in of.forecasts)

    @property
    def alarms(self) -> tuple[Alarms, ...]:
        """Of all stories."""
        return tuple(one for of in self.of_stories for one in of.alarms)

    @property
    def informs(self) -> tuple[Informs, ...]:
        """Of all stories."""
        return tuple(one for of in self.of_stories for one in of.informs)

    @property
    def complete(self) -> tuple[Informs, ...]:
        """Of all stories."""
        return tuple(one for of in self.of_stories for one in of.complete)

    @property
    def sampled(self) -> tuple[Drawn, ...]:
        """Of all stories."""
        return tuple(one for of in self.of_stories for one in of.sampled)

    @property
    def agreed(self) -> tuple[Agreed, ...]:
        """Of the story that has a second route."""
        return tuple(one for of in self.of_stories for one in of.agreed)

    @property
    def second_effective(self) -> float:
        """Effective twins of the second route."""
        return max((of.second_effective for of in self.of_stories), default=0.0)


def check_all(
    size: Size, cases: Path | None, workers: int = 1, progress: Progress = silent
) -> Checked:
    """Run every check.

    Args:
        size: how much.
        cases: folder with the case files of published patients; None to leave them out.
        workers: processes to use.
        progress: called with how far it is.
    """
    begun = monotonic()
    found = []
    for k, story in enumerate(stories()[: size.stories]):
        weighed, twins, patients = check_by_weights(story, size, workers, progress)
        sampled = tuple(
            drawn(twins, patients, SAMPLED, size.sampled_each, size.sampler_prior, progress)
        )
        if k == 0:
            third = sample(story, size.twins, THIRD_SEED, workers=workers, progress=progress)
            agreed, effective = second_route(sampled[0], third, patients, SAMPLED)
            weighed = replace(weighed, agreed=agreed, second_effective=effective)
        found.append(replace(weighed, sampled=sampled))
    published = (
        () if cases is None else tuple(predictions(cases, size.published_twins, workers, progress))
    )
    return Checked(size, tuple(found), published, (monotonic() - begun) / 60)


def check_by_weights(
    story: Story, size: Size, workers: int = 1, progress: Progress = silent
) -> tuple[OfStory, Sample, Sample]:
    """What weighted twins of a story show, with the twins and the patients.

    Args:
        story: whose.
        size, workers, progress: as of ``check_all``.
    """

    def of(n: int, seed: int, cold_c: float | None = None) -> Sample:
        return sample(story, n, seed, cold_c=cold_c, workers=workers, progress=progress)

    twins = of(size.twins, TWINS_SEED)
    patients = of(max(size.patients // size.stories, size.alarm_patients), PATIENTS_SEED)
    cold = of(size.alarm_patients, PATIENTS_SEED, COLD_C)
    raised = alarms(
        twins.first(size.alarm_twins), patients.first(size.alarm_patients), cold, 12, progress
    )
    found = OfStory(
        forecasts(twins, patients, 12, progress),
        raised,
        informs(twins),
        of_complete_injuries(twins),
    )
    return found, twins, patients
