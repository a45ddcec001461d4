"""Build a named nerve of one person, with as many virtual twins as asked for."""

from __future__ import annotations

from zlib import crc32

from tinel import evidence
from tinel.errors import TinelError, suggest
from tinel.nerve.anatomy import Nerve
from tinel.nerve.atlas import lay_out
from tinel.nerve.cross_section import pack
from tinel.nerve.library import read
from tinel.nerve.population import draw
from tinel.twins import Twins


def build(
    name: str,
    *,
    side: str,
    twins: Twins,
) -> Nerve:
    """Build a nerve; twins share its lengths and fascicles, not their fibres.

    Args:
        name: one of ``tinel.nerve.names()``.
        side: ``left`` or ``right``.
        twins: whose nerve. Path lengths scale with their height; fibres grow fewer and motor
            units larger with age; nerves lie shallower under electrodes in women.

    Raises:
        TinelError: an argument outside its legal range, with the legal ones.

    Source:
        The numbers of ``nerve/data/<name>.toml`` and ``evidence/data/nerve.toml``; each one used
        is noted for the report.

    Example:
        >>> from tinel.nerve import build
        >>> from tinel.twins import Patient, Twins
        >>> few = Twins(Patient(age=40, sex="female", height_cm=170), range(2))
        >>> nerve = build("ulnar", side="left", twins=few)
        >>> nerve.n_twin, nerve.landmark("medial epicondyle").branch
        (2, 'ulnar trunk')
    """
    blueprint = read(name)
    if side not in ("left", "right"):
        raise TinelError(f"side is '{side}'", advice=suggest(side, ["left", "right"]))
    for number in blueprint.numbers(name):
        evidence.use(number)
    layout = lay_out(blueprint, twins.patient)
    cut = blueprint.cross_section
    fascicles = pack(
        round(cut.value("fascicles")),
        cut.value("area_mm2"),
        cut.value("fascicle_share"),
        crc32(name.encode()),
    )
    fibres = draw(
        name,
        layout.targets,
        layout.studies,
        blueprint.fibres,
        fascicles,
        side=side,
        twins=twins,
    )
    return Nerve(
        name=name,
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
