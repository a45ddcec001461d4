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
    return np.asarray(rows[_from_middle(rows, rows).argmin()])


def kept_or_middle(values: Floats, rows: Floats) -> Floats:
    """The values as they are where they lie no farther from the middle than half of the rows;
    else the middle row, ``(n_key,)``.

    Animals and surgeons were asked of the values in use, and of the rows nothing but force after
    grafts, so that values which are as likely as the rows stay.

    Args:
        values: in use, ``(n_key,)``.
        rows: ``(n_row, n_key)``.

    Example:
        >>> x = np.linspace(1.0, 9.0, 9)[:, None]
        >>> [kept_or_middle(np.array([v]), x).tolist() for v in (6.5, 8.5)]
        [[6.5], [5.0]]
    """
    half = np.median(_from_middle(rows, rows))
    return values if _from_middle(values[None, :], rows)[0] <= half else middle(rows)


def _from_middle(points: Floats, rows: Floats) -> Floats:
    spread = np.where(rows.std(axis=0) > 0, rows.std(axis=0), 1.0)
    inverse = np.linalg.pinv(np.atleast_2d(np.cov((rows / spread).T)))
    apart = (points - rows.mean(axis=0)) / spread
    return np.asarray(np.einsum("ij,jk,ik->i", apart, inverse, apart))


def set_values(
    keys: Sequence[str], rows: Floats, values: Sequence[float], folder: Path = FOLDER
) -> None:
    """Give the numbers the 5 % and 95 % of the rows as ranges, the grade calibrated, and the
    values of ``kept_or_middle``.

    The rest of the file stays as it is, and the number's own source stands after the new one.

    Args:
        keys: of the numbers.
        rows: ``(n_row, n_key)``.
        values: in use, ``(n_key,)``.
        folder: with one file per subject.

    Raises:
        TinelError: a number that is not in its file.
    """
    chosen = kept_or_middle(np.asarray(values, np.float64), rows)
    for key, column, value in zip(keys, rows.T, chosen, strict=True):
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
        fields = {**interval, "evidence_grade": '"calibrated"'}
        body = _with(found[1], fields, inline=own is None)
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
