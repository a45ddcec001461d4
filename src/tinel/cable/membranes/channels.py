"""The membranes of a myelinated fibre's four kinds of compartment."""

from __future__ import annotations

from dataclasses import dataclass

from tinel.cable.membranes.membrane import Membrane

SODIUM = ("naf", "nap")  # fast and persistent sodium: they share a left shift and a drug receptor


@dataclass(frozen=True)
class Axon:
    """The membranes of node, MYSA, FLUT and STIN."""

    name: str
    node: Membrane
    mysa: Membrane
    flut: Membrane
    stin: Membrane

    @property
    def kinds(self) -> tuple[Membrane, Membrane, Membrane, Membrane]:
        """Node, MYSA, FLUT, STIN."""
        return self.node, self.mysa, self.flut, self.stin
