"""Waiting: nothing is done to the nerve."""

from __future__ import annotations

from tinel.treatment.step import Step, Treatment, check_fields

SAYS = (
    "Nothing is done to the nerve; it recovers or not by itself. Two thirds of sciatic palsies "
    "after hip replacement recover fully (14 retrospective series, doi:10.1155/2017/8361071), and "
    "94 % of radial palsies with operated humeral fractures within 18 months (n = 32); both "
    "figures were read in abstracts."
)


def read(step: Step) -> Treatment:
    """The step that changes nothing; it has no fields, and no effect that could have a grade.

    Raises:
        TinelError: any field but ``treatment``.

    Example:
        >>> read({"treatment": "wait"}).value
        ()
    """
    check_fields(step, ())
    return Treatment((), (), (), evidence_grade="", says=SAYS, evidence=())
