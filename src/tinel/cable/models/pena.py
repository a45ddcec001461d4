"""Thin myelinated fibres: the MRG fibre with a geometry and nodes for 1 to 5.7 um.

Peña, Pelot and Grill 2024, PLoS Comput Biol 20:e1011833, doi 10.1371/journal.pcbi.1011833; numbers
as in the package of their laboratory (pyfibers 0.13, model PENA; under its older name there,
SMALL_MRG_INTERPOLATION, nodes stay MRG's). Axon and node are thinner and lamellae fewer than in
the interpolated MRG form, and nodes have less fast sodium and more slow potassium; all else is
MRG's. At 5.7 um the forms do not meet: this one conducts a fifth more slowly.
Units: um, S/cm2.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from tinel.cable.models import mrg

Floats = NDArray[np.float64]

SOURCE = "Peña, Pelot and Grill 2024, doi 10.1371/journal.pcbi.1011833"
THINNEST_um, THICKEST_um = 1.011, 5.7  # below, FLUT and MYSA would fill the internode
G_NAF, G_KS = 2.333333, 0.115556


def geometry(diameter_um: Floats) -> dict[str, Floats]:
    """Geometry of thin fibres, as ``mrg.geometry``; arrays ``(n_fibre,)``, um.

    Use it with ``MEMBRANE`` (condensed engine) or ``AXON`` (every compartment kept).

    Example:
        >>> thin = geometry(np.array([2.0]))
        >>> float(thin["axon"][0].round(3)), float(thin["spacing"][0].round(1))
        (1.082, 155.1)

    Raises:
        ValueError: a diameter outside 1.011 to 5.7 um.
    """
    d = np.atleast_1d(np.asarray(diameter_um, dtype=float))
    if not np.all((d >= THINNEST_um) & (d <= THICKEST_um)):
        raise ValueError(
            f"thin fibres from {d.min():g} to {d.max():g} um; legal: {THINNEST_um:g} to "
            f"{THICKEST_um:g} um, above them mrg.geometry"
        )
    axon = 0.553 * d - 0.024
    return dict(
        fibre=d,
        spacing=-3.22 * d**2 + 148.0 * d - 128.0,
        node=0.321 * axon + 0.37,
        axon=axon,
        flut=-0.171 * d**2 + 6.48 * d - 0.935,
        lamellae=np.floor(17.4 * axon - 1.74),
    )


MEMBRANE = mrg.membrane(f"pena, naf {G_NAF:g}, ks {G_KS:g} S/cm2", G_NAF, G_KS, SOURCE)

AXON = replace(
    mrg.AXON,
    name="pena",
    node=replace(
        mrg.AXON.node,
        name="pena node",
        density_S_per_cm2=(G_NAF, mrg.G_NAP, G_KS, mrg.G_LEAK),
        source=SOURCE,
    ),
)
