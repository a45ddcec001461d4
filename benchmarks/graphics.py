"""The engine on a graphics card, where one is at hand."""

from __future__ import annotations

import statistics

import jax

from benchmarks import mrg
from benchmarks.row import Row, device

BATCH, REPEATS = 100_000, 5


def graphics_card() -> list[Row]:
    """Fibres per second in JAX, from geometry to spikes; the processor prepares."""
    row = dict(
        case=f"{mrg.CASE.title} at 5 us, graphics card", batch=BATCH, must=50_000, aim=200_000
    )
    if jax.default_backend() != "gpu":
        note = (
            "not measured: JAX finds no graphics card here; the ratio is against NEURON, one core"
        )
        return [Row(**row, device=device(), note=note)]
    mrg.seconds(batch=BATCH, solver="jax")
    took = statistics.median(mrg.seconds(batch=BATCH, solver="jax") for _ in range(REPEATS))
    return [
        Row(
            **row, value=BATCH / took, unit="fibres/s", accuracy_percent=mrg.off_percent(),
            device=jax.devices()[0].device_kind,
            note=f"median of {REPEATS}; divide by NEURON's fibres/s of the same run",
        )
    ]  # fmt: skip
