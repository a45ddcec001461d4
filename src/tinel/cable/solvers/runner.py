"""Run the fibres of a batch that can be run; the others are refused and change nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tinel.cable.fibres.fibre import Fibre
from tinel.cable.solvers.arguments import check_lead, check_patterns, check_temperature
from tinel.cable.solvers.batch import Batch, laid_out
from tinel.cable.solvers.condensed.rest import NoRestError
from tinel.cable.solvers.response import Response, spread
from tinel.cable.stimulation.drive import Drive
from tinel.cable.stimulation.electrode import Electrode
from tinel.cable.stimulation.site import Site, lead_field
from tinel.declare.arrays import numbers
from tinel.errors import TinelError

Floats = NDArray[np.float64]
Ints = NDArray[np.int_]

RESTLESS = (
    "no resting potential: it fires by itself (allowed: a less bare sheath, or solver='full', "
    "which lets it fire)"
)


class RefusedError(Exception):
    """Rows of a batch that cannot be run, and why."""

    def __init__(self, reasons: dict[int, str]) -> None:
        self.reasons = reasons
        super().__init__(f"{len(reasons)} fibres cannot be run")


class RestlessError(TinelError):
    """None of the fibres of a batch has a resting potential."""


def run_good(
    fibre: Fibre, reasons: dict[int, str], run: Callable[[Ints, int], Response]
) -> tuple[Response, dict[int, str]]:
    """The response of all rows that can be run, nan for the others, and why these cannot.

    Fibres of each number of nodes are a batch. Where some turn out to have no rest, the others run
    anew as if these had never been there: how far rest is settled depends on the batch.

    Args:
        fibre: the whole batch.
        reasons: rows refused beforehand.
        run: given rows and their number of nodes, the response of that batch.

    Raises:
        TinelError: no row is left; a ``RestlessError`` where none has a rest.
    """
    count, reasons = len(fibre), dict(reasons)
    while len(reasons) < count:
        groups = length_groups(fibre, reasons)
        try:
            parts = [_run(run, rows, nodes) for rows, nodes in groups]
        except RefusedError as problem:
            reasons |= problem.reasons
            continue
        if len(groups) == 1 and not reasons:
            return parts[0], reasons
        return spread([rows for rows, _ in groups], parts, count, fibre.longest), reasons
    restless = set(reasons.values()) == {RESTLESS}
    raise (RestlessError if restless else TinelError)(next(iter(reasons.values())))


def length_groups(fibre: Fibre, reasons: Mapping[int, str]) -> list[tuple[Ints, int]]:
    """Rows that are not refused, by their number of nodes, and that number."""
    nodes = np.broadcast_to(fibre.nodes, len(fibre))
    good = np.setdiff1d(np.arange(len(fibre)), list(reasons))
    return [(good[nodes[good] == n], int(n)) for n in np.unique(nodes[good])]


def lay(fibre: Fibre, rows: Ints, nodes: int, solver: str, temperature_C: Any) -> Batch:
    """Rows of a batch laid out for a solver.

    Raises:
        RefusedError: some of them cannot be built.
    """
    some, warm = part(fibre, rows, nodes), temperature_of(temperature_C, rows)
    try:
        return laid_out(some, solver, warm)
    except ValueError as problem:
        found = _unbuildable(some, solver, warm, np.arange(len(rows)))
        if not found:  # each by itself can be built
            raise TinelError(str(problem)) from None
        raise RefusedError({int(rows[k]): text for k, text in found.items()}) from None


def part(fibre: Fibre, rows: Ints, nodes: int) -> Fibre:
    """Rows of a batch, as far as so many nodes reach."""
    whole = len(rows) == len(fibre) and isinstance(fibre.nodes, int)
    return fibre if whole else fibre.rows(rows).first_nodes(nodes)


def drive(site: Site, wave: Floats, fibre: Fibre, rows: Ints, batch: Batch, whole: Fibre) -> Drive:
    """What a site and samples do to a batch.

    Args:
        site: of the whole batch.
        wave: samples.
        fibre, rows, batch: the part, its rows, and how it is laid out.
        whole: the whole batch.

    Raises:
        TinelError: a pattern that does not fit the fibres.
    """
    every = batch.places_per_node
    along = np.zeros((0, 0)) if site.electrode is None else batch.along_um
    current, potential = site.rows(rows, len(whole)).patterns(fibre, along, every)
    widest = every * (whole.longest - 1) + 1
    if site.current_nA is not None or site.potential_mV is not None:
        patterns = Drive(wave, site.current_nA, site.potential_mV)
        check_patterns([patterns], len(whole), whole.longest, widest)
    width = every * (fibre.longest - 1) + 1
    return Drive(
        wave, None if current is None else current[:, : fibre.longest],
        None if potential is None else potential[:, :width],
    )  # fmt: skip


def lead(
    record: Sequence[Electrode] | Floats, fibre: Fibre, rows: Ints, batch: Batch, whole: Fibre
) -> Floats | None:
    """Lead fields ``(n_fibre, n_electrode, n_place)`` of a part of a batch, or None.

    Raises:
        TinelError: something else than electrodes or such fields.
    """
    if len(record) == 0:
        return None
    every = batch.places_per_node
    if all(isinstance(e, Electrode) for e in record):
        fields = [lead_field(e, fibre, batch.along_um, every) for e in record]
        return np.stack(fields, axis=1)
    given = numbers("record", record)
    check_lead(given, len(whole), every * (whole.longest - 1) + 1)
    return given[rows, :, : every * (fibre.longest - 1) + 1]


def check_warmth(temperature_C: ArrayLike, count: int) -> tuple[Any, dict[int, str]]:
    """A temperature, or one per fibre and place, and the rows it refuses.

    Raises:
        TinelError: outside 5 to 45, or another shape.
    """
    a = numbers("temperature_C", temperature_C)
    if a.ndim == 0:
        check_temperature(float(a))
        return float(a), {}
    a = a[:, None] if a.ndim == 1 else a
    if a.ndim != 2 or len(a) not in (1, count):
        raise TinelError(
            f"temperature_C has shape {np.shape(temperature_C)} (allowed: one number, {count} of "
            f"them, or ({count} or 1, places))"
        )
    bad = np.broadcast_to(~np.all((a >= 5) & (a <= 45), axis=1), count)
    if bad.all():
        raise TinelError(f"temperature_C from {a.min():g} to {a.max():g} (allowed: 5 to 45)")
    text = "temperature_C is out of range (allowed: 5 to 45)"
    return a, {int(k): text for k in np.flatnonzero(bad)}


def temperature_of(temperature_C: Any, rows: Ints) -> Any:
    """The temperature of some rows."""
    shared = np.ndim(temperature_C) == 0 or len(temperature_C) == 1
    return temperature_C if shared else temperature_C[rows]


def placed(response: Response, batch: Batch) -> Response:
    """The response with the positions of its nodes."""
    return replace(response, position_mm=batch.node_um / 1000)


def _run(run: Callable[[Ints, int], Response], rows: Ints, nodes: int) -> Response:
    try:
        return run(rows, nodes)
    except NoRestError as problem:
        raise RefusedError({int(k): RESTLESS for k in rows[problem.fibres]}) from None


def _unbuildable(fibre: Fibre, solver: str, warm: Any, rows: Ints) -> dict[int, str]:
    # rows that cannot be built, by halves: mostly it is few of many
    try:
        laid_out(fibre.rows(rows), solver, temperature_of(warm, rows))
        return {}
    except ValueError as problem:
        if len(rows) == 1:
            return {int(rows[0]): str(problem)}
    middle = len(rows) // 2
    return _unbuildable(fibre, solver, warm, rows[:middle]) | _unbuildable(
        fibre, solver, warm, rows[middle:]
    )
