"""Claims of the source article: what is true, by published facts and by computation.

Example:
    >>> from tinel.claims import claim, compute
    >>> four = claim("4")
    >>> four.verdict, compute(four).unit
    ('contradicted', '%')
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tinel.claims.answer import Answer, answers
    from tinel.claims.computed import Computed
    from tinel.claims.files import claims, facts, sources
    from tinel.claims.find import claim
    from tinel.claims.run import compute
    from tinel.claims.statement import READ, VERDICTS, Claim, Fact

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

_MADE_IN = {
    "READ": "statement",
    "VERDICTS": "statement",
    "Answer": "answer",
    "Claim": "statement",
    "Computed": "computed",
    "Fact": "statement",
    "answers": "answer",
    "claim": "find",
    "claims": "files",
    "compute": "run",
    "facts": "files",
    "sources": "files",
}


def __getattr__(name: str) -> Any:
    # late, as the command line registers this room's command before it knows which one is meant
    if name not in _MADE_IN:
        raise AttributeError(f"tinel.claims has no '{name}'")
    return getattr(import_module(f"tinel.claims.{_MADE_IN[name]}"), name)
