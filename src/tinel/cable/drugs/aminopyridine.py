"""4-Aminopyridine: plain block of the fast potassium channels, at nodes and under the myelin.

Half block at 0.14 mM was measured on Kv1.5 (Yamane, Furukawa and Hiraoka 1995, PubMed 7653619,
+40 mV). Assumptions: the Kv1.1 and Kv1.2 of axons need as much, one molecule blocks a channel, and
block does not wait for channels to open (in Kv1.2 it does, PubMed 7707226).
"""

from tinel.cable.drugs.drug import Drug, plain

AMINOPYRIDINE = Drug(
    name="4-aminopyridine",
    text="A blocker of fast potassium channels, at nodes and under the myelin.",
    source="Yamane, Furukawa and Hiraoka 1995, PubMed 7653619; Kv1.5",
    other_names=("aminopyridine", "fampridine"),
    currents=("fast_k",),
    made_of=plain,
)
