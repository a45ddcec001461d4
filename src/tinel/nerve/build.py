"""Build a nerve of one patient, with as many virtual twins as wanted."""

from __future__ import annotations

from dataclasses import replace
from os import PathLike
from zlib import crc32

from tinel.declare.kinds import takes_only_its_kinds
from tinel.errors import TinelError, suggest
from tinel.nerve.anatomy import Nerve
from tinel.nerve.atlas import lay_out
from tinel.nerve.cross_section import pack
from tinel.nerve.library import find
from tinel.nerve.population import draw
from tinel.twins import Twins


@takes_only_its_kinds
def build(nerve: str | PathLike[str], *, side: str, twins: Twins) -> Nerve:
    """Build a nerve; twins share its lengths and fascicles, not its fibres.

    Args:
        nerve: one of ``tinel.nerve.names()``, another name of it, or the path to a TOML file of
            your own in the format of ``tinel/nerve/data``.
        side: ``left`` or ``right``.
        twins: whose nerve. Path lengths scale with their height; fibres grow fewer and motor
            units larger with age; nerves lie shallower under electrodes in women.

    Returns:
        The nerve. The parameters of its twins also hold the numbers of the nerve's file, and
        values that replace them are used.

    Raises:
        TinelError: an unknown nerve or side, a file that does not hold what it should, or values
            by which a place would lie off the nerve.

    Source:
        The numbers of ``nerve/data/<name>.toml`` and ``evidence/data/nerve.toml``.

    Example:
        >>> from tinel.twins import Patient, Twins
        >>> few = Twins(Patient(age=40, sex="female", height_cm=170), range(2))
        >>> arm = build("ulnar", side="left", twins=few)
        >>> arm.n_twin, arm.landmark("medial epicondyle").branch
        (2, 'ulnar trunk')
    """
    if side not in ("left", "right"):
        raise TinelError(f"side is '{side}'", advice=suggest(side, ["left", "right"]))
    entry = find(nerve)
    parameters = twins.parameters.including(entry.numbers())
    twins = replace(twins, parameters=parameters)
    blueprint = entry.blueprint.in_use(entry.name, parameters)
    try:
        layout = lay_out(blueprint, twins.patient, parameters)
    except TinelError as problem:
        within = f"{entry.where}: {problem.where}" if problem.where else entry.where
        raise TinelError(problem.message, within, problem.advice) from None
    cut = blueprint.cross_section
    fascicles = pack(
        round(cut.value("fascicles")),
        cut.value("area_mm2"),
        cut.value("fascicle_fraction"),
        parameters.scalar("nerve.fascicle.size_spread"),
        crc32(entry.name.encode()),
    )
    fibres = draw(
        entry.name,
        layout.targets,
        layout.studies,
        blueprint.fibres,
        fascicles,
        side=side,
        twins=twins,
    )
    return Nerve(
        name=entry.name,
        title=blueprint.title,
        side=side,
        limb=blueprint.limb,
        twins=twins,
        branches=layout.branches,
        landmarks=layout.landmarks,
        targets=layout.targets,
        studies=layout.studies,
        fascicles=fascicles,
        area_mm2=cut.value("area_mm2"),
        fibres=fibres,
    )
