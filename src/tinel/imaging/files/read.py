"""Reading of a picture, by what the file holds and not by its name."""

from __future__ import annotations

from pathlib import Path

from tinel.errors import TinelError
from tinel.imaging.files.given import Given
from tinel.imaging.files.png import SIGNATURE, read_png
from tinel.imaging.files.read_dicom import is_dicom, read_dicom
from tinel.imaging.picture import Picture
from tinel.terminal import shown_name

ENDINGS = (".dcm", ".dicom", ".ima", ".png")
LARGEST_BYTES = 2**31


def is_picture(path: Path) -> bool:
    """Whether a file is a picture by its first bytes, or is missing and would be one by its name.

    Example:
        >>> is_picture(Path("no_such_picture.dcm")), is_picture(Path("pyproject.toml"))
        (True, False)
    """
    try:
        with path.open("rb") as file:
            start = file.read(132)
    except OSError:
        return path.suffix.lower() in ENDINGS
    return is_dicom(start) or start.startswith(SIGNATURE) or path.suffix.lower() in ENDINGS


def read_picture(path: Path, given: Given | None = None) -> Picture:
    """The picture in a DICOM or PNG file, with its scale.

    Args:
        path: of a DICOM file of ultrasound or MR, or of a PNG file.
        given: scale, frame and modality, where the file does not say or has several.

    Raises:
        TinelError: the file cannot be read, is damaged, is no such picture, or has no scale.

    Example:
        >>> read_picture(Path("pyproject.toml"))
        Traceback (most recent call last):
        tinel.errors.TinelError: pyproject.toml: is no picture that can be read ...
    """
    asked, name = given or Given(), shown_name(path)
    try:
        if path.is_dir():
            raise TinelError("is a folder", name, "name a file in it")
        if path.stat().st_size > LARGEST_BYTES:
            raise TinelError("is larger than 2 GB", name, "export one frame")
        raw = path.read_bytes()
    except TinelError:
        raise
    except (OSError, ValueError) as problem:
        reason = getattr(problem, "strerror", None) or problem
        raise TinelError(f"cannot be read: {reason}", name, "check the path") from None
    if is_dicom(raw):
        return read_dicom(path, raw, asked)
    if raw.startswith(SIGNATURE):
        if asked.frame is not None:
            raise TinelError("a PNG file holds one picture", "--frame", "leave it out")
        return read_png(path, raw, asked)
    told = "is no picture that can be read (allowed: DICOM of ultrasound or MR, PNG)"
    raise TinelError(told, name, "export it as DICOM, or as PNG with --mm-per-pixel")
