"""Every twin's values as a file that other programs read."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tinel.result import Result, Results, named_by_case
from tinel.writing import whole_file


def write_table(results: Sequence[Result], path: Path) -> None:
    """Write every twin of one result or several; the ending of the name says in which form.

    Args:
        results: of one case (no column or dimension ``case``) or of several.
        path: ``.parquet`` or ``.csv`` for the long table of ``Result.to_dataframe``, ``.nc``
            (netCDF 3) for the labelled arrays of ``Result.to_xarray``.

    Raises:
        TinelError: the disk refused a write.
    """
    whole: Result | Results = results[0] if len(results) == 1 else named_by_case(results)
    with whole_file(path) as temporary:
        if path.suffix == ".nc":
            whole.to_xarray().to_netcdf(temporary, engine="scipy")
        elif path.suffix == ".parquet":
            whole.to_dataframe().to_parquet(temporary, index=False)
        else:
            whole.to_dataframe().to_csv(temporary, index=False, lineterminator="\n")
