"""The numbers one computation uses: every key with its value, what was changed, what was read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from tinel.declare.kinds import check_kind
from tinel.errors import TinelError
from tinel.evidence.catalogue import Catalogue
from tinel.evidence.files import nearest, published
from tinel.evidence.number import Number

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Parameters:
    """Numbers by key; passed into every computation that uses one.

    A value is one number, or one per virtual twin. Reading a value notes its key, so that a report
    can list what stands behind a result; the note travels with the object, also between processes.

    Args:
        numbers: every number by key, with source and evidence grade.
        changed: values that replace those of ``numbers``: a number, or an array ``(n_all,)`` for
            all twins of a run, indexed by the twin's number.
        twins: the numbers of the twins whose values are read; None for all that were given.

    Example:
        >>> faster = Parameters.of_evidence().replace({"course.growth.rate": 2.0})
        >>> faster.scalar("course.growth.rate"), sorted(faster.read)
        (2.0, ['course.growth.rate'])
    """

    numbers: Catalogue
    changed: Mapping[str, Any] = field(default_factory=dict)
    twins: range | None = None
    _read: set[str] = field(default_factory=set, compare=False, repr=False)

    @classmethod
    def of_evidence(cls) -> Parameters:
        """The published, assumed and calibrated values, none changed."""
        return cls(published())

    def replace(self, values: Mapping[str, Any]) -> Parameters:
        """The same parameters with other values.

        Args:
            values: by key; each a number in the key's unit, a text with a unit such as
                ``"2 mm/day"``, or an array with one value per twin ``(n_twin,)``.

        Raises:
            TinelError: an unknown key (the nearest ones are named), a value that is not a finite
                number, of another dimension, or outside the allowed range of the key.
        """
        check_kind("values", values, Mapping)
        read = {key: self._checked(key, given) for key, given in values.items()}
        changed = replace(self, changed={**self.changed, **read}, _read=set(self._read))
        return changed if self.twins is None else changed.of_twins(self.twins)

    def including(self, numbers: Iterable[Number]) -> Parameters:
        """The same parameters with numbers kept elsewhere, e.g. in a nerve's file.

        What is read of them is noted here too.
        """
        more = [n for n in numbers if n.key not in self.numbers or self.numbers[n.key] != n]
        return replace(self, numbers=self.numbers.including(more)) if more else self

    def number(self, key: str) -> Number:
        """The number of a key with source and evidence grade; its value is the published one.

        Raises:
            TinelError: no such key; the message suggests the nearest one.
        """
        self._check_key(key)
        self._read.add(key)
        return self.numbers[key]

    def in_use(self, key: str) -> Number:
        """The number of a key with the value in use; one that was changed has no range any more.

        Raises:
            TinelError: no such key, or a value that was made to differ between twins.
        """
        number = self.number(key)
        if key not in self.changed:
            return number
        return replace(number, value=self.scalar(key), low=None, high=None)

    def scalar(self, key: str) -> float:
        """One value for all twins, in the unit its number states.

        Raises:
            TinelError: no such key, or a value that was made to differ between twins where only
                one can be used.
        """
        given = self._value(key)
        if not isinstance(given, float):
            raise TinelError(f"{key} cannot differ between twins", advice="give one number")
        return given

    def per_twin(self, key: str) -> float | Floats:
        """One value, or one per twin ``(n_twin,)`` where they differ."""
        given: float | Floats = self._value(key)
        return given

    def __getitem__(self, key: str) -> float | Floats:
        """One value, or a column ``(n_twin, 1)`` where twins differ: broadcasts over fibres."""
        given = self._value(key)
        return given if isinstance(given, float) else given[:, None]

    def end(self, key: str, which: str) -> float | Floats:
        """As ``[key]``, or the ``low`` or ``high`` end of the key's range; a key whose value was
        changed by hand has no range any more."""
        number = self.number(key)
        ends = {"low": number.low, "high": number.high}
        found = None if key in self.changed else ends.get(which)
        return self[key] if found is None else found

    def of_twins(self, numbers: range) -> Parameters:
        """The parameters of some twins: of arrays, only their values are read.

        Raises:
            TinelError: an array is too short for these twins.
        """
        for key, given in self.changed.items():
            if not isinstance(given, float) and len(numbers) and max(numbers) >= len(given):
                message = f"{len(given)} values were given for {max(numbers) + 1} twins or more"
                raise TinelError(message, key, "give one number, or one per twin")
        return replace(self, twins=numbers)

    @property
    def read(self) -> frozenset[str]:
        """Keys read so far."""
        return frozenset(self._read)

    def note(self, keys: Iterable[str]) -> None:
        """Note keys that were read elsewhere, such as in another process."""
        self._read.update(keys)

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self.numbers))

    def __len__(self) -> int:
        return len(self.numbers)

    def __contains__(self, key: object) -> bool:
        return key in self.numbers

    def _value(self, key: str) -> Any:
        number = self.number(key)
        given = self.changed.get(key, number.value)
        if isinstance(given, float) or self.twins is None:
            return given
        return given[self.twins.start : self.twins.stop : self.twins.step]

    def _check_key(self, key: str) -> None:
        if not isinstance(key, str) or key not in self.numbers:
            check_kind("key", key, str)
            raise TinelError(f"no number has the key '{key}'", advice=nearest(key, self.numbers))

    def _checked(self, key: str, given: Any) -> Any:
        self._check_key(key)
        number = self.numbers[key]
        try:
            if isinstance(given, str | bool) or not hasattr(given, "__len__"):
                return number.checked(given)
            import numpy as np

            array = np.asarray(given)
            if array.ndim != 1 or array.dtype.kind not in "iuf":
                message = f"an array of shape {array.shape} was given (allowed: one per twin)"
                raise TinelError(message)
            return np.array([number.checked(float(one)) for one in array])
        except TinelError as problem:
            raise problem.at(key) from None
