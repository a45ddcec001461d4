"""Random injuries of the ulnar nerve, read by the whole examination: a confusion table per week.

``python -m tests.kinds_of_injury 300`` prints it for as many injuries, a third of each kind.
"""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import replace

import numpy as np

from tests.people import some
from tinel.course import follow
from tinel.exam.examination import Visit, visit
from tinel.exam.kind_of_injury import kind_of_injury
from tinel.exam.laboratory import Laboratory, set_up
from tinel.exam.limb import healthy
from tinel.lesion import compression, laceration
from tinel.lesion.state import Lesion
from tinel.nerve import Nerve, build
from tinel.treatment import plan

KINDS = ("block", "axon loss", "mixed")
DAYS = (2.0, 7.0, 14.0, 21.0, 28.0)
TESTS = ["motor conduction", "sensory conduction", "needle EMG", "strength"]
SAYS = (*KINDS, "open", "neither")
Table = dict[float, Counter[tuple[str, str, str]]]


def kind_of_the_day(seen: Visit) -> str:
    """What the axons that run through the injury are that day, a tenth of them counting."""
    limb = seen.limb
    here = limb.lesion.present
    intact, conducts = limb.state.intact[0, here], limb.conducts[0, here]
    lost = np.mean(~intact) >= 0.1
    blocked = bool(intact.any()) and np.mean(~conducts[intact]) >= 0.1
    if lost and blocked:
        return "mixed"
    return "axon loss" if lost else "block" if blocked else "neither"


def forearm_injury(nerve: Nerve, kind: str, draw: np.random.Generator) -> Lesion:
    """A block, a cut or both of an ulnar nerve, at a drawn place of the forearm."""
    site = float(draw.uniform(560, 680))
    cut = laceration.make(nerve, "ulnar trunk", site_mm=site, fraction=float(draw.uniform(0.6, 1)))
    press = compression.make(
        nerve, "ulnar trunk", site_mm=site, length_mm=30.0,
        pressure_mmHg=float(draw.uniform(350, 500)), hours=2.0,
    )  # fmt: skip
    broken = draw.random(press.cut_d.shape) < draw.uniform(0.6, 0.85)
    return {
        "block": replace(press, cut_d=np.full_like(press.cut_d, np.inf)),
        "axon loss": cut,
        "mixed": replace(press, cut_d=np.where(broken & press.present, 0.0, np.inf)),
    }[kind]


def examine_one(kind: str, number: int, laboratory: Laboratory) -> list[tuple[Visit, str]]:
    """One person with an injury of the forearm: each day's visit, and the kind it is read as."""
    nerve = build("ulnar", side="left", twins=some(range(number, number + 1)))
    draw = np.random.default_rng([11, number])
    lesion = forearm_injury(nerve, kind, draw)
    course = follow(nerve, lesion, plan("wait", []))
    other = visit(healthy(nerve), laboratory, tests=TESTS)
    visits = [visit(laboratory.limb(course, d), laboratory, d, TESTS) for d in DAYS]
    return [(seen, kind_of_injury(visits[: k + 1], other)) for k, seen in enumerate(visits)]


def confusion(n: int) -> Table:
    """Per day: kind of injury, kind by the axons of the day, and what the reading says."""
    first = build("ulnar", side="left", twins=some())
    laboratory = set_up(first, temperature_C=35.1)
    table: Table = {day: Counter() for day in DAYS}
    for number in range(n):
        kind = KINDS[number % 3]
        for seen, says in examine_one(kind, number, laboratory):
            table[seen.day][kind, kind_of_the_day(seen), says] += 1
    return table


def right(counts: Counter[tuple[str, str, str]], which: int) -> int:
    """How many readings name the kind of injury (0) or that of the axons of the day (1)."""
    return sum(n for key, n in counts.items() if key[which] == key[2])


def written(table: Table) -> str:
    """The table in words, one block per day."""
    lines = []
    for day, counts in table.items():
        total = counts.total()
        lines += [f"day {day:g}: {right(counts, 0)} of {total} by the injury"]
        lines[-1] += f", {right(counts, 1)} by the axons of the day; rows: injury, columns: reading"
        lines += [f"{'':12s}" + "".join(f"{says:>11s}" for says in SAYS)]
        for kind in KINDS:
            cells = [
                sum(n for key, n in counts.items() if (key[0], key[2]) == (kind, says))
                for says in SAYS
            ]
            lines += [f"{kind:12s}" + "".join(f"{n:11d}" for n in cells)]
    return "\n".join(lines)


if __name__ == "__main__":
    print(written(confusion(int(sys.argv[1]) if len(sys.argv) > 1 else 300)))
