"""Duloxetine: an antidepressant that inactivated and open sodium channels bind.

Wang and others 2010, Anesthesiology 113:655 (abstract read): Nav1.7. 22.1 uM halves the current of
rested channels, 1.79 uM that of inactivated ones, 0.25 uM that of open ones, which the receptor
here leaves out. How fast the drug leaves was not in what was read; the time is an assumption.
"""

from tinel.cable.drugs.drug import Drug
from tinel.cable.drugs.imipramine import action
from tinel.cable.membranes.channels import SODIUM

DULOXETINE = Drug(
    name="duloxetine",
    text="An antidepressant that binds to inactivated sodium channels.",
    source="Wang and others 2010, Anesthesiology 113:655; Nav1.7",
    currents=SODIUM,
    made_of=action,
)
