"""A case without a nerve: which ones its operation hurts, for whoever has to name one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tinel.errors import TinelError


def with_prior(problem: TinelError, table: Mapping[str, Any]) -> TinelError:
    """The same error; where the nerve is missing, its advice lists those the operation hurts."""
    cause = table.get("cause")
    if "nerve" in table or not problem.where.endswith(": nerve") or not isinstance(cause, dict):
        return problem
    from tinel.risk.frequency import advice_without_nerve

    known = advice_without_nerve(cause.get("procedure"))
    advice = "; ".join(part for part in (problem.advice, known) if part)
    return TinelError(problem.message, problem.where, advice)
