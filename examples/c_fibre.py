"""
A C fibre
=========

An unmyelinated human nociceptor (Tigerholm and others 2014), whose ion concentrations change. It
conducts a hundred times more slowly than a motor axon.
"""

import numpy as np

import tinel as tn

fibre = tn.models.tigerholm(diameter_um=1.0, nodes=181)
stimulus = tn.pulse(node=0, amplitude_nA=0.5, start_ms=0.5, width_ms=0.5)
run = tn.simulate(fibre, stimulus, duration_ms=6, keep_nodes=[60, 120])
run.plot()

# %%
# 0.69 m/s is published for this model.

velocity = run.velocity_m_per_s(60, 120)
assert np.all(np.abs(velocity - 0.70) < 0.03)
