"""The directive ``numbers``: a table of evidence, made from the evidence files at build time.

    ```{numbers} lesion.sheath lesion.axon
    ```

A pattern is a key or the beginning of one. No number of the concept pages is typed by hand.
"""

from __future__ import annotations

from docutils import nodes
from rows import table
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from tinel.evidence import Parameters


class Numbers(SphinxDirective):
    """A table of all numbers whose keys are, or begin with, one of the arguments."""

    required_arguments = 1
    optional_arguments = 30

    def run(self) -> list[nodes.Node]:
        """Make the table, or an error where a pattern fits no key."""
        known = Parameters.of_evidence().numbers
        lines = []
        for pattern in self.arguments:
            keys = sorted(k for k in known if k == pattern or k.startswith(f"{pattern}."))
            if not keys:
                raise self.error(f"no number has a key that begins with {pattern}")
            for key in keys:
                number = known[key]
                value = f"{number.value:g} {number.unit}".removesuffix(" 1")
                spread = number.spread.strip(" ()")
                note = ". ".join(t for t in (number.source, number.note) if t)
                lines.append((key, value, spread, number.evidence_grade, note))
        return [table(("key", "value", "spread", "evidence grade", "source"), lines, code=(0,))]


def setup(app: Sphinx) -> dict[str, bool]:
    """Add the directive."""
    app.add_directive("numbers", Numbers)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
