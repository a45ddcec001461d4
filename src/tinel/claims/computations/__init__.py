"""Computations on claims: each a function of the parameters that returns a ``Computed``."""
