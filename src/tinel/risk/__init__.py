"""How often a nerve is hurt by an operation or another cause, from published counts.

Example:
    >>> from tinel.risk import find
    >>> find("THA").procedure.name
    'hip replacement'
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tinel.risk.event import Event
    from tinel.risk.frequency import Prior, prior
    from tinel.risk.match import Found, find
    from tinel.risk.procedure import Procedure, procedures

__all__ = ["Event", "Found", "Prior", "Procedure", "find", "prior", "procedures"]

_MADE_IN = {
    "Event": "event",
    "Found": "match",
    "find": "match",
    "Prior": "frequency",
    "prior": "frequency",
} | {
    "Procedure": "procedure",
    "procedures": "procedure",
}


def __getattr__(name: str) -> Any:
    # late, as the command line registers this room's command before it knows which one is meant
    if name not in _MADE_IN:
        raise AttributeError(f"tinel.risk has no '{name}'")
    return getattr(import_module(f"tinel.risk.{_MADE_IN[name]}"), name)
