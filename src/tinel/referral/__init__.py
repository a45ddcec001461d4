"""Whom to see: from a case to an ordered list of specialties, each with its basis.

Example:
    >>> from tinel.case import load
    >>> from tinel.referral.steps import next_steps
    >>> next_steps(load("examples/cut.toml")).steps[0].red_flag
    True
"""
