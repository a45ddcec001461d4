"""What lies in a plane through a limb on a day: the nerve, what surrounds it, and its sizes."""

from tinel.imaging.anatomy.muscle_section import muscle_section
from tinel.imaging.anatomy.muscles import MuscleState, muscles_on
from tinel.imaging.anatomy.needle import Needle
from tinel.imaging.anatomy.scanned import Scanned
from tinel.imaging.anatomy.section import cross_section, long_section
from tinel.imaging.anatomy.shape import FascicleShape, NerveShape, shape_at
from tinel.imaging.anatomy.sites import ScanSite, scan_sites

__all__ = [
    "FascicleShape",
    "MuscleState",
    "Needle",
    "NerveShape",
    "ScanSite",
    "Scanned",
    "cross_section",
    "long_section",
    "muscle_section",
    "muscles_on",
    "scan_sites",
    "shape_at",
]
