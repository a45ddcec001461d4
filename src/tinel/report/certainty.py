"""How sure it is, in three parts: the patient, the model, and whether it was ever tested here."""

from __future__ import annotations

from dataclasses import dataclass

from tinel.declare.quantity import shown_day
from tinel.forecast.applicability import applicability
from tinel.forecast.model_error import ModelError, model_error
from tinel.infer.fit import Fit
from tinel.report.number_format import interval
from tinel.result import Result

TESTED = "nerve, cause, age and days are those of published groups; never of single patients."


@dataclass(frozen=True)
class Certainty:
    """A heading and a sentence for each part, and what lies outside of what was tested."""

    parts: tuple[tuple[str, str], ...]
    outside: tuple[str, ...]


def certainty(result: Result) -> Certainty:
    """Collect the three parts."""
    case, end, fit = result.case, result.days[-1], result.posterior.fit
    spread = interval(result.curve(result.waiting, "conducting fibres")[:, -1], "")
    left = f"Untreated, {spread} of 100 fibres conduct on day {shown_day(end)}."
    outside = tuple(banner.text for banner in applicability(case, end))
    return Certainty(
        (
            ("Patient", f"{_patient(fit)} {left}" if fit.fits else _patient(fit)),
            ("Model", _model(model_error(case.nerve.name))),
            ("Tested here", "not: see above." if outside else TESTED),
        ),
        outside,
    )


def _patient(fit: Fit) -> str:
    if not fit.fits:
        return "the findings fit nobody with this story."
    if not fit.surprises:
        return "whom of these people a patient is most like is not known."
    used = len({one.where for one in fit.surprises})
    size = fit.effective_sample_size
    told = "1 finding was used" if used == 1 else f"{used} findings were used"
    return f"{told}; what fits is worth {size:.0f} independent virtual people."


def _model(error: ModelError) -> str:
    if not error.n_all:
        return "no published figure was computed, so nothing is known of how far it is off."
    whose = "this nerve" if error.n_figures else "other nerves"
    n = error.n_figures or error.n_all
    return (
        f"half of {n} published figures on {whose} were missed by more than "
        f"{error.off_points:.0f} points; the brackets hold 90 % with that error."
    )
