"""Which of several stories of one patient fits the findings best: other causes, sites or nerves."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from tinel.case import Case
from tinel.errors import TinelError
from tinel.infer.posterior import Posterior, posterior
from tinel.progress import Progress, silent


@dataclass(frozen=True)
class Story:
    """One story beside the others.

    Args:
        name: as given.
        probability: of the story among those compared, all thought equally likely before, 0 to 1.
        log_evidence: logarithm of the chance of the findings under it.
        found: its twins, and whether it fits at all.
    """

    name: str
    probability: float
    log_evidence: float
    found: Posterior


def compare(
    stories: Mapping[str, Case],
    today: float = math.inf,
    *,
    workers: int = 1,
    progress: Progress = silent,
) -> tuple[Story, ...]:
    """Set the findings of the first story against every story, the likeliest first.

    The best of several bad stories is still bad: see whether it fits.

    Args:
        stories: by name; the findings and events of the first are taken for all.
        today: later findings are not read.
        workers: processes to use.
        progress: called with how far it is.

    Raises:
        TinelError: fewer than two stories, no finding, or a story whose nerve lacks what was
            examined.
    """
    if len(stories) < 2:
        raise TinelError(f"{len(stories)} stories (allowed: two or more)")
    first = next(iter(stories.values()))
    if not first.observed and not first.events:
        raise TinelError(
            "the first story has no findings",
            first.source.path.name,
            "write what was found as [[finding]]",
        )
    found = []
    for name, case in stories.items():
        told = replace(case, observed=first.observed, events=first.events)
        try:
            found.append((name, posterior(told, today, workers=workers, progress=progress)))
        except TinelError as problem:
            raise problem.at(name) from None
    logs = np.array([p.particles.log_evidence if p.particles else -math.inf for _, p in found])
    fraction = np.exp(logs - logs.max())
    fraction = fraction / fraction.sum()
    told_all = [
        Story(name, float(fraction[k]), float(logs[k]), p) for k, (name, p) in enumerate(found)
    ]
    return tuple(sorted(told_all, key=lambda one: -one.probability))
