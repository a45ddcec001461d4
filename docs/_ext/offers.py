"""The directive ``offers``: what a room offers, from the declarations that the program reads.

    ```{offers} tinel.treatment tinel.treatment.treatment.Treatment
    ```

The first argument is the folder in which the offers lie, the second their type.
"""

from __future__ import annotations

from importlib import import_module

from docutils import nodes
from rows import table
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from tinel.declare.find import found
from tinel.declare.offer import Offer


class Offers(SphinxDirective):
    """A paragraph and a table of fields for each offer of a package."""

    required_arguments = 2

    def run(self) -> list[nodes.Node]:
        """Make the description of every offer, sorted by name."""
        package, kind = self.arguments
        module, name = kind.rsplit(".", 1)
        offers = found(package, getattr(import_module(module), name))
        if not offers:
            raise self.error(f"{package} offers nothing of the kind {kind}")
        return [node for key in sorted(offers) for node in described(offers[key])]


def described(offer: Offer) -> list[nodes.Node]:
    """Name, text, other names and source of an offer, and its fields as a table."""
    first = nodes.paragraph("", "", nodes.strong(offer.name, offer.name), nodes.Text(": "))
    first += nodes.Text(offer.text)
    if offer.other_names:
        first += nodes.Text(f" Also written: {', '.join(offer.other_names)}.")
    if offer.source:
        first += nodes.Text(f" Source: {offer.source.rstrip('.')}.")
    made: list[nodes.Node] = [first]
    if offer.fields:
        rows = [(f.name, f.meaning, f.allowed, "yes" if f.needed else "") for f in offer.fields]
        made.append(table(("key", "meaning", "allowed", "needed"), rows, code=(0,)))
    return made


def setup(app: Sphinx) -> dict[str, bool]:
    """Add the directive."""
    app.add_directive("offers", Offers)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
