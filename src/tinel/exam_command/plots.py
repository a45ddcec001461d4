"""The example's waveforms as files, drawn as the report draws them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from tinel.errors import TinelError
from tinel.exam_command.compute import Examined
from tinel.report.drawing import style
from tinel.report.waveform_figure import waveforms
from tinel.writing import whole_file

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'


def write_plots(every: Sequence[Examined], folder: Path) -> tuple[Path, ...]:
    """Write one SVG file per conduction study into a folder, which is made where it is missing.

    Args:
        every: from ``compute.examined``.
        folder: older files of the same names there are replaced.

    Raises:
        TinelError: the folder cannot be made, or the disk refused a write.
    """
    check_folder(folder)
    written = []
    with style():
        for one in every:
            for study in one.visit.examination.responses:
                svg = str(waveforms(one.result, study, one.asked.arm))
                svg = svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
                file = folder / f"{re.sub(r'[^A-Za-z0-9]+', '_', study).strip('_')}.svg"
                with whole_file(file) as temporary:
                    temporary.write_text(HEAD + svg + "\n", encoding="utf-8")
                written.append(file)
    return tuple(written)


def check_folder(folder: Path) -> None:
    """Make a folder, or refuse early what is none.

    Raises:
        TinelError: a file stands there, or the folder cannot be made.
    """
    where = f"--out {folder}"
    if folder.exists() and not folder.is_dir():
        raise TinelError("is a file, not a folder", where, "choose another --out")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        told = f"cannot be made: {problem.strerror or problem}"
        raise TinelError(told, where, "choose another --out") from None
