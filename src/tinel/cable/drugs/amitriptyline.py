"""Amitriptyline: a tricyclic that inactivated sodium channels bind tightly, and release in seconds.

Nau and others 2000, J Pharmacol Exp Ther (abstract read): human heart channels Nav1.5. 24.8 uM
halves the current of rested channels, 0.58 uM that of inactivated ones, and the channels recover
with a time constant of 8.0 s. That channels of the heart stand for those of nodes is an assumption.
"""

from tinel.cable.drugs.drug import Drug
from tinel.cable.drugs.imipramine import action
from tinel.cable.membranes.channels import SODIUM

AMITRIPTYLINE = Drug(
    name="amitriptyline",
    text="A tricyclic that binds tightly to inactivated sodium channels.",
    source="Nau and others 2000, J Pharmacol Exp Ther; human Nav1.5",
    currents=SODIUM,
    made_of=action,
)
