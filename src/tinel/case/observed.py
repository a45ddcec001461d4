"""What was found in a patient, in the terms of a simulated examination.

Three states are kept apart: what was not tested has no entry here, what was tested and absent is
``absent``, and the rest has a value or a range of values.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

State = Literal["value", "range", "absent", "present", "normal", "reduced"]


@dataclass(frozen=True)
class Observed:
    """One finding of a patient.

    Args:
        where: the section it stands in, for errors and contradictions, e.g. ``finding[3]``.
        text: as its writer wrote it, in one line.
        test, subject, site, quantity, unit: those of the simulated measurement that it is set
            against, see ``exam.measurement.Measurement``; an empty site means the first there is.
        first_day, last_day: the days between which it was found; equal for a known day.
        state: ``value`` and ``range`` have ``low`` and ``high``; ``absent`` and ``present`` are of
            a response; ``normal`` and ``reduced`` are against the limit, or the other side where no
            limit is published.
        low, high: of the value, equal for one number; infinite where one end is open; nan
            otherwise.
        of_other_side: whether they are percent of the healthy side.
        side: ``affected`` or ``healthy``.
    """

    where: str
    text: str
    test: str
    subject: str
    site: str
    quantity: str
    unit: str
    first_day: float
    last_day: float
    state: State
    low: float = float("nan")
    high: float = float("nan")
    of_other_side: bool = False
    side: str = "affected"


@dataclass(frozen=True)
class Event:
    """Something that happened to a patient between two days, or has not happened by a day.

    Args:
        where, text: as those of ``Observed``.
        test, subject, site, quantity, unit: those of the measurement that shows it.
        reaches: the event is the first day on which the quantity is at least this.
        not_before_day: it had not happened by then.
        by_day: it had happened by then; infinite where it has not happened yet.
        of_other_side: whether ``reaches`` is percent of the healthy side.
    """

    where: str
    text: str
    test: str
    subject: str
    site: str
    quantity: str
    unit: str
    reaches: float
    not_before_day: float
    by_day: float
    of_other_side: bool = False
