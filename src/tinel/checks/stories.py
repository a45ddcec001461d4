"""Invented patients' stories whose twins play the patients, and what is found in them when."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tinel.case import Case, parse
from tinel.case.observed import Observed

FOLDER = Path(__file__).parent
BEDSIDE, CONDUCTION, NEEDLE, FURTHER = "bedside", "conduction", "needle", "further"
DAYS = (1.0, 21.0, 90.0)
STUDIED = DAYS[1]  # day of the laboratory's studies
MRC_GRADE, FILAMENT, AMPLITUDE = "MRC grade", "finest filament felt", "amplitude"


@dataclass(frozen=True)
class Story:
    """One invented story.

    Args:
        name, nerve: in words.
        case: the text of its case file.
        muscles: weak ones; the first is forecast.
        spared: a muscle of the nerve that the injury does not reach.
        skin: numb skin.
        motor: ``subject`` of the study, its ``distal`` and ``proximal`` sites and a ``segment``.
        sensory: ``subject`` and ``site``.
        goal_days: on which strength is forecast.
    """

    name: str
    nerve: str
    case: str
    muscles: tuple[str, ...]
    spared: str
    skin: str
    motor: Mapping[str, str]
    sensory: Mapping[str, str]
    goal_days: tuple[float, ...]

    def read(self, seed: int = 1) -> Case:
        """The case, with draws of its own."""
        return parse(self.case).with_run(seed=seed)


@dataclass(frozen=True)
class Planned:
    """A finding that is looked for, and the kind of test behind it."""

    kind: str
    observed: Observed


@dataclass(frozen=True)
class Known:
    """What is known on a day: findings up to it, of some kinds of tests."""

    day: float
    kinds: tuple[str, ...]

    @property
    def text(self) -> str:
        """In words, e.g. ``day 21, bedside + needle``."""
        return f"day {self.day:g}, {' + '.join(self.kinds)}"


KNOWN = (
    Known(1.0, (BEDSIDE,)),
    *(
        Known(day, kinds)
        for day in DAYS[1:]
        for kinds in ((BEDSIDE,), (BEDSIDE, CONDUCTION), (BEDSIDE, CONDUCTION, NEEDLE))
    ),
)


@cache
def asked() -> dict[str, dict[str, Any]]:
    """What the checks ask, as written down before they were run."""
    return tomllib.loads((FOLDER / "asked.toml").read_text(encoding="utf-8"))


def stories() -> tuple[Story, ...]:
    """All stories.

    Example:
        >>> [one.nerve for one in stories()]
        ['radial', 'ulnar', 'common fibular', 'median']
    """
    told = tomllib.loads((FOLDER / "stories.toml").read_text(encoding="utf-8"))["story"]
    return tuple(_story(one) for one in told)


def _story(told: dict[str, Any]) -> Story:
    fields: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in told.items()}
    return Story(**fields)


def planned(story: Story) -> tuple[Planned, ...]:
    """What is looked for in a patient: bedside on days 1, 21 and 90, in the laboratory on day 21.

    What is ``further`` is looked for where it matters whether story and findings agree.
    """
    found: list[Planned] = []
    motor, sensory = story.motor, story.sensory

    def add(kind: str, day: float, *what: str, side: str = "affected") -> None:
        test, subject, site, quantity, unit = what
        text = f"{subject} {quantity}" + (" of the other side" if side == "healthy" else "")
        o = Observed(
            f"finding[{len(found) + 1}]", text, test, subject, site, quantity, unit, day, day,
            "value", side=side,
        )  # fmt: skip
        found.append(Planned(kind, o))

    study = ("motor conduction", motor["subject"])
    sense = ("sensory conduction", sensory["subject"], sensory["site"], AMPLITUDE, "µV")
    first, *others = story.muscles
    for day in DAYS:
        add(BEDSIDE, day, "strength", first, "", MRC_GRADE, "0 to 5")
        add(BEDSIDE, day, "touch", story.skin, "", FILAMENT, "marking")
    add(CONDUCTION, STUDIED, *study, motor["distal"], AMPLITUDE, "mV")
    add(CONDUCTION, STUDIED, *sense)
    add(NEEDLE, STUDIED, "needle EMG", first, "", "fibrillations", "0 to 4+")
    add(NEEDLE, STUDIED, "needle EMG", first, "", "recruitment", "0 to 4")
    for muscle in (*others, story.spared):
        add(FURTHER, STUDIED, "strength", muscle, "", MRC_GRADE, "0 to 5")
    add(FURTHER, STUDIED, *study, motor["proximal"], AMPLITUDE, "mV")
    for side in ("affected", "healthy"):
        add(FURTHER, STUDIED, *study, motor["segment"], "velocity", "m/s", side=side)
    add(FURTHER, STUDIED, *sense, side="healthy")
    return tuple(found)
