"""How a threshold is found: the chance that a stimulus is felt, and two methods that ask for it.

In the method of limits a stimulus grows until the person presses a button, so that what grows while
the answer is on its way counts, too. In the method of levels every stimulus is asked for after its
end. Both use the same psychometric function.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
MOST_STIMULI = 60  # far more than halving needs


@dataclass(frozen=True)
class Psychometric:
    """The chance of a yes to each intensity, per person.

    Args:
        threshold: intensity that is felt half of the time, ``(n_twin,)``; inf where nothing is.
        spread: standard deviation of that intensity from stimulus to stimulus, above 0.
        guess, lapse: twice the chance of a yes to nothing, and of a no to anything, 0 to 1.
    """

    threshold: Floats
    spread: Floats
    guess: float | Floats = 0.0
    lapse: float | Floats = 0.0

    def chance(self, intensity: Floats) -> Floats:
        """Chance of a yes to an intensity of each person, ``(n_twin,)``, 0 to 1.

        Source:
            The form in which its authors fitted 109 people, see ``bedside.cold``.

        Example:
            >>> sure = Psychometric(np.array([2.0]), np.array([1.0]))
            >>> sure.chance(np.array([2.0])).tolist()
            [0.5]
        """
        from scipy.special import ndtr

        felt = np.zeros(np.shape(self.threshold))
        here = np.isfinite(self.threshold)
        felt[here] = ndtr((intensity - self.threshold)[here] / self.spread[here])
        at_all = 1.0 - self.guess / 2 - self.lapse / 2
        return np.asarray(self.guess / 2 + at_all * felt)


def by_limits(
    person: Psychometric, drawn: Floats, *, delay_s: Floats, ramp_per_s: Floats, largest: Floats
) -> Floats:
    """Threshold by the method of limits, ``(n_twin,)``; inf where the ramp ends before an answer.

    Args:
        person: how each person feels.
        drawn: standard normal, ``(n_twin, n_trial)``.
        delay_s: from the moment at which it is felt until the button is pressed.
        ramp_per_s: how fast the stimulus grows.
        largest: where it ends.

    Example:
        >>> one = Psychometric(np.array([2.0]), np.array([0.1]))
        >>> by_limits(one, np.zeros((1, 3)), delay_s=np.array([0.5]), ramp_per_s=np.array([1.0]),
        ...           largest=np.array([20.0])).tolist()
        [2.5]
    """
    felt = np.isfinite(person.threshold)
    middle = np.where(felt, person.threshold, 0.0)[:, None]
    each = np.maximum(middle + np.where(felt, person.spread, 0.0)[:, None] * drawn, 0.0)
    pressed = np.minimum(each + (ramp_per_s * delay_s)[:, None], largest[:, None]).mean(axis=1)
    return np.where(felt & (pressed < largest), pressed, np.inf)


def by_levels(
    person: Psychometric, drawn: Floats, *, first_step: Floats, last_step: Floats, largest: Floats
) -> Floats:
    """Threshold by the method of levels, ``(n_twin,)``; inf where the largest is not felt.

    The stimulus falls after a yes and rises after a no; from the first change of answer on every
    step is half of the one before. The middle of the last yes and the last no is the threshold.

    Args:
        person: how each person feels.
        drawn: uniform in 0 to 1, ``(n_twin, MOST_STIMULI)``.
        first_step: first stimulus and first step; ``last_step``: ends the test.
        largest: strongest stimulus.

    Example:
        >>> one = Psychometric(np.array([2.0]), np.array([1e-6]))
        >>> found = by_levels(one, np.full((1, MOST_STIMULI), 0.5), first_step=np.array([3.0]),
        ...                   last_step=np.array([0.1]), largest=np.array([20.0]))
        >>> abs(found[0] - 2.0) < 0.1
        np.True_
    """
    here = np.array(np.broadcast_to(first_step, person.threshold.shape), np.float64)
    step, yes_at, no_at = here.copy(), np.full_like(here, np.inf), np.zeros_like(here)
    turned, before = np.zeros(here.shape, bool), np.zeros(here.shape, bool)
    running = np.isfinite(person.threshold)
    yes_at[~running] = np.inf
    for k in range(drawn.shape[1]):
        yes = drawn[:, k] < person.chance(here)
        yes_at = np.where(running & yes, here, yes_at)
        no_at = np.where(running & ~yes, here, no_at)
        turned |= running & (yes != before) & (k > 0)
        before = np.where(running, yes, before)
        step = np.where(running & turned, step / 2, step)
        ended = (step < last_step) | (~yes & (here >= largest)) | (yes & (here <= 0))
        running &= ~ended
        if not running.any():
            break
        here = np.where(running, np.clip(here + np.where(yes, -step, step), 0.0, largest), here)
    return np.where(no_at >= largest, np.inf, (yes_at + no_at) / 2)
