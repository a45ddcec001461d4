"""What changes the course of an injured nerve, and how well that is known."""

from tinel.treatment.arm import TREATMENTS, plan
from tinel.treatment.plan import Intervention, Plan

__all__ = ["TREATMENTS", "Intervention", "Plan", "plan"]
