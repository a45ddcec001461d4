"""Who is scanned, as far as MR signals of healthy tissue differ between people."""

from __future__ import annotations

from dataclasses import dataclass

from tinel.errors import TinelError
from tinel.twins import AGE_years


@dataclass(frozen=True)
class Person:
    """Age, and how far a person's own nerve lies from the mean.

    Args:
        age: years, 1 to 100.
        relaxation: standard normal draw, on which the T2 of nerve depends.
        radial: standard normal draw, on which diffusion across the fascicles depends.

    Raises:
        TinelError: an age outside its range.

    Example:
        >>> Person(age=70.0).relaxation
        0.0
    """

    age: float = 40.0
    relaxation: float = 0.0
    radial: float = 0.0

    def __post_init__(self) -> None:
        least, most = AGE_years
        if not least <= self.age <= most:  # also refuses nan
            told = f"{self.age} years is out of range (allowed: {least:g} to {most:g} years)"
            raise TinelError(told, "age")


AVERAGE = Person()
