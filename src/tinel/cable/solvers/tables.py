"""A response as a picture, a table and a labelled data set."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tinel.errors import TinelError

if TYPE_CHECKING:
    from tinel.cable.solvers.response import Response

UNITS = {
    "spike_ms": "ms", "peak_mV": "mV", "v_mV": "mV", "recorded_uV": "uV", "position_mm": "mm",
    "time_ms": "ms",
}  # fmt: skip
LONG_NAMES = {
    "spike_ms": "time of the first spike",
    "peak_mV": "highest potential",
    "v_mV": "potential across the membrane",
    "recorded_uV": "recorded potential",
    "position_mm": "position along the fibre",
    "time_ms": "time",
    "status": "status",
    "status_text": "status in words",
}


def dataset(response: Response) -> Any:
    """The response as an ``xarray.Dataset``."""
    import xarray

    per_node = ("fibre", "node")
    data: dict[str, Any] = {
        "spike_ms": (per_node, response.spike_ms),
        "peak_mV": (per_node, response.peak_mV),
        "status": (("fibre",), response.status),
        "status_text": (("fibre",), np.array(response.status_text, dtype=object)),
    }
    coordinates: dict[str, Any] = {
        "fibre": np.arange(len(response.status)),
        "node": np.arange(response.spike_ms.shape[1]),
    }
    if response.v_mV is not None:
        data["v_mV"] = (("fibre", "time_ms", "kept_node"), response.v_mV)
        coordinates["kept_node"] = list(response.kept_nodes)
    if response.recorded_uV is not None:
        data["recorded_uV"] = (("fibre", "time_ms", "electrode"), response.recorded_uV)
        coordinates["electrode"] = np.arange(response.recorded_uV.shape[2])
    if response.v_mV is not None or response.recorded_uV is not None:
        coordinates["time_ms"] = response.time_ms
    if response.position_mm is not None:
        coordinates["position_mm"] = (per_node, response.position_mm)
    found = xarray.Dataset(data, coordinates, {"dt_ms": response.dt_ms})
    if response.stats is not None:
        found.attrs["solver"] = response.stats.solver
    for name, text in LONG_NAMES.items():
        if name in found.variables:
            found[name].attrs["long_name"] = text
            if name in UNITS:
                found[name].attrs["units"] = UNITS[name]
    return found


def dataframe(response: Response) -> Any:
    """One row per fibre and node, as a ``pandas.DataFrame``."""
    import pandas

    count, nodes = response.spike_ms.shape
    columns: dict[str, Any] = {
        "fibre": np.repeat(np.arange(count), nodes),
        "node": np.tile(np.arange(nodes), count),
    }
    for name in ("position_mm", "spike_ms", "peak_mV"):
        values = getattr(response, name)
        if values is not None:
            columns[name] = values.ravel()
    columns["status"] = np.repeat(np.array(response.status_text, dtype=object), nodes)
    return pandas.DataFrame(columns)


def plot(response: Response, ax: Any, show: str, fibre: int) -> Any:
    """Draw a response; see ``Response.plot``."""
    holds = {
        "potential": response.v_mV is not None,
        "recording": response.recorded_uV is not None,
        "spikes": True,
    }
    if show == "auto":
        show = next(name for name, there in holds.items() if there)
    if not holds.get(show, False):
        allowed = ", ".join(name for name, there in holds.items() if there)
        raise TinelError(f"nothing to show as {show!r} (allowed: {allowed})")
    if not 0 <= fibre < len(response.status):
        raise TinelError(f"fibre is {fibre} (allowed: 0 to {len(response.status) - 1})")
    if ax is None:
        import matplotlib.pyplot as plt

        ax = plt.figure(layout="constrained").add_subplot()
    if show == "spikes":
        _spikes(response, ax)
    else:
        series = response.v_mV if show == "potential" else response.recorded_uV
        assert series is not None
        names = (
            [f"node {k}" for k in response.kept_nodes]
            if show == "potential"
            else [f"electrode {k}" for k in range(series.shape[2])]
        )
        for k, name in enumerate(names):
            ax.plot(response.time_ms, series[fibre, :, k], label=name)
        ax.set_xlabel("time (ms)")
        ax.set_ylabel("membrane potential (mV)" if show == "potential" else "potential (uV)")
        if 1 < len(names) <= 12:
            ax.legend()
    return ax


def _spikes(response: Response, ax: Any) -> None:
    nodes = np.arange(response.spike_ms.shape[1])
    for k, spikes in enumerate(response.spike_ms[:50]):  # more lines than that say no more
        along = nodes if response.position_mm is None else response.position_mm[k]
        ax.plot(along, spikes, ".-", label=f"fibre {k}: {response.status_text[k]}")
        silent = np.isnan(spikes) & np.isfinite(along)
        ax.plot(along[silent], np.zeros(silent.sum()), "x", color="grey")
    ax.set_xlabel("node" if response.position_mm is None else "position along the fibre (mm)")
    ax.set_ylabel("time of the first spike (ms); x: none")
    if len(response.spike_ms) <= 6:
        ax.legend(fontsize="small")
