"""A needle that lies elsewhere than the examiner means: in another muscle, or in fat.

The examiner writes down under the name of the muscle they mean what the needle finds where it is.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from tinel.errors import TinelError, suggest
from tinel.exam.examination import Visit
from tinel.exam.measurement import Measurement
from tinel.exam.needle import reading as words
from tinel.nerve.anatomy import Nerve

FAT, ANOTHER_NERVE = "fat", "another nerve"
_ZERO_IN_FAT = (
    words.INSERTION,
    words.FIBRILLATIONS,
    words.WAVES,
    words.REPETITIVE,
    words.FASCICULATIONS,
    words.RECRUITMENT,
    words.INTERFERENCE,
)


@dataclass(frozen=True)
class Place:
    """Where the needle lies, and where the examiner means it to be.

    Args:
        meant: a muscle of the nerve.
        true: another muscle of the nerve, ``fat``, or ``another nerve`` for a muscle that the
            injured nerve does not supply.
    """

    meant: str
    true: str


def place(text: str, nerve: Nerve) -> Place:
    """Read ``MEANT=WHERE``, as ``deltoid=fat``.

    Raises:
        TinelError: no such muscle, or no equals sign.

    Example:
        >>> import tinel as tn
        >>> one = tn.Twins(tn.Patient(age=40, sex="female", height_cm=170))
        >>> place("deltoid = fat", tn.build("axillary", side="left", twins=one))
        Place(meant='deltoid', true='fat')
    """
    where, muscles = "--needle-in", [t.name for t in nerve.targets if t.kind == "motor"]
    parts = [" ".join(part.split()).casefold() for part in text.split("=")]
    if len(parts) != 2:
        advice = f"write the muscle meant and where the needle is: '{muscles[0]}={FAT}'"
        raise TinelError(f"'{text}' names no two places", where, advice)
    known = {name.casefold(): name for name in muscles}
    meant, true = parts
    if meant not in known:
        raise TinelError(f"'{meant}' is no muscle of this nerve", where, suggest(meant, muscles))
    places = {**known, FAT: FAT, ANOTHER_NERVE: ANOTHER_NERVE}
    if true not in places:
        advice = suggest(true, list(places.values()))
        raise TinelError(f"the needle cannot lie in '{true}'", where, advice)
    return Place(known[meant], places[true])


def misplaced(seen: Visit, other_side: Visit, test: str, at: Place) -> Visit:
    """The visit as it is written down with the needle elsewhere.

    Args:
        seen: the visit with the needle where it was meant to be.
        other_side: of the same twins, whose muscles are healthy.
        test: name of the needle examination.
        at: where it lies.

    Returns:
        The values of the place under the name of the muscle that was meant.
    """
    own = [m for m in seen.examination.measurements if (m.test, m.subject) == (test, at.meant)]
    swapped = {m.quantity: _elsewhere(m, seen, other_side, at) for m in own}
    measurements = tuple(
        swapped[m.quantity] if (m.test, m.subject) == (test, at.meant) else m
        for m in seen.examination.measurements
    )
    return replace(seen, examination=replace(seen.examination, measurements=measurements))


def _elsewhere(own: Measurement, seen: Visit, other_side: Visit, at: Place) -> Measurement:
    if at.true == FAT:
        value = 0.0 if own.quantity in _ZERO_IN_FAT else np.nan
        return replace(own, values=np.full_like(own.values, value))
    if at.true == ANOTHER_NERVE:
        found = other_side.examination.of(at.meant, own.quantity)
    else:
        found = seen.examination.of(at.true, own.quantity)
    return own if found is None else replace(own, values=found.values)
