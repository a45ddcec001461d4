"""Writing of a recording, in the format that the ending of the file names."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from tinel.errors import TinelError
from tinel.recording.edf_write import as_edf
from tinel.recording.recording import Recording
from tinel.writing import check_file, whole_file

ENDINGS = (".edf", ".dcm", ".nwb", ".csv", ".parquet")
NEEDED = {".dcm": ("pydicom", "dicom"), ".nwb": ("pynwb", "nwb")}


def check(path: Path, option: str = "--out") -> Path:
    """Refuse early a file that could not be written.

    Raises:
        TinelError: another ending, a folder that is missing, or a package that is not installed.
    """
    target = check_file(path, ENDINGS, option)
    check_package(path.suffix, option)
    return target


def check_package(ending: str, option: str) -> None:
    """Refuse an ending whose package is not installed.

    Raises:
        TinelError: says what to install.
    """
    package, extra = NEEDED.get(ending, ("", ""))
    if package and find_spec(package) is None:
        told = f"{ending} files need the package {package}, which is not installed"
        raise TinelError(told, option, f"pip install 'tinel[{extra}]', or write .edf")


def write(recording: Recording, path: Path) -> None:
    """Write a recording whole or not at all; an older file is replaced.

    Args:
        recording: with channels.
        path: ending in ``.edf``, ``.dcm``, ``.nwb``, ``.csv`` or ``.parquet``.

    Raises:
        TinelError: what the format cannot hold, or the disk refused.
    """
    if not recording.channels:
        told = f"{recording.format} files hold tables and no channels, so there is none to write"
        raise TinelError(told, f"--out {path}", "use --json, which has the tables")
    with whole_file(path) as temporary:
        if path.suffix == ".edf":
            temporary.write_bytes(as_edf(recording))
        elif path.suffix == ".dcm":
            from tinel.recording.dicom import write_dicom

            write_dicom(recording, temporary)
        elif path.suffix == ".nwb":
            from tinel.recording.nwb import write_nwb

            write_nwb(recording, temporary)
        else:
            from tinel.recording.tables import write_table

            write_table(recording, temporary)
