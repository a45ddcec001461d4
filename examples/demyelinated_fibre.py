"""
A demyelinated fibre
====================

A myelinated motor axon of 10 µm (the MRG model) fires at one end. Eight internodes in its middle
have lost most of their lamellae: the impulse slows there and speeds up again beyond.
"""

import matplotlib.pyplot as plt
import numpy as np

import tinel as tn

healthy = tn.models.mrg(diameter_um=10, nodes=31)
injured = healthy.demyelinate(internodes=slice(8, 16), lamellae_fraction=0.05)
pulse = tn.pulse(node=1, amplitude_nA=5, start_ms=0.1, width_ms=0.1)

# %%
# One call simulates either fibre. Times are those at which each node fires.

figure, axes = plt.subplots(layout="constrained")
for name, fibre in (("healthy", healthy), ("eight internodes thinned", injured)):
    run = tn.simulate(fibre, pulse, duration_ms=4)
    axes.plot(np.arange(31), run.spike_ms[0], ".-", label=name)
axes.set(xlabel="node", ylabel="time of the spike, ms")
axes.legend()

# %%
# The thinned stretch costs time, and the impulse arrives.

first, last = run.spike_ms[0, 2], run.spike_ms[0, 28]
assert 1.0 < last - first < 4.0
