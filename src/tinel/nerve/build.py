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

LEGAL_HEIGHT_CM = (120.0, 220.0)
LEGAL_AGE_Y = (18.0, 100.0)


def build(
    name: str,
    *,
    height_cm: float,
    age: float,
    sex: str,
    side: str,
    seed: int,
    twins: range,
) -> Nerve:
    """Build a nerve; twins share its lengths and fascicles, not their fibres.

    Args:
        name: one of ``tinel.nerve.names()``.
        height_cm: body height, 120 to 220; path lengths scale with it.
        age: years, 18 to 100; healthy fibres grow fewer and motor units larger with age.
        sex: ``female`` or ``male``; nerves lie shallower under electrodes in women.
        side: ``left`` or ``right``.
        seed: same seed, same nerve.
        twins: which twins, e.g. ``range(50)``; twin 7 is the same in every range that has it.

    Raises:
        TinelError: an argument outside its legal range, with the legal ones.

    Source:
        The numbers of ``nerve/data/<name>.toml`` and ``evidence/data/nerve.toml``; each one used
        is noted for the report.

    Example:
        >>> from tinel.nerve import build
        >>> nerve = build("ulnar", height_cm=170, age=40, sex="female", side="left",
        ...               seed=1, twins=range(2))
        >>> nerve.n_twin, nerve.landmark("medial epicondyle").division
        (2, 'ulnar trunk')
    """
    blueprint = read(name)
    _within("height_cm", height_cm, LEGAL_HEIGHT_CM, "cm")
    _within("age", age, LEGAL_AGE_Y, "years")
    _among("sex", sex, ["female", "male"])
    _among("side", side, ["left", "right"])
    if len(twins) < 1 or twins.start < 0 or twins.step < 1:
        raise TinelError(f"twins is {twins}; legal: a rising range of at least one, from 0 on")
    for number in blueprint.numbers(name):
        evidence.use(number)
    layout = lay_out(blueprint, height_cm=height_cm, sex=sex)
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
        age=age,
        side=side,
        seed=seed,
        twins=twins,
    )
    return Nerve(
        name=name,
        title=blueprint.title,
        side=side,
        limb=blueprint.limb,
        height_cm=height_cm,
        divisions=layout.divisions,
        landmarks=layout.landmarks,
        targets=layout.targets,
        studies=layout.studies,
        fascicles=fascicles,
        area_mm2=cut.value("area_mm2"),
        fibres=fibres,
    )


def _within(name: str, given: float, legal: tuple[float, float], unit: str) -> None:
    if not legal[0] <= given <= legal[1]:  # also refuses nan
        raise TinelError(f"{name} is {given:g}; legal: {legal[0]:g} to {legal[1]:g} {unit}")


def _among(name: str, given: str, legal: list[str]) -> None:
    if given not in legal:
        raise TinelError(f"{name} is '{given}'", advice=suggest(given, legal))
