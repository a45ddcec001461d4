"""The numbers under one heading of the evidence, as one value that membranes are built from.

What is built from equal constants is built once: they can be compared, hashed and kept as a key.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any

from tinel.evidence import Parameters
from tinel.evidence.files import published


@dataclass(frozen=True)
class Constants:
    """Numbers by key, in the order of their file.

    Args:
        heading: what all keys begin with, e.g. ``engine.mrg``.
        items: the rest of each key, and its value.

    Example:
        >>> mrg = Constants.of("engine.mrg")
        >>> mrg["naf.density_S_per_cm2"], mrg.row("gate.m_open")
        (3.0, (1.86, -21.4, 10.3))
    """

    heading: str
    items: tuple[tuple[str, float], ...]

    @classmethod
    def of(
        cls, heading: str, parameters: Parameters | None = None, *, without: str = ""
    ) -> Constants:
        """The numbers under a heading, of these parameters or as published; notes them as read.

        Args:
            heading: what all keys begin with.
            parameters: where they are taken from; as published if None.
            without: a heading below it that is left out, and not noted.

        Raises:
            TinelError: a value that was made to differ between twins.
        """
        usual = _published(heading, without)
        if parameters is None:
            return usual
        prefix = f"{heading}."
        known = [key for key, _ in usual.items] or _below(prefix, without, parameters.numbers)
        changed = any(prefix + key in parameters.changed for key in known)
        if usual.items and not changed:
            parameters.note(prefix + key for key in known)
            return usual
        return cls(heading, tuple((key, parameters.scalar(prefix + key)) for key in known))

    def __getitem__(self, key: str) -> float:
        return self._by_key[key]

    def row(self, name: str) -> tuple[float, ...]:
        """The values whose keys continue a name, in the order of the file: a row of a table."""
        return self._rows[name]

    def rows(self, name: str) -> dict[str, tuple[float, ...]]:
        """The rows of a table by the last part of their names."""
        return {k.rpartition(".")[2]: v for k, v in self._rows.items()
                if k.rpartition(".")[0] == name}  # fmt: skip

    @cached_property
    def _by_key(self) -> dict[str, float]:
        return dict(self.items)

    @cached_property
    def _rows(self) -> dict[str, tuple[float, ...]]:
        found: dict[str, list[float]] = {}
        for key, value in self.items:
            found.setdefault(key.rpartition(".")[0], []).append(value)
        return {name: tuple(values) for name, values in found.items()}


@cache
def _published(heading: str, without: str) -> Constants:
    every, prefix = published(), f"{heading}."
    found = _below(prefix, without, every)
    return Constants(heading, tuple((key, every[prefix + key].value) for key in found))


def _below(prefix: str, without: str, keys: Iterable[str]) -> list[str]:
    # the rest of the keys that begin so, but for those under a heading that is left out
    found = [key.removeprefix(prefix) for key in keys if key.startswith(prefix)]
    return [key for key in found if not (without and key.startswith(f"{without}."))]


@dataclass(frozen=True)
class Used:
    """Parameters that are equal where some of their numbers are: the key of what these make.

    Args:
        constants: the numbers that count.
        parameters: where they come from; as published if None.

    Example:
        >>> again = Parameters.of_evidence()
        >>> mrg = Constants.of("engine.mrg")
        >>> Used(mrg, again) == Used(Constants.of("engine.mrg", again), None)
        True
    """

    constants: Constants
    parameters: Parameters | None = field(compare=False)


def made_when_needed(module: str, **made: Callable[[], Any]) -> Callable[[str], Any]:
    """A ``__getattr__`` for a model's file: what it offers as published, built at first use.

    Example:
        >>> offers = made_when_needed("a_model", MEMBRANE=lambda: "a membrane")
        >>> offers("MEMBRANE")
        'a membrane'
    """

    def offer(name: str) -> Any:
        if name not in made:
            raise AttributeError(f"module {module!r} has no attribute {name!r}")
        return made[name]()

    return offer
