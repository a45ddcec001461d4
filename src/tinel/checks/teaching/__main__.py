"""``python -m tinel.checks.teaching``: teach the network that finds nerves on ultrasound."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path

from tinel.checks.teaching.kept import Lesson, draw, lessons
from tinel.checks.teaching.learner import taught, torch, write
from tinel.errors import TinelError
from tinel.evidence import Parameters
from tinel.progress import watched
from tinel.terminal import say


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line asks for; the exit status."""
    parser = ArgumentParser(prog="python -m tinel.checks.teaching", description=__doc__)
    parser.add_argument("folder", type=Path, help="where what is drawn is kept")
    parser.add_argument("--people", type=int, default=600, help="of eight pictures each")
    parser.add_argument("--free", type=int, default=90, help="sheets of eight without a limb")
    parser.add_argument("--steps", type=int, default=4000, help="of twelve pictures each")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=Path("network.npz"), help="file to write")
    given = parser.parse_args(arguments)
    try:
        torch()  # said before an hour of drawing
        with watched() as progress:
            known = list[Lesson]()
            for kind, sheets in (("person", given.people), ("free", given.free)):
                draw(given.folder, kind, sheets, Parameters.of_evidence(), progress)
                known += lessons(given.folder, kind, sheets, held_back=False)
            write(taught(known, given.steps, given.seed, progress), given.out)
    except TinelError as problem:
        say(f"error: {problem}")
        return 1
    except KeyboardInterrupt:
        say("stopped; what was drawn is kept, the same command goes on")
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
