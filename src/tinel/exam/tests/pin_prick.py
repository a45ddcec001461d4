"""Pin prick: as sharp as on the other side, duller, or not felt; each examiner errs a little."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tinel.exam.examination import Visit
from tinel.exam.laboratory import Laboratory
from tinel.exam.limb import Floats, Limb
from tinel.exam.measure import Measure
from tinel.exam.measurement import Value
from tinel.exam.small_fibres import pain_fraction
from tinel.exam.test import Test, targets
from tinel.nerve.anatomy import Target
from tinel.twins import Twins

PIN, PIN_UNIT = "pin prick", "0 to 2"
PIN_WORDS = (
    ("not felt", 0, 0), ("absent", 0, 0), ("dull", 1, 1), ("reduced", 1, 1), ("sharp", 2, 2),
    ("normal", 2, 2), ("present", 1, 2),
)  # fmt: skip
WORDS = {0.0: "A pin is not felt.", 1.0: "A pin is felt as dull.", 2.0: "A pin is sharp: normal."}


def graded(fraction: Floats, twins: Twins, drawn: Floats) -> Floats:
    """2 for sharp, 1 for dull, 0 for not felt, ``(n_twin,)``.

    Args:
        fraction: of the small fibres that work, 0 to 1.
        twins: whose skin it is.
        drawn: standard normal, the examiner's error; 0 for none.

    Example:
        >>> from tinel.twins import Patient
        >>> three = Twins(Patient(age=40, sex="female", height_cm=165), range(3))
        >>> graded(np.array([1.0, 0.2, 0.0]), three, np.zeros(3)).tolist()
        [2.0, 1.0, 0.0]
    """
    seen = fraction * 10 ** (twins.each("bedside.pin.examiner") * drawn)
    sharp, dull = (twins.each(f"bedside.pin.{key}") for key in ("sharp_from", "dull_from"))
    return np.asarray((seen >= sharp) * 1.0 + ((seen >= dull) & (fraction > 0)))


def pin_prick(limb: Limb, skin: Target, laboratory: Laboratory) -> tuple[Value, ...]:
    """What a pin feels like in the middle of a patch of skin."""
    twins = limb.nerve.twins
    drawn = twins.normal(f"exam.pin.{skin.name}.day {limb.state.day:g}", 1)[:, 0]
    return (Value(PIN, PIN_UNIT, graded(pain_fraction(limb, skin), twins, drawn)),)


def sentences(skin: Target, visits: Sequence[Visit], other_side: Visit) -> list[str]:
    """One sentence per visit; empty where nobody tested."""
    found = [visit.examination.value(skin.name, PIN) for visit in visits]
    return ["" if felt is None else WORDS[felt] for felt in found]


TEST = Test(
    name="pin prick",
    other_names=("pinprick", "sharp and dull"),
    text="Prick the skin and ask whether it is sharp, dull or not felt.",
    source="no measurement was read; see the bedside.pin numbers",
    subjects=targets("sensory"),
    examine=pin_prick,
    interpret=sentences,
    title="Pin prick",
    on_request=True,
    measures=(Measure(PIN, PIN_UNIT, 0, 2, ("pin",), (0, 1, 2), PIN_WORDS, usual=True),),
)
