"""Heat of a coagulating instrument at a nerve: an example of a cause of your own."""

from dataclasses import replace

import numpy as np

from tinel.own import Cause, Field, whole

BURNT = Field(
    "burnt_percent", "part of the fibres that are burnt", "prior", "%", 0, 100, needed=True
)


def injure(place, values, nerve):
    """Break a fraction of the axons on day 0, with their tubes scarred (Sunderland grade 3)."""
    lesion = whole("coagulation", nerve, place.branch, place.site_mm, place.length_mm)
    draw = nerve.twins.uniform("coagulation.burnt", lesion.present.size)
    burnt = lesion.present & (100 * draw < values["burnt_percent"][:, None])
    return replace(
        lesion,
        cut_d=np.where(burnt, 0.0, np.inf),
        sunderland_grade=np.where(burnt, 3, 0),
    )


CAUSE = Cause(
    name="coagulation",
    text="Heat of a coagulating instrument, on day 0.",
    phrase="coagulation at the nerve",
    source="an assumption, made for an example",
    fields=(BURNT,),
    other_names=("diathermy",),
    injure=injure,
    length_mm=5.0,
)
