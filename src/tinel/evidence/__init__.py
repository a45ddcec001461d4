"""Every number with its unit, spread, species, source and evidence grade."""

from tinel.evidence.catalogue import Catalogue
from tinel.evidence.number import GRADES, Number
from tinel.evidence.parameters import Parameters

__all__ = ["GRADES", "Catalogue", "Number", "Parameters"]
