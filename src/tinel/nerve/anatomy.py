"""The types of healthy anatomy: places, targets, studies, fibres, and the nerve they make."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tinel.evidence import Number
from tinel.nerve.naming import by_name
from tinel.nerve.way import Branch, Landmark, Target, branch_at, lies_along, reach_mm, way
from tinel.twins import Twins

__all__ = [
    "MOTOR",
    "SENSORY",
    "Bools",
    "Branch",
    "Fascicle",
    "Fibres",
    "Floats",
    "Ints",
    "Landmark",
    "Nerve",
    "Study",
    "Target",
    "branch_at",
    "by_name",
    "way",
]

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int_]

MOTOR, SENSORY = 0, 1


@dataclass(frozen=True)
class Study:
    """One nerve conduction study: where it stimulates, what it records, what is normal.

    Sites run from distal to proximal, each on the branch the target's fibres run in there.
    ``record_mm`` is the recording electrode's position: on the nerve for a sensory study
    (antidromic), over the target muscle's endplates for a motor study. ``depth_mm`` is the depth
    of the nerve under a sensory electrode, 0 for a motor study. ``ring`` says that the sensory
    electrodes are rings around a finger. ``normal`` maps a quantity
    (``amplitude_mV``/``amplitude_uV``, ``distal_latency_ms``, ``velocity_m_per_s``) to its
    published number; a quantity nobody measures there is missing.

    A study ``on_request`` is made only where a case asks for further conduction studies. ``reflex``
    says that the muscle has an H reflex from this site; ``inching`` is the landmark around which
    the nerve is stimulated in short steps, empty for none.
    """

    name: str
    kind: str
    target: str
    sites: tuple[Landmark, ...]
    record_mm: float
    depth_mm: float
    normal: dict[str, Number]
    ring: bool = False
    on_request: bool = field(default=False, kw_only=True)
    reflex: bool = field(default=False, kw_only=True)
    inching: str = field(default="", kw_only=True)


@dataclass(frozen=True)
class Fascicle:
    """A bundle of axons in the cross-section: centre and radius in mm."""

    x_mm: float
    y_mm: float
    radius_mm: float


@dataclass(frozen=True)
class Fibres:
    """All fibres as arrays; shapes ``(n_fibre,)`` unless stated.

    ``kind`` MOTOR or SENSORY; ``target`` index into ``Nerve.targets``; ``weight`` how many real
    axons the row stands for; ``fascicle`` index; ``x_mm``, ``y_mm`` in the cross-section;
    ``depth`` 0 at the centre of the fascicle, 1 at its perineurium; ``diameter_um``
    ``(n_twin, n_fibre)`` outer diameter; ``unit_uV`` ``(n_twin, n_fibre)`` surface size of the
    motor unit, 0 for sensory fibres.
    """

    kind: Ints
    target: Ints
    weight: Floats
    fascicle: Ints
    x_mm: Floats
    y_mm: Floats
    depth: Floats
    diameter_um: Floats
    unit_uV: Floats


@dataclass(frozen=True)
class Nerve:
    """A named human nerve of some twins, who share its lengths and not its fibres."""

    name: str
    title: str
    side: str
    limb: str
    twins: Twins
    branches: tuple[Branch, ...]
    landmarks: tuple[Landmark, ...]
    targets: tuple[Target, ...]
    studies: tuple[Study, ...]
    fascicles: tuple[Fascicle, ...]
    area_mm2: float
    fibres: Fibres

    @property
    def n_twin(self) -> int:
        """How many virtual twins carry this nerve."""
        return len(self.twins)

    @property
    def spoken(self) -> str:
        """What a sentence calls the nerve, e.g. ``sciatic nerve`` or ``brachial plexus``."""
        return self.title[:1].lower() + self.title[1:]

    @property
    def height_cm(self) -> float:
        """Body height of the patient."""
        return self.twins.patient.height_cm

    @property
    def path_mm(self) -> Floats:
        """Way from the cord to the target per fibre, shape ``(n_fibre,)``."""
        return np.array([t.path_mm for t in self.targets])[self.fibres.target]

    def branch(self, name: str) -> Branch:
        """The branch of that name; TinelError with a suggestion if there is none."""
        return by_name(self.branches, name, f"branch of the {self.name} nerve")

    def landmark(self, name: str) -> Landmark:
        """The landmark of that name; TinelError with a suggestion if there is none."""
        return by_name(self.landmarks, name, f"landmark of the {self.name} nerve")

    def target(self, name: str) -> Target:
        """The target of that name; TinelError with a suggestion if there is none."""
        return by_name(self.targets, name, f"target of the {self.name} nerve")

    def row(self, target: str) -> int:
        """Place of a target among the nerve's targets.

        Raises:
            TinelError: the nerve has no such target.
        """
        return [t.name for t in self.targets].index(self.target(target).name)

    def study(self, name: str) -> Study:
        """The conduction study of that name; TinelError with a suggestion if there is none."""
        return by_name(self.studies, name, f"study of the {self.name} nerve")

    def present(self, branch: str, position_mm: float) -> Bools:
        """Which fibres run through a place, shape ``(n_fibre,)``; none where it is off the nerve.

        Raises:
            TinelError: the nerve has no such branch.
        """
        name = self.branch(branch).name
        here = [
            any(
                step.name == name and step.start_mm <= position_mm <= step.end_mm
                for step in way(self.branches, target)
            )
            for target in self.targets
        ]
        return np.array(here)[self.fibres.target]

    def present_along(self, branch: str, start_mm: float, end_mm: float) -> Bools:
        """Which fibres lie in a stretch of a branch and of what it goes on as, ``(n_fibre,)``.

        Args:
            branch: name of the trunk or branch in which the stretch begins. A stretch that begins
                beyond its end holds the fibres of all branches that it has become there.
            start_mm: proximal end, mm from the cord.
            end_mm: distal end; beyond a branching it holds the fibres of every branch.

        Raises:
            TinelError: the nerve has no such branch.

        Example:
            >>> from tinel import nerve
            >>> from tinel.twins import Patient, Twins
            >>> one = Twins(Patient(age=40, sex="female", height_cm=170))
            >>> leg = nerve.build("sciatic", side="left", twins=one)
            >>> hurt = leg.present_along("common fibular", 778, 808)
            >>> sorted({leg.targets[i].branch for i in leg.fibres.target[hurt]})
            ['deep fibular', 'superficial fibular']
        """
        name = self.branch(branch).name
        here = [lies_along(self.branches, t, name, start_mm, end_mm) for t in self.targets]
        return np.array(here)[self.fibres.target]

    def reach_mm(self, branch: str) -> float:
        """How far from the cord the fibres of a branch come, with all that it branches into.

        Raises:
            TinelError: the nerve has no such branch.
        """
        return reach_mm(self.branches, self.targets, self.branch(branch).name)
