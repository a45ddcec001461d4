"""The directive ``atlas``: one muscle under the needle through an injury, drawn and as sound.

    ```{atlas} examples/teaching/axillary_dislocation.toml
    :muscle: deltoid
    :twin: 6
    :days: 3, 21, 120, 365
    ```

The sounds are written beside the built pages, into ``_sounds``; no sound is kept with the source.
"""

from __future__ import annotations

from pathlib import Path

from docutils import nodes
from docutils.parsers.rst import directives
from rows import table
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from tinel.case import load
from tinel.cohort.person import courses, injure, plans
from tinel.exam.examination import Examination, examine
from tinel.exam.laboratory import set_up
from tinel.exam.limb import Limb, healthy
from tinel.exam.needle import reading as words
from tinel.exam.needle.record import EFFORTS, record
from tinel.exam.needle.sound import as_wav
from tinel.quiz.traces import needle_svg
from tinel.report.drawing import style
from tinel.report.number_format import number

ROOT = Path(__file__).parents[2]
SECONDS, WIDTH = 4.0, 250.0
HEAD = ("", "fibrillations", "positive sharp waves", "potentials", "polyphasic", "recruitment")
HEAD = (*HEAD, "fastest unit")


class Atlas(SphinxDirective):
    """The muscle at three efforts on every day, and a table of what is measured."""

    required_arguments = 1
    option_spec = {  # noqa: RUF012
        "muscle": directives.unchanged_required,
        "twin": directives.positive_int,
        "days": directives.unchanged_required,
    }

    def run(self) -> list[nodes.Node]:
        """Make pictures, sounds and table."""
        file = ROOT / self.arguments[0]
        self.env.note_dependency(str(file))
        muscle, twin = self.options["muscle"], self.options["twin"] - 1
        case = load(file)
        person = injure(case, range(twin, twin + 1))
        laboratory = set_up(person.nerve)
        plan = next(p for p in plans(case, person.nerve.twins.parameters) if not p.interventions)
        (course,) = courses(person, [plan])
        limbs = {"Normal": healthy(person.nerve)}
        for day in (float(text) for text in self.options["days"].split(",")):
            limbs[f"Day {day:g}"] = laboratory.limb(course, day)
        made: list[nodes.Node] = []
        lines = []
        for name, limb in limbs.items():
            warm = laboratory.temperature_C
            made += [nodes.rubric(name, name), self._panels(name, limb, muscle, warm)]
            lines.append(row(name, muscle, examine(limb, laboratory, ["needle EMG"])))
        return [*made, table(HEAD, lines)]

    def _panels(self, name: str, limb: Limb, muscle: str, warm: float) -> nodes.raw:
        """Pictures with their players; the sounds go beside the pages."""
        folder = Path(self.env.app.outdir) / "_sounds"
        folder.mkdir(parents=True, exist_ok=True)
        html = []
        for effort in EFFORTS:
            one = record(limb, muscle, effort, seconds=SECONDS, temperature_C=warm)
            sound = f"{muscle}_{name}_{effort}.wav".replace(" ", "_").lower()
            (folder / sound).write_bytes(as_wav(one))
            with style():
                svg = needle_svg(one, WIDTH)
            said = "at rest" if effort == "rest" else f"{effort} effort"
            html.append(
                f"<figure><figcaption>{name}, {said}</figcaption>{svg}"
                f'<audio controls preload="none" src="_sounds/{sound}"></audio></figure>'
            )
        text = f'<div class="needle">{"".join(html)}</div>'
        return nodes.raw("", text, format="html")


def row(name: str, muscle: str, seen: Examination) -> tuple[str, ...]:
    """What the examiner writes down on one day."""

    def value(quantity: str) -> float:
        found = seen.value(muscle, quantity)
        assert found is not None
        return found

    kind, none = int(value(words.RECRUITMENT)), "–"
    some = kind > 0
    return (
        name,
        words.PLUS_WORDS[int(value(words.FIBRILLATIONS))],
        words.PLUS_WORDS[int(value(words.WAVES))],
        f"{value(words.SIZE):.0f} µV, {value(words.DURATION):.0f} ms" if some else none,
        f"{value(words.POLYPHASIC):.0f} %" if some else none,
        words.RECRUITMENT_WORDS[kind],
        f"{number(value(words.FASTEST), 'Hz')} Hz" if some else none,
    )


def setup(app: Sphinx) -> dict[str, bool]:
    """Add the directive."""
    app.add_directive("atlas", Atlas)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
