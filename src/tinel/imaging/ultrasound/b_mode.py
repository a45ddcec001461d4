"""B-mode pictures of a plane: scatterers and interfaces, waves, gain and grey."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from scipy.ndimage import gaussian_filter, map_coordinates

from tinel.errors import TinelError
from tinel.evidence import Parameters
from tinel.imaging.picture import Picture
from tinel.imaging.plane import Plane
from tinel.imaging.ultrasound.echo import echo_dB
from tinel.imaging.ultrasound.handling import Handling
from tinel.imaging.ultrasound.held import as_held
from tinel.imaging.ultrasound.interface import mirrors
from tinel.imaging.ultrasound.loss import gain_dB, lost_dB
from tinel.imaging.ultrasound.needle import needle_envelope
from tinel.imaging.ultrasound.pattern import Grid, Pattern, drawn
from tinel.imaging.ultrasound.probe import Probe
from tinel.imaging.ultrasound.psf import Bank, bank_of
from tinel.imaging.ultrasound.waves import FineGrid, echoes, fine_grid, placed

HELD_STILL = Handling()


def b_mode(
    plane: Plane,
    probe: Probe,
    rng: np.random.Generator,
    parameters: Parameters,
    *,
    handling: Handling = HELD_STILL,
    pixel_mm: tuple[float, float] | None = None,
) -> Picture:
    """The picture of a plane that a linear probe on the skin above it makes.

    Scatterers answer alone (no refraction, no echoes of echoes); what lies out of the plane does
    not count. A needle and its copies are drawn in.

    Args:
        plane: what lies below the probe.
        probe: from ``linear_probe``.
        rng: the same one gives the same picture.
        parameters: with the numbers below ``ultrasound``.
        handling: tilt, oblique cut and pressure.
        pixel_mm: height and width of a pixel; those of the plane where None.

    Raises:
        TinelError: the waves of this probe are not kept and PyMUST is not installed; or a plane
            that is smaller than a wavelength.

    Example:
        >>> from tinel.imaging.ultrasound.phantom import phantom
        >>> from tinel.imaging.ultrasound.probe import linear_probe
        >>> numbers = Parameters.of_evidence()
        >>> probe, rng = linear_probe(12.0, numbers), np.random.default_rng(1)
        >>> picture = b_mode(phantom(width_mm=10, depth_mm=8), probe, rng, numbers)
        >>> picture.pixels.shape, picture.shows
        ((160, 200), 'B-mode')
    """
    grid = _grid(plane, probe, pixel_mm)
    pattern = drawn((grid.rows, grid.columns), plane.tissue.shape, rng)
    return _picture(plane, probe, pattern, parameters, handling, grid)


def clip(
    planes: Sequence[Plane],
    probe: Probe,
    rng: np.random.Generator,
    parameters: Parameters,
    *,
    handling: Handling = HELD_STILL,
    pixel_mm: tuple[float, float] | None = None,
) -> Iterator[Picture]:
    """Pictures of neighbouring planes as the probe slides; the nearer two are, the more alike is
    their speckle.

    Args:
        planes: in the order of the slide, all of one size.

    Raises:
        TinelError: as ``b_mode``; or planes of different sizes.
    """
    pattern: Pattern | None = None
    before: Plane | None = None
    for plane in planes:
        if before is None or pattern is None:
            grid = _grid(plane, probe, pixel_mm)
            pattern = drawn((grid.rows, grid.columns), plane.tissue.shape, rng)
        elif plane.tissue.shape != before.tissue.shape or plane.spacing_mm != before.spacing_mm:
            message = f"{plane.tissue.shape} and {before.tissue.shape} are sizes of planes"
            raise TinelError(f"{message} (allowed: one size in a clip)", "planes")
        else:
            pattern = pattern.moved(abs(plane.position_mm - before.position_mm), rng, parameters)
        before = plane
        yield _picture(plane, probe, pattern, parameters, handling, grid)


def envelope(
    plane: Plane,
    probe: Probe,
    pattern: Pattern,
    parameters: Parameters,
    grid: FineGrid,
    tilt_deg: float = 0.0,
) -> Grid:
    """Magnitude of what is received, after gain, against that of the epineurium's scatterers.

    Args:
        plane: as the probe sees it.
        pattern: from ``drawn``, for this grid and plane.
        grid: from ``fine_grid``.
        tilt_deg: of the probe.

    Returns:
        ``(n_row, n_column)`` of the picture.
    """
    bank = bank_of(probe)
    lost = lost_dB(plane, probe, bank, parameters)
    gain = gain_dB(plane, lost, parameters)
    received = gain - lost
    level_dB = echo_dB(plane, pattern, tilt_deg, parameters) + received
    tissue = _on_fine(np.power(np.float32(10), level_dB / np.float32(20)), plane, grid)
    noise_dB = parameters.scalar("ultrasound.gain.noise_dB") + gain[:, 0]
    row = _rows(plane, grid)
    noise = np.asarray(10 ** (np.interp(row, np.arange(gain.size), noise_dB) / 20), np.float32)
    scatterers = pattern.white["speckle"] * tissue
    scatterers += pattern.white["noise"] * noise[:, None]
    scatterers *= np.float32(np.sqrt(grid.row_mm * grid.column_mm))
    scatterers += _mirrored(plane, pattern, parameters, received, bank, grid)
    return np.asarray(np.abs(echoes(scatterers, grid, probe, bank)), np.float32)


def _picture(
    plane: Plane,
    probe: Probe,
    pattern: Pattern,
    parameters: Parameters,
    handling: Handling,
    grid: FineGrid,
) -> Picture:
    seen = as_held(plane, handling, parameters)
    magnitude = envelope(seen, probe, pattern, parameters, grid, handling.tilt_deg)
    needle = needle_envelope(seen, probe, parameters)
    if needle is not None:
        magnitude = np.hypot(magnitude, _on_picture(needle, seen, grid))
    white = parameters.scalar("ultrasound.display.white_dB")
    span = parameters.scalar("ultrasound.display.range_dB")
    grey = 1 + (20 * np.log10(np.maximum(magnitude, 1e-9)) - white) / span
    wide = parameters.scalar("ultrasound.display.smooth_wavelengths") * probe.wavelength_mm
    blur = gaussian_filter(np.maximum(grey, 0.0), [wide / size for size in grid.pixel_mm])
    pixels = np.asarray(np.clip(blur, 0.0, 1.0), np.float32)
    return Picture(pixels, *grid.pixel_mm, "ultrasound", plane.view, "B-mode")


def _grid(plane: Plane, probe: Probe, pixel_mm: tuple[float, float] | None) -> FineGrid:
    down, across = pixel_mm or (plane.spacing_mm, plane.spacing_mm)
    rows, columns = plane.tissue.shape
    size = round(rows * plane.spacing_mm / down), round(columns * plane.spacing_mm / across)
    if min(rows, columns) * plane.spacing_mm < probe.wavelength_mm or not min(size):
        message = f"the plane is {rows * plane.spacing_mm:g} by {columns * plane.spacing_mm:g} mm"
        raise TinelError(message, "plane", "take one of some millimetres")
    return fine_grid(size, (down, across), probe)


def _rows(plane: Plane, grid: FineGrid) -> Grid:
    """Row of the plane, with parts, at the middle of each row of the fine grid."""
    place = (np.arange(grid.rows) + 0.5) * grid.row_mm / plane.spacing_mm - 0.5
    # what is beyond the picture only keeps waves from wrapping round
    return np.asarray(np.clip(place, 0, plane.tissue.shape[0] - 1), np.float32)


def _columns(plane: Plane, grid: FineGrid) -> Grid:
    place = (np.arange(grid.columns) + 0.5) * grid.column_mm / plane.spacing_mm - 0.5
    return np.asarray(np.clip(place, 0, plane.tissue.shape[1] - 1), np.float32)


def _on_fine(values: Grid, plane: Plane, grid: FineGrid) -> Grid:
    row = np.rint(_rows(plane, grid)).astype(np.intp)
    column = np.rint(_columns(plane, grid)).astype(np.intp)
    return np.asarray(values[row[:, None], column[None]], np.float32)


def _on_picture(values: Grid, plane: Plane, grid: FineGrid) -> Grid:
    (rows, columns), (down, across) = grid.picture, grid.pixel_mm
    place = np.meshgrid(
        (np.arange(rows) + 0.5) * down / plane.spacing_mm - 0.5,
        (np.arange(columns) + 0.5) * across / plane.spacing_mm - 0.5,
        indexing="ij",
    )
    return np.asarray(map_coordinates(values, place, order=1, mode="nearest"), np.float32)


def _mirrored(
    plane: Plane,
    pattern: Pattern,
    parameters: Parameters,
    received: Grid,
    bank: Bank,
    grid: FineGrid,
) -> Grid:
    """Interfaces as strengths per cell of the fine grid."""
    found = mirrors(plane, pattern, parameters)
    near = np.clip(np.rint(found.row), 0, plane.tissue.shape[0] - 1).astype(np.intp)
    # what lies in front of a border decides what reaches it
    front = np.maximum(near - 1, 0)
    dB = parameters.scalar("ultrasound.mirror.level_dB") + received[front, found.column]
    depth_mm = (found.row + 0.5) * plane.spacing_mm
    flat = np.interp(depth_mm, bank.depths_mm, bank.mirror)
    strength = found.reflects * 10 ** (dB / 20) * plane.spacing_mm / flat
    column = ((found.column + 0.5) * plane.spacing_mm / grid.column_mm).astype(np.intp)
    return placed(depth_mm, column, strength, grid)
