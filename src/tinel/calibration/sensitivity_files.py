"""The table and the picture of a case's sensitivity."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Sequence
from pathlib import Path

from tinel.calibration.sensitivity import Forecast, Mover, strongest
from tinel.report.drawing import Axes, draw, style
from tinel.writing import MANIFEST

HEAD = (
    "arm", "target", "quantity", "day", "rank", "assumption", "points", "sd", "low", "high",
    "unit", "evidence grade",
)  # fmt: skip
BAR, ROW_px, WIDTH_px = "#3b6ea5", 17.0, 720.0


def write_sensitivity(movers: Sequence[Mover], folder: Path) -> None:
    """Write ``sensitivity.csv`` (all assumptions) and ``sensitivity.svg`` (the strongest five).

    The manifest of a result names both with their hashes, as it does the other files.

    Args:
        movers: from ``sensitivity``.
        folder: holds a result.
    """
    files = {"sensitivity.csv": as_table(movers), "sensitivity.svg": picture(movers)}
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    hashes = {name: hashlib.sha256(text.encode()).hexdigest() for name, text in files.items()}
    manifest["files"] = dict(sorted({**manifest["files"], **hashes}.items()))
    files[MANIFEST] = json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"
    for name, text in files.items():
        (folder / name).write_bytes(text.encode())


def as_table(movers: Sequence[Mover]) -> str:
    """The table as text, one row for each forecast and assumption."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEAD)
    for forecast, own in strongest(movers, len(movers)).items():
        where = (forecast.arm, forecast.target, forecast.quantity, f"{forecast.day:g}")
        for rank, m in enumerate(own, 1):
            size = (f"{m.points:.2f}", f"{m.sd:.2f}", f"{m.low:g}", f"{m.high:g}")
            writer.writerow((*where, rank, m.key, *size, m.unit, m.evidence_grade))
    return text.getvalue()


def picture(movers: Sequence[Mover]) -> str:
    """Bars for the strongest assumptions of each forecast, as SVG."""
    chosen = strongest(movers)
    rows: list[tuple[str, float, float]] = []
    for forecast, own in chosen.items():
        rows.append((_title(forecast), -1.0, 0.0))
        rows += [(m.key, m.points, m.sd) for m in own]

    def plot(axes: Axes) -> None:
        for y, (name, points, sd) in enumerate(rows):
            if points < 0:
                axes.text(0.0, y, name, va="center", ha="left", fontweight="bold")
            else:
                axes.barh(y, points, height=0.7, color=BAR, xerr=sd, ecolor="#888888")
        axes.set_ylim(len(rows) - 0.5, -0.5)
        axes.set_xlim(left=0.0)
        axes.set_yticks(range(len(rows)), [n if p >= 0 else "" for n, p, _ in rows])
        axes.grid(axis="y", visible=False)
        axes.set_xlabel("change of the forecast over half of the range, percentage points")

    with style():
        height = ROW_px * len(rows) + 50.0
        svg = draw(WIDTH_px, height, plot, _alt(chosen), margins=(290.0, 16.0, 40.0, 6.0))
    return str(svg).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)


def as_text(movers: Sequence[Mover]) -> str:
    """The five strongest of each forecast, for the terminal."""
    lines: list[str] = []
    for forecast, own in strongest(movers).items():
        lines.append(f"{_title(forecast)}: what moves it most, in points")
        lines += [f"  {m.points:5.1f}  {m.key} ({m.low:g} to {m.high:g} {m.unit})" for m in own]
    return "\n".join(lines)


def _title(forecast: Forecast) -> str:
    return f"{forecast.arm}: {forecast.target}, {forecast.quantity}, day {forecast.day:g}"


def _alt(chosen: dict[Forecast, list[Mover]]) -> str:
    return "; ".join(f"{_title(f)}: {', '.join(m.key for m in own)}" for f, own in chosen.items())
