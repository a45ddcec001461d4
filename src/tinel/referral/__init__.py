"""Whom to see: from a case to an ordered list of specialties, each with its basis."""

from tinel.referral.steps import Referral, Step, next_steps

__all__ = ["Referral", "Step", "next_steps"]
