"""The MRG fibre with fast (Kv1) potassium channels under its paranodes and beside them.

Passive internodes have no channels that an open paranode could expose. Here MYSA and FLUT of the
MRG axon carry the fast K of the motor axon of Gaines and others 2018, doi
10.1007/s10827-018-0689-5, counted per surface of the axon. Under a whole seal they change the
conduction time by less than 0.5 % (see the tests).
"""

from __future__ import annotations

from functools import cache
from typing import Any

from tinel.cable.membranes.channels import Axon
from tinel.cable.membranes.constants import Constants
from tinel.cable.membranes.formulas import Formulas, Warmth
from tinel.cable.membranes.membrane import Membrane
from tinel.cable.membranes.operations import Operations
from tinel.cable.models import gaines, mrg
from tinel.evidence import Parameters


def axon(parameters: Parameters | None = None) -> Axon:
    """All compartments: the node and internode of MRG, and fast K between them.

    Example:
        >>> axon().flut.currents
        ('fast_k', 'leak')
    """
    return _axon(mrg.axon(parameters), mrg.constants(parameters), gaines.constants(parameters))


def _channels(op: Operations, c: Constants) -> tuple[Any, Any]:
    rates, opened = gaines.fast_k(op, c)
    one = op.number(1.0)
    return op.jit(lambda v, na, warm: rates(v, warm[0])), op.jit(lambda n: (opened(n), one))


@cache
def _axon(whole: Axon, of_mrg: Constants, c: Constants) -> Axon:
    def with_fast_k(leaky: Membrane, place: str) -> Membrane:
        return Membrane(
            name=f"exposed {leaky.name}",
            text="Axolemma of MRG under the myelin, with fast potassium channels.",
            source=gaines.SOURCE,
            gates=("n",),
            currents=("fast_k", "leak"),
            density_S_per_cm2=(
                c[f"motor.under_myelin.{place}.fast_k_S_per_cm2"],
                *leaky.density_S_per_cm2,
            ),
            reversal_mV=(c["reversal.potassium_mV"], *leaky.reversal_mV),
            rest_mV=leaky.rest_mV,
            warmth=Warmth((of_mrg.row("warmth.s"),)),
            formulas=Formulas(_channels, (c,)),
        )

    return Axon(
        "exposed", whole.node, with_fast_k(whole.mysa, "mysa"),
        with_fast_k(whole.flut, "internode"), whole.stin,
    )  # fmt: skip
