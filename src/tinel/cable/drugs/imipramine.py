"""Imipramine: a tricyclic that inactivated sodium channels bind tightly, and release in seconds.

Habuchi, Furukawa, Tanaka, Tsujimura and Yoshimura 1991, J Pharmacol Exp Ther 256:1072-1081: heart
cells of the guinea pig. 25 uM halves the current from -130 mV, inactivated channels have a
dissociation constant of 0.67 uM, and the drug leaves with a time constant of 5.9 s at -90 mV. That
rates of heart channels hold for nodes, at body temperature, is an assumption.
"""

from tinel.cable.drugs.drug import Drug
from tinel.cable.membranes.channels import SODIUM

IMIPRAMINE = Drug(
    name="imipramine",
    currents=SODIUM,
    plain_uM=25.0,
    inactivated_uM=0.67,
    unbinding_per_s=1.0 / 5.9,
    source="Habuchi and others 1991, J Pharmacol Exp Ther 256:1072-1081",
)
