"""What differs between recordings beside the nerve: electrodes, tape, and where fibres are excited.

Every twin has draws of its own for each study and site. They are the same on every day and in every
arm, as if one examiner marked the skin: days of one person differ by the nerve alone, people by
both.
"""

from __future__ import annotations

import numpy as np

from tinel.exam.limb import Floats, Limb
from tinel.nerve.anatomy import Study


def depth_factor(limb: Limb, study: Study) -> Floats:
    """Factor on a sensory response for how near the nerve lies to the electrode, ``(n_twin, 1)``.

    Lognormal with mean 1; a part of the variance belongs to the side.
    """
    return _factor(limb, "laboratory.technique.depth_cv", f"exam.depth.{study.name}")


def terminal_factor(limb: Limb, target: str) -> Floats:
    """Factor on the time in a muscle's thin axons, ``(n_twin, 1)``, spread alike."""
    return _factor(limb, "laboratory.terminal.person_cv", f"exam.terminal.{target}")


def _factor(limb: Limb, key: str, stream: str) -> Floats:
    twins = limb.nerve.twins
    sigma = np.sqrt(np.log1p(twins.each(key)[:, None] ** 2))
    side = twins.each("nerve.person.side_fraction")[:, None]
    both, own = twins.normal(stream, 1), twins.normal(f"{stream}.{limb.nerve.side}", 1)
    z = np.sqrt(1 - side) * both + np.sqrt(side) * own
    return np.asarray(np.exp(sigma * z - sigma**2 / 2), np.float64)


def astray_mm(limb: Limb, study: Study) -> Floats:
    """How much longer the way from each site is than the tape said, mm, ``(n_site, n_twin)``."""
    return _of_sites(limb, study, "tape") * limb.nerve.twins.each("laboratory.technique.tape_mm")


def late_ms(limb: Limb, study: Study) -> Floats:
    """By how much later than usual each site's stimulus is taken up, ms, ``(n_site, n_twin)``."""
    return _of_sites(limb, study, "start") * limb.nerve.twins.each("laboratory.technique.start_ms")


def _of_sites(limb: Limb, study: Study, what: str) -> Floats:
    drawn = [
        limb.nerve.twins.normal(f"exam.{what}.{limb.nerve.side}.{study.name}.{site.name}", 1)[:, 0]
        for site in study.sites
    ]
    return np.clip(np.array(drawn), -2.5, 2.5)  # beyond that an examiner measures again
