"""The numbers under one heading of the evidence, as one value that membranes are built from.

What is built from equal constants is built once: they can be compared, hashed and kept as a key.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
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
    def of(cls, heading: str, parameters: Parameters | None = None) -> Constants:
        """The numbers under a heading, of these parameters or as published; notes them as read.

        Raises:
            TinelError: a value that was made to differ between twins.
        """
        published = _published(heading)
        if parameters is None:
            return published
        prefix = f"{heading}."
        known = published.items or tuple(
            (key.removeprefix(prefix), 0.0) for key in parameters.numbers if key.startswith(prefix)
        )
        changed = any(key.startswith(prefix) for key in parameters.changed)
        if published.items and not changed:
            parameters.note(prefix + key for key, _ in known)
            return published
        return cls(heading, tuple((key, parameters.scalar(prefix + key)) for key, _ in known))

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
def _published(heading: str) -> Constants:
    every, prefix = published(), f"{heading}."
    return Constants(
        heading,
        tuple((k.removeprefix(prefix), n.value) for k, n in every.items() if k.startswith(prefix)),
    )


def made_when_asked(module: str, name: str, made: Mapping[str, Callable[[], Any]]) -> Any:
    """What a model's file offers under a name without having built it on import.

    Raises:
        AttributeError: it has nothing of that name.
    """
    if name not in made:
        raise AttributeError(f"module {module!r} has no attribute {name!r}")
    return made[name]()
