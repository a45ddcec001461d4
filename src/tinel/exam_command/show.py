"""What a terminal shows of an examination: tables, readings, and what no test can see."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from textwrap import wrap

from tinel.declare.quantity import shown_day
from tinel.exam.cannot_see import Unseen
from tinel.exam.method import MARKED, NO_FILTER, distance_mm
from tinel.exam.test import known_tests
from tinel.exam_command.compute import Examined
from tinel.exam_command.lines import EXAMPLE_ALONE, Line, lines
from tinel.exam_command.needle_in import needle_lines
from tinel.exam_command.readings import ReadingLine, readings, unseen
from tinel.exam_command.together import WORDS, together
from tinel.report.number_format import number
from tinel.terminal import shown_name

WIDTH = 100
HEAD = ("", "value", "unit", "flag", "limit", "other side", "twins: median (90 %)")
FLAGS = "Flags: L below and H above the limit, S small beside the other side."
NOTE = "Research and teaching software: no medical device, and no advice for a person."


def example_sentence(one: Examined) -> str:
    """Who is shown, in words."""
    case, result = one.result.case, one.result
    who = f"Twin {result.middle + 1} of {case.run.twins} (seed {case.run.seed})"
    hurt = "no twin loses a fibre" if one.uninjured else "it has the injury of the case"
    return (
        f"{who} is shown as an example: the one whose course runs closest to the medians; {hurt}. "
        f"It is one possible person, not the patient."
    )


def as_text(every: Sequence[Examined]) -> str:
    """All nerves of a case on the day asked."""
    first = every[0]
    case, asked = first.result.case, first.asked
    name = shown_name(case.source.path)
    told = [f"{name}: day {shown_day(asked.day)}, arm {asked.arm}, {case.nerve.side} side"]
    for one in every:
        told += ["", one.visit.limb.nerve.spoken, *_wrapped(example_sentence(one))]
        told += _tables(one)
        told += _wrapped(method_line(one)) if one.visit.examination.responses else []
        kind = together(one)
        if kind is not None:
            told += ["", *_wrapped(f"Conduction and needle taken together: {WORDS[kind]}")]
        for line in needle_lines(one):
            told += ["", *_wrapped(line)]
    told += ["", FLAGS, "", "What these tests cannot see on this day:"]
    for rule in unseen(first):
        told += _wrapped(_unseen_line(rule), "  ")
    return "\n".join([*told, "", *_wrapped(NOTE)])


def method_line(one: Examined) -> str:
    """How the conduction studies of a nerve were done, in a line."""
    studies = [response.study for response in one.visit.examination.responses.values()]
    ways = (
        f"{study.name} "
        + ", ".join(f"{site.name} {distance_mm(study, site.name):.0f}" for site in study.sites)
        for study in studies
    )
    skin = one.visit.limb.nerve.twins.patient.limb_temperature_c
    return (
        f"Method: latency and velocity from the {MARKED['onset latency']}, amplitude as "
        f"{MARKED['amplitude']}; filter {NO_FILTER}; skin {skin:g} °C; mm from stimulus to "
        f"recording: {'; '.join(ways)}."
    )


def _unseen_line(rule: Unseen) -> str:
    source = f" [{rule.source}; {rule.evidence_grade}]" if rule.source else ""
    return f"{rule.test}: {rule.text}{source}"


def _tables(one: Examined) -> list[str]:
    found, said, told = lines(one), readings(one), []
    known = known_tests(one.result.case.files)
    for name in one.asked.tests:
        of_test = [line for line in found if line.test == name]
        if not of_test:
            told += ["", f"{name.upper()}: nothing of this nerve is examined by it"]
            continue
        test = known[name]
        shown = [line for line in of_test if not test.shown or line.quantity in test.shown]
        body: list[tuple[str, ...]] = [HEAD]
        for study, of_study in groupby(shown, key=lambda line: line.study):
            body += _rows(study, list(of_study), one.result.case.run.twins)
        told += ["", name.upper(), *_aligned(body), "Reading:"]
        told += [t for reading in _joined(said, name) for t in _wrapped(reading, "  ")]
    return told


def _rows(study: str, of_study: list[Line], twins: int) -> list[tuple[str, ...]]:
    """The rows of one study; what is absent stands in one row, what few twins have says so."""
    # a study, muscle or patch of skin with one value needs no heading of its own
    alone = len(of_study) == 1 and not of_study[0].site
    rows: list[tuple[str, ...]] = [] if alone else [(study, *[""] * (len(HEAD) - 1))]
    gone = [line for line in of_study if line.absent]
    for line in of_study:
        if line.absent and line is not gone[0]:
            continue
        flag = {"low": "L", "high": "H", "side": "S"}.get(line.flag, "")
        both = " (both sides)" if line.criterion == "limit broken on both sides" else ""
        where = f"{line.site}: " if line.site else ""
        what = f"{where}{line.quantity}"
        if line.absent:
            places = ", ".join(dict.fromkeys(g.site or g.quantity for g in gone))
            if line.of_twins == EXAMPLE_ALONE:
                what = f"not seen: {places}"
            elif len(gone) == len(of_study):
                what = "no response"
            else:
                what = f"absent: {places}"
        rows.append(
            (
                f"{study}: {what}" if alone else f"  {what}",
                "–" if line.absent else line.text,
                line.unit if line.unit and not line.unit[0].isdigit() else "",
                f"{flag}{both}",
                line.limit,
                _number(line.other_side, line.unit),
                f"{line.of_twins}, n {line.twins}" if 0 < line.twins < twins else line.of_twins,
            )
        )
    return rows


def _number(value: float | None, unit: str) -> str:
    return "" if value is None else number(value, unit)


def _joined(said: Sequence[ReadingLine], test: str) -> list[str]:
    """Readings of a test, with those subjects together of which the same is said."""
    by_sentence: dict[str, list[str]] = {}
    for one in said:
        if one.test == test:
            by_sentence.setdefault(one.sentence, []).append(one.study)
    return [f"{', '.join(studies)}: {sentence}" for sentence, studies in by_sentence.items()]


def _aligned(body: Sequence[tuple[str, ...]]) -> list[str]:
    columns = [max(len(row[k]) for row in body) for k in range(len(HEAD))]
    return [
        "  ".join(cell.ljust(wide) for cell, wide in zip(row, columns, strict=True)).rstrip()
        for row in body
    ]


def _wrapped(text: str, indent: str = "") -> list[str]:
    return wrap(text, WIDTH, initial_indent=indent, subsequent_indent=indent + "  ") or [""]
