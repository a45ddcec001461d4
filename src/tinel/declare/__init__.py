"""How a room says what it offers, and how what a user gives is read."""

from tinel.declare.field import Field
from tinel.declare.find import found
from tinel.declare.offer import Offer, named
from tinel.declare.spread import Spread

__all__ = ["Field", "Offer", "Spread", "found", "named"]
