"""The types of healthy anatomy: places, targets, studies, fibres, and the nerve they make."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tinel.errors import TinelError, suggest
from tinel.evidence import Number

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int_]

MOTOR, SENSORY = 0, 1


@dataclass(frozen=True)
class Division:
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
    """A named place on a division."""

    name: str
    division: str
    position_mm: float


@dataclass(frozen=True)
class Target:
    """A muscle or a patch of skin, and the way its fibres take.

    ``leaves_mm`` is where its own branch leaves ``division``; ``path_mm`` is the whole way from
    the cord to the motor endplates or the skin. A muscle has ``units`` motor units of mean
    surface size ``unit_uV`` and ``terminal_mm`` of thin intramuscular axon; skin has ``axons``
    large myelinated axons.
    """

    name: str
    kind: str
    division: str
    leaves_mm: float
    path_mm: float
    units: int = 0
    unit_uV: float = 0.0
    terminal_mm: float = 0.0
    axons: int = 0
    action: str = ""


@dataclass(frozen=True)
class Study:
    """One nerve conduction study: where it stimulates, what it records, what is normal.

    Sites run from distal to proximal. ``record_mm`` is the recording electrode's position for a
    sensory study (antidromic); a motor study records over its target muscle. ``depth_mm`` is the
    depth of the nerve under the sensory electrode. ``normal`` maps a quantity
    (``amplitude_mV``/``amplitude_uV``, ``distal_latency_ms``, ``velocity_m_per_s``) to its
    published number.
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
    """A named human nerve of one person (all twins share its lengths, not its fibres)."""

    name: str
    title: str
    side: str
    height_cm: float
    divisions: tuple[Division, ...]
    landmarks: tuple[Landmark, ...]
    targets: tuple[Target, ...]
    studies: tuple[Study, ...]
    fascicles: tuple[Fascicle, ...]
    area_mm2: float
    fibres: Fibres

    @property
    def n_twin(self) -> int:
        """How many virtual twins carry this nerve."""
        return int(self.fibres.diameter_um.shape[0])

    @property
    def path_mm(self) -> Floats:
        """Way from the cord to the target per fibre, shape ``(n_fibre,)``."""
        return np.array([t.path_mm for t in self.targets])[self.fibres.target]

    def division(self, name: str) -> Division:
        """The division of that name; TinelError with a suggestion if there is none."""
        return _named(self.divisions, name, f"division of the {self.name} nerve")

    def landmark(self, name: str) -> Landmark:
        """The landmark of that name; TinelError with a suggestion if there is none."""
        return _named(self.landmarks, name, f"landmark of the {self.name} nerve")

    def target(self, name: str) -> Target:
        """The target of that name; TinelError with a suggestion if there is none."""
        return _named(self.targets, name, f"target of the {self.name} nerve")

    def study(self, name: str) -> Study:
        """The conduction study of that name; TinelError with a suggestion if there is none."""
        return _named(self.studies, name, f"study of the {self.name} nerve")

    def present(self, division: str, position_mm: float) -> Bools:
        """Which fibres run through a place, shape ``(n_fibre,)``."""
        here = [self._runs_through(t, division, position_mm) for t in self.targets]
        return np.array(here)[self.fibres.target]

    def _runs_through(self, target: Target, division: str, position_mm: float) -> bool:
        leaves, at = target.leaves_mm, self.division(target.division)
        while True:
            if at.name == division:
                return at.start_mm <= position_mm <= leaves
            if at.parent is None:
                return False
            leaves, at = at.start_mm, self.division(at.parent)


def _named(items, name, what):  # type: ignore[no-untyped-def]
    for item in items:
        if item.name == name:
            return item
    raise TinelError(f"no {what} is called '{name}'", advice=suggest(name, [i.name for i in items]))
