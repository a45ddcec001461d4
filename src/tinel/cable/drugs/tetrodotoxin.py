"""Tetrodotoxin: plain block of the sodium channels of the node.

Schwarz, Ulbricht and Wagner 1973, J Physiol 233:167-194, doi 10.1113/jphysiol.1973.sp010304:
voltage-clamped nodes of Xenopus, room temperature, one molecule per channel. Binding and
unbinding take minutes, so the block does not change during a run.
"""

from tinel.cable.drugs.drug import Drug, plain
from tinel.cable.membranes.channels import SODIUM

TETRODOTOXIN = Drug(
    name="tetrodotoxin",
    text="A blocker of the node's sodium channels.",
    source="Schwarz, Ulbricht and Wagner 1973, doi 10.1113/jphysiol.1973.sp010304; 3.60 nM",
    currents=SODIUM,
    made_of=plain,
)
