"""Every number with its unit, spread, species, source and evidence grade."""

from tinel.evidence.number import GRADES, Number
from tinel.evidence.parameters import Parameters
from tinel.evidence.shelf import keys, number, recording, use, value

__all__ = ["GRADES", "Number", "Parameters", "keys", "number", "recording", "use", "value"]
