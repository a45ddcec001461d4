"""What a probe makes of one point, at four depths: computed by PyMUST once, and kept on disk."""

from __future__ import annotations

import hashlib
from dataclasses import astuple, dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from tinel.cable.solvers.compile_cache import cache_folder
from tinel.cable.solvers.kept_files import arrays_kept, keep_arrays
from tinel.imaging.extra import need
from tinel.imaging.ultrasound.probe import Probe

Complex = NDArray[np.complex64]
Floats = NDArray[np.float64]

DEPTHS_mm = (4.0, 9.0, 17.0, 30.0)
# A window that holds all that is within 40 dB of the peak, in wavelengths to each side.
AXIAL_WAVELENGTHS, LATERAL_WAVELENGTHS = 6.0, 16.0
AXIAL_STEP, LATERAL_STEP = 0.25, 0.4
VERSION = "2"  # of the formulas below; a kept bank of another one is not read


@dataclass(frozen=True)
class Bank:
    """Answers to a point at several depths, without their carrier.

    Args:
        depths_mm: ``(n_depth,)``.
        axial_mm, lateral_mm: of the samples, from the point.
        answers: ``(n_depth, n_axial, n_lateral)``, with ``exp(i k axial)`` taken off, where k is
            ``4 pi`` over the wavelength; the integral of the squared magnitude over the area is 1.
    """

    depths_mm: Floats
    axial_mm: Floats
    lateral_mm: Floats
    answers: Complex

    @property
    def mirror(self) -> Floats:
        """Magnitude that a flat interface across the beam gives at each depth, ``(n_depth,)``."""
        step = self.lateral_mm[1] - self.lateral_mm[0]
        return np.asarray(np.abs(self.answers.sum(axis=2) * step).max(axis=1), np.float64)

    def frequency_MHz(self, probe: Probe) -> Floats:
        """Mean frequency of what comes back from each depth, ``(n_depth,)``."""
        size = 16 * self.axial_mm.size
        power = (np.abs(np.fft.fft(self.answers, size, axis=1)) ** 2).sum(axis=2)
        offset = np.fft.fftfreq(size, self.axial_mm[1] - self.axial_mm[0]) * probe.sound_mm_us / 2
        return np.asarray(probe.frequency_MHz + power @ offset / power.sum(axis=1), np.float64)


@lru_cache(maxsize=8)
def bank_of(probe: Probe) -> Bank:
    """The answers of a probe, from the cache folder or computed and kept there.

    Raises:
        TinelError: they are not kept, and PyMUST is not installed.
    """
    said = repr((VERSION, DEPTHS_mm, AXIAL_WAVELENGTHS, LATERAL_WAVELENGTHS, astuple(probe)))
    name = f"probe-{hashlib.sha256(said.encode()).hexdigest()[:24]}.npz"
    file = cache_folder() / "tables" / name
    kept = arrays_kept(file)
    if kept is None or "answers" not in kept:
        kept = {"answers": computed(probe)}
        keep_arrays(file, kept)
    axial, lateral = _window(probe)
    return Bank(np.array(DEPTHS_mm), axial, lateral, kept["answers"])


def _window(probe: Probe) -> tuple[Floats, Floats]:
    n_axial = round(AXIAL_WAVELENGTHS / AXIAL_STEP)
    n_lateral = round(LATERAL_WAVELENGTHS / LATERAL_STEP)
    axial = np.arange(-n_axial, n_axial + 1) * AXIAL_STEP * probe.wavelength_mm
    lateral = np.arange(-n_lateral, n_lateral + 1) * LATERAL_STEP * probe.wavelength_mm
    return np.asarray(axial, np.float64), np.asarray(lateral, np.float64)


def computed(probe: Probe) -> Complex:
    """The answers to points at ``DEPTHS_mm``, by PyMUST; seconds."""
    axial, lateral = _window(probe)
    carrier = np.exp(-4j * np.pi / probe.wavelength_mm * axial)[:, None]
    fade = _fade(axial.size)[:, None] * _fade(lateral.size)
    level = tuple(angle for angle in probe.angles_deg if angle == 0.0)
    right = tuple(angle for angle in probe.angles_deg if angle > 0.0)
    answers = []
    for depth in DEPTHS_mm:
        across, down = np.meshgrid(lateral, depth + axial)
        point = np.array([[0.0]]), np.array([[depth]]), np.array([[1.0]])
        straight = beamformed(replace(probe, angles_deg=level), *point, across, down)
        steered = beamformed(replace(probe, angles_deg=right), *point, across, down)
        # to the left a point below the middle looks as to the right, in a mirror
        answer = (straight + steered + steered[:, ::-1]) * carrier * fade
        cell = (axial[1] - axial[0]) * (lateral[1] - lateral[0])
        answers.append(answer / np.sqrt((np.abs(answer) ** 2).sum() * cell))
    return np.asarray(answers, np.complex64)


def _fade(n: int) -> Floats:
    """1, with a smooth fall to 0 at both ends, so that a cut-off window makes no edge."""
    from scipy.signal.windows import tukey

    return np.asarray(tukey(n, 0.25), np.float64)


def beamformed(
    probe: Probe, x_mm: Floats, z_mm: Floats, strength: Floats, across: Floats, down: Floats
) -> NDArray[np.complex128]:
    """Echoes of points, delayed and added up by PyMUST, with their carrier.

    Args:
        x_mm, z_mm, strength: of the points, ``(1, n)``.
        across, down: of the pixels, mm, ``(n_row, n_column)``.

    Raises:
        TinelError: PyMUST is not installed.
    """
    pymust = need("pymust")
    lowest = float(down.max())
    reach = lowest / probe.f_number / 2 + lowest * np.tan(
        np.deg2rad(max(probe.angles_deg, default=0.0))
    )
    edge = max(float(np.abs(x_mm).max()), float(np.abs(across).max()))
    total = np.zeros(down.size, np.complex128)
    for angle in probe.angles_deg:
        given = pymust.utils.Param()
        given.fc, given.bandwidth = probe.frequency_MHz * 1e6, probe.bandwidth_percent
        given.pitch = probe.pitch_mm * 1e-3
        given.kerf, given.width = 0.1 * given.pitch, 0.9 * given.pitch
        given.Nelements = 2 * int(np.ceil((reach + edge) / probe.pitch_mm))
        given.radius, given.c, given.fs = np.inf, probe.sound_mm_us * 1e3, 4 * given.fc
        given.fnumber, given.attenuation = probe.f_number, probe.attenuation
        delays = pymust.txdelay(given, np.deg2rad(angle))
        signal, _ = pymust.simus(x_mm * 1e-3, z_mm * 1e-3, strength, delays, given)
        signal = pymust.rf2iq(signal, given.fs, given.fc)
        # a complex signal says that there is a carrier to be put back
        size = 1j * np.asarray(signal.shape)
        pixels = across.reshape(-1, 1) * 1e-3, down.reshape(-1, 1) * 1e-3
        matrix = pymust.dasmtx(size, *pixels, delays, given)
        total += matrix @ signal.flatten(order="F")
    return total.reshape(down.shape)
