"""An examination as plain values, for JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from tinel.exam_command.compute import Examined
from tinel.exam_command.lines import lines
from tinel.exam_command.readings import readings, unseen
from tinel.exam_command.show import NOTE, example_sentence
from tinel.exam_command.together import together
from tinel.terminal import shown_name


def as_data(every: Sequence[Examined], notes: Sequence[str] = ()) -> dict[str, Any]:
    """One object; ``findings`` lists the values of all nerves, null where nothing was measured.

    Args:
        every: from ``compute.examined``.
        notes: for the user.
    """
    first = every[0]
    case, asked = first.result.case, first.asked
    return {
        "case": shown_name(case.source.path),
        "day": asked.day,
        "arm": asked.arm,
        "tests": list(asked.tests),
        "side": case.nerve.side,
        "twins": case.run.twins,
        "seed": case.run.seed,
        "examples": [
            {
                "nerve": one.visit.limb.nerve.name,
                "twin": one.result.middle,
                "uninjured": one.uninjured,
                "note": example_sentence(one),
            }
            for one in every
        ],
        "findings": [asdict(line) for one in every for line in lines(one)],
        "readings": [asdict(reading) for one in every for reading in readings(one)],
        "together": [{"nerve": one.visit.limb.nerve.name, "kind": together(one)} for one in every],
        "needle_in": [
            {
                "nerve": one.visit.limb.nerve.name,
                "meant": m.place.meant,
                "true": m.place.true,
                "true_reading": m.true_reading,
            }
            for one in every
            for m in one.needles
        ],
        "cannot_see": [
            {k: getattr(rule, k) or None for k in ("test", "text", "source", "evidence_grade")}
            for rule in unseen(first)
        ],
        "notes": list(notes),
        "advice": NOTE,
    }
