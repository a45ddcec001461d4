"""
Conduction block and temperature
================================

Cooling helps a demyelinated fibre: channels stay open longer, so an impulse has more current for a
leaking stretch. The same stretch that blocks when warm may conduct when cold.
"""

import matplotlib.pyplot as plt
import numpy as np

import tinel as tn

fractions = np.geomspace(0.005, 0.2, 16)
fibre = tn.models.mrg(diameter_um=np.full(16, 10.0), nodes=31)
injured = fibre.demyelinate(internodes=slice(12, 18), lamellae_fraction=fractions[:, None])
pulse = tn.pulse(node=1, amplitude_nA=5, start_ms=0.1, width_ms=0.1)

temperatures = np.array([25.0, 29.0, 33.0, 37.0])
least = []
for temperature in temperatures:
    run = tn.simulate(injured, pulse, duration_ms=8, temperature_C=temperature)
    least.append(fractions[np.isfinite(run.spike_ms[:, 28])].min())

figure, axes = plt.subplots(layout="constrained")
axes.plot(temperatures, 100 * np.array(least), "o-")
axes.set(xlabel="temperature, °C", ylabel="least lamellae that conduct, %")

assert least[0] <= least[-1]
