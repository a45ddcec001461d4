"""Maps of T2: pictures at several echo times, and a decay fitted to every pixel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from tinel.evidence import Parameters
from tinel.imaging.mri import field, record
from tinel.imaging.mri.person import AVERAGE, Person
from tinel.imaging.mri.protocol import Protocol, t2_weighted_protocol
from tinel.imaging.mri.tissue import protons
from tinel.imaging.mri.weighted import (
    check,
    noise_sd,
    of_protons,
    slices,
    texture,
    width_mm,
)
from tinel.imaging.picture import Picture, Pixels
from tinel.imaging.plane import Grid, Plane

SHOWS = "T2 (ms)"
LONGEST_ms = 1000.0
FLOOR_sd = 2.0


def t2_map_protocol(parameters: Parameters, field_T: float = 3.0) -> Protocol:
    """The fat-saturated protocol with the pixel of the map; its echo time is the first echo.

    Example:
        >>> t2_map_protocol(Parameters.of_evidence()).pixel_mm
        0.5
    """
    return replace(
        t2_weighted_protocol(parameters, field_T),
        name=SHOWS,
        echo_ms=parameters.scalar("mri.t2_map.first_echo_ms"),
        pixel_mm=parameters.scalar("mri.t2_map.pixel_mm"),
    )


def t2_map(
    planes: Sequence[Plane],
    rng: np.random.Generator,
    parameters: Parameters,
    protocol: Protocol | None = None,
    person: Person = AVERAGE,
) -> tuple[Picture, ...]:
    """T2 of every pixel in ms, one picture at each plane; nan where nothing stands out of noise.

    Arguments and errors as for ``weighted.t2_weighted``.

    Example:
        >>> from tinel.imaging.mri.phantom import nerve_phantom
        >>> rng = np.random.default_rng(1)
        >>> [found] = t2_map([nerve_phantom()], rng, Parameters.of_evidence())
        >>> 30 < float(np.nanmedian(found.pixels[:8])) < 40  # muscle
        True
    """
    check(planes)
    used = protocol or t2_map_protocol(parameters)
    uneven = field.draw(rng, width_mm(planes[0]), parameters)
    seed = int(rng.integers(2**31))
    echoes_ms = used.echo_ms * np.arange(1, round(parameters.scalar("mri.t2_map.echoes")) + 1)
    here = [protons(plane, parameters, used.field_T, person) for plane in planes]
    bundles = [texture(plane, parameters, seed) for plane in planes]
    sd = noise_sd(parameters, used)
    measured: list[list[Grid]] = [[] for _ in planes]
    for echo_ms in echoes_ms:

        def signal(k: int, echo_ms: float = float(echo_ms)) -> Grid:
            return of_protons(
                here[k], planes[k], parameters, used, uneven, seed, echo_ms, bundles[k]
            )

        made = slices(planes, signal, used, parameters)
        for k, one in enumerate(made):
            measured[k].append(record.noisy(one.image, sd, rng))
    row_mm, column_mm = made[0].row_mm, made[0].column_mm
    return tuple(
        Picture(fitted(np.stack(each), echoes_ms, sd), row_mm, column_mm, "mri", plane.view, SHOWS)
        for plane, each in zip(planes, measured, strict=True)
    )


def fitted(signal: Pixels, echoes_ms: np.ndarray, noise_sd: float) -> Pixels:
    """T2 of a single exponential, by least squares on the logarithm, weighted by the signal.

    Args:
        signal: ``(n_echo, n_row, n_column)``.
        echoes_ms: ``(n_echo,)``.
        noise_sd: of each channel; what it adds to the square of a magnitude is taken off, and
            echoes below twice of it are left out.

    Returns:
        T2 in ms, nan where fewer than two echoes are left or nothing decays.

    Example:
        >>> echoes = np.array([10.0, 20.0, 40.0])
        >>> decay = np.exp(-echoes / 50.0)[:, None, None].astype(np.float32)
        >>> round(float(fitted(decay, echoes, 0.0)[0, 0]), 1)
        50.0
    """
    true_square = np.maximum(signal.astype(np.float64) ** 2 - 2 * noise_sd**2, 0.0)
    used = true_square > (FLOOR_sd * noise_sd) ** 2
    weight = np.where(used, true_square, 0.0)
    log = 0.5 * np.log(np.where(used, true_square, 1.0))
    time = np.asarray(echoes_ms, np.float64)[:, None, None]
    total = np.maximum(weight.sum(0), 1e-30)
    mean_time, mean_log = (weight * time).sum(0) / total, (weight * log).sum(0) / total
    spread = (weight * (time - mean_time) ** 2).sum(0)
    slope = (weight * (time - mean_time) * (log - mean_log)).sum(0) / np.maximum(spread, 1e-30)
    fine = (used.sum(0) >= 2) & (slope < -1.0 / LONGEST_ms)
    t2 = np.where(fine, -1.0 / np.where(fine, slope, -1.0), np.nan)
    return np.asarray(t2, np.float32)
