"""What may be changed along a fibre: ranges, healthy values, and where each applies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tinel.errors import TinelError

Floats = NDArray[np.float64]
Ints = NDArray[np.int_]
Where = int | slice | Sequence[int] | NDArray[np.int_] | NDArray[np.bool_]

EVERYWHERE = slice(None)


@dataclass(frozen=True)
class Change:
    """A factor or amount along a fibre.

    Args:
        low, high: what is allowed.
        healthy: the value that changes nothing.
        per: what it belongs to.
        method: of ``Fibre``, which sets it.
        field: of ``Injury``, which takes it.
        condensed: whether passive internodes can still be condensed with it.
    """

    low: float
    high: float
    healthy: float
    per: Literal["internode", "node", "end"]
    method: str
    field: str
    condensed: bool = False

    def bad(self, values: Floats) -> NDArray[np.bool_]:
        """Rows with a value that is not allowed, ``(n_row,)``."""
        return ~np.all((values >= self.low) & (values <= self.high), axis=1)

    @property
    def allowed(self) -> str:
        """The range in words."""
        return f"{self.low:g} to {self.high:g}"


CHANGES = {
    "lamellae_fraction": Change(
        1e-3, 1.0, 1.0, "internode", "demyelinate", "lamellae_left", condensed=True
    ),
    "gap_factor": Change(1.0, 1e4, 1.0, "internode", "widen_gap", "gap_factor", condensed=True),
    "seal_factor": Change(1.0, 1e4, 1.0, "internode", "open_seals", "paranode_gap_factor"),
    "kv1_factor": Change(0.0, 1e3, 1.0, "internode", "expose_kv1", "exposed_kv1"),
    "length_factor": Change(0.1, 3.0, 1.0, "internode", "resize_internodes", "length_factor"),
    "axon_factor": Change(0.1, 1.5, 1.0, "internode", "narrow_axon", "axon_factor"),
    "node_length_factor": Change(
        1.0, 100.0, 1.0, "node", "widen_nodes", "node_length_factor"
    ),
    "sodium_fraction": Change(0.0, 10.0, 1.0, "node", "lose_sodium", "sodium_factor"),
    "left_shift_mV": Change(-50.0, 50.0, 0.0, "node", "shift_sodium", "left_shift_mV"),
    "end_leak_uS": Change(0.0, 1e3, 0.0, "end", "open_ends", "end_leak_uS"),
}  # fmt: skip


def chosen(what: str, where: Where, count: int) -> Ints:
    """Places named by a number, a slice, numbers or truth values.

    Raises:
        TinelError: a place the fibre does not have, or none at all.

    Example:
        >>> chosen("internodes", slice(1, 4), 10), chosen("nodes", 3, 4)
        (array([1, 2, 3]), array([3]))
    """
    allowed = f"(allowed: 0 to {count - 1})"
    if isinstance(where, slice):
        if where.stop is not None and where.stop > count:
            raise TinelError(f"{what} up to {where.stop - 1} {allowed}")
        found = np.arange(count)[where]
    else:
        a = np.atleast_1d(np.asarray(where))
        if a.dtype == bool and a.shape == (count,):
            found = np.flatnonzero(a)
        elif a.dtype.kind in "iu" and a.ndim == 1 and np.all((a >= 0) & (a < count)):
            found = a.astype(int)
        else:
            raise TinelError(
                f"{what} {where!r} (allowed: 0 to {count - 1}, as an integer, a slice, a list of "
                f"integers, or {count} truth values)"
            )
    if len(found) == 0:
        raise TinelError(f"{what} {where!r} is no place {allowed}")
    return found


def rows_of(name: str, given: ArrayLike, count: int, places: int) -> Floats:
    """Values as ``(n_fibre or 1, places or 1)``.

    Args:
        name: for errors.
        given: a number, one per fibre ``(n_fibre,)``, or ``(n_fibre or 1, places or 1)``.
        count: fibres; a batch of one takes any number of rows and grows to it.
        places: how many places are meant.

    Raises:
        TinelError: no numbers, or another shape.

    Example:
        >>> rows_of("lamellae_fraction", [0.1, 0.5], 2, 8).shape
        (2, 1)
    """
    try:
        a = np.asarray(given)
        if a.dtype.kind not in "biuf":
            raise TypeError
        a = np.array(a, dtype=float)
    except (TypeError, ValueError):
        raise TinelError(f"{name} is {given!r} (allowed: real numbers)") from None
    a = a.reshape(1, 1) if a.ndim == 0 else a[:, None] if a.ndim == 1 else a
    fits = a.ndim == 2 and a.shape[1] in (1, places) and len(a) > 0
    if not fits or not (len(a) == 1 or count == 1 or len(a) == count):
        fibres = "any number of fibres" if count == 1 else f"{count} fibres or 1"
        raise TinelError(
            f"{name} has shape {np.shape(given)} (allowed: one number, one per fibre, or two axes: "
            f"{fibres}, {places} places or 1)"
        )
    return a
