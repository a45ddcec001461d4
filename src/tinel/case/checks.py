"""What one section cannot know alone: whether the sections fit each other."""

from __future__ import annotations

from collections.abc import Callable

from tinel.case.protocol import Arm, Sections, Step
from tinel.case.schema import Acute, Cause, Injury
from tinel.declare.quantity import shown_day
from tinel.errors import TinelError

WAIT = "wait"
NEEDED = {
    "scar constriction": ("length_mm", "pressure_mmHg", "onset_days"),
    "compression": ("length_mm", "acute_pressure_mmHg", "hours"),
    "division": ("severed_percent",),
    "traction": ("length_mm", "strain_percent"),
}
# A cut has no length of its own, but may have one.
ALLOWED = NEEDED | {"division": ("severed_percent", "length_mm")}
STEP_KEYS = {
    "hydrodissection": ("day", "days", "platelets"),
    "neurolysis": ("day", "days"),
    "repair": ("day", "resect"),
    "graft": ("day", "gap_mm", "resect"),
}

# What frees a nerve from its scar and does nothing else.
FREEING = ("hydrodissection", "neurolysis")

Fault = Callable[[str, str, str], TinelError]


def check(case: Sections, name: str) -> None:
    """Raise the first contradiction between keys, as an error that names the file and field.

    Raises:
        TinelError: see the tests of bad input for all of them.
    """

    def fault(field: str, message: str, advice: str) -> TinelError:
        return TinelError(message, f"{name}: {field}", advice)

    _check_cause(case.cause, fault)
    _check_exams(case, fault)
    _check_arms(case, fault)


def _check_cause(cause: Cause, fault: Fault) -> None:
    if (cause.site is None) == (cause.site_mm is None):
        told = "neither 'site' nor 'site_mm' is given" if cause.site is None else "is given twice"
        raise fault("cause.site", told, "give a landmark as 'site' or a position as 'site_mm'")
    if cause.acute and cause.kind != "scar constriction":
        message = f"a {cause.kind} is itself what happened at once"
        advice = "put its sizes into [cause]; only a scar has an acute part"
        raise fault("cause.acute", message, advice)
    _check_sizes(cause, "cause", fault)
    if cause.acute:
        _check_sizes(cause.acute, "cause.acute", fault)


def _check_sizes(injury: Cause | Acute, section: str, fault: Fault) -> None:
    sizes = [*Injury.model_fields, "pressure_mmHg", "onset_days"]
    sizes = [s for s in sizes if s in type(injury).model_fields]
    # The acute part lies under the scar, so it may leave its own length to the scar's.
    needed = NEEDED[injury.kind]
    if section == "cause.acute":
        needed = tuple(n for n in needed if n != "length_mm")
    for size in sizes:
        given = getattr(injury, size) is not None
        if given and size not in ALLOWED[injury.kind]:
            advice = f"legal: {', '.join(ALLOWED[injury.kind])}"
            raise fault(f"{section}.{size}", f"does not belong to a {injury.kind}", advice)
        if not given and size in needed:
            advice = f"add it: {type(injury).model_fields[size].description}"
            raise fault(f"{section}.{size}", f"is missing; a {injury.kind} needs it", advice)


def _check_exams(case: Sections, fault: Fault) -> None:
    horizon, seen, as_shown = case.run.horizon_days, set(), dict[str, float]()
    for i, exam in enumerate(case.exam, 1):
        for day in exam.days:
            if day > horizon:
                message = f"day {day:g} is after the forecast ends, on day {horizon:g}"
                raise fault(f"exam[{i}].days", message, "raise run.horizon_days or drop the day")
            # tables and figures name a day as it is shown, so one name must not mean two days
            other = as_shown.setdefault(shown_day(day), day)
            if other != day:
                message = f"days {other:.12g} and {day:.12g} are both shown as {shown_day(day)}"
                raise fault(f"exam[{i}].days", message, "give one of them")
        for pair in [(day, test) for day in exam.days for test in exam.tests]:
            if pair in seen:
                message = f"day {pair[0]:g} is given twice for {pair[1]}"
                raise fault(f"exam[{i}].days", message, "give each day once")
            seen.add(pair)


def _check_arms(case: Sections, fault: Fault) -> None:
    names: set[str] = set()
    waiting = ""
    for i, arm in enumerate(case.arm, 1):
        if arm.name.casefold() in names:
            message = f"a second arm is called '{arm.name}'"
            raise fault(f"arm[{i}].name", message, "give every arm its own name")
        names.add(arm.name.casefold())
        if arm.step and arm.name.casefold() == WAIT:
            message = f"an arm called '{arm.name}' must not treat"
            raise fault(f"arm[{i}].name", message, "rename it or remove its steps")
        if not arm.step and waiting:
            message = f"'{arm.name}' and '{waiting}' both have no step, so they are the same plan"
            raise fault(f"arm[{i}].step", message, "keep one arm without steps")
        waiting = waiting or ("" if arm.step else arm.name)
        _check_steps(arm, f"arm[{i}]", case.run.horizon_days, fault)
        _check_order(arm, f"arm[{i}]", case.cause, fault)


def _check_order(arm: Arm, section: str, cause: Cause, fault: Fault) -> None:
    """Refuse two treatments on one day, and freeing a nerve from a scar that is not there yet."""
    scarred_d = cause.onset_days.low if cause.onset_days else 0.0
    done = dict[str, str]()
    for j, step in enumerate(arm.step, 1):
        field = f"{section}.step[{j}].day{'' if step.days is None else 's'}"
        for day in step.on_days:
            # repair and graft free the nerve too, so beside a release they would free it twice
            if shown_day(day) in done:
                both = f"{done[shown_day(day)]} and {step.treatment}"
                message = f"{both} are both on day {shown_day(day)}"
                raise fault(field, message, "give each treatment a day of its own")
            done[shown_day(day)] = step.treatment
            if step.treatment in FREEING and day < scarred_d:
                message = f"day {day:g} is before the scar begins to press, on day {scarred_d:g}"
                raise fault(field, message, f"give day {scarred_d:g} or later")


def _check_steps(arm: Arm, section: str, horizon_days: float, fault: Fault) -> None:
    for j, step in enumerate(arm.step, 1):
        here = f"{section}.step[{j}]"
        if (step.day is None) == (step.days is None):
            told = "neither 'day' nor 'days' is given" if step.day is None else "is given twice"
            raise fault(f"{here}.day", told, "give one 'day' or a list 'days'")
        if len(set(step.on_days)) < len(step.on_days):
            raise fault(f"{here}.days", "a day is given twice", "give each day once")
        last = step.on_days[-1]
        if last > horizon_days:
            message = f"day {last:g} is after the forecast ends, on day {horizon_days:g}"
            raise fault(f"{here}.day", message, "raise run.horizon_days or drop the day")
        _check_details(step, here, fault)


def _check_details(step: Step, here: str, fault: Fault) -> None:
    legal = STEP_KEYS[step.treatment]
    for key in step.as_table():
        if key not in ("treatment", *legal):
            message = f"does not belong to a {step.treatment}"
            raise fault(f"{here}.{key}", message, f"legal: {', '.join(legal)}")
    if step.gap_mm is None and step.treatment == "graft":
        raise fault(f"{here}.gap_mm", "is missing; a graft needs it", "add the gap in mm, 1 to 300")
