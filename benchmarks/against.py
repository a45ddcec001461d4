"""The engine against other simulators: both timed in turn, so that a busy machine slows both."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from benchmarks import gaines, mrg, peers, tigerholm
from benchmarks.case import Case
from benchmarks.row import Row, device

REPEATS = 5
WITHIN_percent = 1.0
BATCHES = (1, 4, 16, 64, 256)  # of jaxon-nerve; larger ones were slower
NO_WORSE = "ours no less accurate than at 5 us"


def neuron() -> list[Row]:
    """Against NEURON at 5 us, one core, one fibre at a time: ours no less accurate, and at 5 us."""
    return [_no_worse(mrg.CASE, must=1000, aim=3000), _same_step(mrg.CASE, must=1000, aim=3000)]


def neuron_matched() -> list[Row]:
    """Against NEURON, each at the longest step that keeps it within 1 % of the converged velocity.

    NEURON's other schemes are no choice; ``peers/neuron_tasks.py`` says why.
    """
    return [_matched(mrg.CASE, must=5000, aim=15000)]


def gaines_axon() -> list[Row]:
    """Active internodes: as ``neuron``."""
    return [_no_worse(gaines.CASE, must=150, aim=500), _same_step(gaines.CASE, must=150, aim=500)]


def gaines_matched() -> list[Row]:
    """Active internodes: as ``neuron_matched``."""
    return [_matched(gaines.CASE)]


def tigerholm_fibre() -> list[Row]:
    """A C fibre: NEURON without the extracellular space that a current does not need, and with."""
    laid = replace(tigerholm.CASE.family.setup, bare=False)
    as_laid = replace(
        tigerholm.CASE, title=f"{tigerholm.CASE.title}, as pyfibers lays it",
        family=replace(tigerholm.CASE.family, setup=laid),
    )  # fmt: skip
    return [_same_step(tigerholm.CASE, must=50, aim=200), _same_step(as_laid)]


def tigerholm_matched() -> list[Row]:
    """A C fibre: as ``neuron_matched``."""
    return [_matched(tigerholm.CASE)]


def jaxon() -> list[Row]:
    """Against jaxon-nerve on the same processor, at its best batch, both driven by a field.

    Ours at the longest step that is no less accurate than jaxon-nerve at 5 us, and at 5 us.
    """
    titles = [f"{mrg.CASE.title}, {how}, jaxon-nerve" for how in (NO_WORSE, "both at 5 us")]
    rows = [Row(t, peer="jaxon-nerve", batch=mrg.BATCH, must=350, aim=1000) for t in titles]
    if peers.interpreter(peers.JAXON) is None:
        return [_unmeasured(row, peers.JAXON) for row in rows]
    steps = (mrg.STEPS_ms[0], mrg.DT_ms)
    ours: dict[float, list[float]] = {dt: [] for dt in steps}
    said: Any = {}
    for turn in range(2):
        for dt in steps:
            mrg.seconds(dt, field=True)
            ours[dt] += [mrg.seconds(dt, field=True) for _ in range(REPEATS)]
        if turn == 0:
            said = peers.ask(peers.JAXON, dict(batches=BATCHES, dt_ms=mrg.DT_ms, repeats=REPEATS))
    speed, batch = max((n / statistics.median(s), n) for n, s in said["seconds"])
    their_off = mrg.CASE.off(said["velocity_m_per_s"])
    note = f"double precision, batch {batch} was its best of {BATCHES}"
    return [
        Row(**{
            **_measured(
                row, mrg.BATCH / statistics.median(ours[dt]), speed, mrg.off_percent(dt), their_off,
                said["versions"]["jaxon-nerve"],
            ),
            "note": f"steps {1000 * dt:g} and {1000 * mrg.DT_ms:g} us; {note}",
        })
        for row, dt in zip(rows, steps, strict=True)
    ]  # fmt: skip


def _no_worse(case: Case, must: float | None = None, aim: float | None = None) -> Row:
    row = Row(
        f"{case.title}, {NO_WORSE}, NEURON", peer="NEURON", batch=case.batch, must=must, aim=aim
    )

    def steps() -> tuple[float, float]:
        theirs = float(_ask(case, case.dt_ms, 1)["result"]["velocity_m_per_s"])
        return case.longest(abs(case.off(theirs)), case.velocity), case.dt_ms

    return _against_neuron(row, case, steps)


def _same_step(case: Case, must: float | None = None, aim: float | None = None) -> Row:
    title = f"{case.title}, both at {1000 * case.dt_ms:g} us, NEURON"
    row = Row(title, peer="NEURON", batch=case.batch, must=must, aim=aim)
    return _against_neuron(row, case, lambda: (case.dt_ms, case.dt_ms))


def _matched(case: Case, must: float | None = None, aim: float | None = None) -> Row:
    title = f"{case.title}, velocity of both within {WITHIN_percent:g} %, NEURON"
    row = Row(title, peer="NEURON", batch=case.batch, must=must, aim=aim)

    def theirs(dt_ms: float) -> float:
        return float(_ask(case, dt_ms, 1)["result"]["velocity_m_per_s"])

    return _against_neuron(
        row, case,
        lambda: (
            case.longest(WITHIN_percent, case.velocity), case.longest(WITHIN_percent, theirs)
        ),
    )  # fmt: skip


def _against_neuron(row: Row, case: Case, steps: Callable[[], tuple[float, float]]) -> Row:
    if peers.interpreter(peers.NEURON) is None:
        return _unmeasured(row, peers.NEURON)
    ours_dt_ms, theirs_dt_ms = steps()
    case.seconds(ours_dt_ms)
    ours, theirs, said = [], [], {}
    for _ in range(REPEATS):
        ours.append(case.seconds(ours_dt_ms))
        said = _ask(case, theirs_dt_ms, 3)
        theirs += said["result"]["seconds"]
    found = _measured(
        row, case.batch / statistics.median(ours), 1 / statistics.median(theirs),
        case.off(case.velocity(ours_dt_ms)), case.off(said["result"]["velocity_m_per_s"]),
        said["versions"]["neuron"],
    )  # fmt: skip
    note = (
        f"steps {1000 * ours_dt_ms:g} and {1000 * theirs_dt_ms:g} us; ours everything from "
        f"geometry to spikes, NEURON its time loop only, one core; medians of {REPEATS}"
    )
    return Row(**{**found, "note": note})


def _ask(case: Case, dt_ms: float, repeats: int) -> Any:
    model, diameter = case.fibre
    return peers.ask(
        peers.NEURON,
        case.family.request(
            "speed", model=model, diameter_um=diameter, dt_ms=dt_ms, repeats=repeats
        ),
    )


def _measured(
    row: Row, ours: float, theirs: float, accuracy: float, peer_accuracy: float, version: str
) -> dict[str, Any]:
    return {
        **vars(row), "value": ours, "unit": "fibres/s", "peer_value": theirs,
        "ratio": ours / theirs, "accuracy_percent": accuracy,
        "peer_accuracy_percent": peer_accuracy, "peer_version": version, "device": device(),
    }  # fmt: skip


def _unmeasured(row: Row, peer: str) -> Row:
    return Row(**{**vars(row), "device": device(), "note": peers.missing(peer)})
