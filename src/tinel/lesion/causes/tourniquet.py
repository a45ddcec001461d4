"""A cuff round the limb: it presses the nerve beneath its two edges and starves it for its time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from tinel.declare import Field
from tinel.declare.kinds import takes_only_its_kinds
from tinel.errors import TinelError
from tinel.lesion import ischaemic_block
from tinel.lesion.cause import Cause
from tinel.lesion.causes.compression import press
from tinel.lesion.place import LENGTH_mm, Place, per_twin, whole
from tinel.lesion.state import Lesion
from tinel.nerve.anatomy import Nerve

CUFF_mm = 100.0
PRESSURE = Field(
    "cuff_pressure_mmHg", "pressure of the cuff on the skin", "prior", "mmHg", 0, 2000, needed=True
)
MINUTES = Field(
    "minutes", "from first inflation to last release", "prior", "minutes", 0, 2880, needed=True
)
# the place's length is the cuff's, under the name that every cause has for it
WIDTH = Field(
    "length_mm", "width of the cuff", "prior", "mm", 5, 300, default=CUFF_mm,
    other_names=("width_mm",),
)  # fmt: skip
INFLATED = Field(
    "inflated_seconds", "time inflated in each cycle of an automatic cuff", "prior", "s", 1, 7200
)
EVERY = Field("every_minutes", "length of a cycle of an automatic cuff", "prior", "min", 0.1, 240)


@takes_only_its_kinds
def make(
    nerve: Nerve,
    branch: str,
    *,
    site_mm: ArrayLike,
    cuff_pressure_mmHg: ArrayLike,
    minutes: ArrayLike,
    width_mm: ArrayLike = CUFF_mm,
    inflated_seconds: ArrayLike | None = None,
    every_minutes: ArrayLike | None = None,
) -> Lesion:
    """Pressure of a cuff, as the nerve beneath feels it.

    Pressure that is the same all along a nerve displaces nothing; it harms where it changes, under
    the edges of the cuff, while the nerve under its centre is spared. So the lesion is as long as
    both edges together (or as the cuff, where that is shorter), and a fraction of the skin pressure
    counts as the pressure of a small cuff on a bare nerve would.

    Args:
        nerve, branch: as in ``place.whole``.
        site_mm: way from the cord to the proximal edge of the cuff, mm.
        cuff_pressure_mmHg: on the skin, 0 to 2000 mmHg.
        minutes: from first inflation to last release, 0 to 2880.
        width_mm: of the cuff, 5 to 300 mm.
        inflated_seconds, every_minutes: of an automatic cuff that presses for a part of each cycle
            only. Its pressures add up for myelin and axons; blood returns with every pause.

    Returns:
        A lesion as ``compression.press`` gives it, with the block that lack of blood leaves.

    Raises:
        TinelError: a number outside its range, a cycle that is told in part or shorter than its
            inflation, or as ``place.whole``.

    Source:
        ``lesion.tourniquet.*``.

    Example:
        >>> from tinel import lesion, nerve
        >>> from tinel.twins import Patient, Twins
        >>> few = Twins(Patient(age=40, sex="female", height_cm=170), range(2))
        >>> arm = nerve.build("radial", side="left", twins=few)
        >>> usual = make(arm, "radial trunk", site_mm=300.0, cuff_pressure_mmHg=250.0, minutes=60.0)
        >>> bool(usual.cut_d.min() > 0), usual.length_mm.tolist()
        (True, [60.0, 60.0])
    """
    n, twins = nerve.n_twin, nerve.twins
    width = per_twin("width_mm", width_mm, n, WIDTH.least, WIDTH.most, "mm")
    on_skin = per_twin("cuff_pressure_mmHg", cuff_pressure_mmHg, n, 0, PRESSURE.most, "mmHg")
    hours = per_twin("minutes", minutes, n, 0, MINUTES.most, "minutes") / 60.0
    without_blood = hours
    if inflated_seconds is not None and every_minutes is not None:
        on = per_twin("inflated_seconds", inflated_seconds, n, 1, 7200, "s") / 3600.0
        cycle = per_twin("every_minutes", every_minutes, n, 0.1, 240, "minutes") / 60.0
        if (on > cycle).any():
            raise TinelError("the cuff is inflated for longer than a cycle", "inflated_seconds")
        hours, without_blood = hours * on / cycle, np.minimum(on, hours)
    elif inflated_seconds is not None or every_minutes is not None:
        given = "inflated_seconds" if every_minutes is None else "every_minutes"
        missing = "every_minutes" if every_minutes is None else "inflated_seconds"
        raise TinelError(f"is missing beside {given}", missing, "give both or none")
    edges = 2.0 * twins.each("lesion.tourniquet.edge")
    length = np.clip(np.minimum(width, edges), *LENGTH_mm)
    reaches = twins.each("lesion.tourniquet.transmission") * np.exp(
        twins.each("lesion.tourniquet.transmission_spread")
        * twins.normal("lesion.tourniquet.transmission", 1)[:, 0]
    )
    healthy = whole("tourniquet", nerve, branch, site_mm, length)
    hurt = press(healthy, nerve, np.minimum(reaches, 1.0) * on_skin, hours)
    # what stops the blood is the cuff's own pressure on the limb, not what displaces the nerve
    clears = ischaemic_block.clears_after_pressure_d(nerve, on_skin, without_blood)
    return replace(hurt, block_d=np.where(healthy.present, clears, 0.0))


def _injure(place: Place, values: Mapping[str, Any], nerve: Nerve) -> Lesion:
    return make(
        nerve,
        place.branch,
        site_mm=place.site_mm,
        cuff_pressure_mmHg=values["cuff_pressure_mmHg"],
        minutes=values["minutes"],
        width_mm=place.length_mm,
        inflated_seconds=values["inflated_seconds"],
        every_minutes=values["every_minutes"],
    )


TOURNIQUET = Cause(
    name="tourniquet",
    text="A cuff round the limb: it harms the nerve beneath its two edges.",
    phrase="a cuff round the limb",
    source="baboon under a cuff of 1000 mmHg (Ochoa, Fowler & Gilliatt 1972); lesion.tourniquet.*",
    fields=(PRESSURE, MINUTES, WIDTH, INFLATED, EVERY),
    other_names=("cuff", "tourniquet palsy"),
    injure=_injure,
    length_mm=CUFF_mm,
)
