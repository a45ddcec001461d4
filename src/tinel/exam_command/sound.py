"""The sound that a needle in one muscle of the example makes on the day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tinel.case import Case
from tinel.cohort.person import grow
from tinel.errors import TinelError, suggest
from tinel.exam.needle.electrode import CONCENTRIC
from tinel.exam.needle.misplaced import ANOTHER_NERVE, FAT
from tinel.exam.needle.record import EFFORTS, record
from tinel.exam.needle.sound import write_wav
from tinel.exam_command.compute import Examined
from tinel.exam_command.needle_in import lies_in
from tinel.nerve import Nerve
from tinel.writing import check_file

SECONDS = 10.0


@dataclass(frozen=True)
class Wanted:
    """What to record, checked: a file, the place of a nerve among those of the case, one of its
    muscles and an effort."""

    file: Path
    nerve: int
    muscle: str
    effort: str

    def as_data(self) -> dict[str, str]:
        """Plain values, for JSON."""
        return {"file": str(self.file), "muscle": self.muscle, "effort": self.effort}


def check_sound(
    case: Case, file: Path | None, muscle: str | None, effort: str | None
) -> Wanted | None:
    """Check what is asked before anything is computed; None where no sound is.

    Args:
        case: the case, whole.
        file: given with ``--listen``.
        muscle: given with ``--muscle``; None for the first one whose axons run through the injury.
        effort: given with ``--effort``; None for ``rest``.

    Raises:
        TinelError: an unknown muscle or effort, a nerve without muscles, a file that cannot be
            written, or a muscle or effort without a file.

    Example:
        >>> from tinel.case import load
        >>> check_sound(load("examples/block.toml"), Path("rest.wav"), None, None).muscle
        'brachioradialis'
    """
    if file is None:
        for option, given in (("--muscle", muscle), ("--effort", effort)):
            if given is not None:
                raise TinelError("is given without --listen", option, "add --listen FILE.wav")
        return None
    check_file(file, (".wav",), "--listen")
    if effort is not None and effort not in EFFORTS:
        told = f"effort is '{effort}'"
        raise TinelError(told, "--effort", suggest(effort, list(EFFORTS)))
    nerves = [grow(one, range(1)) for one in (case, *case.beside)]
    muscles = [(k, name) for k, nerve in enumerate(nerves) for name in muscles_of(nerve)]
    if not muscles:
        told = f"the {' and the '.join(nerve.spoken for nerve in nerves)} moves no muscle"
        raise TinelError(told, f"--listen {file}", "a needle needs a muscle; choose another case")
    place, name = _found(muscles, muscle) if muscle is not None else _hurt(case, nerves, muscles)
    return Wanted(file, place, name, effort or "rest")


def muscles_of(nerve: Nerve) -> list[str]:
    """Names of the muscles that a nerve moves."""
    return [target.name for target in nerve.targets if target.kind == "motor"]


def write_sound(every: Sequence[Examined], wanted: Wanted, needle: str | None = None) -> Path:
    """Record the example where the needle lies, and write the sound, 10 s long.

    Args:
        every: from ``compute.examined``, of the same case.
        wanted: from ``check_sound``.
        needle: ``concentric`` (where None) or ``monopolar``.

    Raises:
        TinelError: the disk refused the file.
    """
    one = every[wanted.nerve]
    limb, muscle, true = one.visit.limb, wanted.muscle, lies_in(one, wanted.muscle)
    if true == ANOTHER_NERVE:
        limb = one.other_side.limb
    elif true != FAT:
        muscle = true
    patient, above = limb.nerve.twins.patient, "exam.temperature.nerve_above_skin_C"
    made = record(
        limb,
        muscle,
        wanted.effort,
        seconds=SECONDS,
        temperature_C=patient.limb_temperature_c + limb.parameters.scalar(above),
        in_fat=true == FAT,
        needle=needle or CONCENTRIC,
    )
    write_wav(made, wanted.file)
    return wanted.file


def _found(muscles: Sequence[tuple[int, str]], given: str) -> tuple[int, str]:
    asked = given.casefold()
    same = [one for one in muscles if one[1].casefold() == asked]
    if not same:
        names = list(dict.fromkeys(name for _, name in muscles))
        raise TinelError(f"no muscle is called '{given}'", "--muscle", suggest(given, names))
    return same[0]


def _hurt(
    case: Case, nerves: Sequence[Nerve], muscles: Sequence[tuple[int, str]]
) -> tuple[int, str]:
    """The first muscle whose axons run through the injury, else the first."""
    from tinel.cohort.person import injure

    cases = (case, *case.beside)
    present = [injure(one, range(1)).lesion.present for one in cases]
    for k, name in muscles:
        row = [target.name for target in nerves[k].targets].index(name)
        if present[k][nerves[k].fibres.target == row].any():
            return k, name
    return muscles[0]
