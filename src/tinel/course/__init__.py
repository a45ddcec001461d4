"""What time does to an injured nerve: decay, waiting, regrowth, reinnervation."""

from tinel.course.arrival import Arrival, arrival
from tinel.course.day import classes_at, state_at
from tinel.course.state import NerveState
from tinel.course.timeline import Course, follow, pressure_at

__all__ = [
    "Arrival",
    "Course",
    "NerveState",
    "arrival",
    "classes_at",
    "follow",
    "pressure_at",
    "state_at",
]
