"""What became of a fibre, in a run or in a search for a threshold: one meaning per number."""

from __future__ import annotations

from enum import IntEnum


class Status(IntEnum):
    """Values of ``Response.status`` and ``Threshold.status``; ``STATUS`` says them in words.

    Example:
        >>> Status(5).name, STATUS[Status.OK]
        ('TOO_LONG', 'ok')
    """

    OK = 0
    NO_SPIKE = 1
    NOT_FINITE = 2
    STILL_ACTIVE = 3
    REFUSED = 4
    TOO_LONG = 5
    NO_THRESHOLD = 6
    ALREADY = 7
    CROSSES = 8
    END_FIRST = 9


STATUS: dict[int, str] = {
    Status.OK: "ok",
    Status.NO_SPIKE: "no spike: raise the stimulus, or the fibre is blocked",
    Status.NOT_FINITE: "not finite: the step is too long for this fibre or amplitude; halve dt_ms",
    Status.STILL_ACTIVE: "still active at the end: lengthen duration_ms",
    Status.REFUSED: "refused",
    Status.TOO_LONG: "the step is too long for this stimulus: leave dt_ms out, or give a shorter "
    "one",
    Status.NO_THRESHOLD: "no threshold up to the largest amplitude: raise it, or the fibre is "
    "blocked",
    Status.ALREADY: "already so without the stimulus: it fires spontaneously (or is blocked, for a "
    "block)",
    Status.CROSSES: "crosses the level and excites at no amplitude: the stimulus polarises it, but "
    "no spike travels (no sodium channels, passive ends, or block)",
    Status.END_FIRST: "an end of the fibre fires first, which in a nerve goes on: lengthen the "
    "fibre, fade the field out towards its ends, or move the electrode",
}
# of several, the one to say
WORST = (
    Status.REFUSED, Status.NOT_FINITE, Status.ALREADY, Status.CROSSES, Status.NO_THRESHOLD,
    Status.NO_SPIKE, Status.STILL_ACTIVE, Status.TOO_LONG, Status.END_FIRST, Status.OK,
)  # fmt: skip
