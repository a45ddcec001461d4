"""What a user's own file is written with: a cause, treatment, test, limit, drug or membrane.

A file makes one of them at module level and is named by ``tn.load(case, files=[...])`` or
``tinel run --with FILE``. The files in ``examples/own/`` are models to copy.

Example:
    >>> from tinel.own import DAY, Intervention, Treatment
    >>> def effect(values, parameters, which):
    ...     return tuple(Intervention("warmth", day) for day in values["on_days"])
    >>> Treatment(name="warmth", text="A warm bath.", fields=(DAY,), effect=effect,
    ...           says="Made up.", evidence_grade="assumption").name
    'warmth'
"""

from tinel.cable.drugs.drug import Action, Drug
from tinel.cable.membranes.membrane import Membrane
from tinel.declare import Field
from tinel.evidence import Number
from tinel.exam.measure import Measure
from tinel.exam.measurement import Value
from tinel.exam.reference_limits import Bound, ReferenceLimit
from tinel.exam.test import Test, studies, targets
from tinel.lesion import Cause
from tinel.lesion.place import whole
from tinel.treatment import DAY, DAYS, ONE_DAY, Intervention, Treatment

__all__ = [
    "DAY",
    "DAYS",
    "ONE_DAY",
    "Action",
    "Bound",
    "Cause",
    "Drug",
    "Field",
    "Intervention",
    "Measure",
    "Membrane",
    "Number",
    "ReferenceLimit",
    "Test",
    "Treatment",
    "Value",
    "studies",
    "targets",
    "whole",
]
