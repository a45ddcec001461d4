"""Fibre models: each function returns one fibre, or a batch where diameters are an array.

Published models are ``mrg``, ``gaines_motor``, ``gaines_sensory``, ``pena``, ``sundt``,
``tigerholm`` and ``sweeney``; ``myelinated`` and ``single_cable`` take a membrane of your own.

Example:
    >>> import tinel as tn
    >>> fibre = tn.models.mrg(diameter_um=10, nodes=31)
    >>> len(fibre.demyelinate(slice(8, 16), lamellae_fraction=[0.05, 0.1]))
    2
"""

from tinel.cable.models.build import (
    gaines_motor,
    gaines_sensory,
    mrg,
    myelinated,
    pena,
    single_cable,
    sundt,
    sweeney,
    tigerholm,
)

__all__ = [
    "gaines_motor",
    "gaines_sensory",
    "mrg",
    "myelinated",
    "pena",
    "single_cable",
    "sundt",
    "sweeney",
    "tigerholm",
]
