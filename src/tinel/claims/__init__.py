"""Claims of the source article: what is true, by published facts and by computation.

Example:
    >>> from tinel.claims import claim, compute
    >>> four = claim("4")
    >>> four.verdict, compute(four).unit
    ('contradicted', '%')
"""

from tinel.claims.answer import Answer, answers
from tinel.claims.claim import READ, VERDICTS, Claim, Fact
from tinel.claims.compute import compute
from tinel.claims.computed import Computed
from tinel.claims.files import claims, facts, sources
from tinel.claims.find import claim

__all__ = [
    "READ",
    "VERDICTS",
    "Answer",
    "Claim",
    "Computed",
    "Fact",
    "answers",
    "claim",
    "claims",
    "compute",
    "facts",
    "sources",
]
