"""A forecast as one object of plain values."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from tinel.forecast.forecast import Forecast
from tinel.forecast.injury import HurtNerve, Spread
from tinel.forecast.probability import Chance


def as_data(forecast: Forecast) -> dict[str, Any]:
    """The forecast as data; what is not known is nan, which JSON writes as null.

    Args:
        forecast: from ``forecast.forecast``.
    """
    return {
        "as_of_day": forecast.as_of_day,
        "last_day": forecast.last_day,
        "waiting": forecast.waiting,
        "done": forecast.done,
        "findings_used": forecast.findings_used,
        "effective_sample_size": forecast.effective_sample_size,
        "fits": forecast.fits,
        "reasons": list(forecast.reasons),
        "contradictions": [asdict(one) for one in forecast.contradictions],
        "left_out": list(forecast.left_out),
        "informed": [asdict(one) for one in forecast.informed],
        "injury": [_injury(one) for one in forecast.injury],
        "recovery": [
            {
                "nerve": row.nerve,
                "arm": row.arm,
                "target": row.target,
                "goal": row.goal,
                "means": row.means,
                "by_day": row.by_day,
                "given_not_by": row.given_not_by,
                **_chance(row.chance),
            }
            for row in forecast.recovery
        ],
        "differences": [asdict(one) for one in forecast.differences],
        "first_signs": [asdict(one) for one in forecast.signs],
        "no_sign_by": [asdict(one) for one in forecast.no_sign_by],
        "when_to_operate": [
            {
                **{k: v for k, v in vars(one).items() if k != "chance"},
                **_chance(one.chance),
            }
            for one in forecast.operated
        ],
        "next_tests": [asdict(one) for one in forecast.next_tests],
        "base_rates": [{**asdict(one), "percent": one.percent} for one in forecast.base_rates],
        "applicability": [asdict(one) for one in forecast.applicability],
        "model_error": [asdict(one) for one in forecast.model_error],
    }


def _chance(one: Chance) -> dict[str, Any]:
    return {
        "probability": one.probability,
        "low": one.low,
        "high": one.high,
        "sample": {"low": one.sample_low, "high": one.sample_high},
        "model": {"low": one.model_low, "high": one.model_high},
        "effective_twins": one.effective_twins,
    }


def _injury(hurt: HurtNerve) -> dict[str, Any]:
    systems = dict.fromkeys(c.system for c in hurt.classes)
    return {
        "nerve": hurt.nerve,
        "day": hurt.day,
        "unhurt": hurt.unhurt,
        "axons_lost": _spread(hurt.axons_lost),
        "axons_lost_by_target": {n: _spread(s) for n, s in hurt.lost_by_target.items()},
        **{
            system.lower(): {
                c.name: {"probability": c.probability, "fraction": _spread(c.fraction)}
                for c in hurt.classes
                if c.system == system
            }
            for system in systems
        },
    }


def _spread(values: Spread) -> dict[str, float]:
    return {"mean": values.mean, "low": values.low, "high": values.high}
