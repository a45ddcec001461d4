"""Values and ranges of calibrated numbers, written into the files of the evidence."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import tinel
from tinel.errors import TinelError

Floats = NDArray[np.float64]

FOLDER = Path(tinel.__file__).parent / "evidence" / "data"
_SOURCE = "fitted to published cohorts, docs/validation.md"


def middle(rows: Floats) -> Floats:
    """The row nearest to the mean of all, ``(n_key,)``, in units of their joint spread.

    Medians of single columns need not be a row that anything was accepted with.

    Args:
        rows: ``(n_row, n_key)``.

    Example:
        >>> x = np.linspace(1.0, 9.0, 9)
        >>> middle(np.stack([x, 10.0 - x], axis=1)).tolist()
        [5.0, 5.0]
    """
    apart = (rows - rows.mean(axis=0)) / np.where(rows.std(axis=0) > 0, rows.std(axis=0), 1.0)
    inverse = np.linalg.pinv(np.atleast_2d(np.cov(apart.T)))
    nearest = np.einsum("ij,jk,ik->i", apart, inverse, apart).argmin()
    return np.asarray(rows[nearest])


def set_values(keys: Sequence[str], rows: Floats, folder: Path = FOLDER) -> None:
    """Give the numbers the values of the middle row, their 5 % and 95 % as ranges, and the grade
    calibrated.

    The rest of the file stays as it is, and the number's own source stands after the new one.

    Args:
        keys: of the numbers.
        rows: ``(n_row, n_key)``.
        folder: with one file per subject.

    Raises:
        TinelError: a number that is not in its file.
    """
    for key, column, value in zip(keys, rows.T, middle(rows), strict=True):
        subject, _, heading = key.partition(".")
        file = folder / f"{subject}.toml"
        text = file.read_text(encoding="utf-8")
        table, _, name = heading.rpartition(".")
        own = re.search(rf"^\[{re.escape(heading)}\]\n(.*?)(?=^\[|\Z)", text, re.M | re.S)
        # or one line of the table above it: name = { value = 1, low = 0, ... }
        line = rf"^\[{re.escape(table)}\]\n(?:(?!^\[).*\n)*?{re.escape(name)} = \{{(.*)\}}$"
        found = own or re.search(line, text, re.M)
        if not found:
            raise TinelError(f"no number [{heading}]", file.name)
        low, high = (float(f"{v:.3g}") for v in np.percentile(column, (5, 95)))
        used = min(max(float(f"{value:.3g}"), low), high)  # one of 13 may lie outside by itself
        interval = {"value": f"{used}", "low": f"{low}", "high": f"{high}"}
        values = {**interval, "evidence_grade": '"calibrated"'}
        body = _with(found[1], values, inline=own is None)
        file.write_text(text[: found.start(1)] + body + text[found.end(1) :], encoding="utf-8")


def _with(body: str, values: Mapping[str, str], inline: bool) -> str:
    """The fields of a number with new values, and the fit before its source."""
    begins, ends = (r"(?<=[{ ])", r'("[^"]*"|[^,]*)(?=[, ])') if inline else ("^", ".*$")
    for name, value in values.items():
        body = re.sub(rf"{begins}{name} = {ends}", f"{name} = {value}", body, count=1, flags=re.M)
    if _SOURCE in body:
        return body
    if re.search(rf"{begins}source = ", body, re.M):
        new = f'source = "{_SOURCE}; before: '
        return re.sub(rf'{begins}source = "', new, body, count=1, flags=re.M)
    if inline:
        return f'{body.rstrip()}, source = "{_SOURCE}" '
    return body.rstrip("\n") + f'\nsource = "{_SOURCE}"\n\n'
