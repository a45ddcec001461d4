"""The directive ``claims``: every claim of the source article, made from its data at build time.

    ```{claims}
    ```

With the word ``references`` the claims on its references instead.
"""

from __future__ import annotations

from docutils import nodes
from rows import table
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from tinel.claims import READ, Claim, claims


class Claims(SphinxDirective):
    """A table of claims: number, quote, verdict, reason and evidence with its sources."""

    optional_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Make the table."""
        if self.arguments not in ([], ["references"]):
            raise self.error("the directive claims takes nothing, or the word references")
        wanted = bool(self.arguments)
        rows = [row(one) for one in claims().values() if one.id.startswith("ref-") == wanted]
        return [table(("id", "the article", "verdict", "why", "evidence"), rows, code=(0,))]


def row(one: Claim) -> tuple[str, ...]:
    """The cells of one claim."""
    evidence = "; ".join(f"{f.sentence} [{f.source}; {READ[f.read]}]" for f in one.evidence)
    return (one.id, f"“{one.quote}”", one.verdict, one.why, evidence or "none was found")


def setup(app: Sphinx) -> dict[str, bool]:
    """Add the directive."""
    app.add_directive("claims", Claims)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
