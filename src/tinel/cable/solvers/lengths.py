"""Fibres with different numbers of nodes in one call: each number a batch, answers side by side."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from tinel.cable.fibres.internode import Elements
from tinel.cable.solvers.response import Response, spread
from tinel.cable.stimulation.drive import Drive

Floats = NDArray[np.float64]
Ints = NDArray[np.int_]


def by_length(nodes: Ints, run: Callable[[Ints, int], Response]) -> Response:
    """Run the fibres of each number of nodes as a batch; nan stands where a fibre has no node.

    Args:
        nodes: per fibre, shape ``(n_fibre,)``.
        run: given rows and their number of nodes, the answer of that batch.
    """
    rows = [np.flatnonzero(nodes == n) for n in np.unique(nodes)]
    return spread(rows, [run(each, int(nodes[each[0]])) for each in rows], len(nodes),
                  int(nodes.max()))  # fmt: skip


def first_internodes(elements: Elements, rows: Ints, nodes: int) -> Elements:
    """The rows' elements, as far as so many nodes reach."""

    def cut(name: str) -> Floats:
        a = getattr(elements, name)[rows]
        along = a.ndim == 3 and a.shape[1] > 1
        return a[:, : nodes - 1] if along else a

    return Elements(**{name: cut(name) for name in vars(elements)})


def first_nodes(stimulus: Drive, rows: Ints, n_fibre: int, nodes: int) -> Drive:
    """The rows' stimulus, as far as so many nodes reach."""

    def cut(a: Floats | None, count: int) -> Floats | None:
        return None if a is None else np.broadcast_to(a, (n_fibre, a.shape[1]))[rows, :count]

    return Drive(
        stimulus.waveform,
        cut(stimulus.current_nA, nodes),
        cut(stimulus.potential_mV, 11 * nodes - 10),
    )
