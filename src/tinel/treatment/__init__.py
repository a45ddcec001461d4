"""What changes the course of an injured nerve, and how well that is known."""

from tinel.treatment.plan import Intervention, Plan
from tinel.treatment.registry import TREATMENTS, plan

__all__ = ["TREATMENTS", "Intervention", "Plan", "plan"]
