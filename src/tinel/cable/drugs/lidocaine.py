"""Lidocaine: weak plain block of sodium channels, strong binding while they are inactivated.

Rates: Moreno and others 2011, Sci Transl Med 3:98ra83, as reduced by Docken, Clancy and Lewis
2021, doi 10.1371/journal.pcbi.1009145: channels of the heart at 37 C, of which only the inactivated
bind, and only the uncharged fraction of the drug. Bean, Cohen and Tsien 1983, doi
10.1085/jgp.81.5.613, had measured 10 uM for inactivated channels and more than 300 uM without
inactivation (heart, 16 C).

Plain block: 0.2 mM takes 30 % of the sodium current of rested nerve membrane (Miller's Anesthesia,
6th edition, figure 14-8); that it does not depend on potential is what Hanck and others 2009
(PMC2735213) found. That rates of heart channels hold for nodes is an assumption.
"""

from tinel.cable.drugs.drug import Action, Drug
from tinel.cable.membranes.channels import SODIUM
from tinel.cable.membranes.constants import Constants


def action(c: Constants) -> Action:
    """Plain block from the tonic fraction, binding from the rates of the uncharged drug."""
    uncharged = 1.0 - 1.0 / (1.0 + 10.0 ** (c["tissue_ph"] - c["pka"]))
    tonic, unbinding = c["tonic_fraction"], c["unbinding_per_ms"]
    return Action(
        plain_uM=c["tonic_uM"] * (1.0 - tonic) / tonic,
        inactivated_uM=1e6 * unbinding / (c["binding_per_M_ms"] * uncharged),
        unbinding_per_s=1e3 * unbinding,
    )


LIDOCAINE = Drug(
    name="lidocaine",
    text="A local anaesthetic that binds strongly to inactivated sodium channels.",
    source="Docken, Clancy and Lewis 2021, doi 10.1371/journal.pcbi.1009145; 37 C",
    other_names=("lignocaine",),
    currents=SODIUM,
    made_of=action,
)
