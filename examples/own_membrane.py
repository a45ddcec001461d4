"""
A membrane of your own
======================

``examples/own/rabbit_node.py`` is a membrane on one page. The same object serves every engine:
condensed internodes, every compartment, and a single cable.
"""

import sys

import matplotlib.pyplot as plt

import tinel as tn

sys.path.append("own")
from rabbit_node import MEMBRANE

pulse = tn.pulse(node=1, amplitude_nA=20, start_ms=0.1, width_ms=0.1)
fibre = tn.models.myelinated(MEMBRANE, diameter_um=10, nodes=31)
bare = tn.models.single_cable(MEMBRANE, diameter_um=1, nodes=121, compartment_um=20)

figure, axes = plt.subplots(layout="constrained")
velocity = {}
for solver, one in (("condensed", fibre), ("full", fibre), ("single_cable", bare)):
    run = tn.simulate(one, pulse, duration_ms=4, solver=solver)
    axes.plot(run.position_mm[0], run.spike_ms[0], label=solver)
    velocity[solver] = run.velocity_m_per_s()[0]
axes.set(xlabel="distance, mm", ylabel="time of the spike, ms")
axes.legend()

# %%
# Condensing the internodes changes the velocity by less than a per cent; without myelin the impulse
# is far slower.

assert abs(velocity["condensed"] / velocity["full"] - 1) < 0.01
assert 0 < velocity["single_cable"] < velocity["full"] / 3
