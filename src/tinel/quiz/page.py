"""The page: blind studies with questions, and the truth where a reader unfolds it.

One file, no script, nothing to load; every text from a case is escaped.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from tinel.exam.needle.sound import as_wav
from tinel.quiz.ask import questions, unseen
from tinel.quiz.choices import Question
from tinel.quiz.rows import tables
from tinel.quiz.study import BlindStudy
from tinel.quiz.traces import conduction_svg, needle_svg
from tinel.quiz.truth import Truth, truth_of
from tinel.report.drawing import style
from tinel.report.figure import Table
from tinel.report.template import as_written, filled
from tinel.terminal import shown_name

ROOM = "tinel.quiz"


@dataclass(frozen=True)
class Heard:
    """One needle recording on the page."""

    muscle: str
    effort: str
    svg: Markup
    sound: str


@dataclass(frozen=True)
class Shown:
    """One study as the page shows it; ``source`` and what follows stand in the answer."""

    person: str
    nerve: str
    side: str
    waves: tuple[tuple[str, Markup], ...]
    heard: tuple[Heard, ...]
    tables: tuple[Table, ...]
    questions: tuple[Question, ...]
    source: str
    cause: str
    truth: Truth
    sentences: tuple[tuple[str, str, str], ...]
    unseen: tuple[tuple[str, str], ...]


def show(study: BlindStudy) -> Shown:
    """Everything the page says about one study."""
    case, truth = study.drawn.case, truth_of(study.visit.limb)
    who = case.patient
    heard = [
        Heard(one.muscle, one.effort, needle_svg(one), _embedded(as_wav(one, short=True)))
        for one in study.recordings
    ]
    responses = study.visit.examination.responses
    return Shown(
        person=f"{'Woman' if who.sex == 'female' else 'Man'} of {who.age:g} years, "
        f"{who.height_cm:g} cm; skin {who.limb_temperature_c:g} °C",
        nerve=study.visit.limb.nerve.spoken,
        side=study.drawn.side,
        waves=tuple((name, conduction_svg(study, name)) for name in responses),
        heard=tuple(heard),
        tables=tables(study),
        questions=questions(study, truth),
        source=shown_name(case.source.path),
        cause=f"{case.cause.kind}: {case.cause.procedure}"
        if case.cause.procedure
        else case.cause.kind,
        truth=truth,
        sentences=study.sentences,
        unseen=unseen(study),
    )


def render(studies: Sequence[BlindStudy], seed: int) -> tuple[str, tuple[Shown, ...]]:
    """The whole page, and what stands on it.

    Args:
        studies: from ``study.examine``, in the order of the page.
        seed: of the quiz, named on the page.
    """
    with style():
        shown = tuple(show(study) for study in studies)
    css = as_written(ROOM, "quiz.css")
    page = filled(ROOM, "quiz.html.jinja", studies=shown, seed=seed, css=css)
    return page, shown


def _embedded(sound: bytes) -> str:
    return "data:audio/wav;base64," + b64encode(sound).decode("ascii")
