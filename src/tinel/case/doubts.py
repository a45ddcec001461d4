"""What a case may say but hardly means: notes on it, and what cannot be at all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np

from tinel.case.arms import Arm, Steps
from tinel.case.injury import Injury
from tinel.case.place import SpreadPlace
from tinel.case.schema import DEFAULT_HORIZON_DAYS, Exam, NerveSection, Run
from tinel.declare import Spread
from tinel.errors import TinelError, suggest
from tinel.evidence import Parameters
from tinel.nerve.ageing import growing
from tinel.nerve.atlas import Layout
from tinel.nerve.way import lies_along
from tinel.treatment.graft import GRAFT
from tinel.treatment.plan import PROXIMAL
from tinel.twins import Patient

TWO_YEARS_DAYS = 731.0  # "2 years" are 730.5 days, and the forecast lasts 730 by default
BETWEEN_OPERATIONS_DAYS = 14.0
MANY_EXAM_DAYS = 100
ADULT_years = 18
MANY_EXAMINATIONS = 200_000  # twins times arms times days: some quarter of an hour on two cores


def check_onset(injury: Injury, horizon_days: float, where: str) -> list[str]:
    """A note where a scar begins after the forecast in some twins.

    Raises:
        TinelError: in none it begins before, so that nothing would happen.
    """
    begins, where = injury.values.get(injury.begins), f"{where}.{injury.begins}"
    if not isinstance(begins, Spread) or begins.high <= horizon_days:
        return []
    end = f"the forecast ends, on day {horizon_days:g}"
    if begins.low > horizon_days:
        message = f"{begins.text} is after {end}"
        raise TinelError(message, where, "give an earlier day or raise run.horizon_days")
    return [f"{where}: in some twins it begins after {end}"]


def second_looked_at(nerve: NerveSection, name: str) -> list[str]:
    """A note on what is shown of which of two injuries.

    Raises:
        TinelError: the case has further nerves.
    """
    if nerve.also:
        told = "a case with further nerves has one injury"
        advice = "leave out 'nerve.also', or give the second injury a case of its own"
        raise TinelError(told, f"{name}: cause.second", advice)
    return [
        f"{name}: cause.second: pictures are those of the injury nearer to the cord, and a "
        f"reader names one kind of injury; strength, touch, pain, Tinel's sign, conduction and "
        f"the needle show both"
    ]


def young(patient: Patient, parameters: Parameters) -> list[str]:
    """A note where the patient is a child: what is a child's here, and what is an adult's."""
    if patient.age >= ADULT_years:
        return []
    velocity = 100 * float(np.mean(growing(patient.age, parameters)))
    thin = (
        f"fibres that conduct at {velocity:.0f} % of an adult's velocity" if velocity < 99.5 else ""
    )
    own = " and ".join(["ways of this height", *([thin] if thin else [])])
    return [
        f"patient.age: a child of {patient.age:g} years has {own}; counts of fibres, sizes of "
        f"responses and limits of normal are those of adults"
    ]


def check_gaps(arms: Steps, place: SpreadPlace, layout: Layout, name: str) -> None:
    """Whether the gap of every graft ends on the nerve.

    Raises:
        TinelError: a gap that begins at the injury would end beyond all that the nerve reaches.
    """
    for i, arm in enumerate(arms, 1):
        for j, step in enumerate(arm, 1):
            there = place.at(step.values["at"])
            site = there.site_mm.low
            end = max(
                (
                    target.path_mm
                    for target in layout.targets
                    if lies_along(layout.branches, target, there.branch, site, site)
                ),
                default=there.site_mm.high,
            )
            gap = step.values.get("gap_mm")
            if isinstance(gap, float) and site + gap > end:
                message = (
                    f"a gap of {gap:g} mm is longer than the nerve beyond the injury, "
                    f"which ends {end - site:.0f} mm further on"
                )
                raise TinelError(message, f"{name}: arm[{i}].step[{j}].gap_mm", "shorten the gap")


def odd_gaps(arms: Steps, place: SpreadPlace, layout: Layout, name: str) -> Iterator[str]:
    """A note on every graft over a piece of nerve from which muscles or skin get their branch."""
    for i, arm in enumerate(arms, 1):
        for j, step in enumerate(arm, 1):
            gap = step.values.get("gap_mm")
            if step.treatment.name != GRAFT.name or not isinstance(gap, float):
                continue
            there = place.at(step.values["at"])
            site = there.site_mm.low
            own = [
                target.name
                for target in layout.targets
                if site < target.leaves_mm < site + gap
                and lies_along(layout.branches, target, there.branch, site, site)
            ]
            if own:
                yield (
                    f"{name}: arm[{i}].step[{j}].gap_mm: the piece that is missing gives branches "
                    f"to {', '.join(own)}; a surgeon would have to lead the graft to each, as is "
                    f"assumed here"
                )


def over_second(arms: Steps, place: SpreadPlace, name: str) -> Iterator[str]:
    """A note on every operation at the nearer injury that reaches to the one beyond it."""
    far = place.beyond
    if far is None:
        return
    site, there = place.site_mm, far.site_mm
    for i, arm in enumerate(arms, 1):
        for j, step in enumerate(arm, 1):
            gap = step.values.get("gap_mm")
            resects = step.values.get("resect") and step.values["at"] == PROXIMAL
            if not resects or not isinstance(gap, float) or site.high + gap <= there.low:
                continue
            told = "reaches over the distal injury, which goes with it"
            if site.low + gap < there.high + far.length_mm.high:
                told = "may end within the distal injury, which stays in every twin in whom it does"
            yield f"{name}: arm[{i}].step[{j}].gap_mm: the piece that is missing {told}"


def check_targets(arms: Steps, layouts: Sequence[Layout], name: str) -> None:
    """Whether the nerves of a case have every target that axons of another nerve are led to.

    Raises:
        TinelError: none has one of that name; the nearest is suggested.
    """
    known = list(dict.fromkeys(target.name for own in layouts for target in own.targets))
    which = "the nerve has no" if len(layouts) == 1 else "no nerve of the case has a"
    for i, arm in enumerate(arms, 1):
        for j, step in enumerate(arm, 1):
            for target in (t.strip() for t in str(step.values.get("targets") or "").split(",")):
                if target and target not in known:
                    place = f"{name}: arm[{i}].step[{j}].targets"
                    message = f"{which} target '{target}'"
                    raise TinelError(message, place, suggest(target, known))


def check_donors(arms: Steps, hurt: Sequence[str], name: str) -> None:
    """Whether the donor of every nerve transfer is spared by the injury.

    Args:
        arms: the treatments of every arm.
        hurt: names of the nerves whose whole trunk is in the injury.
        name: the file's name, for errors.

    Raises:
        TinelError: the donor is a fascicle of one of these, or one of these itself.
    """
    for i, arm in enumerate(arms, 1):
        for j, step in enumerate(arm, 1):
            donor = str(step.values.get("donor") or "")
            own = next((nerve for nerve in hurt if donor.startswith(nerve)), None)
            if own:
                told = f"the {own} nerve is the injured one, so it can spare no axons"
                advice = (
                    "take a donor of another nerve ('other' where none of the names fits), or say "
                    "which part of the nerve is hurt as cause.branch or cause.part"
                )
                raise TinelError(told, f"{name}: arm[{i}].step[{j}].donor", advice)


def odd_plans(arms: Steps, name: str) -> Iterator[str]:
    """A note on every two operations of one arm within a fortnight."""
    for i, arm in enumerate(arms, 1):
        done = [
            (day, step.treatment.name)
            for step in arm
            if step.treatment.operation
            for day in step.values["on_days"]
        ]
        for (first, what), (later, then) in pairwise(sorted(done)):
            # one operation may do two things
            if 0.0 < later - first < BETWEEN_OPERATIONS_DAYS:
                yield (
                    f"{name}: arm[{i}]: {what} on day {first:g} and {then} on day {later:g} are "
                    f"two operations within {BETWEEN_OPERATIONS_DAYS:g} days"
                )


def longest(run: Run) -> float:
    """The last day that may be asked for: the file's, or two years, whichever way they count."""
    return run.horizon_days if "horizon_days" in run.model_fields_set else TWO_YEARS_DAYS


def lasting(run: Run, exams: Sequence[Exam], arms: Steps) -> Run:
    """The run; where the file gives no length, it lasts until the last day asked for."""
    if "horizon_days" in run.model_fields_set:
        return run
    asked = [day for exam in exams for day in exam.days]
    asked += [day for arm in arms for step in arm for day in step.values["on_days"]]
    return run.model_copy(update={"horizon_days": max([DEFAULT_HORIZON_DAYS, *asked])})


def size_notes(run: Run, exams: Sequence[Exam], arms: Sequence[Arm]) -> tuple[str, ...]:
    """Notes where a case is so large that its computing takes long."""
    days = len({day for exam in exams for day in exam.days})
    examinations = run.twins * len(arms) * days
    notes = []
    if days > MANY_EXAM_DAYS:
        notes.append(f"{days:,} examination days are more than a course can show")
    if examinations > MANY_EXAMINATIONS:
        notes.append(
            f"{run.twins:,} twins in {len(arms)} arms, examined on {days:,} days, are "
            f"{examinations:,} examinations: this takes long, and memory for all of them; "
            f"200 twins are enough for a first look"
        )
    return tuple(notes)
