"""Numbers by key, some of which are read from their files only when one of them is wanted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from tinel.evidence.number import Number


class Catalogue(Mapping[str, Number]):
    """Every number that is known, by key.

    Args:
        known: numbers that are at hand, by key.
        later: functions that give more numbers, by the prefix that all their keys share, such as
            ``nerve.ulnar.``; each is called at most once. A function must be importable by its
            name (``functools.partial`` of one is), so that the catalogue crosses processes.

    Example:
        >>> more = Catalogue({}, {"a.": lambda: [Number("a.b", 1.0, "mm")]})
        >>> more["a.b"].value, "b.a" in more, list(more)
        (1.0, False, ['a.b'])
    """

    def __init__(
        self,
        known: Mapping[str, Number],
        later: Mapping[str, Callable[[], Iterable[Number]]] | None = None,
    ) -> None:
        self._known = dict(known)
        self._later = dict(later or {})

    def including(self, numbers: Iterable[Number]) -> Catalogue:
        """The same catalogue with numbers added or put in place of those of the same key."""
        return Catalogue({**self._known, **{n.key: n for n in numbers}}, self._later)

    def __getitem__(self, key: str) -> Number:
        if key not in self._known:
            self._fetch(key)
        return self._known[key]

    def __contains__(self, key: object) -> bool:
        if key not in self._known and isinstance(key, str):
            self._fetch(key)
        return key in self._known

    def __iter__(self) -> Iterator[str]:
        for prefix in list(self._later):
            self._fetch(prefix)
        return iter(self._known)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def _fetch(self, key: str) -> None:
        for prefix in [p for p in self._later if key.startswith(p)]:
            for number in self._later.pop(prefix)():
                self._known.setdefault(number.key, number)
