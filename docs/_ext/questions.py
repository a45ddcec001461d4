"""The directives ``questions`` and ``referral``: answers and situations, from their data.

    ```{questions}
    ```

With the word ``thin`` a table of the answers whose evidence is thin. ``referral`` makes a table of
the situations.
"""

from __future__ import annotations

from docutils import nodes
from rows import table
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from tinel.ask.fill import filled
from tinel.ask.question import questions
from tinel.ask.show import page
from tinel.referral.rules import situations, sources


class Questions(SphinxDirective):
    """Every answer as a terminal shows it, or the table of thin evidence."""

    optional_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Make the answers."""
        if self.arguments == ["thin"]:
            rows = [(q.question, q.thin) for q in questions() if q.thin]
            return [table(("question", "why the evidence is thin"), rows)]
        if self.arguments:
            raise self.error("the directive questions takes nothing, or the word thin")
        return [nodes.literal_block(text, text, language="text") for text in answers()]


class Referral(SphinxDirective):
    """The situations in order of urgency."""

    def run(self) -> list[nodes.Node]:
        """Make the table."""
        head = ("situation", "how soon", "whom", "first test", "basis")
        rows = [
            (
                f"{'Urgent: ' if one.red_flag else ''}{one.what}",
                one.how_soon,
                one.whom,
                one.first_test,
                "; ".join(f"{sources()[k].title} ({sources()[k].read})" for k in one.basis),
            )
            for one in situations()
        ]
        return [table(head, rows)]


def answers() -> list[str]:
    """Every answer on its screen."""
    return [page(filled(question)) for question in questions()]


def setup(app: Sphinx) -> dict[str, bool]:
    """Add the directives."""
    app.add_directive("questions", Questions)
    app.add_directive("referral", Referral)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
