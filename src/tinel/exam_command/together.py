"""The examination's tests taken together: block, axon loss or both."""

from __future__ import annotations

from tinel.exam.kind_of_injury import Kind, kind_of_injury
from tinel.exam.tests.needle_emg import TEST
from tinel.exam_command.compute import Examined

WORDS: dict[Kind, str] = {
    "block": "a block of axons that are whole, and no sign of axon loss.",
    "axon loss": "axon loss, and no sign of block.",
    "mixed": "axon loss and block.",
    "open": "too early to tell block from axon loss.",
    "neither": "no sign of block or axon loss.",
}


def together(one: Examined) -> Kind | None:
    """The kind of injury that all tests of a nerve tell; None without conduction or needle."""
    examination = one.visit.examination
    if not examination.responses and TEST.name not in {m.test for m in examination.measurements}:
        return None
    return kind_of_injury([*one.earlier, one.visit], one.other_side)
