"""Hours of pressure: a retractor, a hard edge in sleep, a swollen wound. None of it lasts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from tinel.declare import Field
from tinel.declare.kinds import takes_only_its_kinds
from tinel.evidence import Parameters
from tinel.lesion import ischaemic_block, sheath, susceptibility
from tinel.lesion.cause import Cause
from tinel.lesion.place import Place, per_twin, whole
from tinel.lesion.state import Floats, Lesion
from tinel.nerve.anatomy import Nerve

PRESSURE = Field(
    "acute_pressure_mmHg", "pressure while it lasted", "prior", "mmHg", 0, 3000, needed=True
)
HOURS = Field("hours", "how long it pressed", "prior", "hours", 0, 48, needed=True)


@takes_only_its_kinds
def make(
    nerve: Nerve,
    branch: str,
    *,
    site_mm: ArrayLike,
    length_mm: ArrayLike,
    pressure_mmHg: ArrayLike,
    hours: ArrayLike,
) -> Lesion:
    """Pressure on the nerve for some hours.

    Args:
        nerve, branch, site_mm, length_mm: as in ``place.whole``.
        pressure_mmHg: pressure on the nerve itself, 0 to 3000 mmHg. A cuff on the skin presses
            the nerve beneath with less: see ``tourniquet``.
        hours: how long, 0 to 48 hours.

    Returns:
        A lesion in which each fibre has what its dose leaves, see ``press``, and a block from lack
        of blood within the hour, which clears by itself.

    Raises:
        TinelError: a number outside its range, or as ``place.whole``.

    Example:
        >>> from tinel import lesion, nerve
        >>> from tinel.twins import Patient, Twins
        >>> few = Twins(Patient(age=40, sex="female", height_cm=170), range(2))
        >>> arm = nerve.build("ulnar", side="left", twins=few)
        >>> hurt = lesion.compression.make(arm, "ulnar trunk", site_mm=400.0, length_mm=30.0,
        ...                                pressure_mmHg=200.0, hours=2.0)
        >>> bool(hurt.lamellae_left[:, hurt.present].mean() < 0.5)
        True
    """
    healthy = whole("acute compression", nerve, branch, site_mm, length_mm)
    n_twin = nerve.n_twin
    pressure = per_twin("pressure_mmHg", pressure_mmHg, n_twin, 0, PRESSURE.most, "mmHg")
    held = per_twin("hours", hours, n_twin, HOURS.least, HOURS.most, "hours")
    hurt = press(healthy, nerve, pressure, held)
    clears = ischaemic_block.clears_after_pressure_d(nerve, pressure, held)
    return replace(hurt, block_d=np.where(healthy.present, clears, 0.0))


def press(healthy: Lesion, nerve: Nerve, pressure_mmHg: Floats, hours: Floats) -> Lesion:
    """A whole nerve after a pressure on it: two doses, each with its own threshold and time.

    Harm to myelin and paranodes blocks for weeks. Axons break at the highest doses, fibre by fibre,
    where time counts for more; their tubes stay whole unless the dose is extreme. Outer and large
    fibres feel more of both, and people differ in what they bear. What the lack of blood blocks
    stands apart: ``ischaemic_block.clears_after_pressure_d``.

    Args:
        healthy: from ``place.whole``.
        nerve: with the twins whose nerve it is.
        pressure_mmHg: on the nerve itself, ``(n_twin,)``.
        hours: how long it pressed altogether, ``(n_twin,)``.

    Returns:
        The lesion, with the susceptibility of each fibre.
    """
    parameters, twins, here = nerve.twins.parameters, nerve.twins, healthy.present[None, :]
    n_fibre = healthy.present.size
    relative = susceptibility.of(nerve)
    local = susceptibility.local_mmHg(
        relative, pressure_mmHg[:, None], parameters["lesion.compression.threshold"]
    )
    on_sheath = strength_mmHg(local, hours[:, None], "sheath", parameters)
    on_axon = strength_mmHg(local, hours[:, None], "axon", parameters)

    def limits(of: str) -> Floats:
        draw = twins.normal(f"lesion.compression.{of}", n_fibre)
        spread = parameters[f"lesion.compression.{of}_spread"]
        limit: Floats = parameters[f"lesion.compression.{of}_half"] * np.exp(spread * draw)
        return limit

    cut = here & (on_axon > limits("axon"))
    lost_tube = cut & (on_axon > limits("tube"))
    return replace(
        healthy,
        lamellae_left=np.where(here, sheath_after(on_sheath, parameters), 1.0),
        cut_d=np.where(cut, 0.0, np.inf),
        sunderland_grade=np.where(cut, np.where(lost_tube, 3, 2), 0),
        susceptibility=relative,
        paranode_opening=np.where(here, opened_after(on_sheath, parameters), 0.0),
    )


def strength_mmHg(
    pressure_local_mmHg: ArrayLike, hours: ArrayLike, on: str, parameters: Parameters
) -> Floats:
    """Overpressure that would do the same in 2 hours, mmHg; the arguments broadcast.

    Args:
        pressure_local_mmHg: pressure on a fibre, 0 or more.
        hours: how long, 0 or more.
        on: what is harmed, ``sheath`` or ``axon``: time counts more for the axon.
        parameters: the numbers in use.

    Example:
        >>> strength_mmHg([40.0, 200.0], 2.0, "sheath", Parameters.of_evidence()).tolist()
        [0.0, 160.0]
    """
    over = np.maximum(
        np.asarray(pressure_local_mmHg, np.float64) - parameters["lesion.compression.threshold"],
        0.0,
    )
    times = np.asarray(hours, np.float64) / parameters["lesion.compression.reference_hours"]
    strength: Floats = over * times ** parameters[f"lesion.compression.{on}_hours_exponent"]
    return strength


def sheath_after(strength: Floats, parameters: Parameters) -> Floats:
    """Fraction of the lamellae left right after a compression of that strength (mmHg over 2 h).

    Example:
        >>> left = sheath_after(np.array([10.0, 160.0, 360.0]), Parameters.of_evidence())
        >>> [round(float(x), 2) for x in left]
        [1.0, 0.19, 0.03]
    """
    return sheath.lamellae_left(strength, "lesion.compression.sheath_", parameters)


def opened_after(strength: Floats, parameters: Parameters) -> Floats:
    """How far the paranodes are open, 0 to 1, after a compression of that strength.

    Example:
        >>> opened = opened_after(np.array([0.0, 100.0, 1e6]), Parameters.of_evidence())
        >>> [round(float(x), 2) for x in opened]
        [0.0, 0.66, 1.0]
    """
    half = parameters["lesion.compression.paranode_half"]
    return sheath.opening(strength, half, parameters["lesion.compression.sheath_steepness"])


def _injure(place: Place, values: Mapping[str, Any], nerve: Nerve) -> Lesion:
    return make(
        nerve,
        place.branch,
        site_mm=place.site_mm,
        length_mm=place.length_mm,
        pressure_mmHg=values["acute_pressure_mmHg"],
        hours=values["hours"],
    )


COMPRESSION = Cause(
    name="compression",
    text="Pressure on the nerve itself for some hours.",
    phrase="pressure on the nerve",
    source="rabbit nerve under a cuff (Rydevik & Nordborg 1980): lesion.compression.*",
    fields=(PRESSURE, HOURS),
    other_names=("acute compression", "pressure"),
    injure=_injure,
)
