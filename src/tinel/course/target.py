"""What muscle and skin do while they wait: neighbours sprout, and readiness fades."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tinel.evidence import Parameters
from tinel.lesion.state import Bools, Floats, Ints
from tinel.nerve.anatomy import MOTOR


@dataclass(frozen=True)
class Pieces:
    """Muscle and skin of a nerve on one day, in one piece per axon, ``(n_twin, n_fibre)``.

    ``intact`` its axon was never broken; ``reached`` a regrown one has joined it; ``silent_d`` days
    for which it had no working axon of its own; ``arrived_d`` days since a regrown one came, 0
    where none did.
    """

    intact: Bools
    reached: Bools
    silent_d: Floats
    arrived_d: Floats


def per_target(value: NDArray[np.generic], target: Ints, weight: Floats, n_target: int) -> Floats:
    """Weighted mean over the fibres (last axis) of each target, last axis ``n_target``.

    A target without fibres gets 1.

    Example:
        >>> per_target(np.array([[0.0, 1.0]]), np.array([0, 0]), np.ones(2), 1).tolist()
        [[0.5]]
    """
    member = (target[:, None] == np.arange(n_target)[None, :]) * weight[:, None]
    total = member.sum(axis=0)
    mean: Floats = np.where(total > 0, value @ member / np.maximum(total, 1e-300), 1.0)
    return mean


def answer(
    pieces: Pieces,
    kind: Ints,
    target: Ints,
    weight: Floats,
    n_target: int,
    parameters: Parameters,
) -> tuple[Floats, Floats]:
    """How far the joined motor units have grown, and what the innervated tissue can still do.

    Units sprout into muscle that has lost its axon, with ``course.sprouting.tau``, until each is
    ``course.sprouting.limit`` times as large as before: intact ones from the day the muscle falls
    silent, regrown ones from the day they come (their mean day stands for all). Muscle that is
    sprouted into stops fading; what it had lost by then is not given back. Skin does not sprout.

    Args:
        pieces: muscle and skin on one day.
        kind, target, weight: of the fibres, ``(n_fibre,)``; ``n_target``: how many targets.
        parameters: the numbers in use.

    Returns:
        ``unit_growth`` (1 where no axon is joined, or for skin) and ``readiness`` (0 to 1, over
        what is innervated, or over all of it where nothing is), shape ``(n_twin, n_target)``.
    """

    joined, muscle = pieces.intact | pieces.reached, kind == MOTOR
    every = per_target(
        np.stack([pieces.intact, pieces.reached, pieces.arrived_d]), target, weight, n_target
    )
    old, new, held = every[0], every[1], every[0] + every[1]
    lost, some = np.maximum(1.0 - held, 1e-300), held > 0
    muscles = per_target(muscle, target, weight, n_target) > 0.5
    spare = np.where(muscles, parameters["course.sprouting.limit"] - 1.0, 0.0)
    # of each lost piece, the fraction that intact and regrown units will take in the end
    by_old = np.minimum(spare * old / lost, 1.0)
    by_new = np.minimum(spare * new / lost, 1.0 - by_old)
    came_d = np.divide(every[2], new, out=np.zeros_like(new), where=new > 0)

    # only what has been silent can have lost anything, which is often a small part
    twin, fibre = np.nonzero(pieces.silent_d > 0)
    of, tissue, silent = target[fibre], muscle[fibre], pieces.silent_d[twin, fibre]
    own = joined[twin, fibre]
    fading = _Fading.of(tissue, parameters, twin)
    left = fading.readiness(silent)
    part, ready = fading.sprouted(np.zeros_like(silent), silent)
    part, ready = by_old[twin, of] * part, by_old[twin, of] * ready
    # a regrown axon finds what intact neighbours kept, and for the rest what time has left
    faded = np.where(own, 1.0 - ready - (1.0 - part) * left, 0.0)
    late = np.flatnonzero(~own & (by_new[twin, of] > 0))
    after = np.clip(silent[late] - came_d[twin[late], of[late]], 0.0, None)
    newer, newer_ready = _Fading.of(tissue[late], parameters, twin[late]).sprouted(
        after, silent[late]
    )
    part[late] += by_new[twin[late], of[late]] * newer
    ready[late] += by_new[twin[late], of[late]] * newer_ready

    whole = np.bincount(target, weight, n_target)
    counts = weight[fibre] / whole[of]

    def total(value: Floats) -> Floats:
        return np.bincount(twin * n_target + of, counts * value, held.size).reshape(held.shape)

    taken, taken_ready = (total(np.where(own, 0.0, value)) for value in (part, ready))
    growth = np.where(some, 1.0 + taken / np.where(some, held, 1.0), 1.0)
    able = held - total(faded) + taken_ready
    waiting = 1.0 - total(1.0 - left)
    return growth, np.where(some, able / np.where(some, held + taken, 1.0), waiting)


def readiness(denervated_d: Floats, muscle: Bools, parameters: Parameters) -> Floats:
    """What a target's piece can still do after days without its axon, 0 to 1.

    All of it for a rest of months (muscle; none for skin), then ``floor + (1 - floor)
    exp(-t / tau)``, slower for skin than for muscle; a muscle's times are a rat's, stretched by
    ``course.clock.human_over_rat``, which is an assumption. There is no wall at 12 to 18 months:
    it fades, and what time has taken is not given back.

    Args:
        denervated_d: ``(n_twin, n_fibre)``.
        muscle: which fibres end in muscle, ``(n_fibre,)``.
        parameters: the numbers in use.

    Example:
        >>> months = np.array([[5.0, 12.0, 18.0, 48.0]])
        >>> left = readiness(30.4 * months, np.full(4, True), Parameters.of_evidence())
        >>> left.round(2).tolist()
        [[1.0, 0.76, 0.59, 0.2]]
    """
    return _Fading.of(muscle, parameters).readiness(denervated_d)


@dataclass(frozen=True)
class _Fading:
    """Rest and time constant (days) and floor of the readiness of pieces, and pace of sprouting.

    The fields broadcast over the pieces they were made for.
    """

    rest: Floats
    fade: Floats
    floor: Floats
    sprouting: float | Floats

    @classmethod
    def of(cls, muscle: Bools, parameters: Parameters, twin: Ints | None = None) -> _Fading:
        """Of a table of fibres, or of a list of pieces whose twins (row numbers) are given."""

        def number(key: str) -> float | Floats:
            value = parameters[f"course.{key}"]
            return value if twin is None or isinstance(value, float) else value[twin, 0]

        clock = number("clock.human_over_rat")
        return cls(
            np.where(muscle, clock * number("readiness.muscle_rest"), 0.0),
            np.where(muscle, clock * number("readiness.muscle_tau"), number("readiness.skin_tau")),
            np.where(muscle, number("readiness.muscle_floor"), number("readiness.skin_floor")),
            number("sprouting.tau"),
        )

    def readiness(self, silent_d: Floats) -> Floats:
        """What pieces can still do after days of silence, 0 to 1."""
        faded = np.exp(-np.maximum(silent_d - self.rest, 0.0) / self.fade)
        left: Floats = self.floor + (1.0 - self.floor) * faded
        return left

    def sprouted(self, after_d: Floats, until_d: Floats) -> tuple[Floats, Floats]:
        """Fraction of a silent piece that sprouts have taken by ``until_d``, having begun on
        ``after_d`` (days since it fell silent), and that fraction times the readiness each part
        had when taken."""
        tau, rest, fade, floor = self.sprouting, self.rest, self.fade, self.floor
        took = until_d - after_d
        taken = -np.expm1(-took / tau)
        # taken while the piece still rested, and after that
        resting = np.minimum(np.maximum(rest - after_d, 0.0), took)
        free = np.exp(-resting / tau)
        pace = 1.0 + tau / fade
        late = -np.expm1((resting - took) * (pace / tau)) / pace * free
        late = late * np.exp(-np.maximum(after_d - rest, 0.0) / fade)
        return taken, floor * taken + (1.0 - floor) * (late + 1.0 - free)
