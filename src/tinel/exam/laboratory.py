"""Everything a laboratory has set up before the patient comes: tables that hold for every day."""

from __future__ import annotations

from dataclasses import dataclass

from tinel.cable.conduction.dipole import dipole
from tinel.cable.conduction.table import Conduction, conduction
from tinel.exam.limb import Floats, Limb
from tinel.exam.motor_conduction import motor_conduction, unit_shape
from tinel.exam.response import Response
from tinel.exam.sensory_conduction import sensory_conduction, single_fibre_uV
from tinel.nerve.anatomy import Nerve, Study


@dataclass(frozen=True)
class Laboratory:
    """The conduction table at the limb's temperature, the shape of a motor unit's potential and
    each sensory study's single-fibre potentials."""

    conduction: Conduction
    unit: Floats
    potentials: dict[str, Floats]

    def conduct(self, limb: Limb, study: Study) -> Response:
        """Make one conduction study on a limb."""
        if study.kind == "motor":
            return motor_conduction(limb, study, self.conduction, self.unit)
        return sensory_conduction(limb, study, self.conduction, self.potentials[study.name])


def set_up(nerve: Nerve, temperature_C: float) -> Laboratory:
    """Let the engine compute what the studies of a nerve need (seconds).

    Raises:
        ValueError: temperature outside 5 to 45 degrees.
    """
    current = dipole(temperature_C)
    sensory = [s for s in nerve.studies if s.kind == "sensory"]
    return Laboratory(
        conduction(temperature_C),
        unit_shape(),
        {s.name: single_fibre_uV(s, current) for s in sensory},
    )
