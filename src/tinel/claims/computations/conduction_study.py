"""What a conduction study sees, by twins."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tinel.claims.computations.people import ADULT, adults, course, cut
from tinel.claims.computed import Computed
from tinel.evidence import Count, Parameters
from tinel.exam.examination import visit
from tinel.exam.laboratory import Laboratory, set_up
from tinel.exam.reference_limits import limit_of
from tinel.nerve import Nerve

Bools = NDArray[np.bool_]

SITE, DAY = "antecubital fossa", 14.0  # every severed axon has fallen silent by then
N_TWIN = 16
STUDIES = {"motor": "median motor (APB)", "sensory": "median sensory (digit 2)"}


def found(parameters: Parameters, percent_cut: str) -> Computed:
    """Twins in whom a conduction study is abnormal two weeks after a cut."""
    nerve = adults(parameters, "median", N_TWIN)
    abnormal = _abnormal(nerve, set_up(nerve), float(percent_cut) / 100.0)
    either = abnormal["motor"] | abnormal["sensory"]
    count = Count(int(either.sum()), either.size)
    what = f"{percent_cut} % of the median nerve cut at the elbow: abnormal amplitude after 14 days"
    return Computed(
        what, count.percent, "% of twins", *count.interval_percent, "95 % interval", N_TWIN
    )


def loss_seen(parameters: Parameters, kind: str) -> Computed:
    """Loss of axons at which a study is abnormal in half of the twins."""
    nerve = adults(parameters, "median", N_TWIN)
    laboratory = set_up(nerve)
    cuts = np.linspace(0.0, 1.0, 11)
    seen = np.array([_abnormal(nerve, laboratory, f)[kind].mean() for f in cuts])
    rising = np.maximum.accumulate(seen)
    value = 100.0 * float(np.interp(0.5, rising, cuts))
    what = f"median nerve cut in part: loss at which the {kind} study is abnormal in half of twins"
    return Computed(what, value, "% of axons", n_twin=N_TWIN)


def velocity(parameters: Parameters) -> Computed:
    """Velocity that a study of the healthy forearm measures."""
    nerve = adults(parameters, "median", N_TWIN)
    laboratory = set_up(nerve)
    measured = visit(
        laboratory.limb(course(nerve, cut(nerve, SITE, 0.0)), 0.0),
        laboratory,
        0.0,
        ["motor conduction"],
    ).examination.of(STUDIES["motor"], "velocity")
    assert measured is not None
    low, value, high = np.quantile(measured.values, [0.05, 0.5, 0.95])
    what = f"healthy median nerve of the forearm, age {ADULT.age:g}: velocity the study measures"
    return Computed(what, value, "m/s", low, high, "90 % of twins", N_TWIN)


def _abnormal(nerve: Nerve, laboratory: Laboratory, fraction: float) -> dict[str, Bools]:
    """Whether the amplitude is below its limit, by kind of study, ``(n_twin,)`` each."""
    limb = laboratory.limb(course(nerve, cut(nerve, SITE, fraction)), DAY)
    seen = visit(limb, laboratory, DAY, ["motor conduction", "sensory conduction"])
    found = {}
    for kind, study in STUDIES.items():
        measured = seen.examination.of(study, "amplitude")
        assert measured is not None
        bound = limit_of(measured, seen)[1]
        assert bound is not None
        found[kind] = np.array([bound.broken(float(v)) for v in measured.values])
    return found
