"""Every number with its unit, spread, species, source and evidence grade.

Example:
    >>> import tinel as tn
    >>> rate = tn.parameters().number("course.growth.rate")
    >>> rate.unit, rate.evidence_grade in tn.evidence.GRADES
    ('mm/day', True)
"""

from tinel.evidence.catalogue import Catalogue
from tinel.evidence.count import Count
from tinel.evidence.number import GRADES, Number
from tinel.evidence.parameters import Parameters

__all__ = ["GRADES", "Catalogue", "Count", "Number", "Parameters"]
