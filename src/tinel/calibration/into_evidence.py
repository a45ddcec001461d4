"""Medians and intervals of calibrated numbers, written into the files of the evidence."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import tinel
from tinel.errors import TinelError

Floats = NDArray[np.float64]

FOLDER = Path(tinel.__file__).parent / "evidence" / "data"
_SOURCE = "fitted to published cohorts, docs/validation.md"


def set_medians(keys: Sequence[str], rows: Floats, folder: Path = FOLDER) -> None:
    """Give each number its median as value, its 5 % and 95 % as range, and the grade calibrated.

    The rest of the file stays as it is, and the number's own source stands after the new one.

    Args:
        keys: of the numbers.
        rows: ``(n_row, n_key)``.
        folder: with one file per subject.

    Raises:
        TinelError: a number that has no heading of its own in its file.
    """
    for key, column in zip(keys, rows.T, strict=True):
        subject, _, heading = key.partition(".")
        file = folder / f"{subject}.toml"
        text = file.read_text(encoding="utf-8")
        found = re.search(rf"^\[{re.escape(heading)}\]\n(.*?)(?=^\[|\Z)", text, re.M | re.S)
        if not found:
            raise TinelError(f"no heading [{heading}]", file.name)
        low, middle, high = (float(f"{v:.3g}") for v in np.percentile(column, (5, 50, 95)))
        body = found[1]
        for name, value in (
            ("value", f"{middle}"),
            ("low", f"{low}"),
            ("high", f"{high}"),
            ("evidence_grade", '"calibrated"'),
        ):
            body = re.sub(rf"^{name} = .*$", f"{name} = {value}", body, count=1, flags=re.M)
        if _SOURCE not in body:
            if "\nsource = " in body:
                body = re.sub(r'^source = "', f'source = "{_SOURCE}; before: ', body, flags=re.M)
            else:
                body = body.rstrip("\n") + f'\nsource = "{_SOURCE}"\n\n'
        file.write_text(text[: found.start(1)] + body + text[found.end(1) :], encoding="utf-8")
