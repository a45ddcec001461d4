"""The directive ``remedies``: what trials found about every remedy against pain.

    ```{remedies} table
    ```

``table`` is the table of the report; ``trials`` lists every trial with its source; ``accounts`` has
the engine beside the trials for the drugs that act on a channel it has.
"""

from __future__ import annotations

from docutils import nodes
from rows import table
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from tinel.treatment.pain import known
from tinel.treatment.pain.firing import account
from tinel.treatment.pain.overview import HEAD, rows


class Remedies(SphinxDirective):
    """One of three tables."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Make the table."""
        if self.arguments[0] == "table":
            return [table(HEAD[:-1], [row.cells for row in rows()])]
        if self.arguments[0] == "accounts":
            both = [(n, account(n).says) for n, given in known().items() if given.bath]
            return [table(("remedy", "fibre and trials"), both)]
        lines = [
            (given.name, trial.key, trial.pain, trial.text, f"{trial.source} ({trial.read})")
            for given in known().values()
            for trial in given.trials
        ]
        return [table(("remedy", "trial", "pain", "found", "source (read)"), lines)]


def setup(app: Sphinx) -> dict[str, bool]:
    """Add the directive."""
    app.add_directive("remedies", Remedies)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
