"""When a fibre blocks, and how late its impulse is, where paranodes are open and myelin is thin.

Pressure, crush and stretch act at nodes and paranodes as well as on the sheath. An opening from 0
to 1 stands for all of it along one path: the seal's gap, the node's length and exposed Kv1 rise
together (``conduction.opening``). What it adds to a thinned stretch comes from the engine, over a
coarse grid of fibres with fast K (``models.exposed``), each against the same with closed paranodes,
on top of the finer table of thin sheaths (``table``):

    block(opening)           = block(closed) exp(rise)
    delay(opening, margin)   = delay(closed, margin) + internodes x extra

with the margin above the block that holds at that opening. Both are interpolated linearly.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache, partial

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import RegularGridInterpolator

from tinel.cable.conduction.kept import kept
from tinel.cable.conduction.table import (
    AFTER,
    BEFORE,
    INTERNODES,
    Conduction,
    DURATION_ms,
    STEP_ms,
    conduction,
)
from tinel.cable.fibres.fibre import Fibre
from tinel.cable.membranes.constants import Constants, Used
from tinel.cable.models import build as models
from tinel.cable.models import exposed, gaines, mrg
from tinel.cable.simulate import simulate
from tinel.cable.stimulation.stimulus import pulse
from tinel.evidence import Parameters

Floats = NDArray[np.float64]
Ints = NDArray[np.int_]

DIAMETERS_um = np.array([2.0, 4.0, 6.0, 10.0, 16.0])
STRETCHES = np.array([1, 4, 16])
OPENINGS = np.array([0.0, 0.25, 0.5, 0.75, 1.0])
MARGINS = np.array([0.0, 0.02, 0.1, 0.35, 1.0])
HALVINGS = 7
SLACK = 0.1  # in the logarithm of lamellae, below the block of fibres without fast K
NEVER = 0.05  # in the same, beyond a whole sheath: no sheath conducts


@dataclass(frozen=True)
class Opened:
    """What open paranodes add at one temperature.

    Args:
        closed: the table of thin sheaths with healthy paranodes.
        rise: of the logarithm of the fraction of lamellae at which conduction fails,
            ``(n_diameter, n_stretch, n_opening)``; 0 at opening 0.
        extra_ms: delay per internode, ``(n_diameter, n_stretch, n_opening, n_margin)``.
    """

    closed: Conduction
    rise: Floats
    extra_ms: Floats

    def block_at(self, diameter_um: Floats, length_mm: Floats, opening: Floats) -> Floats:
        """Fraction of lamellae below which a stretch blocks; above 1 where any sheath does.

        Args:
            diameter_um, length_mm, opening: same shape; 2 to 16 um, above 0, 0 to 1.
        """
        d, n, _ = self.closed.place(diameter_um, length_mm)
        rise = RegularGridInterpolator(_AXES, self.rise)((d, n, np.clip(opening, 0.0, 1.0)))
        edge: Floats = self.closed.block_at(diameter_um, length_mm) * np.exp(rise)
        return edge

    def rises(self, diameter_um: Floats, length_mm: Floats) -> Floats:
        """Rise of the block's logarithm at each of ``OPENINGS``, ``(n_opening, n_fibre)``.

        Args:
            diameter_um, length_mm: ``(n_fibre,)``; 2 to 16 um, above 0.
        """
        d, n, _ = self.closed.place(diameter_um, length_mm)
        table = RegularGridInterpolator(_AXES[:2], self.rise)
        rise: Floats = table((d, n)).T
        return rise

    def lesion_delay(
        self, diameter_um: Floats, lamellae_left: Floats, length_mm: Floats, opening: Floats
    ) -> Floats:
        """Extra delay (ms) across a stretch; inf where the impulse fails.

        Args:
            diameter_um, lamellae_left, length_mm, opening: same shape; 2 to 16 um, 0 to 1,
                above 0, 0 to 1.
        """
        edge = self.block_at(diameter_um, length_mm, opening)
        room = np.log(1 / np.minimum(edge, 0.999))
        margin = np.log(np.maximum(lamellae_left, 1e-9) / edge) / room
        at = np.clip(margin, 0.0, 1.0)
        # the sheath that leaves the same margin above block with closed paranodes
        alike = self.closed.block_at(diameter_um, length_mm) ** (1 - at)
        thin = self.closed.lesion_delay(diameter_um, np.minimum(alike, 1.0), length_mm)
        d, n, beyond = self.closed.place(diameter_um, length_mm)
        each = RegularGridInterpolator((*_AXES, MARGINS), self.extra_ms)
        more = each((d, n, np.clip(opening, 0.0, 1.0), at)) * (2**n + beyond)
        return np.where(lamellae_left < edge, np.inf, thin + more)


_AXES = (DIAMETERS_um, np.log2(STRETCHES), OPENINGS)


def opened(temperature_C: float, parameters: Parameters | None = None) -> Opened:
    """Compute the table with the engine (some ten seconds), once for each set of numbers.

    It is kept in the cache folder, where compiled code lies.

    Args:
        temperature_C: of the fibres, 5 to 45.
        parameters: the numbers of the fibres' model and of the opening; as published if left out.

    Raises:
        TinelError: temperature out of range, a number that was made to differ between twins, or
            numbers with which a fibre of the table cannot be run or does not conduct.
    """
    used = [
        mrg.constants(parameters),
        gaines.constants(parameters),
        Constants.of("conduction.opening", parameters),
    ]
    items = tuple((f"{c.heading}.{key}", value) for c in used for key, value in c.items)
    return _opened(temperature_C, Used(Constants("", items), parameters))


@lru_cache(maxsize=16)
def _opened(temperature_C: float, used: Used) -> Opened:
    closed = conduction(temperature_C, used.parameters)
    made = kept(
        "opening", (temperature_C, used.constants.items),
        lambda: _computed(temperature_C, used.parameters, closed),
    )  # fmt: skip
    return Opened(closed, made["rise"], made["extra_ms"])


def _computed(
    temperature_C: float, parameters: Parameters | None, closed: Conduction
) -> dict[str, Floats]:
    time = partial(_time_ms, temperature_C=temperature_C, parameters=parameters)
    grid = np.meshgrid(DIAMETERS_um, STRETCHES, OPENINGS, indexing="ij")
    d, n, o = (a.ravel() for a in grid)
    low = np.log(closed.block_at(d, n * mrg.spacing_um(d, closed.constants) / 1000)) - SLACK
    high = np.zeros(len(d))
    never = ~np.isfinite(time(d, n, np.ones(len(d)), o))
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        passed = np.isfinite(time(d, n, np.exp(middle), o))
        low, high = np.where(passed, low, middle), np.where(passed, middle, high)
    left = np.exp(high[:, None] * (1 - MARGINS))
    wide = [np.repeat(a, len(MARGINS)) for a in (d, n, o)]
    run = time(wide[0], wide[1], left.ravel(), wide[2]).reshape(*grid[0].shape, -1)
    edge = np.where(never, NEVER, high).reshape(grid[0].shape)
    extra = (run - run[:, :, :1]) / STRETCHES[:, None, None]
    for k in range(1, extra.shape[2]):  # what never conducts is as late as what just does
        extra[:, :, k] = np.where(np.isfinite(extra[:, :, k]), extra[:, :, k], extra[:, :, k - 1])
    return {"rise": edge - edge[:, :, :1], "extra_ms": extra}


NODES = BEFORE + int(INTERNODES[-1]) + AFTER


def stretch(
    diameter_um: Floats, internodes: Ints, lamellae_left: Floats, opening: Floats,
    parameters: Parameters | None = None, *, nodes: int = NODES,
) -> Fibre:  # fmt: skip
    """Fibres with a thinned stretch whose paranodes are open, behind eight healthy internodes.

    Args:
        diameter_um: 2 to 16, ``(n_fibre,)``, as the next three.
        internodes: how many are hurt, 1 or more.
        lamellae_left: of each of them, 0.001 to 1.
        opening: of their paranodes and nodes, 0 to 1.
        parameters: as for ``opened``.
        nodes: of each fibre.

    Example:
        >>> one = np.ones(1)
        >>> stretch(10 * one, np.array([4]), 0.5 * one, one).longest
        33
    """
    c = Constants.of("conduction.opening", parameters)
    at = np.arange(nodes) - BEFORE
    inside = (at[:-1] >= 0) & (at[:-1] < internodes[:, None])
    between = (at >= 0) & (at <= internodes[:, None])
    o = opening[:, None]
    longer = 1 + (c["node_length_factor"] - 1) * o
    return (
        models.myelinated(
            exposed.axon(parameters), diameter_um=diameter_um, nodes=nodes, parameters=parameters
        )
        .demyelinate(lamellae_fraction=np.where(inside, lamellae_left[:, None], 1.0))
        .open_seals(seal_factor=np.where(inside, c["seal_factor"] ** o, 1.0))
        .expose_kv1(kv1_factor=np.where(inside, c["kv1_factor"] ** o, 1.0))
        .widen_nodes(node_length_factor=np.where(between, longer, 1.0))
    )


def _time_ms(
    diameter_um: Floats, internodes: Ints, lamellae_left: Floats, opening: Floats, *,
    temperature_C: float, parameters: Parameters | None,
) -> Floats:  # fmt: skip
    run = simulate(
        stretch(diameter_um, internodes, lamellae_left, opening, parameters),
        pulse(node=1, amplitude_nA=5.0, start_ms=0.05, width_ms=0.1),
        duration_ms=DURATION_ms, dt_ms=STEP_ms, temperature_C=temperature_C,
    )  # fmt: skip
    time = run.spike_ms[:, NODES - 3] - run.spike_ms[:, BEFORE - 2]
    return np.where(np.isnan(time), np.inf, time)
