"""What belongs to a whole twin: its injury, its person and what the model does not know.

Each trait is a standard normal score, so that twins near another can be proposed without a change
of the prior. What belongs to single fibres is drawn with the twin's own number.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tinel.case import Case, Part
from tinel.case.injury import DISTAL
from tinel.declare import Spread
from tinel.declare.spread import stream_of
from tinel.evidence import Number
from tinel.exam.limb import Floats
from tinel.infer import model_numbers
from tinel.twins import Chosen

# draws of one day's examination are errors of that day, not traits
_OF_A_DAY = re.compile(r"(\.day [\d.]+|\.\d+(\.\d+)?)(\.twin|\.fibre)?$")


@dataclass(frozen=True)
class Traits:
    """The traits of a case's twins.

    Args:
        injury: sizes of the injury of which a range is known, by name.
        person: streams of draws.
        model: numbers of the model.
    """

    injury: tuple[tuple[str, Spread], ...] = ()
    person: tuple[str, ...] = ()
    model: tuple[Number, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """One name per column of the scores."""
        return (
            *(f"cause.{name}" for name, _ in self.injury),
            *self.person,
            *(model_numbers.STREAM + n.key for n in self.model),
        )

    def chosen(self, own: Sequence[int] | NDArray[np.intp], scores: Floats) -> Chosen:
        """Twins with these scores.

        Args:
            own: numbers of the twins whose fibres they have, ``(n,)``.
            scores: ``(n, n_trait)``.
        """
        columns = dict(zip(self.names, scores.T, strict=True))
        numbers = {
            n.key: model_numbers.values(n, columns.pop(model_numbers.STREAM + n.key))
            for n in self.model
        }
        return Chosen(np.asarray(own, np.intp), columns, numbers)

    def drawn(self, case: Case, n: int) -> Floats:
        """The scores that the twins ``0`` to ``n - 1`` draw, ``(n, n_trait)``."""
        twins = case.twins(range(n))
        columns = [
            spread.scores(spread.draw(case.run.seed, stream_of(f"cause.{name}"), range(n)))
            for name, spread in self.injury
        ]
        streams = (*self.person, *(model_numbers.STREAM + m.key for m in self.model))
        columns += [twins.normal(stream, 1)[:, 0] for stream in streams]
        return np.stack(columns, axis=1) if columns else np.zeros((n, 0))


def prior_of(case: Case, n: int) -> Case:
    """The case with ``n`` drawn twins whose model numbers differ."""
    uncertain = model_numbers.uncertain(case.parameters)
    of_model = Traits(model=uncertain)
    chosen = of_model.chosen(range(n), of_model.drawn(replace(case, chosen=None), n))
    return replace(case, chosen=chosen)


def traits_of(case: Case, streams: Sequence[str]) -> Traits:
    """The traits of a case.

    Args:
        case: whose.
        streams: the draws of one number per twin that its computation made.
    """
    sizes = {name: s for name, s in _sizes(case).items() if not s.known}
    person = tuple(s for s in streams if not _OF_A_DAY.search(s) and s not in _fixed(sizes))
    return Traits(tuple(sizes.items()), person, model_numbers.uncertain(case.parameters))


def _fixed(sizes: dict[str, Spread]) -> set[str]:
    return {f"cause.{name}" for name in sizes}


def _sizes(case: Case) -> dict[str, Spread]:
    """Every size of the injury by the name under which it is drawn."""
    found: dict[str, Spread] = {}

    def note(name: str, given: object) -> None:
        if isinstance(given, Spread):
            found[name] = given

    for injury, place, before in (
        (case.cause, case.place, ""),
        (case.cause.beyond, case.place.beyond, f"{DISTAL}."),
    ):
        if injury is None or place is None:
            continue
        note(f"{before}site_mm", place.site_mm)
        note(f"{before}length_mm", place.length_mm)
        parts: list[tuple[Part, Callable[[str], str]]] = [(injury, str)]
        if injury.acute is not None:
            note(f"{before}acute.length_mm", injury.acute.length_mm)
            parts.append((injury.acute, injury.beside))
        for part, named in parts:
            for name, value in part.values.items():
                note(before + named(name), value)
            if part.onset_d is not None:
                note(before + named("onset_days"), part.onset_d)
    return found
