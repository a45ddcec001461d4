"""The command ``tinel exam``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from tinel.arguments import CaseFile, Json, OwnFiles, Seed, Twins, cores
from tinel.errors import TinelError
from tinel.terminal import print_json, printable, say


def exam(
    case_file: CaseFile,
    day: Annotated[
        str, typer.Option(help="Days after day 0, or a text such as '6 weeks' (needed).")
    ],
    arm: Annotated[str, typer.Option(help="Name of an arm; default: waiting.")] = "",
    tests: Annotated[
        list[str] | None,
        typer.Option(
            "--test", help="A test; may be given several times. Default: all the case uses."
        ),
    ] = None,
    twins: Twins = None,
    seed: Seed = None,
    limits: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE.csv",
            help="The laboratory's own limits: test, site, quantity, limit, value; "
            "study, unit, sex, age_from, age_to.",
        ),
    ] = None,
    needle_in: Annotated[
        list[str] | None,
        typer.Option(
            metavar="MEANT=WHERE",
            help="The needle lies elsewhere than meant: in another muscle of the nerve, 'fat', or "
            "'another nerve', as in 'deltoid=fat'; may be given several times.",
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder for the example's waveforms (SVG).")
    ] = None,
    recorded: Annotated[
        Literal["edf", "bids", "dicom", "nwb", "csv", "parquet", "png"] | None,
        typer.Option(
            "--format",
            help="Also write its recordings into --out: conduction studies, and the needle's "
            "where --test names it; dicom and png write pictures of ultrasound and MR too.",
        ),
    ] = None,
    listen: Annotated[
        Path | None,
        typer.Option(metavar="FILE.wav", help="Sound of a needle in a muscle of the example."),
    ] = None,
    muscle: Annotated[
        str | None,
        typer.Option(help="Muscle to listen to; default: the first one of the injured axons."),
    ] = None,
    effort: Annotated[str | None, typer.Option(help="rest (default), slight or full.")] = None,
    needle: Annotated[
        Literal["concentric", "monopolar"] | None,
        typer.Option(help="The needle of sound and recordings; the table's is concentric."),
    ] = None,
    own: OwnFiles = None,
    as_json: Json = False,
) -> None:
    """Examine a case on one day: values, limits, readings, and what no test can see."""
    from tinel.exam.reference_limits import reference_limits
    from tinel.exam.test import known_tests
    from tinel.exam_command.as_json import as_data
    from tinel.exam_command.asked import ask_exam
    from tinel.exam_command.compute import examined, with_limits
    from tinel.exam_command.needle_in import check_needles, with_needles_in
    from tinel.exam_command.own_limits import as_limits, check_fit, read_limits
    from tinel.exam_command.pictures import FORMATS, check_written, write_pictures, written_kind
    from tinel.exam_command.plots import check_folder, write_plots
    from tinel.exam_command.recordings import write_recordings
    from tinel.exam_command.show import as_text
    from tinel.exam_command.sound import check_sound, write_sound
    from tinel.options import cases_of
    from tinel.progress import watched

    (case,) = cases_of([case_file], seed, twins, [], own or [])
    asked = ask_exam(case, _number(day), arm, tests or [])
    rows = read_limits(limits, known_tests(case.files)) if limits is not None else ()
    sound = check_sound(case, listen, muscle, effort)
    check_needles(case, asked.tests, needle_in or [])
    if out is not None:
        check_folder(out)
    if recorded is not None:
        if out is None:
            raise TinelError(f"{recorded} needs a folder", "--format", "give --out DIR")
        check_written(recorded, asked)
    if needle is not None and listen is None and recorded is None:
        told = "is given without --listen and --format"
        raise TinelError(told, "--needle", "add --listen FILE.wav, or --out DIR --format edf")
    with watched(sparse=as_json) as progress:
        every = examined(asked, progress, cores())
    notes = [*case.notes, *asked.notes]
    every = with_needles_in(every, needle_in or [])
    if limits is not None:
        visits = [one.visit for one in every]
        notes += check_fit(rows, visits, f"--limits {limits.name}")
        own_limits = as_limits(rows, reference_limits(case.files), case.patient)
        every = tuple(with_limits(one, own_limits) for one in every)
    files = [] if out is None else [str(file) for file in write_plots(every, out)]
    if out is not None and recorded is not None:
        if recorded in FORMATS:
            files += [str(file) for file in write_pictures(every, out, recorded)]
        if recorded != "png":
            files += [str(file) for file in write_recordings(every, out, recorded, needle)]
    if sound is not None:
        write_sound(every, sound, needle)
    if as_json:
        heard = {} if sound is None else {"sound": sound.as_data()}
        print_json({**as_data(every, notes), "files": files, **heard})
        return
    for note in notes:
        say(f"note: {note}")
    print(printable(as_text(every)))
    pictures = {name for one in every for name in one.visit.examination.pictures}
    for file in files:
        print(f"{written_kind(file, pictures)}: {printable(file)}")
    if sound is not None:
        print(f"sound: {printable(str(sound.file))} ({sound.muscle}, {sound.effort})")


def _number(given: str) -> float | str:
    try:
        return float(given)
    except ValueError:
        return given
