"""
Strength and duration
=====================

The shorter a pulse, the more current it takes. Weiss's law fits the thresholds with two numbers:
the rheobase and the strength-duration time constant, which is the chronaxie.
"""

import matplotlib.pyplot as plt
import numpy as np

import tinel as tn

fibre = tn.models.mrg(diameter_um=10, nodes=21)
electrode = tn.electrodes.point(y_mm=1.0, node=10)
widths = np.array([0.05, 0.1, 0.2, 0.5, 1.0])
found = tn.protocols.strength_duration(
    fibre, widths, electrode=electrode, amplitude_mA=-1, largest=50
)
rheobase, tau = found.rheobase[0], found.time_constant_ms[0]

figure, axes = plt.subplots(layout="constrained")
axes.semilogx(widths, found.amplitude[0], "o", label="simulated")
axes.semilogx(widths, rheobase * (1 + tau / widths), label="Weiss's law")
axes.set(xlabel="width of the pulse, ms", ylabel="threshold, mA")
axes.legend()

assert 0.05 < tau < 0.5
