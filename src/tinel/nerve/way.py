"""Branches, places and targets of a nerve, and the ways that fibres take through them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Branch:
    """A trunk (``parent`` is None) or a branch that leaves its parent at ``start_mm``.

    Positions are path lengths from the spinal cord in mm, so that a branch goes on counting
    where its parent stood. ``also_from`` names further parents where several join in it, as in
    the cords of a plexus; ``other_names`` are usual names beside ``name``. ``own_sheath`` is true
    of a branch that lies in its parent as a nerve of its own.
    """

    name: str
    parent: str | None
    start_mm: float
    end_mm: float
    also_from: tuple[str, ...] = ()
    other_names: tuple[str, ...] = ()
    own_sheath: bool = False


@dataclass(frozen=True)
class Landmark:
    """A named place on a branch; ``other_names`` are usual names beside ``name``."""

    name: str
    branch: str
    position_mm: float
    other_names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Target:
    """A muscle or a patch of skin, and the way its fibres take.

    ``leaves_mm`` is where its own branch leaves ``branch``; ``path_mm`` is the whole way from the
    cord to the motor endplates or the skin. A muscle has ``units`` motor units whose mean surface
    size ``unit_uV`` is the part of one unit in the compound response (so that units times size is
    its amplitude), and the last ``terminal_mm`` of its path are thin intramuscular axon, of
    ``terminal_fraction`` of its calibre (0: that of all muscles); the recording electrode lies
    over the endplates, at ``path_mm``. Skin has ``axons`` myelinated axons, small and large; the
    patch that only they supply is ``width_mm`` wide (the narrower side) and ``length_mm`` long,
    and ``two_point_mm`` is the least distance of two points told apart on it (each 0 where
    unknown). Counts are those of a young adult; age acts on the fibres.
    ``acts_with`` names the muscles that move the same part the same way (its own name where none
    does); ``fellow_axons`` and ``other_axons`` count axons beside its own that go to muscles or
    skin which nobody follows, those that act with it and those that do not.
    ``runs_with`` names the branch whose fibres its own run beside while both are in the trunk,
    where it leaves before that branch begins.
    ``movement`` is the movement that an examiner of strength would ask a muscle for, such as
    ``ankle dorsiflexion``; empty where nobody grades it, and for skin. ``through`` names the
    parents its fibres come from where a branch on their way has several. ``other_names`` are usual
    names beside ``name``.
    """

    name: str
    kind: str
    branch: str
    leaves_mm: float
    path_mm: float
    units: int = 0
    unit_uV: float = 0.0
    terminal_mm: float = 0.0
    terminal_fraction: float = 0.0
    axons: int = 0
    width_mm: float = 0.0
    length_mm: float = 0.0
    two_point_mm: float = 0.0
    action: str = ""
    movement: str = ""
    through: tuple[str, ...] = ()
    acts_with: str = ""
    fellow_axons: float = 0.0
    other_axons: float = 0.0
    runs_with: str = ""
    other_names: tuple[str, ...] = ()


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
        parent = next((p for p in at.also_from if p in target.through), at.parent)
        steps.append(Branch(at.name, parent, at.start_mm, leaves))
        leaves, name = at.start_mm, parent or ""
    return tuple(steps)


def lies_along(
    branches: tuple[Branch, ...], target: Target, branch: str, start_mm: float, end_mm: float
) -> bool:
    """Whether a target's fibres lie in a stretch of a branch and of what it goes on as.

    Where the stretch begins on the branch, fibres that have left it before are spared. Where it
    begins beyond the branch's end, it takes every fibre of the branch that comes as far, also in
    a muscle's own branch.

    Example:
        >>> trunk, branch = Branch("trunk", None, 0, 500), Branch("branch", "trunk", 400, 700)
        >>> muscle = Target("muscle", "motor", "branch", leaves_mm=650, path_mm=690)
        >>> [lies_along((trunk, branch), muscle, "trunk", at, at + 50) for at in (390, 600, 695)]
        [True, True, False]
    """
    end = next(d.end_mm for d in branches if d.name == branch)
    for step in way(branches, target):
        if step.name == branch:
            last = step.end_mm if start_mm <= end else target.path_mm
            return step.start_mm <= end_mm and start_mm <= last
    return False


def reach_mm(branches: tuple[Branch, ...], targets: tuple[Target, ...], branch: str) -> float:
    """How far from the cord the fibres of a branch come (mm); its end where none runs in it."""
    end = next(d.end_mm for d in branches if d.name == branch)
    ways = [t.path_mm for t in targets if branch in [step.name for step in way(branches, t)]]
    return max(ways, default=end)


def beyond(branches: tuple[Branch, ...], branch: str) -> tuple[Branch, ...]:
    """Every branch that a branch goes on as, at any distance.

    Example:
        >>> trunk, branch = Branch("trunk", None, 0, 500), Branch("branch", "trunk", 400, 700)
        >>> [d.name for d in beyond((trunk, branch), "trunk")]
        ['branch']
    """
    found: list[Branch] = []
    for d in branches:  # a parent stands before its branches
        if {d.parent, *d.also_from} & {branch, *(f.name for f in found)}:
            found.append(d)
    return tuple(found)


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
