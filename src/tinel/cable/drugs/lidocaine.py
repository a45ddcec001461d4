"""Lidocaine: weak plain block of sodium channels, strong binding while they are inactivated.

Rates: Moreno and others 2011, Sci Transl Med 3:98ra83, as reduced by Docken, Clancy and Lewis
2021, doi 10.1371/journal.pcbi.1009145: channels of the heart at 37 C, of which only the inactivated
bind, and only the uncharged share of the drug. Bean, Cohen and Tsien 1983, doi
10.1085/jgp.81.5.613, had measured 10 uM for inactivated channels and more than 300 uM without
inactivation (heart, 16 C).

Plain block: 0.2 mM takes 30 % of the sodium current of rested nerve membrane (Miller's Anesthesia,
6th edition, figure 14-8); that it does not depend on potential is what Hanck and others 2009
(PMC2735213) found. That rates of heart channels hold for nodes is an assumption.
"""

from tinel.cable.drugs.drug import Drug
from tinel.cable.membranes.channels import SODIUM

PH, PKA = 7.4, 7.6
UNCHARGED = 1.0 - 1.0 / (1.0 + 10.0 ** (PH - PKA))
BINDING_per_M_ms, UNBINDING_per_ms = 250.0, 1.7e-3  # of the uncharged drug
TONIC_uM, TONIC_BLOCK = 200.0, 0.3

LIDOCAINE = Drug(
    name="lidocaine",
    currents=SODIUM,
    plain_uM=TONIC_uM * (1.0 - TONIC_BLOCK) / TONIC_BLOCK,
    inactivated_uM=1e6 * UNBINDING_per_ms / (BINDING_per_M_ms * UNCHARGED),
    unbinding_per_s=1e3 * UNBINDING_per_ms,
    source="Docken, Clancy and Lewis 2021, doi 10.1371/journal.pcbi.1009145; 37 C",
)
