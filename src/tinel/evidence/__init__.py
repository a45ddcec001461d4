"""Every number with its unit, spread, species, source and grade."""

from tinel.evidence.number import GRADES, Number
from tinel.evidence.shelf import keys, number, recording, use, value

__all__ = ["GRADES", "Number", "keys", "number", "recording", "use", "value"]
