"""Which solvers can run a fibre, and which of them is taken."""

from __future__ import annotations

from typing import Any

import numpy as np

from tinel.cable.fibres.changes import CHANGES
from tinel.cable.fibres.fibre import Fibre
from tinel.cable.membranes.ions import IonMembrane
from tinel.errors import TinelError

SOLVERS = {
    "condensed": "passive internodes condensed to a few modes; the fastest",
    "jax": "the same equations in JAX, for graphics cards",
    "full": "every compartment kept: channels, changes and drugs anywhere",
    "single_cable": "points of membrane joined by axial resistors",
    "ions": "a single cable whose membrane counts ions",
}
LONGEST_STEP_ms = {
    "condensed": 0.02, "jax": 0.02, "full": 0.01, "single_cable": 0.05, "ions": 0.05,
}  # fmt: skip


def solvers_of(fibre: Fibre, temperature_C: Any = 37.0) -> tuple[str, ...]:
    """The solvers that can run a fibre, the one that ``"auto"`` takes first.

    Example:
        >>> from tinel.cable.models import build as models
        >>> fibre = models.mrg(diameter_um=10, nodes=21)
        >>> solvers_of(fibre), solvers_of(fibre.widen_nodes(3, node_length_factor=4))
        (('condensed', 'jax', 'full'), ('full',))
    """
    model = fibre.model
    if not model.myelinated:
        membrane = None if model.membrane is None else model.membrane()
        return ("ions",) if isinstance(membrane, IonMembrane) else ("single_cable",)
    found = []
    plain = not fibre.baths and not fibre.passive_ends and np.ndim(temperature_C) == 0
    if plain and model.membrane is not None and all(CHANGES[n].condensed for n in fibre.changes):
        found += ["condensed", "jax"]
    if model.axon is not None:
        found.append("full")
    return tuple(found)


def chosen_solver(fibre: Fibre, solver: str, temperature_C: Any = 37.0) -> str:
    """The solver of that name, or the first that can run the fibre.

    Raises:
        TinelError: no such solver, or one that cannot run this fibre.
    """
    allowed = solvers_of(fibre, temperature_C)
    words = ", ".join(repr(s) for s in ("auto", *allowed))
    if solver == "auto":
        return allowed[0]
    if solver not in SOLVERS:
        raise TinelError(f"solver is {solver!r} (allowed for this fibre: {words})")
    if solver not in allowed:
        raise TinelError(
            f"solver {solver!r} ({SOLVERS[solver]}) cannot run {fibre!r} (allowed: {words})"
        )
    return solver
