"""From a nerve's data file to one person's anatomy: lengths scaled, study sites placed."""

from __future__ import annotations

from dataclasses import dataclass

from tinel.errors import TinelError, suggest
from tinel.evidence import Parameters
from tinel.nerve.anatomy import Branch, Landmark, Study, Target, branch_at
from tinel.nerve.blueprint import Blueprint, StudyTable
from tinel.twins import Patient

REFERENCE_HEIGHT_CM = 170.0
RECORDING = "recording electrode"


@dataclass(frozen=True)
class Layout:
    """The places of one patient's nerve, before any fibre is drawn."""

    branches: tuple[Branch, ...]
    landmarks: tuple[Landmark, ...]
    targets: tuple[Target, ...]
    studies: tuple[Study, ...]

    @property
    def trunk(self) -> Branch:
        """The branch that leaves no other."""
        return next(branch for branch in self.branches if branch.parent is None)


def lay_out(blueprint: Blueprint, patient: Patient, parameters: Parameters) -> Layout:
    """Scale the blueprint to a body height and place the electrodes.

    Path lengths scale with height. Distances that an examiner measures with a tape (80 mm from
    wrist to muscle) do not, but in children too small for them. Nerves lie shallower under the
    electrode in women.

    Raises:
        TinelError: a place lies outside its branch, or an electrode off the target's fibres.

    Example:
        >>> from tinel.nerve.library import read
        >>> published = Parameters.of_evidence()
        >>> small, tall = (
        ...     lay_out(read("ulnar"), Patient(age=40, sex="female", height_cm=cm), published)
        ...     for cm in (160, 190)
        ... )
        >>> small.branches[0].end_mm < tall.branches[0].end_mm
        True
    """
    scale = patient.height_cm / REFERENCE_HEIGHT_CM
    branches = tuple(
        Branch(
            d.name,
            d.parent,
            d.value("start_mm") * scale,
            d.value("end_mm") * scale,
            d.also_from,
            d.usual_names,
            d.own_sheath,
        )
        for d in blueprint.branch
    )
    landmarks = tuple(
        Landmark(m.name, m.branch, m.value("position_mm") * scale, m.usual_names)
        for m in blueprint.landmark
    )
    targets = tuple(
        Target(
            name=t.name,
            kind=t.kind,
            branch=t.branch,
            leaves_mm=t.value("leaves_mm") * scale,
            path_mm=t.value("path_mm") * scale,
            units=round(t.value("units")),
            unit_uV=t.value("unit_uV"),
            terminal_mm=t.value("terminal_mm") * scale,
            terminal_fraction=t.value("terminal_fraction"),
            axons=round(t.value("axons")),
            width_mm=t.value("width_mm") * scale,
            length_mm=t.value("length_mm") * scale,
            two_point_mm=t.value("two_point_mm"),
            action=t.action,
            movement=t.movement,
            through=t.through,
            acts_with=t.acts_with or t.name,
            fellow_axons=t.value("fellow_axons"),
            other_axons=t.value("other_axons"),
            runs_with=t.runs_with,
            other_names=t.other_names,
        )
        for t in blueprint.target
    )
    _check(branches, landmarks, targets)
    women = parameters.scalar("nerve.person.women_depth")
    shallower = women if patient.sex == "female" else 1.0
    tape = min(patient.height_cm / parameters.scalar("nerve.childhood.tape_height_cm"), 1.0)
    studies = tuple(
        _study(s, branches, landmarks, targets, shallower, tape, parameters)
        for s in blueprint.study
    )
    return Layout(branches, landmarks, targets, studies)


def _study(
    table: StudyTable,
    branches: tuple[Branch, ...],
    landmarks: tuple[Landmark, ...],
    targets: tuple[Target, ...],
    shallower: float,
    tape: float,
    parameters: Parameters,
) -> Study:
    target = next(t for t in targets if t.name == table.target)
    at = {m.name: m.position_mm for m in landmarks}
    record_mm = at[table.record] if table.record else target.path_mm
    place = f"study '{table.name}'"
    sites: list[Landmark] = []
    for given in table.sites:
        if given.landmark is not None:
            name, start, distance_mm = given.name or given.landmark, given.landmark, 0.0
            known = at
        else:
            name, start = given.name, given.origin or ""
            distance_mm = (given.distance_mm or 0.0) * tape
            known = {RECORDING: record_mm, **{s.name: s.position_mm for s in sites}}
        if start not in known:
            raise TinelError(f"no place is called '{start}'", place, suggest(start, list(known)))
        position_mm = known[start] - distance_mm
        branch = branch_at(branches, target, position_mm)
        if branch is None:
            raise TinelError(f"no fibre of {target.name} runs at {position_mm:.0f} mm", place)
        sites.append(Landmark(name, branch, position_mm))
    normal = {q: parameters.in_use(key) for q, key in table.normal.items()}
    depth_mm = table.value("depth_mm") * shallower
    return Study(
        table.name,
        table.kind,
        table.target,
        tuple(sites),
        record_mm,
        depth_mm,
        normal,
        table.ring,
        on_request=table.on_request,
        reflex=table.reflex,
        inching=table.inching or "",
    )


def _check(
    branches: tuple[Branch, ...], landmarks: tuple[Landmark, ...], targets: tuple[Target, ...]
) -> None:
    by_name = {d.name: d for d in branches}
    for d in branches:
        for parent in [by_name[p] for p in (d.parent, *d.also_from) if p] or [d]:
            if not parent.start_mm <= d.start_mm <= parent.end_mm or d.start_mm >= d.end_mm:
                raise TinelError(f"branch '{d.name}' does not fit on '{parent.name}'")
    for name, branch, position_mm in (
        *((m.name, m.branch, m.position_mm) for m in landmarks),
        *((t.name, t.branch, t.leaves_mm) for t in targets),
    ):
        at = by_name[branch]
        if not at.start_mm <= position_mm <= at.end_mm:
            raise TinelError(f"'{name}' at {position_mm:.0f} mm lies outside '{branch}'")
    for t in targets:
        if t.path_mm < t.leaves_mm + t.terminal_mm * (t.kind == "motor"):
            raise TinelError(f"the way to '{t.name}' is shorter than its own branch")
