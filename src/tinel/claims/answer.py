"""Claims with what the program computes on them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tinel.claims.computed import Computed
from tinel.claims.files import claims
from tinel.claims.run import compute
from tinel.claims.statement import Claim
from tinel.evidence import Parameters
from tinel.progress import Progress, silent


@dataclass(frozen=True)
class Answer:
    """A claim and the value computed on it; None where it has no computation."""

    claim: Claim
    computed: Computed | None


def answers(
    which: Iterable[Claim] | None = None,
    parameters: Parameters | None = None,
    progress: Progress = silent,
) -> tuple[Answer, ...]:
    """Answer claims, with their computations run (about a minute for all).

    Args:
        which: the claims; None for all of them.
        parameters: the numbers in use; None for those of the evidence files.
        progress: called with how far it is.

    Example:
        >>> from tinel.claims import claim
        >>> [answer.computed.unit for answer in answers([claim("13")])]
        ['%']
    """
    chosen = list(claims().values() if which is None else which)
    done: dict[str, Computed | None] = {}
    for k, one in enumerate(chosen):
        progress(k, len(chosen), "computing on the claims")
        if one.computation not in done:
            done[one.computation] = compute(one, parameters)
    return tuple(Answer(one, done[one.computation]) for one in chosen)
