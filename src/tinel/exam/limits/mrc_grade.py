"""Full strength, the only normal MRC grade."""

from __future__ import annotations

from tinel.exam.reference_limits import Bound, ReferenceLimit

LIMIT = ReferenceLimit(
    name="MRC grade",
    text="Full strength is grade 5.",
    source="Medical Research Council scale",
    quantity="MRC grade",
    bound=lambda measurement, visit: Bound(5.0, lower=True),
)
