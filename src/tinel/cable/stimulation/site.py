"""Where a stimulus acts: a node, an electrode, or a pattern of one's own."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, TypedDict, Unpack

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tinel.cable.fibres.fibre import Fibre
from tinel.cable.stimulation.electrode import Electrode
from tinel.cable.stimulation.field import potential, straight
from tinel.declare.arrays import numbers
from tinel.errors import TinelError

Floats = NDArray[np.float64]


class Where(TypedDict, total=False):
    """How a site is given, in any function that takes a stimulus; one of these:

    - ``node`` and ``amplitude_nA``: a current into a node, one number each or ``(n_fibre,)``;
    - ``electrode`` and ``amplitude_mA``: an electrode in its medium, positive out of its anode;
    - ``current_nA``: a current into every node, ``(n_fibre or 1, n_node)``;
    - ``potential_mV``: the potential of the medium at every compartment (node, ten of the
      internode, node, ...; or every point of a single cable), ``(n_fibre or 1, n_place)``.

    ``current_nA`` and ``potential_mV`` may be given together. Amplitudes are 1 by default.
    """

    node: ArrayLike
    amplitude_nA: ArrayLike
    electrode: Electrode
    amplitude_mA: ArrayLike
    current_nA: ArrayLike
    potential_mV: ArrayLike


@dataclass(frozen=True, eq=False)
class Site:
    """Where a stimulus acts, and how strong it is at waveform 1; see ``Where``.

    Example:
        >>> from tinel.cable.models import build as models
        >>> fibre = models.mrg(diameter_um=[8, 10], nodes=5)
        >>> into = site(node=1, amplitude_nA=[1, 2])
        >>> into.patterns(fibre, np.zeros((0, 0)), 11)[0][:, 1]
        array([1., 2.])
    """

    node: NDArray[np.int_] | None = None
    electrode: Electrode | None = None
    amplitude: Floats | None = None
    current_nA: Floats | None = None
    potential_mV: Floats | None = None

    def patterns(self, fibre: Fibre, along_um: Floats, every: int) -> tuple[Floats | None, ...]:
        """Current into nodes and potential at places, ``(n_fibre or 1, ...)`` each, or None.

        Args:
            fibre: all of one length.
            along_um: where potentials are taken, ``(n_fibre, n_place)``.
            every: places from node to node.

        Raises:
            TinelError: a node the fibre does not have, or not one amplitude per fibre.
        """
        if self.electrode is not None:
            lead = lead_field(self.electrode, fibre, along_um, every)
            return None, self._amplitude(len(fibre))[:, None] * lead
        if self.node is not None:
            return self._into_nodes(fibre), None
        return self.current_nA, self.potential_mV

    def rows(self, which: NDArray[np.int_], count: int) -> Site:
        """The site for some of ``count`` fibres."""

        def some(a: Any) -> Any:
            per_fibre = a is not None and a.ndim > 0 and len(a) == count > 1
            return a[which] if per_fibre else a

        return replace(
            self, node=some(self.node), amplitude=some(self.amplitude),
            current_nA=some(self.current_nA), potential_mV=some(self.potential_mV),
        )  # fmt: skip

    def refusals(self, count: int) -> dict[int, str]:
        """Why the site refuses rows of a batch: values that are not finite.

        Raises:
            TinelError: a value that would refuse all of them.
        """
        found: dict[int, str] = {}
        for name in ("amplitude", "current_nA", "potential_mV"):
            a = getattr(self, name)
            if a is None:
                continue
            good = np.isfinite(a) if a.ndim < 2 else np.isfinite(a).all(axis=1)
            if np.size(good) not in (1, count):
                continue  # another shape than the batch's, which ``patterns`` says
            bad = np.flatnonzero(~np.broadcast_to(good, count))
            if len(bad) == count:
                raise TinelError(f"{name} holds a value that is not finite (allowed: numbers)")
            found |= {int(k): f"{name} is not finite (allowed: numbers)" for k in bad}
        return found

    def _amplitude(self, count: int) -> Floats:
        assert self.amplitude is not None
        if self.amplitude.shape not in ((), (1,), (count,)):
            raise TinelError(
                f"amplitude has shape {self.amplitude.shape} (allowed: one number or {count})"
            )
        return np.broadcast_to(self.amplitude, count)

    def _into_nodes(self, fibre: Fibre) -> Floats:
        assert self.node is not None
        nodes, count = fibre.longest, len(fibre)
        if self.node.shape not in ((), (1,), (count,)):
            raise TinelError(f"node has shape {self.node.shape} (allowed: one or {count})")
        if not np.all((self.node >= 0) & (self.node < nodes)):
            raise TinelError(f"node {_said(self.node)} (allowed: 0 to {nodes - 1})")
        amplitude = self._amplitude(count)
        assert self.amplitude is not None
        if self.node.size == 1 and self.amplitude.size == 1:
            current = np.zeros((1, nodes))
            current[0, int(self.node.ravel()[0])] = amplitude[0]
            return current
        current = np.zeros((count, nodes))
        current[np.arange(count), np.broadcast_to(self.node, count)] = amplitude
        return current


def site(**where: Unpack[Where]) -> Site:
    """The site that was meant.

    Raises:
        TinelError: none, or two at once; an array of no numbers.

    Example:
        >>> site(node=1, amplitude_nA=[1, 2]).amplitude
        array([1., 2.])
    """
    given = {name for name, value in where.items() if value is not None}
    forms = ({"node", "amplitude_nA"}, {"electrode", "amplitude_mA"},
             {"current_nA", "potential_mV"})  # fmt: skip
    mixed = not any(given <= form for form in forms)
    if not given & {"node", "electrode", "current_nA", "potential_mV"} or mixed:
        said = ", ".join(sorted(given)) or "nothing"
        raise TinelError(
            f"a stimulus needs to act somewhere, and has {said} (allowed: node with amplitude_nA; "
            "electrode with amplitude_mA; current_nA, potential_mV or both)"
        )
    if "node" in given:
        node = np.asarray(where["node"])
        if node.dtype.kind not in "iu" or node.ndim > 1:
            raise TinelError(f"node is {where['node']!r} (allowed: integers)")
        return Site(node=node, amplitude=numbers("amplitude_nA", where.get("amplitude_nA", 1.0)))
    if "electrode" in given:
        electrode = where["electrode"]
        if not isinstance(electrode, Electrode):
            raise TinelError(f"electrode is {electrode!r} (allowed: an Electrode)")
        amplitude = numbers("amplitude_mA", where.get("amplitude_mA", 1.0))
        return Site(electrode=electrode, amplitude=amplitude)
    patterns = {n: numbers(n, where[n]) for n in sorted(given)}  # type: ignore[literal-required]
    for name, a in patterns.items():
        if a.ndim != 2:
            raise TinelError(f"{name} has shape {a.shape} (allowed: (n_fibre or 1, places))")
    return Site(current_nA=patterns.get("current_nA"), potential_mV=patterns.get("potential_mV"))


def lead_field(electrode: Electrode, fibre: Fibre, along_um: Floats, every: int) -> Floats:
    """Potential per mA at every place of every fibre, mV, ``(n_fibre, n_place)``.

    Raises:
        TinelError: an electrode beside a node that the fibre does not have.

    Example:
        >>> from tinel.cable.stimulation.electrode import point
        >>> from tinel.cable.models import build as models
        >>> fibre = models.mrg(diameter_um=10, nodes=3)
        >>> lead = lead_field(point(y_mm=1.0, node=1), fibre, np.arange(23.0)[None] * 100, 11)
        >>> lead[0, 11].round(1)
        np.float64(265.3)
    """
    start = np.asarray(fibre.start_mm, float)
    places = straight(along_um, depth_mm=fibre.depth_mm, across_mm=fibre.across_mm, from_mm=start)
    if electrode.node is not None:
        if not 0 <= electrode.node < fibre.longest:
            raise TinelError(
                f"electrode at node {electrode.node} (allowed: 0 to {fibre.longest - 1})"
            )
        places[..., 0] -= places[:, every * electrode.node, 0][:, None]
    return potential(electrode.medium, electrode, places)


def _said(a: NDArray[np.int_]) -> str:
    return f"{a}" if a.ndim == 0 else f"{a.min()} to {a.max()}"
