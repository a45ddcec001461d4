"""The engine against other simulators: both timed in turn, so that a busy machine slows both."""

from __future__ import annotations

import statistics
from typing import Any

from benchmarks import mrg, peers
from benchmarks.row import Row, device

REPEATS = 5
WITHIN_percent = 1.0
BATCHES = (1, 4, 16, 64, 256)  # of jaxon-nerve; larger ones were slower
SAME = "MRG 10 um, 21 nodes, 5 ms at 5 us"


def neuron_same_step() -> list[Row]:
    """Against NEURON on one core, one fibre at a time, both at 5 us."""
    row = Row(f"{SAME}, NEURON", peer="NEURON", batch=mrg.BATCH, must=1000, aim=3000)
    return [_against_neuron(row, mrg.DT_ms, mrg.DT_ms)]


def neuron_matched() -> list[Row]:
    """Against NEURON, each at the longest step that keeps it within 1 % of the converged velocity.

    NEURON's other schemes are no choice; ``peers/neuron_mrg.py`` says why.
    """
    case = f"the same, both within {WITHIN_percent:g} % of the velocity, NEURON"
    row = Row(case, peer="NEURON", batch=mrg.BATCH, must=5000, aim=15000)
    if peers.interpreter(peers.NEURON) is None:
        return [_unmeasured(row, peers.NEURON)]
    ours = next(dt for dt in mrg.STEPS_ms if abs(mrg.off_percent(dt)) < WITHIN_percent)
    theirs = next(dt for dt in mrg.STEPS_ms if abs(_neuron_off(dt)) < WITHIN_percent)
    return [_against_neuron(row, ours, theirs)]


def jaxon() -> list[Row]:
    """Against jaxon-nerve on the same processor, at its best batch, both driven by a field."""
    row = Row(f"{SAME}, jaxon-nerve", peer="jaxon-nerve", batch=mrg.BATCH, must=350, aim=1000)
    if peers.interpreter(peers.JAXON) is None:
        return [_unmeasured(row, peers.JAXON)]
    mrg.seconds(field=True)
    ours = [mrg.seconds(field=True) for _ in range(REPEATS)]
    said = peers.ask(peers.JAXON, dict(batches=BATCHES, dt_ms=mrg.DT_ms, repeats=REPEATS))
    ours += [mrg.seconds(field=True) for _ in range(REPEATS)]
    speed, batch = max((n / statistics.median(s), n) for n, s in said["seconds"])
    found = _measured(
        row, mrg.BATCH / statistics.median(ours), speed, mrg.off_percent(),
        mrg.off(said["velocity_m_per_s"]), said["versions"]["jaxon-nerve"],
    )  # fmt: skip
    return [Row(**{**found, "note": f"double precision, batch {batch} was its best of {BATCHES}"})]


def _against_neuron(row: Row, ours_dt_ms: float, theirs_dt_ms: float) -> Row:
    if peers.interpreter(peers.NEURON) is None:
        return _unmeasured(row, peers.NEURON)
    request = dict(task="speed", dt_ms=theirs_dt_ms, repeats=3)
    mrg.seconds(ours_dt_ms)
    ours, theirs, said = [], [], {}
    for _ in range(REPEATS):
        ours.append(mrg.seconds(ours_dt_ms))
        said = peers.ask(peers.NEURON, request)
        theirs += said["result"]["seconds"]
    found = _measured(
        row, mrg.BATCH / statistics.median(ours), 1 / statistics.median(theirs),
        mrg.off_percent(ours_dt_ms), mrg.off(said["result"]["velocity_m_per_s"]),
        said["versions"]["neuron"],
    )  # fmt: skip
    note = (
        f"steps {1000 * ours_dt_ms:g} and {1000 * theirs_dt_ms:g} us; ours everything from "
        f"geometry to spikes, NEURON its time loop only, one core; medians of {REPEATS}"
    )
    return Row(**{**found, "note": note})


def _neuron_off(dt_ms: float) -> float:
    said = peers.ask(peers.NEURON, dict(task="speed", dt_ms=dt_ms, repeats=1))
    return mrg.off(said["result"]["velocity_m_per_s"])


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
