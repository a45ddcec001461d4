"""Workers that are ended from outside cost their part of the work and nothing else."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from tinel.cohort.crew import MOST_LOSSES, shared
from tinel.errors import TinelError

STAGES = ("starting", "working", "answering", "again and again")


@dataclass(frozen=True)
class Doomed:
    """Squares numbers; the process that gets a three ends in a stage, so many times."""

    folder: Path
    stage: str
    times: int = 1

    def end(self, stage: str) -> None:
        """End this process, as the kernel does when memory is short."""
        mark = self.folder / f"{len(list(self.folder.iterdir()))}"
        if stage == self.stage and len(list(self.folder.iterdir())) < self.times:
            mark.touch()
            os.kill(os.getpid(), signal.SIGKILL)

    def __setstate__(self, state: dict[str, object]) -> None:
        vars(self).update(state)
        self.end("starting")

    def __call__(self, item: int) -> Answer:
        if item == 3:
            self.end("working")
        return Answer(item * item, self if item == 3 else None)


@dataclass(frozen=True)
class Answer:
    """A number that may end the process while it is sent."""

    value: int
    doom: Doomed | None

    def __reduce__(self) -> tuple[type[Answer], tuple[int, None]]:
        if self.doom:
            self.doom.end("answering")
        return Answer, (self.value, None)


@pytest.mark.parametrize(
    ("stage", "times"), [("starting", 1), ("working", 1), ("answering", 1), ("working", 3)]
)
def test_a_killed_worker_costs_its_part_only(tmp_path: Path, stage: str, times: int) -> None:
    said: list[str] = []
    made = dict(shared(Doomed(tmp_path, stage, times), list(range(8)), 2, said.append))
    assert {item: answer.value for item, answer in made.items()} == {k: k * k for k in range(8)}
    assert len(list(tmp_path.iterdir())) == times
    assert len(said) == 1 and "memory" in said[0] and "Killed" in said[0]


def test_a_part_that_always_kills_is_given_up(tmp_path: Path) -> None:
    with pytest.raises(TinelError, match=r"memory is short"):
        list(shared(Doomed(tmp_path, "working", 99), list(range(8)), 2, lambda _: None))
    assert len(list(tmp_path.iterdir())) == MOST_LOSSES


def failing(item: int) -> int:
    """Fail as a computation does."""
    raise TinelError(f"{item} is too much", "here")


def test_an_error_of_the_work_is_raised_here() -> None:
    with pytest.raises(TinelError, match="here: 1 is too much"):
        list(shared(failing, [1], 2, lambda _: None))


SCRIPT = """
import sys, time
from tinel.cohort.crew import shared
if __name__ == "__main__":
    print("begun", flush=True)
    for item, _ in shared(time.sleep, [0.5] * 1 + [60.0, 61.0], 2, print):
        print("done", item, flush=True)
"""


@pytest.mark.parametrize("sent", [signal.SIGKILL, signal.SIGINT])
def test_no_worker_outlives_its_parent(tmp_path: Path, sent: signal.Signals) -> None:
    script = tmp_path / "script.py"
    script.write_text(SCRIPT.replace("60.0, 61.0", "3.0, 3.1"))
    process = subprocess.Popen(
        [sys.executable, script], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    while "done" not in process.stdout.readline():
        assert process.poll() is None
    process.send_signal(sent)
    process.wait(20)
    # a worker holds the parent's output open until it ends
    start = time.monotonic()
    process.stdout.read()
    assert time.monotonic() - start < 30
