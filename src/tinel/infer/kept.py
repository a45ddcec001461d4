"""Twins of a patient kept on disk beside the bank they come from."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from tinel.cable.solvers.kept_files import arrays_kept, keep_arrays
from tinel.infer.fit import Fit, Surprise
from tinel.infer.tempered import Particles
from tinel.infer.term import Term


@dataclass(frozen=True)
class Kept:
    """What is kept of a patient.

    Args:
        particles: the twins that agree with the findings.
        streams: of the traits of a person.
        fit: whether story and findings agree.
        contraction: by trait.
    """

    particles: Particles
    streams: tuple[str, ...]
    fit: Fit
    contraction: Mapping[str, float]


def kept_as(bank: Path, terms: Sequence[Term], n: int, n_prior: int) -> Path:
    """The file of a patient's twins.

    Args:
        bank: folder of the prior twins.
        terms: of the findings.
        n, n_prior: how many twins, and how many prior ones.
    """
    said = repr([(t.seen, t.error, t.bound) for t in terms]) + repr((n, n_prior))
    return bank / f"patient-{hashlib.sha256(said.encode()).hexdigest()[:24]}.npz"


def save(file: Path, kept: Kept) -> None:
    """Keep the twins; where that is impossible, they are only computed again."""
    found = kept.particles
    words = json.dumps([kept.streams, asdict(kept.fit), dict(kept.contraction)])
    arrays = {
        "own": found.own,
        "scores": found.scores,
        "log_likelihood": found.log_likelihood,
        "numbers": np.array([found.log_evidence, found.effective]),
        "powers": np.array(found.powers),
        "accepted": np.array(found.accepted),
        "words": np.array(words),
    }
    keep_arrays(file, arrays)


def load(file: Path) -> Kept | None:
    """The twins of a patient; None where they are not kept whole."""
    stored = arrays_kept(file)
    if stored is None:
        return None
    try:
        streams, said, contraction = json.loads(str(stored["words"]))
        evidence, effective = stored["numbers"].tolist()
        particles = Particles(
            stored["own"].astype(np.intp),
            stored["scores"],
            stored["log_likelihood"],
            evidence,
            effective,
            tuple(stored["powers"].tolist()),
            tuple(stored["accepted"].tolist()),
        )
        surprises = tuple(Surprise(**one) for one in said.pop("surprises"))
        reasons = tuple(said.pop("reasons"))
        fit = Fit(**said, surprises=surprises, reasons=reasons)
    except (KeyError, ValueError, TypeError):
        return None
    return Kept(particles, tuple(streams), fit, contraction)
