"""A batch of fibres: a model, diameters, nodes, and what was changed along them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tinel.cable.drugs.drug import Drug
from tinel.cable.drugs.named import drug_named
from tinel.cable.fibres.changes import CHANGES, EVERYWHERE, Where, chosen, rows_of
from tinel.cable.fibres.model import Model
from tinel.errors import TinelError
from tinel.evidence import Parameters

Floats = NDArray[np.float64]
Ints = NDArray[np.int_]


@dataclass(frozen=True)
class Bath:
    """A drug at the nodes.

    Args:
        drug: which.
        concentration_uM: at the membrane, ``(n_fibre or 1, n_node or 1)``.
        parameters: the drug's numbers; as published if None.
    """

    drug: Drug
    concentration_uM: Floats
    parameters: Parameters | None = None


@dataclass(frozen=True, eq=False)
class Fibre:
    """One fibre or a batch, made by a function of ``tinel.models``; methods return new ones.

    Values along a fibre are one number, one per fibre ``(n_fibre,)``, or ``(n_fibre or 1, places
    or 1)``; a batch of one grows to the number of values. Places are an integer, a slice, a list
    of integers or truth values. A value that some fibres of a batch cannot take refuses those
    (``refused``) and leaves the others alone; one that none can take is an error.

    Args:
        model: what it is built from.
        diameter_um: outer, myelin included, ``(n_fibre,)``.
        nodes: of every fibre, or per fibre ``(n_fibre,)``; points of a single cable.
        changes: values by name (``CHANGES``).
        baths: drugs.
        passive_ends: whether the end nodes have a leak alone.
        depth_mm: below the skin (z), one number or per fibre.
        across_mm: beside the middle line (y).
        start_mm: of the first node (x).
        refused: why fibres cannot be simulated, by row.

    Example:
        >>> from tinel.cable.models import build as models
        >>> fibre = models.mrg(diameter_um=[8.0, 10.0], nodes=31)
        >>> thin = fibre.demyelinate(internodes=slice(8, 16), lamellae_fraction=[0.05, -1.0])
        >>> len(thin), thin.refused[1]
        (2, 'lamellae_fraction is -1 (allowed: 0.001 to 1)')
    """

    model: Model
    diameter_um: Floats
    nodes: int | Ints
    changes: Mapping[str, Floats] = field(default_factory=dict)
    baths: tuple[Bath, ...] = ()
    passive_ends: bool = False
    depth_mm: Floats | float = 0.0
    across_mm: Floats | float = 0.0
    start_mm: Floats | float = 0.0
    refused: Mapping[int, str] = field(init=False)

    def __post_init__(self) -> None:
        d = rows_of("diameter_um", self.diameter_um, 1, 1)[:, 0]
        object.__setattr__(self, "diameter_um", d)
        object.__setattr__(self, "nodes", _nodes(self.nodes, len(d)))
        if self.passive_ends and np.min(self.nodes) < 3:
            raise TinelError(f"ends silenced of {np.min(self.nodes)} nodes (allowed: 3 or more)")
        object.__setattr__(self, "refused", self._refusals())
        if len(self.refused) == len(d):
            raise TinelError(next(iter(self.refused.values())))

    def __len__(self) -> int:
        return len(self.diameter_um)

    def __repr__(self) -> str:
        d = self.diameter_um
        wide = f"{d[0]:g}" if len(d) == 1 else f"{d.min():g} to {d.max():g}"
        changed = f", {', '.join(self.changes)} changed" if self.changes else ""
        return f"<{len(d)} {self.model.name} fibre(s), {wide} um, {self.longest} nodes{changed}>"

    @property
    def longest(self) -> int:
        """Nodes of the longest fibre."""
        return int(np.max(self.nodes))

    def demyelinate(self, internodes: Where = EVERYWHERE, *, lamellae_fraction: ArrayLike) -> Fibre:
        """Leave a fraction of the lamellae at some internodes.

        Args:
            internodes: which; the first lies between the first two nodes.
            lamellae_fraction: of the healthy number, 0.001 to 1.

        Raises:
            TinelError: internodes the fibre does not have, or a value outside its range.
        """
        return self._changed("lamellae_fraction", internodes, lamellae_fraction)

    def widen_gap(self, internodes: Where = EVERYWHERE, *, gap_factor: ArrayLike) -> Fibre:
        """Widen the periaxonal gap all along some internodes, 1 to 10,000 times."""
        return self._changed("gap_factor", internodes, gap_factor)

    def open_seals(self, internodes: Where = EVERYWHERE, *, seal_factor: ArrayLike) -> Fibre:
        """Widen the gap under the paranodal loops alone, 1 to 10,000 times."""
        return self._changed("seal_factor", internodes, seal_factor)

    def expose_kv1(self, internodes: Where = EVERYWHERE, *, kv1_factor: ArrayLike) -> Fibre:
        """Multiply the fast potassium channels of paranode and juxtaparanode, 0 to 1,000 times.

        Only models with channels under the myelin have them (Gaines).
        """
        return self._changed("kv1_factor", internodes, kv1_factor)

    def resize_internodes(
        self, internodes: Where = EVERYWHERE, *, length_factor: ArrayLike
    ) -> Fibre:
        """Make internodes shorter or longer, 0.1 to 3 times, as remyelination does."""
        return self._changed("length_factor", internodes, length_factor)

    def narrow_axon(self, internodes: Where = EVERYWHERE, *, axon_factor: ArrayLike) -> Fibre:
        """Multiply the axon's diameter under the myelin, 0.1 to 1.5 times."""
        return self._changed("axon_factor", internodes, axon_factor)

    def widen_nodes(self, nodes: Where = EVERYWHERE, *, node_length_factor: ArrayLike) -> Fibre:
        """Make nodes longer, 1 to 100 times, their channels spread thinner."""
        return self._changed("node_length_factor", nodes, node_length_factor)

    def lose_sodium(self, nodes: Where = EVERYWHERE, *, sodium_fraction: ArrayLike) -> Fibre:
        """Leave a fraction of the sodium conductance of nodes, 0 to 10 (above 1: more of it)."""
        return self._changed("sodium_fraction", nodes, sodium_fraction)

    def shift_sodium(self, nodes: Where = EVERYWHERE, *, left_shift_mV: ArrayLike) -> Fibre:
        """Shift all sodium gates of nodes, -50 to 50 mV; positive opens at lower potentials."""
        return self._changed("left_shift_mV", nodes, left_shift_mV)

    def open_ends(self, *, end_leak_uS: ArrayLike) -> Fibre:
        """Let the ends leak, 0 to 1,000 uS, as cut ends do that have not closed.

        Args:
            end_leak_uS: one number, one per fibre, or ``(n_fibre or 1, 2)`` for left and right.
        """
        return self._changed("end_leak_uS", EVERYWHERE, end_leak_uS)

    def silence_ends(self) -> Fibre:
        """Leave the end nodes their leak alone.

        Raises:
            TinelError: a single cable, or fewer than three nodes, all of them ends.
        """
        self._needs("silence_ends", bool(self.model.changes))
        return replace(self, passive_ends=True)

    def bathe(
        self,
        drug: str | Drug,
        *,
        concentration_uM: ArrayLike,
        nodes: Where = EVERYWHERE,
        parameters: Parameters | None = None,
    ) -> Fibre:
        """Bring a drug to nodes and the halves of the internodes next to them.

        Args:
            drug: its name, or a ``Drug`` of your own.
            concentration_uM: at the membrane, 0 or more. Not a dose.
            nodes: which.
            parameters: the drug's numbers (``engine.drugs``); those of the fibre's model if left
                out.

        Raises:
            TinelError: an unknown name, a concentration outside its range, a drug for channels the
                fibre does not have, or the same drug twice.
        """
        self._needs("bathe", self.model.axon is not None)
        found = drug_named(drug) if isinstance(drug, str) else drug
        kinds = self.model.axon().kinds if self.model.axon else ()
        if not any(set(found.currents) & set(k.currents) for k in kinds):
            has = sorted({c for k in kinds for c in k.currents})
            raise TinelError(
                f"{found.name} blocks {', '.join(found.currents)}, which {self.model.name} does "
                f"not have (allowed: drugs for {', '.join(has)})"
            )
        if any(b.drug.name == found.name for b in self.baths):
            raise TinelError(
                f"{found.name} twice (allowed: each drug once, at the sum of its concentrations)"
            )
        given, grown = self._placed("nodes", nodes, concentration_uM, self.longest, 0.0, None)
        bath = Bath(found, given, parameters or self.model.parameters)
        return replace(grown, baths=(*self.baths, bath))

    def place(
        self,
        *,
        depth_mm: ArrayLike = 0.0,
        across_mm: ArrayLike = 0.0,
        start_mm: ArrayLike = 0.0,
    ) -> Fibre:
        """Lay the fibres parallel to the skin: x along the limb, y across it, z the depth.

        Args:
            depth_mm: below the skin (z), one number or ``(n_fibre,)``.
            across_mm: y.
            start_mm: x of the first node.
        """
        given = dict(depth_mm=depth_mm, across_mm=across_mm, start_mm=start_mm)
        laid: dict[str, Any] = {n: rows_of(n, a, len(self), 1)[:, 0] for n, a in given.items()}
        for name, a in laid.items():
            if not np.all(np.isfinite(a)):
                raise TinelError(f"{name} holds a value that is not finite (allowed: numbers)")
        grown = self._grown(max(len(a) for a in laid.values()))
        return replace(grown, **laid)

    def rows(self, which: ArrayLike) -> Fibre:
        """Some of the fibres, in the order given; a row may be named twice."""
        at = np.arange(len(self))[np.asarray(which)]

        def some(a: Any) -> Any:
            return a if np.ndim(a) == 0 or len(a) == 1 else a[at]

        nodes = self.nodes if isinstance(self.nodes, int) else self.nodes[at]
        baths = tuple(replace(b, concentration_uM=some(b.concentration_uM)) for b in self.baths)
        return replace(
            self, diameter_um=self.diameter_um[at], nodes=nodes, baths=baths,
            changes={n: some(a) for n, a in self.changes.items()}, depth_mm=some(self.depth_mm),
            across_mm=some(self.across_mm), start_mm=some(self.start_mm),
        )  # fmt: skip

    def first_nodes(self, nodes: int) -> Fibre:
        """The fibres as far as so many nodes reach."""
        reach = {"internode": nodes - 1, "node": nodes, "end": 2}

        def cut(a: Floats, count: int) -> Floats:
            return a if a.shape[1] == 1 else a[:, :count]

        changes = {n: cut(a, reach[CHANGES[n].per]) for n, a in self.changes.items()}
        baths = tuple(
            replace(b, concentration_uM=cut(b.concentration_uM, nodes)) for b in self.baths
        )
        return replace(self, nodes=nodes, changes=changes, baths=baths)

    def _changed(self, name: str, where: Where, value: ArrayLike) -> Fibre:
        change = CHANGES[name]
        self._needs(change.method, name in self.model.changes)
        places = {"internode": self.longest - 1, "node": self.longest, "end": 2}[change.per]
        given, grown = self._placed(
            f"{change.per}s", where, value, places, change.healthy, self.changes.get(name), name
        )
        return replace(grown, changes={**grown.changes, name: given})

    def _placed(
        self,
        what: str,
        where: Where,
        value: ArrayLike,
        places: int,
        healthy: float,
        before: Floats | None,
        name: str = "concentration_uM",
    ) -> tuple[Floats, Fibre]:
        # values on all places, and the batch that has as many fibres as they
        at = chosen(what, where, places)
        given = rows_of(name, value, len(self), len(at))
        grown = self._grown(len(given))
        if len(at) == places and np.all(np.diff(at) == 1):
            return given, grown
        start = np.full((1, 1), healthy) if before is None else before
        all_places = np.broadcast_to(start, (max(len(start), len(given)), places)).copy()
        all_places[:, at] = given
        return all_places, grown

    def _grown(self, count: int) -> Fibre:
        return self if len(self) == count or count == 1 else self.rows(np.zeros(count, int))

    def _needs(self, method: str, there: bool) -> None:
        if not there:
            methods = [c.method for n, c in CHANGES.items() if n in self.model.changes]
            if self.model.changes:
                methods.append("silence_ends")
            if self.model.axon is not None:
                methods.append("bathe")
            raise TinelError(
                f"{self.model.name} fibres have no {method} "
                f"(allowed: {', '.join([*methods, 'place'])})"
            )

    def _refusals(self) -> dict[int, str]:
        d, found = self.diameter_um, {}
        for k in np.flatnonzero(~self.model.fits(d)):
            found[int(k)] = f"{self.model.name} of {d[k]:g} um (allowed: {self.model.allowed_um})"
        for name, a in self.changes.items():
            change = CHANGES[name]
            for k in np.flatnonzero(np.broadcast_to(change.bad(a), len(d))):
                row = a[min(int(k), len(a) - 1)]
                wrong = row[~((row >= change.low) & (row <= change.high))][0]
                found.setdefault(int(k), f"{name} is {wrong:g} (allowed: {change.allowed})")
        for bath in self.baths:
            a = bath.concentration_uM
            bad = ~np.all((a >= 0) & np.isfinite(a), axis=1)
            for k in np.flatnonzero(np.broadcast_to(bad, len(d))):
                text = f"{bath.drug.name}: concentration_uM is not finite or below 0"
                found.setdefault(int(k), f"{text} (allowed: 0 or more)")
        return found


def _nodes(nodes: Any, count: int) -> int | Ints:
    a = np.asarray(nodes)
    if a.dtype.kind not in "iu" or a.shape not in ((), (count,)) or a.min() < 2:
        raise TinelError(f"nodes is {nodes} (allowed: an integer, 2 or more, or {count} of them)")
    return int(a) if a.ndim == 0 else a.astype(int)
