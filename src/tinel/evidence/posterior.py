"""What published cohorts leave of the numbers that nobody has measured: joint values by row.

``posterior.csv`` holds one column per key and one row per draw; ``posterior.toml`` says how it was
made. Both are written by ``make calibrate`` and read here; without them every twin would have the
numbers of the evidence. A twin draws one row, so that a forecast carries what is not known of
the model beside what is not known of the patient.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zlib import crc32

from tinel.evidence.parameters import Parameters

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

FOLDER = Path(__file__).parent
ROWS, ABOUT = "posterior.csv", "posterior.toml"
_STREAM = crc32(b"evidence.posterior")


@dataclass(frozen=True)
class Posterior:
    """Joint draws of the calibrated numbers.

    Args:
        keys: of the numbers, in the order of the columns.
        rows: ``(n_row, n_key)``.
        about: how they were made: seed, prior, distance, own error.
    """

    keys: tuple[str, ...]
    rows: Floats
    about: Mapping[str, Any]

    @property
    def own_error_points(self) -> tuple[float, ...]:
        """What the fit found the program to be off by itself: 5 %, middle and 95 % of the standard
        deviation, in percentage points; empty where it was not drawn."""
        times = self.about.get("own_error_over_stated", ())
        return tuple(float(self.about["model_sd_points"]) * each for each in times)

    def row_of(self, seed: int, twin: int) -> int:
        """The row that a twin draws; it depends on seed and twin alone."""
        import numpy as np

        generator = np.random.default_rng(np.random.SeedSequence([seed, _STREAM, twin]))
        return int(generator.integers(len(self.rows)))


@cache
def calibrated(folder: Path = FOLDER) -> Posterior | None:
    """The draws of the last calibration; None where none was made."""
    import numpy as np

    file = folder / ROWS
    if not file.is_file():
        return None
    header, *lines = file.read_text(encoding="utf-8").splitlines()
    rows = np.array([[float(cell) for cell in line.split(",")] for line in lines])
    about = tomllib.loads((folder / ABOUT).read_text(encoding="utf-8"))
    return Posterior(tuple(header.split(",")), rows, about)


def drawn(
    parameters: Parameters,
    seed: int,
    numbers: range,
    posterior: Posterior | None,
    own: Sequence[int] | None = None,
) -> Parameters:
    """The parameters with one row of the posterior for each twin.

    Args:
        parameters: those changed by hand keep their values.
        seed: of the run.
        numbers: the twins that will be read; values of others are not filled.
        posterior: from ``calibrated``; None changes nothing.
        own: the twins whose rows they have, where not their own.

    Example:
        >>> import numpy as np
        >>> two = Posterior(("course.growth.rate",), np.array([[1.2], [1.6]]), {})
        >>> some = drawn(Parameters.of_evidence(), 1, range(4), two).of_twins(range(4))
        >>> sorted(set(some.per_twin("course.growth.rate").tolist()))
        [1.2, 1.6]
    """
    if posterior is None:
        return parameters
    import numpy as np

    free = [k for k, key in enumerate(posterior.keys) if key not in parameters.changed]
    if not free:
        return parameters
    which = np.zeros(max(numbers) + 1, np.intp)
    for twin, drawn_by in zip(numbers, numbers if own is None else own, strict=True):
        which[twin] = posterior.row_of(seed, drawn_by)
    values = {posterior.keys[k]: posterior.rows[which, k] for k in free}
    return replace(parameters, changed={**parameters.changed, **values})


def write(
    keys: tuple[str, ...], rows: Floats, about: Mapping[str, Any], folder: Path = FOLDER
) -> None:
    """Write the draws and how they were made.

    Args:
        keys: of the numbers.
        rows: ``(n_row, n_key)``.
        about: words and numbers, one level deep.
        folder: where to.
    """
    lines = [",".join(keys), *(",".join(f"{v:.6g}" for v in row) for row in rows)]
    (folder / ROWS).write_text("\n".join(lines) + "\n", encoding="utf-8")
    said = [
        f'{name} = "{value}"' if isinstance(value, str) else f"{name} = {value!r}"
        for name, value in about.items()
    ]
    (folder / ABOUT).write_text("\n".join(said) + "\n", encoding="utf-8")
    calibrated.cache_clear()
