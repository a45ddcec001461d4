"""How far a reader of ultrasound or MR errs, by quantity (``finding.picture``)."""

from __future__ import annotations

import math

from tinel.evidence import Parameters
from tinel.exam.picture_measures import CONTINUOUS, INTERRUPTED, WITH_NEUROMA
from tinel.exam.tests.mri import AREA as AREA_ON_MR
from tinel.exam.tests.mri import SIGNAL, STIR, T2
from tinel.exam.tests.mri import TEST as MR
from tinel.exam.tests.ultrasound import TEST as ULTRASOUND
from tinel.exam.ultrasound_names import AREA, GAP, SWELLING, TERMINAL, WHOLE
from tinel.infer.error import Error

OF_PICTURES = (ULTRASOUND.name, MR.name)
SPREAD = {
    AREA: "area_cv",
    AREA_ON_MR: "area_cv",
    SWELLING: "area_cv",
    SIGNAL: "signal_cv",
    T2: "t2_cv",
    STIR: "stir_cv",
}
VERDICTS = (INTERRUPTED, WITH_NEUROMA, CONTINUOUS)


def of_picture(test: str, quantity: str, parameters: Parameters) -> Error | None:
    """The error of a quantity of ultrasound or MR; None for another one.

    Args:
        test: its name.
        quantity: as the test writes it.
        parameters: with the table ``finding.picture``.

    Example:
        >>> found = of_picture("ultrasound", "continuous", Parameters.of_evidence())
        >>> [round(chance, 2) for chance in found.chances[0]]
        [0.89, 0.01, 0.1]
    """
    if test not in OF_PICTURES:
        return None

    def number(name: str) -> float:
        return parameters.scalar(f"finding.picture.{name}")

    mistaken = parameters.scalar("finding.error.mistaken")
    by = "_mr" if test == MR.name else ""
    cut, whole = number(f"cut_seen{by}"), number(f"whole_seen{by}")
    seen, imagined = number("neuroma_seen"), number("neuroma_imagined")
    if quantity == WHOLE:
        table = (
            (cut, (1 - cut) * imagined, (1 - cut) * (1 - imagined)),
            (1 - whole, whole * seen, whole * (1 - seen)),
            (1 - whole, whole * imagined, whole * (1 - imagined)),
        )
        return Error("grade", 0.0, grades=VERDICTS, mistaken=mistaken, chances=table)
    if quantity == GAP:
        return Error(
            "factor",
            number("gap_cv"),
            floor=number("least_gap_mm"),
            mistaken=mistaken,
            missed=1 - cut,
            invented=1 - whole,
            middle=parameters.scalar("anatomy.gap.retraction_mm"),
        )
    if quantity == TERMINAL:
        return Error(
            "factor",
            number("neuroma_cv"),
            mistaken=mistaken,
            missed=1 - seen,
            invented=imagined,
            middle=number("usual_neuroma_mm"),
        )
    if quantity not in SPREAD:
        return None
    of_two = math.sqrt(2.0) if quantity == SWELLING else 1.0
    return Error("factor", of_two * number(SPREAD[quantity]), mistaken=mistaken)
