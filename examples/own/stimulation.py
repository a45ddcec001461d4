"""Electrical stimulation of the stump: an example of a treatment of your own."""

from tinel.own import DAY, Field, Intervention, Treatment

RATE = Field("rate_factor", "factor on the growth rate", least=0.5, most=3.0, default=1.2)


def effect(values, parameters, which):
    """Faster growth from the day on; at the low end of the range none."""
    factor = 1.0 if which == "low" else values["rate_factor"]
    return tuple(
        Intervention("electrical stimulation", day, growth_rate_factor=factor)
        for day in values["on_days"]
    )


TREATMENT = Treatment(
    name="electrical stimulation",
    text="An hour of weak current to the proximal stump, before it is joined.",
    source="an assumption, made for an example",
    fields=(DAY, RATE),
    effect=effect,
    says="This effect is made up for an example.",
    evidence_grade="assumption",
)
