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
electrode = tn.point_electrode(distance_mm=1.0)
widths = np.array([0.02, 0.05, 0.1, 0.2, 0.5, 1.0])
found = tn.strength_duration(fibre, electrode, widths_ms=widths)

figure, axes = plt.subplots()
axes.loglog(widths, found.threshold_mA[0], "o", label="simulated")
axes.loglog(widths, found.rheobase_mA[0] * (1 + found.tau_ms[0] / widths), label="Weiss's law")
axes.set(xlabel="width of the pulse, ms", ylabel="threshold, mA")
axes.legend()

assert 0.05 < found.tau_ms[0] < 0.5
