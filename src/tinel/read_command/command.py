"""The command ``tinel read``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from tinel.arguments import Json
from tinel.terminal import print_json, printable


def read_(
    file: Annotated[
        Path | None,
        typer.Argument(
            metavar="[FILE]",
            help="Qtrac MEM, EDF, EDF+, BDF, WFDB (.hea) or CSV of traces; or a laboratory's table "
            "of findings (.csv, .xlsx), or with --paste the text of a report; or a picture of "
            "ultrasound or MR (DICOM, or .png with --mm-per-pixel).",
        ),
    ] = None,
    rate: Annotated[
        float | None, typer.Option(help="Samples per second of a CSV file without times.")
    ] = None,
    from_ms: Annotated[
        float, typer.Option("--from", help="ms after a stimulus from which a response is sought.")
    ] = 0.0,
    until_ms: Annotated[
        float, typer.Option("--until", help="ms after a stimulus until which it is sought.")
    ] = 50.0,
    negative: Annotated[
        Literal["up", "down"] | None,
        typer.Option(
            help="Whether a larger number is more negative (up) or less (down). "
            "Default: up in CSV, else down: active electrode minus reference."
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Write what it holds: .edf, .dcm, .nwb, .csv or .parquet; of a table .toml; "
            "of a picture .png with the outline that was measured.",
        ),
    ] = None,
    paste: Annotated[
        bool,
        typer.Option("--paste", help="Read a report's text, from FILE or standard input."),
    ] = False,
    lab: Annotated[
        Path | None,
        typer.Option(metavar="FILE.toml", help="Which column of the laboratory's tables is what."),
    ] = None,
    save_lab: Annotated[
        Path | None,
        typer.Option(metavar="FILE.toml", help="Write which column was taken for what."),
    ] = None,
    day: Annotated[
        float | None, typer.Option(help="Days after the injury of every row of a table.")
    ] = None,
    injury: Annotated[
        str | None,
        typer.Option(metavar="YYYY-MM-DD", help="Date of the injury, for a table with dates."),
    ] = None,
    nerve: Annotated[
        str | None, typer.Option(help="Nerve of the case: rows of others are left out.")
    ] = None,
    side: Annotated[
        Literal["left", "right"] | None, typer.Option(help="Side of rows that say none.")
    ] = None,
    mm_per_pixel: Annotated[
        float | None, typer.Option(help="Side of a picture's pixel, where its file has no scale.")
    ] = None,
    at: Annotated[
        str | None,
        typer.Option(
            metavar="DEPTH,ACROSS",
            help="Where the nerve lies on a picture: mm from the top, and mm from the middle to "
            "the right. Default: its middle.",
        ),
    ] = None,
    frame: Annotated[
        int | None, typer.Option(help="Which frame of a picture with several; default: the first.")
    ] = None,
    modality: Annotated[
        Literal["ultrasound", "mri"] | None,
        typer.Option(help="What a .png file shows; default: ultrasound."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Read a recording, a laboratory's table as findings for a case file, or a picture.

    Of a recording: what it holds, and the response after every stimulus. Of a picture: the nerve
    measured on it, or that none was found.
    """
    from tinel.imaging.files.read import is_picture
    from tinel.lab_table.table import is_lab_table
    from tinel.read_command.lab import Asked, read_lab_file
    from tinel.read_command.picture import Asked as AskedPicture
    from tinel.read_command.picture import read_picture_file

    picture = AskedPicture(mm_per_pixel, at, frame, modality)
    if file is not None and (picture.is_picture or (not paste and is_picture(file))):
        read_picture_file(file, picture, as_json, out)
        return
    asked = Asked(file, paste, lab, save_lab, day, injury, nerve, side, out)
    if asked.is_table or file is None or is_lab_table(file):
        read_lab_file(asked, as_json)
        return
    from tinel.evidence import Parameters
    from tinel.read_command.contents import as_data, contents
    from tinel.read_command.show import as_text
    from tinel.recording.read import read
    from tinel.recording.sweeps import Window
    from tinel.recording.write import check, write

    window = Window(from_ms, until_ms)
    target = None if out is None else check(out)
    recording = read(file, rate)
    up = None if negative is None else negative == "up"
    found = contents(recording, Parameters.of_evidence(), window, up)
    if target is not None:
        write(recording, target)
    if as_json:
        print_json({**as_data(found), "out": None if target is None else str(target)})
        return
    print(printable(as_text(found)))
    if target is not None:
        print(f"written: {printable(str(target))}")
