"""What MR neurography of every twin would find if no reader erred: signals in closed form.

The signal of a nerve is that of its fascicles and of what lies between them, each with its water; a
muscle has the history of its axons. No picture is made; see ``without_pictures``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tinel.course import Course, state_at
from tinel.evidence import Parameters
from tinel.exam.limb import Floats, Limb
from tinel.exam.measurement import Value
from tinel.exam.scanning import INJURED, scanned
from tinel.exam.tests.mri import AREA, GAP, SIGNAL, STIR, T2, WHOLE
from tinel.exam.without_pictures import area_at, at_place, continuity_values
from tinel.imaging.anatomy.muscles import followed
from tinel.imaging.mri.person import AVERAGE, Person
from tinel.imaging.mri.protocol import Protocol, stir_protocol, t2_weighted_protocol
from tinel.imaging.mri.signal import spin_echo
from tinel.imaging.mri.t2_map import fitted, t2_map_protocol
from tinel.imaging.mri.tissue import Protons, protons
from tinel.imaging.plane import Plane, Tissue

DAYS_OF_A_MUSCLE = 8  # of its history; each costs the state of every twin


def mr_values(limb: Limb, site: str, quantity: str = "") -> list[Value]:
    """What MR would find at a place, or of a muscle, of every twin.

    Args:
        limb: of the twins; of a muscle it needs its course, without which it is healthy.
        site: a place by its name, or a muscle of the nerve.
        quantity: which of them; empty for all.

    Raises:
        TinelError: no such place.
    """
    if any(t.name == site for t in limb.nerve.targets if t.kind == "motor"):
        return [Value(STIR, "ratio", stir_ratios(limb, site), site)]
    if quantity in (WHOLE, GAP):
        return continuity_values(limb)[:2]
    whole = continuity_values(limb)[:2] if site == INJURED and not quantity else []
    twins = range(limb.nerve.n_twin)
    found = []
    if quantity in ("", AREA):
        areas = [area_at(limb, site, k) for k in twins]
        found.append(Value(AREA, "mm²", np.array(areas), site))
    if quantity != AREA:
        nerves = [_NerveOnMr.of(limb, site, k) for k in twins]
        if quantity in ("", SIGNAL):
            found.append(Value(SIGNAL, "ratio", np.array([one.ratio for one in nerves]), site))
        if quantity in ("", T2):
            found.append(Value(T2, "ms", np.array([one.t2_ms for one in nerves]), site))
    return found + whole


@dataclass(frozen=True)
class _NerveOnMr:
    """One twin's nerve at a place.

    ``here`` are the protons of its tissues, and then those of muscle; ``part`` is what each of its
    tissues has in what a reader outlines, ``(n_tissue,)``.
    """

    parameters: Parameters
    here: Protons
    part: Floats

    @classmethod
    def of(cls, limb: Limb, site: str, twin: int) -> _NerveOnMr:
        p, one, shape = limb.parameters, scanned(limb, twin), at_place(limb, site, twin)
        own = Person(one.nerve.twins.patient.age, one.normal("mri.relaxation"))
        area = np.array([np.pi * f.radius_mm**2 for f in shape.fascicles])
        # the outer rim is as dark as suppressed fat and lies outside of what is outlined
        between = p.scalar("finding.picture.between_read") * max(shape.area_mm2 - area.sum(), 0.0)
        part = np.append(area, between)
        nerve = [Tissue.NEUROMA if f.neuroma else Tissue.FASCICLE for f in shape.fascicles]
        water = [*(f.water for f in shape.fascicles), shape.water, 0.0]
        here = _protons([*nerve, Tissue.EPINEURIUM, Tissue.MUSCLE], water, p, own)
        return cls(p, here, part / part.sum())

    @property
    def ratio(self) -> float:
        """Signal of the nerve over that of muscle on a T2-weighted picture."""
        used = t2_weighted_protocol(self.parameters)
        signal = _signal(self.here, used, used.echo_ms)
        return float(self.part @ signal[:-1] / signal[-1])

    @property
    def t2_ms(self) -> float:
        """T2 of all that is outlined, as one decay."""
        used, p = t2_map_protocol(self.parameters), self.parameters
        echoes_ms = used.echo_ms * np.arange(1, round(p.scalar("mri.t2_map.echoes")) + 1)
        decay = [self.part @ _signal(self.here, used, ms)[:-1] for ms in echoes_ms]
        return float(fitted(np.array(decay, np.float32)[:, None, None], echoes_ms, 0.0)[0, 0])


def _protons(
    tissue: Sequence[Tissue],
    water: Sequence[float] | Floats,
    parameters: Parameters,
    own: Person = AVERAGE,
    fat: Sequence[float] | Floats | None = None,
) -> Protons:
    """Protons of some tissues, ``(1, n_tissue)``, none beside another."""
    row = np.asarray([water], np.float32)
    turned = np.zeros_like(row) if fat is None else np.asarray([fat], np.float32)
    labels = np.asarray([tissue], np.uint8)
    plane = Plane(labels, 1.0, "cross", 0.0, row, turned, np.ones_like(row))
    return protons(plane, parameters, person=own)


def _signal(here: Protons, protocol: Protocol, echo_ms: float) -> Floats:
    water = here.water * spin_echo(here.t1_ms, here.t2_ms, protocol, echo_ms)
    fat = here.fat * spin_echo(here.fat_t1_ms, here.fat_t2_ms, protocol, echo_ms)
    return np.asarray((water if protocol.fat_saturated else water + fat)[0], np.float64)


def stir_ratios(limb: Limb, muscle: str) -> Floats:
    """STIR signal of a muscle over that of healthy muscle, ``(n_twin,)``.

    Args:
        limb: of the twins, with the course that brought it here.
        muscle: a muscle of its nerve.
    """
    if limb.course is None:
        return np.ones(limb.nerve.n_twin)
    p = limb.parameters
    days = history_days(limb.state.day)
    held = np.stack([_held(limb.course, limb.row(muscle), float(day)) for day in days])
    silent = np.clip(1.0 - held, 0.0, 1.0)
    last = np.array([[one[-1] for one in followed(each, days, p)] for each in silent.T])
    water, fat = (np.append(last[:, k], 0.0) for k in range(2))  # and a healthy muscle
    used = stir_protocol(p)
    here = _protons([Tissue.MUSCLE] * len(water), water, p, fat=fat)
    signal = _signal(here, used, used.echo_ms)
    return np.asarray(signal[:-1] / signal[-1])


def history_days(day: float) -> Floats:
    """Days of a muscle's history, closer together where it begins, the last one exact.

    Example:
        >>> history_days(28.0).tolist()
        [0.0, 1.0, 3.0, 6.0, 10.0, 15.0, 21.0, 28.0]
    """
    step = np.arange(DAYS_OF_A_MUSCLE)
    return np.asarray(day * step * (step + 1) / (step[-1] * (step[-1] + 1)), np.float64)


def _held(course: Course, target: int, day: float) -> Floats:
    """Part of a target that axons hold, ``(n_twin,)``."""
    state = state_at(course, day)
    return np.asarray(np.where(state.destination == target, state.territory, 0.0).sum(axis=1))
