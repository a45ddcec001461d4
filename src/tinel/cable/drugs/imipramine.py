"""Imipramine: a tricyclic that inactivated sodium channels bind tightly, and release in seconds.

Habuchi, Furukawa, Tanaka, Tsujimura and Yoshimura 1991, J Pharmacol Exp Ther 256:1072-1081: heart
cells of the guinea pig. 25 uM halves the current from -130 mV, inactivated channels have a
dissociation constant of 0.67 uM, and the drug leaves with a time constant of 5.9 s at -90 mV. That
rates of heart channels hold for nodes, at body temperature, is an assumption.
"""

from tinel.cable.drugs.drug import Action, Drug
from tinel.cable.membranes.channels import SODIUM
from tinel.cable.membranes.constants import Constants


def action(c: Constants) -> Action:
    """Half block, dissociation constant, and the rate of leaving from its time constant."""
    return Action(c["plain_uM"], c["inactivated_uM"], 1.0 / c["unbinding_time_s"])


IMIPRAMINE = Drug(
    name="imipramine",
    text="A tricyclic that binds tightly to inactivated sodium channels.",
    source="Habuchi and others 1991, J Pharmacol Exp Ther 256:1072-1081",
    currents=SODIUM,
    made_of=action,
)
