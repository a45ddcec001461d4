"""
Velocity and diameter
=====================

Thicker myelinated fibres conduct faster, nearly in proportion to their diameter. The whole row of
fibres is one batch.
"""

import matplotlib.pyplot as plt
import numpy as np

import tinel as tn

diameters = np.linspace(4, 16, 13)
fibres = tn.models.mrg(diameter_um=diameters, nodes=41)
pulse = tn.pulse(node=1, amplitude_nA=10, start_ms=0.1, width_ms=0.1)
run = tn.simulate(fibres, pulse, duration_ms=4)
velocity = run.velocity_m_per_s(10, 30)

figure, axes = plt.subplots(layout="constrained")
axes.plot(diameters, velocity, "o-")
axes.set(xlabel="diameter of the fibre, µm", ylabel="velocity, m/s")

# %%
# The fibre of 10 µm conducts at 55 m/s in this model.

assert abs(np.interp(10.0, diameters, velocity) - 55.1) < 0.5
