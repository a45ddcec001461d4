"""The type of a test: what it examines, how, and what its values say."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tinel.declare.find import found
from tinel.declare.offer import Offer
from tinel.exam.measure import Measure
from tinel.exam.measurement import Value
from tinel.nerve.anatomy import Nerve, Study, Target

if TYPE_CHECKING:
    from tinel.exam.examination import Visit
    from tinel.exam.laboratory import Laboratory
    from tinel.exam.limb import Limb
    from tinel.exam.pictures import Pictures
    from tinel.exam.response import Response

Subject = Study | Target


def _nothing(nerve: Nerve, temperature_C: float) -> Any:
    return None


def _all_there() -> None:
    """Nothing beyond the package itself is needed."""


def _no_sentence(subject: Any, visits: Sequence[Visit], other_side: Visit) -> Sequence[str]:
    return [""] * len(visits)


@dataclass(frozen=True, kw_only=True)
class Test(Offer):
    """A test that a case file may name under ``[[exam]] tests``.

    Args:
        subjects: the conduction studies, muscles or patches of skin of a nerve that it examines.
        examine: ``(limb, subject, laboratory)`` to the measured values, one ``Value`` per quantity
            and site; or a ``Response``, which holds waveforms too, or ``Pictures``.
        prepare: ``(nerve, temperature_C)`` to a table that holds for every day, computed once;
            ``examine`` finds it as ``laboratory.tables[name]``. Arrays only: it crosses processes.
        interpret: ``(subject, visits, other_side)`` to one sentence per visit (empty for none).
        title: heading in the report; the name where empty.
        shown: quantities that the report's tables show; all of them where empty.
        measures: the quantities it gives, against which a patient's findings are read; a test that
            states none takes no findings.
        on_request: whether the healthy side, too, is spared this test unless a case asks for it.
        example_only: whether only the twin that is shown as an example gets it, as it takes seconds
            for each; then it has no spread over the twins, and is done only where it is named.
        without_pictures: of a test that only an example gets, ``(limb, site, quantity)`` to what a
            reader without any error would find in every twin, named as in the values (empty: all
            there is at the place); a patient's findings are set against it.
        check: raises where a package that it needs is not installed, before anything is computed.

    Example:
        >>> import numpy as np
        >>> count = Test(
        ...     name="unit count", text="Number of motor units that the will reaches.",
        ...     subjects=lambda nerve: [t for t in nerve.targets if t.kind == "motor"],
        ...     examine=lambda limb, muscle, laboratory: [
        ...         Value("units", "1", limb.conducts[:, limb.fibres_of(muscle.name)].sum(axis=1))
        ...     ],
        ... )
        >>> count.name
        'unit count'
    """

    __test__ = False  # a test of a nerve, not of this program

    subjects: Callable[[Nerve], Sequence[Subject]]
    examine: Callable[[Limb, Any, Laboratory], Response | Pictures | Sequence[Value]]
    prepare: Callable[[Nerve, float], Any] = _nothing
    interpret: Callable[[Any, Sequence[Visit], Visit], Sequence[str]] = _no_sentence
    title: str = ""
    shown: tuple[str, ...] = ()
    on_request: bool = False
    example_only: bool = False
    measures: tuple[Measure, ...] = ()
    without_pictures: Callable[[Limb, str, str], Sequence[Value]] | None = None
    check: Callable[[], None] = _all_there


def known_tests(files: Sequence[str | Path] = ()) -> dict[str, Test]:
    """Every test by name: those of ``tinel.exam.tests``, then those of a user's own files.

    Example:
        >>> [name for name in known_tests() if "conduction" in name]
        ['further conduction', 'motor conduction', 'sensory conduction']
    """
    return found("tinel.exam.tests", Test, files)


def studies(kind: str) -> Callable[[Nerve], Sequence[Subject]]:
    """The ``subjects`` of a test of the usual studies of a kind, ``motor`` or ``sensory``.

    Example:
        >>> import tinel as tn
        >>> few = tn.Twins(tn.Patient(age=40, sex="female", height_cm=165), range(2))
        >>> [study.name for study in studies("sensory")(tn.build("sural", side="left", twins=few))]
        ['sural sensory']
    """
    return partial(_usual_studies, kind)


def targets(kind: str) -> Callable[[Nerve], Sequence[Subject]]:
    """The ``subjects`` of a test of all targets of a kind: ``motor`` muscles, ``sensory`` skin.

    Example:
        >>> import tinel as tn
        >>> few = tn.Twins(tn.Patient(age=40, sex="female", height_cm=165), range(2))
        >>> [skin.name for skin in targets("sensory")(tn.build("sural", side="left", twins=few))]
        ['lateral foot skin']
    """
    return partial(_targets_of_kind, kind)


def _usual_studies(kind: str, nerve: Nerve) -> Sequence[Subject]:
    return [study for study in nerve.studies if study.kind == kind and not study.on_request]


def _targets_of_kind(kind: str, nerve: Nerve) -> Sequence[Subject]:
    return [target for target in nerve.targets if target.kind == kind]
