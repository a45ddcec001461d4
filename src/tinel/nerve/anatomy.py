"""The types of healthy anatomy: places, targets, studies, fibres, and the nerve they make."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from tinel.declare.quantity import shown
from tinel.errors import TinelError, suggest
from tinel.evidence import Number
from tinel.twins import Twins

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int_]

MOTOR, SENSORY = 0, 1


@dataclass(frozen=True)
class Branch:
    """A trunk (``parent`` is None) or a branch that leaves its parent at ``start_mm``.

    Positions are path lengths from the spinal cord in mm, so that a branch goes on counting
    where its parent stood.
    """

    name: str
    parent: str | None
    start_mm: float
    end_mm: float


@dataclass(frozen=True)
class Landmark:
    """A named place on a branch."""

    name: str
    branch: str
    position_mm: float


@dataclass(frozen=True)
class Target:
    """A muscle or a patch of skin, and the way its fibres take.

    ``leaves_mm`` is where its own branch leaves ``branch``; ``path_mm`` is the whole way from
    the cord to the motor endplates or the skin. A muscle has ``units`` motor units whose mean
    surface size ``unit_uV`` is the part of one unit in the compound response (so that units
    times size is its amplitude), and the last ``terminal_mm`` of its path are thin intramuscular
    axon; the recording electrode lies over the endplates, at ``path_mm``. Skin has ``axons``
    myelinated axons, small and large; the patch that only they supply is ``width_mm`` wide (the
    narrower side) and ``length_mm`` long, and ``two_point_mm`` is the least distance of two points
    told apart on it (each 0 where unknown). Counts are those of a young adult; age acts on the
    fibres.
    ``movement`` is the movement that an examiner of strength would ask a muscle for, such as
    ``ankle dorsiflexion``; empty where nobody grades it, and for skin.
    """

    name: str
    kind: str
    branch: str
    leaves_mm: float
    path_mm: float
    units: int = 0
    unit_uV: float = 0.0
    terminal_mm: float = 0.0
    axons: int = 0
    width_mm: float = 0.0
    length_mm: float = 0.0
    two_point_mm: float = 0.0
    action: str = ""
    movement: str = ""


@dataclass(frozen=True)
class Study:
    """One nerve conduction study: where it stimulates, what it records, what is normal.

    Sites run from distal to proximal, each on the branch the target's fibres run in there.
    ``record_mm`` is the recording electrode's position: on the nerve for a sensory study
    (antidromic), over the target muscle's endplates for a motor study. ``depth_mm`` is the depth
    of the nerve under a sensory electrode, 0 for a motor study. ``normal`` maps a quantity
    (``amplitude_mV``/``amplitude_uV``, ``distal_latency_ms``, ``velocity_m_per_s``) to its
    published number; a quantity nobody measures there is missing.
    """

    name: str
    kind: str
    target: str
    sites: tuple[Landmark, ...]
    record_mm: float
    depth_mm: float
    normal: dict[str, Number]


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

    def study(self, name: str) -> Study:
        """The conduction study of that name; TinelError with a suggestion if there is none."""
        return by_name(self.studies, name, f"study of the {self.name} nerve")

    def present(self, branch: str, position_mm: float) -> Bools:
        """Which fibres run through a place, shape ``(n_fibre,)``; none where it is off the nerve.

        Raises:
            TinelError: the nerve has no such branch.
        """
        self.branch(branch)
        here = [self._runs_through(t, branch, position_mm) for t in self.targets]
        return np.array(here)[self.fibres.target]

    def _runs_through(self, target: Target, branch: str, position_mm: float) -> bool:
        return any(
            step.name == branch and step.start_mm <= position_mm <= step.end_mm
            for step in way(self.branches, target)
        )


def way(branches: tuple[Branch, ...], target: Target) -> tuple[Branch, ...]:
    """The stretches a target's fibres run through, from its own branch back to the cord.

    Each is cut to the part they use: a branch ends for them where they leave it. The target's
    own branch beyond ``leaves_mm`` belongs to no branch and is left out.

    Example:
        >>> trunk, branch = Branch("trunk", None, 0, 500), Branch("branch", "trunk", 400, 700)
        >>> muscle = Target("muscle", "motor", "branch", leaves_mm=650, path_mm=690)
        >>> [(d.name, d.end_mm) for d in way((trunk, branch), muscle)]
        [('branch', 650), ('trunk', 400)]
    """
    by_name = {d.name: d for d in branches}
    leaves, name, steps = target.leaves_mm, target.branch, []
    while name:
        at = by_name[name]
        steps.append(Branch(at.name, at.parent, at.start_mm, leaves))
        leaves, name = at.start_mm, at.parent or ""
    return tuple(steps)


def branch_at(branches: tuple[Branch, ...], target: Target, position_mm: float) -> str | None:
    """The branch in which a target's fibres run at a position; None in its own branch.

    Example:
        >>> trunk = Branch("trunk", None, 0, 500)
        >>> muscle = Target("muscle", "motor", "trunk", leaves_mm=450, path_mm=490)
        >>> branch_at((trunk,), muscle, 300), branch_at((trunk,), muscle, 470)
        ('trunk', None)
    """
    for step in way(branches, target):
        if step.start_mm <= position_mm <= step.end_mm:
            return step.name
    return None


class _Named(Protocol):
    @property
    def name(self) -> str: ...


_Item = TypeVar("_Item", bound=_Named)


def by_name(items: tuple[_Item, ...], name: str, what: str) -> _Item:
    """The item of that name; TinelError with a suggestion if there is none."""
    for item in items:
        if item.name == name:
            return item
    raise TinelError(
        f"no {what} is called {shown(name)}", advice=suggest(name, [i.name for i in items])
    )
