"""Where normal ends for what is read on MR neurography; one limit for each quantity."""

from __future__ import annotations

from functools import partial

from tinel.exam.examination import Visit
from tinel.exam.measurement import Measurement
from tinel.exam.pictures import was_seen
from tinel.exam.reference_limits import Bound, ReferenceLimit
from tinel.exam.tests.mri import ADC, FA, SIGNAL, STIR, T2

# read in the carpal tunnel alone
OF_MEDIAN = (FA, ADC)


def _bound(quantity: str, measurement: Measurement, visit: Visit) -> Bound | None:
    from tinel.imaging.mri.limits import limit

    nerve = visit.limb.nerve.name
    if quantity in OF_MEDIAN and nerve != "median":
        return None
    found = limit(quantity, visit.limb.parameters, nerve)
    return None if found is None else Bound(found.value, found.lower)


def _limit(quantity: str, text: str) -> ReferenceLimit:
    return ReferenceLimit(
        name=f"{quantity} on MR",
        text=text,
        source="see the mri.limit numbers",
        quantity=quantity,
        bound=partial(_bound, quantity),
        applies=was_seen,
    )


NERVE_MUSCLE = _limit(SIGNAL, "T2-weighted signal over that of muscle in ulnar neuropathy.")
OF_T2 = _limit(T2, "Two SD above the mean of healthy sciatic nerves.")
OF_FA = _limit(FA, "Median nerve in carpal tunnel syndrome.")
OF_ADC = _limit(ADC, "Median nerve in carpal tunnel syndrome.")
OF_MUSCLE = _limit(STIR, "Below the least mean of muscles without axons.")
