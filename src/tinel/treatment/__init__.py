"""What changes the course of an injured nerve, and how well that is known."""

from tinel.treatment.arm import Step, plan, read_step
from tinel.treatment.plan import Intervention, Plan, Transfer
from tinel.treatment.relief import Relief
from tinel.treatment.treatment import DAY, DAYS, ONE_DAY, Treatment, known_treatments

__all__ = [
    "DAY",
    "DAYS",
    "ONE_DAY",
    "Intervention",
    "Plan",
    "Relief",
    "Step",
    "Transfer",
    "Treatment",
    "known_treatments",
    "plan",
    "read_step",
]
