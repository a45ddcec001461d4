"""The waveforms of a study, drawn without anything that names the day."""

from __future__ import annotations

from zlib import crc32

import numpy as np
from markupsafe import Markup

from tinel.exam.needle.record import Recording, SAMPLING_Hz
from tinel.exam.response import Floats, Response
from tinel.quiz.study import BlindStudy
from tinel.report.drawing import Axes, draw
from tinel.report.palette import INK, PAPER, SOFT

WIDTH, ROW = 360.0, 74.0
ASKED, OTHER = "#d55e00", "#5b6770"
_SHOWN_s = {"rest": (1.0, 2.0), "slight": (1.0, 1.5), "full": (1.0, 1.5)}
_PAPER = {"facecolor": PAPER, "edgecolor": "none", "pad": 1.0}  # a dense trace lies behind
_SCALE_uV = {"rest": 500.0, "slight": 1000.0, "full": 2000.0}


def conduction_svg(study: BlindStudy, name: str) -> Markup:
    """Both sides of a conduction study, one row per site, with the noise of a recording."""
    response = study.visit.examination.responses[name]
    other = study.other_side.examination.responses[name]
    both = ((other, OTHER, (3.0, 1.6)), (response, ASKED, None))
    noisy = [_noisy(study, name, one, k) for k, (one, _, _) in enumerate(both)]
    step = 1.3 * max(float(np.abs(each).max()) for each in noisy)
    until = _end(other)

    def plot(axes: Axes) -> None:
        for row, site in enumerate(response.study.sites):
            base = -row * step
            for (one, colour, dashes), wave in zip(both, noisy, strict=True):
                shown = one.time_ms <= until
                (line,) = axes.plot(
                    one.time_ms[shown], base + wave[row][shown], color=colour, lw=1.2
                )
                if dashes:
                    line.set_dashes(dashes)
            axes.text(until, base + 0.12 * step, site.name, ha="right", va="bottom", color=INK)
        _bar(axes, 0.995 * until, step, "µV" if response.unit == "uV" else response.unit)
        axes.set_xlim(0, until)
        axes.set_ylim(-(len(response.study.sites) - 0.2) * step, 0.95 * step)
        _plain(axes, "ms after the stimulus")

    height = 40.0 + ROW * len(response.study.sites)
    return draw(WIDTH, height, plot, f"Responses of {name}, both sides", margins=(8, 8, 36, 4))


def needle_svg(recording: Recording, width: float = WIDTH) -> Markup:
    """A stretch of a needle recording: 1 s at rest, 0.5 s in effort, from 1 s on."""
    first, last = _SHOWN_s[recording.effort]
    scale = _SCALE_uV[recording.effort]
    here = slice(round(first * SAMPLING_Hz), round(last * SAMPLING_Hz), 2)
    time = 1000 * (recording.time_s[here] - first)
    signal = np.clip(recording.signal_uV[here], -scale, scale)

    def plot(axes: Axes) -> None:
        axes.plot(time, signal, color=INK, lw=0.8)
        axes.set_xlim(0, float(time[-1]))
        axes.set_ylim(-1.1 * scale, 1.1 * scale)
        _bar(axes, 0.995 * float(time[-1]), 1.3 * scale, "µV")
        _plain(axes, "ms")

    alt = f"Needle in {recording.muscle}, {recording.effort}"
    return draw(width, 130.0, plot, alt, margins=(8, 8, 36, 4))


def _noisy(study: BlindStudy, name: str, response: Response, side: int) -> Floats:
    """The first twin's waveforms ``(n_site, n_time)``; noise reaches the floor below which a
    response is absent at as many standard deviations as a limit has."""
    p = study.visit.limb.parameters
    key = "sensory.floor_uV" if response.unit == "uV" else "muscle.floor_mV"
    size = p.scalar(f"laboratory.{key}") / p.scalar("laboratory.limit.sd")
    rng = np.random.default_rng([study.drawn.seed, crc32(f"quiz.{name}".encode()), side])
    wave: Floats = response.waveform[:, 0]
    return wave + size * rng.standard_normal(wave.shape)


def _end(healthy: Response) -> float:
    """Until when the healthy side shows anything, and a third more for slow responses, in ms."""
    size = np.abs(healthy.waveform[:, 0]).max(axis=0)
    seen = np.flatnonzero(size > 0.03 * max(float(size.max()), 1e-9))
    last = float(healthy.time_ms[seen[-1]]) if seen.size else float(healthy.time_ms[-1])
    return min(last * 4 / 3, float(healthy.time_ms[-1]))


def _bar(axes: Axes, x: float, step: float, unit: str) -> None:
    length = _round(0.4 * step)
    axes.plot([x, x], [0.4 * step, 0.4 * step + length], color=PAPER, lw=6)
    axes.plot([x, x], [0.4 * step, 0.4 * step + length], color=INK, lw=2)
    told = f"{length:g} {unit}"
    axes.text(0.985 * x, 0.4 * step + length / 2, told, ha="right", va="center", bbox=_PAPER)


def _plain(axes: Axes, label: str) -> None:
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.grid(False)
    axes.set_xlabel(label, color=SOFT)


def _round(value: float) -> float:
    power = 10.0 ** np.floor(np.log10(value))
    return float(max(m for m in (1, 2, 5) if m * power <= value) * power)
