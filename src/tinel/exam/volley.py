"""The volley of the H reflex: which motor neurons the muscle's afferents make fire, and when.

As in ``reflex_arc`` the axons of a muscle's spindles share the fate of its motor axons: each motor
axon stands for an afferent that is a little thicker. So a muscle reflex is lost by a break above
the stimulus in either of them.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from tinel.exam.conduction_time import conduction_time_ms
from tinel.exam.laboratory import Laboratory
from tinel.exam.limb import Bools, Floats, Limb
from tinel.exam.per_twin import beside


def afferent_volley(
    limb: Limb, target: str, site_mm: float, laboratory: Laboratory
) -> tuple[Floats, Floats]:
    """When the volley has reached the cord, and how large it is.

    Args:
        limb: the whole limb on its day.
        target: the muscle.
        site_mm: where its nerve is stimulated, mm from the cord.
        laboratory: with the velocities of the limb's temperature.

    Returns:
        Time (ms; inf where no afferent arrives) and size against the healthy volley (0 to 1),
        both ``(n_twin, 1)``. A regrown afferent counts as ``bedside.reflex.regrown_spindle``.
    """
    p, part = limb.parameters, limb.only(target)
    own = part.fibres_of(target)
    thicker = part.nerve.fibres.diameter_um * beside(
        p, "exam.h_reflex.afferent_calibre", part.nerve.fibres.diameter_um
    )
    afferents = replace(
        part, nerve=replace(part.nerve, fibres=replace(part.nerve.fibres, diameter_um=thicker))
    )
    up = conduction_time_ms(afferents, laboratory.conduction, 0.0, site_mm)[:, own]
    counts = np.where(
        part.state.intact[:, own], 1.0, beside(p, "bedside.reflex.regrown_spindle", up)
    )
    weight = np.where(np.isfinite(up), counts, 0.0)
    order = np.argsort(up, axis=1)
    summed = np.cumsum(np.take_along_axis(weight, order, axis=1), axis=1)
    total = summed[:, -1:]
    first = summed >= beside(p, "exam.h_reflex.volley", total) * total
    at = first.argmax(axis=1)[:, None]
    time = np.take_along_axis(np.take_along_axis(up, order, axis=1), at, axis=1)
    return np.where(total > 0, time, np.inf), total / max(int(own.sum()), 1)


def reached(limb: Limb, target: str, volley: Floats) -> Bools:
    """Which motor neurons fire, small ones first, ``(n_twin, n_fibre)`` of ``limb.only(target)``.

    The part of the pool that a whole volley reaches, ``exam.h_reflex.reach``, falls with age,
    differs between people, and differs in one person from visit to visit.

    Args:
        limb: the whole limb on its day.
        target: the muscle.
        volley: its size against the healthy one, ``(n_twin, 1)``.
    """
    twins, part = limb.nerve.twins, limb.only(target)
    own = part.fibres_of(target)
    size = np.where(own, part.nerve.fibres.unit_uV, np.inf)
    order = np.argsort(np.argsort(size, axis=1), axis=1) / max(int(own.sum()), 1)

    def factor(key: str, stream: str) -> Floats:
        sigma = np.sqrt(np.log1p(twins.each(key)[:, None] ** 2))
        return np.asarray(np.exp(sigma * twins.normal(stream, 1) - sigma**2 / 2))

    day = f"exam.h_reflex.{target}.day {limb.state.day:g}"
    years = max(twins.patient.age - twins.parameters.scalar("exam.h_reflex.young_years"), 0.0)
    aged = (1.0 - twins.each("exam.h_reflex.fall_per_year")[:, None]) ** years
    reach = twins.each("exam.h_reflex.reach")[:, None] * aged
    reach = reach * factor("exam.h_reflex.person_cv", f"exam.h_reflex.{target}")
    reach = reach * factor("exam.h_reflex.visit_cv", day)
    return np.asarray(own & (order < np.minimum(reach * volley, 1.0)))
