"""The command ``tinel forecast``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tinel.arguments import CaseFile, Json, OwnFiles, Seed, Twins, Workers, cores
from tinel.errors import TinelError
from tinel.terminal import print_json, printable, say


def forecast_(
    case_file: CaseFile,
    today: Annotated[
        str | None,
        typer.Option(
            help="Days after day 0, or a text such as '6 weeks'; nothing later is used. Default: "
            "the last day that a finding or symptom of the case has, else 0."
        ),
    ] = None,
    twins: Twins = None,
    seed: Seed = None,
    arm: Annotated[
        str,
        typer.Option(
            help="Arm whose operation is tried on other days; default: the first that operates, "
            "or the usual operation for the cause."
        ),
    ] = "",
    other: Annotated[
        list[Path] | None,
        typer.Option(
            "--or",
            metavar="OTHER",
            help="A case file with another story of the same patient, such as another cause or "
            "site: which fits the findings of CASE best? May be given several times.",
        ),
    ] = None,
    workers: Workers = None,
    own: OwnFiles = None,
    as_json: Json = False,
) -> None:
    """Forecast a patient's recovery: what is hurt, what comes back by when, and the chances."""
    from tinel.forecast.as_json import as_data
    from tinel.forecast.when_to_operate import operation_of
    from tinel.forecast_command.asked import far_enough, today_of
    from tinel.forecast_command.compute import computed
    from tinel.forecast_command.show import as_text
    from tinel.forecast_command.stories import stories, stories_as_data, stories_as_text
    from tinel.options import cases_of
    from tinel.progress import watched

    if workers is not None and workers < 1:
        raise TinelError(f"{workers} is out of range (allowed: 1 or more)", "--workers")
    case, *others = cases_of([case_file, *(other or [])], seed, twins, [], own or [])
    day = today_of(case, today)
    try:
        operation_of(case, arm)
    except TinelError as problem:
        raise problem.at("--arm") from None
    with watched(sparse=as_json) as progress:
        told = stories(case, others, day, workers or cores(), progress)
        found = computed(far_enough(case, day), day, arm, workers or cores(), progress)
    if as_json:
        data = {"stories": stories_as_data(told)} if told else {}
        print_json({**as_data(found), **data, "notes": list(case.notes)})
        return
    for note in case.notes:
        say(f"note: {note}")
    print(printable(as_text(case, found)))
    if told:
        print(printable("\n" + stories_as_text(told)))
