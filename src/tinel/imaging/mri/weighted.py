"""T2-weighted and STIR pictures of planes across or along a nerve."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from scipy import ndimage

from tinel.errors import TinelError
from tinel.evidence import Parameters
from tinel.imaging.mri import field, record
from tinel.imaging.mri.person import AVERAGE, Person
from tinel.imaging.mri.protocol import Protocol, stir_protocol, t2_weighted_protocol
from tinel.imaging.mri.signal import spin_echo
from tinel.imaging.mri.tissue import Protons, protons
from tinel.imaging.picture import Picture
from tinel.imaging.plane import Grid, Plane, Tissue


def t2_weighted(
    planes: Sequence[Plane],
    rng: np.random.Generator,
    parameters: Parameters,
    protocol: Protocol | None = None,
    person: Person = AVERAGE,
) -> tuple[Picture, ...]:
    """Fat-suppressed T2-weighted pictures, one at each plane.

    Planes that lie in the same slice are averaged: give them closer than the slice is thick for
    partial volume along the nerve.

    Args:
        planes: one or more of the same shape, in order along the nerve.
        rng: noise and unevenness of the scan.
        parameters: relaxation times and scanner.
        protocol: None for ``t2_weighted_protocol``.
        person: whose nerve it is.

    Raises:
        TinelError: no planes, or planes of different shapes.

    Example:
        >>> from tinel.imaging.mri.phantom import nerve_phantom
        >>> rng = np.random.default_rng(1)
        >>> [picture] = t2_weighted([nerve_phantom()], rng, Parameters.of_evidence())
        >>> picture.shows, picture.pixels.shape
        ('T2-weighted', (59, 59))
    """
    return pictures(planes, rng, parameters, protocol or t2_weighted_protocol(parameters), person)


def stir(
    planes: Sequence[Plane],
    rng: np.random.Generator,
    parameters: Parameters,
    protocol: Protocol | None = None,
    person: Person = AVERAGE,
) -> tuple[Picture, ...]:
    """STIR pictures, one at each plane; arguments and errors as for ``t2_weighted``.

    Example:
        >>> from tinel.imaging.mri.phantom import nerve_phantom
        >>> rng = np.random.default_rng(1)
        >>> [picture] = stir([nerve_phantom()], rng, Parameters.of_evidence())
        >>> picture.shows, picture.row_mm
        ('STIR', 0.4)
    """
    return pictures(planes, rng, parameters, protocol or stir_protocol(parameters), person)


def pictures(
    planes: Sequence[Plane],
    rng: np.random.Generator,
    parameters: Parameters,
    protocol: Protocol,
    person: Person = AVERAGE,
) -> tuple[Picture, ...]:
    """Pictures of any protocol, one at each plane; arguments as for ``t2_weighted``."""
    check(planes)
    uneven = field.draw(rng, width_mm(planes[0]), parameters)
    seed = int(rng.integers(2**31))

    def signal(k: int) -> Grid:
        return slice_signal(planes[k], parameters, protocol, person, uneven, seed)

    sd = noise_sd(parameters, protocol)
    found = []
    for one in slices(planes, signal, protocol, parameters):
        pixels = record.noisy(one.image, sd, rng)
        view = planes[0].view
        found.append(Picture(pixels, one.row_mm, one.column_mm, "mri", view, protocol.name))
    return tuple(found)


def slices(
    planes: Sequence[Plane],
    signal: Callable[[int], Grid],
    protocol: Protocol,
    parameters: Parameters,
) -> list[record.Recorded]:
    """Slices without noise, one at each plane, each a mean of the planes that lie in it."""
    known = {k: signal(k) for k in range(len(planes))}
    found = []
    for k in range(len(planes)):
        inside = record.in_slice(planes, k, protocol.slice_mm)
        mean = np.asarray(np.mean([known[i] for i in inside], axis=0), np.float32)
        # a fifth of a pixel is fine enough for the frequencies that are kept
        factor = max(1, int(protocol.pixel_mm / 4 / planes[k].spacing_mm))
        grid, spacing = record.coarse(mean, factor), planes[k].spacing_mm * factor
        found.append(record.recorded(grid, spacing, protocol.pixel_mm, parameters))
    return found


def slice_signal(
    plane: Plane,
    parameters: Parameters,
    protocol: Protocol,
    person: Person,
    uneven: field.Unevenness,
    seed: int,
) -> Grid:
    """Signal of a plane on its own grid, before it is recorded."""
    here = protons(plane, parameters, protocol.field_T, person)
    return of_protons(here, plane, parameters, protocol, uneven, seed)


def of_protons(
    here: Protons,
    plane: Plane,
    parameters: Parameters,
    protocol: Protocol,
    uneven: field.Unevenness,
    seed: int,
    echo_ms: float | None = None,
    bundles: Grid | None = None,
) -> Grid:
    """Signal of the water and of what is left of the fat, as bright as the coil sees it."""
    water = here.water * spin_echo(here.t1_ms, here.t2_ms, protocol, echo_ms)
    fat = here.fat * spin_echo(here.fat_t1_ms, here.fat_t2_ms, protocol, echo_ms)
    if protocol.fat_saturated:
        fat = fat * field.fat_kept(uneven, fat.shape, protocol.field_T, parameters)
    total = (water + fat) * field.brightness(uneven, fat.shape)
    rough = texture(plane, parameters, seed) if bundles is None else bundles
    return np.asarray(total * rough, np.float32)


def texture(plane: Plane, parameters: Parameters, seed: int) -> Grid:
    """Bundles of muscle, as a factor on its signal; those of a scan are the same in all slices."""
    shape = plane.tissue.shape
    step = max(plane.spacing_mm, parameters.scalar("mri.muscle.bundle_mm")) / plane.spacing_mm
    few = [max(4, round(n / step)) for n in shape]
    draws = np.random.default_rng(seed).standard_normal(few).astype(np.float32)
    fine = ndimage.zoom(draws, [n / f for n, f in zip(shape, few, strict=True)], order=1)
    part = parameters.scalar("mri.muscle.texture") * fine
    return np.asarray(np.where(plane.tissue == Tissue.MUSCLE, np.exp(part), 1.0), np.float32)


def noise_sd(parameters: Parameters, protocol: Protocol) -> float:
    """Standard deviation of the noise in each channel, in the unit of the signal.

    It is stated for healthy muscle on the T2-weighted picture at 3 T. Signal over noise goes with
    the field and with the volume of a voxel.

    Example:
        >>> p = Parameters.of_evidence()
        >>> low = noise_sd(p, t2_weighted_protocol(p, field_T=1.5))
        >>> round(low / noise_sd(p, t2_weighted_protocol(p)), 2)
        2.0
    """
    usual = t2_weighted_protocol(parameters)
    muscle = spin_echo(
        parameters.scalar("mri.muscle.t1_ms"), parameters.scalar("mri.muscle.t2_ms"), usual
    )
    density = parameters.scalar("mri.muscle.proton_density")
    at_usual = float(muscle) * density / parameters.scalar("mri.scanner.signal_to_noise")
    volume = protocol.pixel_mm**2 * protocol.slice_mm
    usual_volume = usual.pixel_mm**2 * usual.slice_mm
    return at_usual * usual_volume / volume * usual.field_T / protocol.field_T


def check(planes: Sequence[Plane]) -> None:
    """Refuse what no stack is made of."""
    if not planes:
        raise TinelError("no planes were given", "planes", "give one or more")
    if len({(p.tissue.shape, p.spacing_mm, p.view) for p in planes}) > 1:
        raise TinelError("planes of a stack differ in shape, spacing or view", "planes")


def width_mm(plane: Plane) -> float:
    """The longer side of a plane."""
    return max(plane.tissue.shape) * plane.spacing_mm
