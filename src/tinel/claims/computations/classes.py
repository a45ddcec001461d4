"""Classes of injury, and what a nerve is made of."""

from __future__ import annotations

import numpy as np

from tinel.claims.computations.people import FEW, OF_TWINS, adults, band, course, cut
from tinel.claims.computed import Computed
from tinel.course import classes_at
from tinel.evidence import Parameters
from tinel.lesion.causes import crush
from tinel.lesion.classify import SEDDON


def fascicles(parameters: Parameters) -> Computed:
    """Axons in a fascicle of the median nerve at the wrist."""
    nerve = adults(parameters, "median", 1)
    per_fascicle = np.bincount(nerve.fibres.fascicle, nerve.fibres.weight)
    held = per_fascicle[per_fascicle > 0]
    what = "median nerve of the program: myelinated axons in a fascicle (no cell body in any)"
    return Computed(what, float(np.median(held)), "axons", held.min(), held.max(), "between")


def axonotmesis(parameters: Parameters) -> Computed:
    """Fibres of a crushed nerve that are axonotmesis."""
    nerve = adults(parameters, "ulnar")
    place = nerve.landmark("wrist")
    hurt = course(nerve, crush.make(nerve, place.branch, site_mm=place.position_mm))
    value, low, high = band(100.0 * classes_at(hurt, 1.0).seddon[:, SEDDON.index("axonotmesis")])
    what = "nerve crushed by smooth jaws: axons broken in a tube that stands or is torn"
    return Computed(what, value, "% of fibres", low, high, OF_TWINS, FEW)


def in_continuity(parameters: Parameters) -> Computed:
    """Fibres of a nerve cut half through that count as neurotmesis though the trunk holds."""
    nerve = adults(parameters, "ulnar")
    hurt = course(nerve, cut(nerve, "wrist", 0.5))
    found = classes_at(hurt, 1.0)
    value, low, high = band(100.0 * found.seddon[:, SEDDON.index("neurotmesis")])
    what = "nerve cut half through, trunk in one piece: fibres that are neurotmesis all the same"
    return Computed(what, value, "% of fibres", low, high, OF_TWINS, FEW)
