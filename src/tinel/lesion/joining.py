"""Two injuries of one nerve: at one place, as one; at two places, each for itself."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from tinel.errors import TinelError
from tinel.lesion.state import Lesion


def join(first: Lesion, second: Lesion) -> Lesion:
    """One lesion that holds the worse of both for every fibre.

    The piece of nerve hurt is the union; the lasting pressure and its onset come from the lesion
    that presses harder, and what both did at once counts from the later of their days. Join what
    lies at one site; see ``both`` for two places.

    Raises:
        TinelError: the lesions lie on different branches, belong to different nerves, or leave
            more than 100 mm between them.

    Example:
        >>> from tinel import lesion, nerve
        >>> from tinel.twins import Patient, Twins
        >>> few = Twins(Patient(age=40, sex="female", height_cm=170), range(2))
        >>> arm = nerve.build("ulnar", side="left", twins=few)
        >>> at = {"site_mm": 400.0, "length_mm": 30.0}
        >>> hours = lesion.compression.make(arm, "ulnar trunk", pressure_mmHg=200, hours=2, **at)
        >>> scar = lesion.constriction.make(arm, "ulnar trunk", pressure_mmHg=60, **at)
        >>> join(hours, scar).cause
        'acute compression, then constriction by scar'
    """
    if first.branch != second.branch:
        raise TinelError(f"the lesions lie on '{first.branch}' and on '{second.branch}'")
    if first.cut_d.shape != second.cut_d.shape:
        raise TinelError(f"the lesions have shapes {first.cut_d.shape} and {second.cut_d.shape}")
    start = np.minimum(first.site_mm, second.site_mm)
    end = np.maximum(first.site_mm + first.length_mm, second.site_mm + second.length_mm)
    between = end - start - first.length_mm - second.length_mm
    if (between > 100.0).any():
        raise TinelError(f"the lesions lie {between.max():g} mm apart (allowed: up to 100 mm)")
    harder = first.pressure_mmHg >= second.pressure_mmHg
    return Lesion(
        cause=f"{first.cause}, then {second.cause}",
        branch=first.branch,
        site_mm=start,
        length_mm=end - start,
        pressure_mmHg=np.maximum(first.pressure_mmHg, second.pressure_mmHg),
        onset_d=np.where(harder, first.onset_d, second.onset_d),
        present=first.present | second.present,
        lamellae_left=np.minimum(first.lamellae_left, second.lamellae_left),
        cut_d=np.minimum(first.cut_d, second.cut_d),
        sunderland_grade=np.maximum(first.sunderland_grade, second.sunderland_grade),
        susceptibility=np.where(harder[:, None], first.susceptibility, second.susceptibility),
        paranode_opening=np.maximum(first.paranode_opening, second.paranode_opening),
        block_d=np.maximum(first.block_d, second.block_d),
        struck_d=np.maximum(first.struck_d, second.struck_d),
    )


def both(first: Lesion, second: Lesion) -> Lesion:
    """Two injuries of one nerve at two places, in either order.

    Each keeps its own fibres, grades and pressure. A broken axon has to cross the place where it
    broke and, if its tube runs on through the other, that one too.

    Returns:
        The one nearer to the cord, with the other as ``beyond``.

    Raises:
        TinelError: the lesions belong to different nerves, one of them is of two places already,
            they overlap, or fibres run through the farther one alone.

    Example:
        >>> from tinel import lesion, nerve
        >>> from tinel.twins import Patient, Twins
        >>> few = Twins(Patient(age=40, sex="female", height_cm=170), range(2))
        >>> arm = nerve.build("ulnar", side="left", twins=few)
        >>> high = lesion.crush.make(arm, "ulnar trunk", site_mm=400.0, length_mm=10.0)
        >>> low = lesion.laceration.make(arm, "ulnar trunk", site_mm=600.0, fraction=1.0)
        >>> [one.cause for one in both(low, high).sites]
        ['crush', 'laceration']
    """
    if first.cut_d.shape != second.cut_d.shape:
        raise TinelError(f"the lesions have shapes {first.cut_d.shape} and {second.cut_d.shape}")
    if first.beyond is not None or second.beyond is not None:
        raise TinelError("a lesion has two places already", advice="give two of one place each")
    near, far = (first, second) if first.site_mm[0] <= second.site_mm[0] else (second, first)
    if (far.present & ~near.present).any():
        told = f"fibres run through '{far.branch}' that do not run through '{near.branch}'"
        raise TinelError(told, advice="follow injuries of two branches one by one")
    between = far.site_mm - near.site_mm - near.length_mm
    if (between < 0.0).any():
        told = f"the lesions overlap by {-between.min():g} mm"
        raise TinelError(told, advice="join them to one, or move them apart")
    return replace(near, beyond=far)
