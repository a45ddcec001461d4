"""A reflex that is neither reduced nor absent where the other side's is not."""

from __future__ import annotations

from tinel.exam.examination import Visit
from tinel.exam.measurement import Measurement
from tinel.exam.reference_limits import Bound, ReferenceLimit
from tinel.exam.tests.tendon_reflexes import REFLEX


def _bound(measurement: Measurement, visit: Visit) -> Bound:
    return Bound(2.0, lower=True)


LIMIT = ReferenceLimit(
    name=REFLEX,
    text="As brisk as most people's; above 60 years some healthy people have no ankle reflex.",
    source="absent in 23 % (16 to 30) above 60 years, J Neurol 2006 (abstract)",
    quantity=REFLEX,
    bound=_bound,
)
