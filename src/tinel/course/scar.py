"""What a scar's pressure does to blood, fluid and transport on a day, as states to look at."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from tinel.course.cargo import CARGOS
from tinel.course.timeline import Course, pressure_at
from tinel.course.transport import delivered_fraction
from tinel.evidence import Parameters
from tinel.lesion.state import Floats, Ints

FLOW = ("free", "venules disturbed", "capillaries impaired", "no flow")


@dataclass(frozen=True)
class ScarState:
    """The stretch under a scar on ``day``, one value per twin, ``(n_twin,)``.

    ``pressure_mmHg`` on the nerve; ``flow`` an index into ``FLOW``; ``fluid_pressure`` of the
    endoneurium over normal; ``delivered`` by cargo, the flux beyond the scar over that without it.
    """

    day: float
    pressure_mmHg: Floats
    flow: Ints
    fluid_pressure: Floats
    delivered: dict[str, Floats]


def blood_flow(pressure_mmHg: ArrayLike, parameters: Parameters) -> Ints:
    """State of the blood flow in a nerve under pressure, an index into ``FLOW``, same shape.

    Source:
        Rabbit tibial nerve: Rydevik, Lundborg & Bagge 1981, PMID 7204915.

    Example:
        >>> states = blood_flow([10.0, 30.0, 50.0, 90.0], Parameters.of_evidence())
        >>> [FLOW[k] for k in states]
        ['free', 'venules disturbed', 'capillaries impaired', 'no flow']
    """
    pressure = np.asarray(pressure_mmHg, np.float64)
    ends = (parameters.per_twin(f"scar.flow.{e}") for e in ("venules", "capillaries", "none"))
    state: Ints = sum((pressure >= end).astype(np.int_) for end in ends) + np.zeros(
        pressure.shape, np.int_
    )
    return state


def fluid_pressure(pressure_mmHg: ArrayLike, parameters: Parameters) -> Floats:
    """Pressure of the endoneurial fluid over normal after hours under pressure, same shape.

    Source:
        Rat sciatic nerve: Lundborg, Myers & Powell 1983.

    Example:
        >>> fluid_pressure([10.0, 30.0, 80.0], Parameters.of_evidence()).tolist()
        [1.0, 3.0, 3.0]
    """
    pressure = np.asarray(pressure_mmHg, np.float64)
    swollen = pressure >= parameters.per_twin("scar.oedema.threshold")
    raised: Floats = np.where(swollen, parameters.per_twin("scar.oedema.rise"), 1.0)
    return raised


def scar_state(course: Course, day: float) -> ScarState:
    """Pressure under a scar on a day with what it means for blood, fluid and transport.

    Args:
        course: from ``follow``.
        day: days after the injury, 0 or more.

    Raises:
        TinelError: a day before the injury, or not a number.

    Example:
        >>> from tinel import course, lesion, nerve, treatment
        >>> from tinel.twins import Patient, Twins
        >>> few = Twins(Patient(age=40, sex="female", height_cm=170), range(2))
        >>> arm = nerve.build("ulnar", side="left", twins=few)
        >>> scar = lesion.constriction.make(arm, "ulnar trunk", site_mm=400.0, length_mm=30.0,
        ...                                 pressure_mmHg=50.0)
        >>> state = scar_state(course.follow(arm, scar, treatment.plan("wait", [])), 90.0)
        >>> FLOW[state.flow[0]], bool((state.delivered["slow"] < state.delivered["fast"]).all())
        ('capillaries impaired', True)
    """
    pressure, parameters = pressure_at(course, day), course.nerve.twins.parameters
    # an injury at one point still takes its share of the axon
    length_mm = np.maximum(course.lesion.length_mm, 1.0)[:, None]
    delivered = {
        name: delivered_fraction(pressure[:, None], parameters, length_mm=length_mm, name=name)[
            :, 0
        ]
        for name in CARGOS
    }
    return ScarState(
        day=float(day),
        pressure_mmHg=pressure,
        flow=blood_flow(pressure, parameters),
        fluid_pressure=fluid_pressure(pressure, parameters),
        delivered=delivered,
    )
