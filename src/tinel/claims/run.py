"""Run the computation of a claim.

A computation is named as ``module.function`` of ``tinel.claims.computations``, then the words it is
called with: ``count.percent fusion_one_surgeon``.
"""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module

from tinel.claims.computed import Computed
from tinel.claims.statement import Claim
from tinel.errors import TinelError
from tinel.evidence import Parameters


def compute(about: Claim, parameters: Parameters | None = None) -> Computed | None:
    """Compute the value that belongs to a claim; None where it has no computation.

    Args:
        about: from ``claims()`` or ``claim``.
        parameters: the numbers in use; None for those of the evidence files.

    Raises:
        TinelError: the claim names a computation that is not there.

    Example:
        >>> from tinel.claims import claim
        >>> compute(claim("20")).unit
        'mm/month'
    """
    if not about.computation:
        return None
    called, *words = about.computation.split()
    module, _, function = called.partition(".")
    try:
        work = getattr(import_module(f"tinel.claims.computations.{module}"), function)
    except (ImportError, AttributeError):
        told = f"no computation is called '{about.computation}'"
        raise TinelError(told, f"claim {about.id}") from None
    numbers = Parameters.of_evidence() if parameters is None else parameters
    computed: Computed = work(numbers, *words)
    return replace(computed, name=about.computation)
