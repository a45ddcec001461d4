"""Diffusion pictures: weighted signals in many directions, a tensor fitted to each pixel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tinel.errors import TinelError
from tinel.evidence import Parameters
from tinel.imaging.mri import field, record
from tinel.imaging.mri.person import AVERAGE, Person
from tinel.imaging.mri.protocol import Protocol
from tinel.imaging.mri.signal import spin_echo
from tinel.imaging.mri.tensors import tensors
from tinel.imaging.mri.tissue import protons
from tinel.imaging.mri.weighted import check, slices, width_mm
from tinel.imaging.picture import Picture
from tinel.imaging.plane import Grid, Plane

Floats = NDArray[np.float64]

# Workstations leave out what is hardly brighter than noise.
EMPTY_sd = 3.0


@dataclass(frozen=True)
class DiffusionSlice:
    """What a workstation shows of one slice.

    Args:
        fa: fractional anisotropy, 0 to 1.
        adc: mean diffusivity in µm²/ms, which is 10⁻³ mm²/s.
        direction: main direction of diffusion per pixel, unit vectors (down, across, through the
            plane), ``(n_row, n_column, 3)``.
        plain: the picture without diffusion weighting.
        position_mm: along the nerve.
    """

    fa: Picture
    adc: Picture
    direction: NDArray[np.float32]
    plain: Picture
    position_mm: float


def diffusion_protocol(parameters: Parameters, field_T: float = 3.0) -> Protocol:
    """Echo-planar, fat-saturated, TR/TE 10123/40 ms.

    Example:
        >>> diffusion_protocol(Parameters.of_evidence()).echo_ms
        40.0
    """

    def number(which: str) -> float:
        return parameters.scalar(f"mri.dti.{which}")

    return Protocol(
        name="diffusion",
        field_T=field_T,
        repetition_ms=number("repetition_ms"),
        echo_ms=number("echo_ms"),
        inversion_ms=None,
        fat_saturated=True,
        pixel_mm=number("pixel_mm"),
        slice_mm=number("slice_mm"),
    )


def directions(n: int) -> Floats:
    """Directions that spread evenly over half a sphere, ``(n, 3)``.

    Raises:
        TinelError: fewer than 6, which no tensor can be fitted to.

    Example:
        >>> directions(20).shape
        (20, 3)
    """
    if n < 6:
        raise TinelError(f"{n} directions are too few (allowed: 6 or more)", "directions")
    height = (np.arange(n) + 0.5) / n
    turn = np.arange(n) * np.pi * (3 - np.sqrt(5))
    out = np.sqrt(1 - height**2)
    return np.stack([out * np.cos(turn), out * np.sin(turn), height], axis=1)


def diffusion(
    planes: Sequence[Plane],
    rng: np.random.Generator,
    parameters: Parameters,
    protocol: Protocol | None = None,
    person: Person = AVERAGE,
) -> tuple[DiffusionSlice, ...]:
    """FA, ADC and main direction of diffusion, one slice at each plane.

    Arguments and errors as for ``weighted.t2_weighted``.

    Raises:
        TinelError: dipy is not installed.

    Example:
        >>> from tinel.imaging.mri.phantom import nerve_phantom
        >>> rng = np.random.default_rng(1)
        >>> [found] = diffusion([nerve_phantom()], rng, Parameters.of_evidence())
        >>> found.fa.pixels.shape, found.adc.shows
        ((16, 16), 'ADC (µm²/ms)')
    """
    check(planes)
    used = protocol or diffusion_protocol(parameters)
    uneven = field.draw(rng, width_mm(planes[0]), parameters)
    b = parameters.scalar("mri.dti.b")
    along = directions(round(parameters.scalar("mri.dti.directions")))
    grids = [_weighted(plane, parameters, used, person, uneven, along, b) for plane in planes]
    sd = noise_sd(parameters, used)
    weighted: list[list[Grid]] = [[] for _ in planes]
    for v in range(len(along) + 1):
        volume = [replace_tissue(plane, each) for plane, each in zip(planes, grids, strict=True)]
        made = slices(volume, partial(_volume, grids, v), used, parameters)
        for k, one in enumerate(made):
            weighted[k].append(record.noisy(one.image, sd, rng))
    found = []
    for plane, each in zip(planes, weighted, strict=True):
        signal = np.stack(each, axis=-1)
        fa, adc, main = fit(signal, along, b, EMPTY_sd * sd)
        view = plane.view

        def picture(values: Any, shows: str, view: Any = view) -> Picture:
            pixels = np.asarray(values, np.float32)
            return Picture(pixels, made[0].row_mm, made[0].column_mm, "mri", view, shows)

        found.append(
            DiffusionSlice(
                fa=picture(fa, "FA"),
                adc=picture(adc, "ADC (µm²/ms)"),
                direction=np.asarray(main, np.float32),
                plain=picture(signal[..., 0], "diffusion, b = 0"),
                position_mm=plane.position_mm,
            )
        )
    return tuple(found)


def _volume(grids: Sequence[Sequence[Grid]], v: int, k: int) -> Grid:
    return grids[k][v]


def replace_tissue(plane: Plane, grids: Sequence[Grid]) -> Plane:
    """The plane with the spacing of grids that are coarser than it."""
    factor = plane.tissue.shape[0] / grids[0].shape[0]
    return replace(plane, spacing_mm=plane.spacing_mm * factor)


def _weighted(
    plane: Plane,
    parameters: Parameters,
    protocol: Protocol,
    person: Person,
    uneven: field.Unevenness,
    along: Floats,
    b: float,
) -> list[Grid]:
    """Signal without and with weighting in each direction, on squares well below a pixel."""
    here = protons(plane, parameters, protocol.field_T, person)
    bright = field.brightness(uneven, plane.tissue.shape)
    water = here.water * spin_echo(here.t1_ms, here.t2_ms, protocol) * bright
    fat = here.fat * spin_echo(here.fat_t1_ms, here.fat_t2_ms, protocol) * bright
    fat = fat * field.fat_kept(uneven, fat.shape, protocol.field_T, parameters)
    diffuses = tensors(plane, parameters, person)
    factor = 1
    while factor < int(protocol.pixel_mm / 2.4 / plane.spacing_mm) and all(
        n % (factor + 1) == 0 for n in plane.tissue.shape
    ):
        factor += 1
    # fat hardly diffuses, so that what is left of it is the same in every direction
    return [record.coarse(np.asarray(water + fat, np.float32), factor)] + [
        record.coarse(np.asarray(water * diffuses.attenuation(g, b) + fat, np.float32), factor)
        for g in along
    ]


def fit(
    signal: NDArray[Any], along: Floats, b: float, least: float = 0.0
) -> tuple[Floats, Floats, Floats]:
    """FA, mean diffusivity in µm²/ms and main direction, by DIPY's weighted least squares.

    Args:
        signal: ``(..., 1 + n_direction)``, the first without weighting.
        along: ``(n_direction, 3)``.
        b: s/mm².
        least: signal without weighting below which a pixel is called empty: all of it is 0.

    Raises:
        TinelError: dipy is not installed.
    """
    try:
        from dipy.core.gradients import gradient_table
        from dipy.reconst.dti import TensorModel
    except ImportError:
        advice = "pip install 'tinel[imaging]'"
        raise TinelError("dipy is not installed; diffusion needs it", "mri", advice) from None
    table = gradient_table(
        np.r_[0.0, np.full(len(along), b)], bvecs=np.vstack([np.zeros((1, 3)), along])
    )
    model: Any = TensorModel
    full = signal[..., 0] > least
    fa, adc = np.zeros(full.shape), np.zeros(full.shape)
    main = np.zeros((*full.shape, 3))
    if full.any():
        fitted = model(table, fit_method="WLS", min_signal=1e-6).fit(signal[full])
        fa[full], adc[full] = np.nan_to_num(fitted.fa), np.nan_to_num(fitted.md) * 1000.0
        main[full] = fitted.evecs[..., 0]
    return fa, adc, main


def noise_sd(parameters: Parameters, protocol: Protocol) -> float:
    """Standard deviation of the noise, stated against muscle without weighting at 3 T."""
    usual = diffusion_protocol(parameters)
    muscle = spin_echo(
        parameters.scalar("mri.muscle.t1_ms"), parameters.scalar("mri.muscle.t2_ms"), usual
    )
    density = parameters.scalar("mri.muscle.proton_density")
    at_usual = float(muscle) * density / parameters.scalar("mri.dti.signal_to_noise")
    volume = protocol.pixel_mm**2 * protocol.slice_mm
    return at_usual * usual.pixel_mm**2 * usual.slice_mm / volume * 3.0 / protocol.field_T
