"""Random draws that belong to a person and a fibre, whatever the chunk they are computed in."""

from __future__ import annotations

from zlib import crc32

import numpy as np
from scipy.special import ndtr

from tinel.errors import TinelError
from tinel.lesion.state import Floats


def normal(seed: int, stream: str, twins: range, n: int) -> Floats:
    """Standard normal draws, shape ``(len(twins), n)``.

    Each twin has its own generator, keyed by ``(seed, stream, twin)``: twins 2 and 3 get the same
    numbers alone as among a thousand, and two streams never share any. A treatment is no part of
    the key, so the arms of a comparison differ by what was done and not by luck.

    Args:
        seed: 0 or more.
        stream: what the draws are for, e.g. ``lesion.susceptibility``.
        twins: which virtual twins, e.g. ``range(0, 25)``.
        n: draws per twin; the number of fibres, or 1 for a trait of the whole person.

    Raises:
        TinelError: a negative seed or twin.

    Example:
        >>> alone = normal(7, "height", range(2, 4), 3)
        >>> bool((alone == normal(7, "height", range(0, 9), 3)[2:4]).all())
        True
    """
    if seed < 0 or (len(twins) and min(twins) < 0):
        raise TinelError(f"seed is {seed} and twins are {twins}; legal: 0 or more")
    key = crc32(stream.encode())
    rows = [
        np.random.default_rng(np.random.SeedSequence([seed, key, twin])).standard_normal(n)
        for twin in twins
    ]
    return np.array(rows, dtype=np.float64).reshape(len(twins), n)


def alike_uniform(seed: int, stream: str, twins: range, n: int, likeness: float) -> Floats:
    """Uniform draws in 0 to 1 that are alike within a twin, shape ``(len(twins), n)``.

    ``likeness`` is the variance that the fibres of one twin share on the normal scale: 0 for
    fibres that fare independently, 1 for one fate per person. Each draw alone stays uniform.

    Example:
        >>> u = alike_uniform(1, "crossing", range(2), 1000, likeness=0.3)
        >>> bool((u > 0).all() and (u < 1).all())
        True
    """
    shared = normal(seed, f"{stream}.twin", twins, 1)
    own = normal(seed, f"{stream}.fibre", twins, n)
    uniform: Floats = ndtr(np.sqrt(likeness) * shared + np.sqrt(1.0 - likeness) * own)
    return uniform
