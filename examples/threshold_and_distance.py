"""
Threshold and distance
======================

A cathode in homogeneous tissue: thresholds grow with distance, and thick fibres need less current
than thin ones.
"""

import matplotlib.pyplot as plt
import numpy as np

import tinel as tn

distances_mm = np.array([0.25, 0.5, 1.0, 2.0, 3.0])
diameters_um = np.array([5.7, 10.0, 16.0])
fibres = tn.models.mrg(diameter_um=diameters_um, nodes=41)
thresholds_mA = []
for distance in distances_mm:
    electrode = tn.electrodes.point(y_mm=distance, node=20)
    pulse = tn.pulse(electrode=electrode, amplitude_mA=-1, width_ms=0.1)
    thresholds_mA.append(tn.threshold(fibres, pulse, largest=200).amplitude)

figure, axes = plt.subplots(layout="constrained")
for diameter, curve in zip(diameters_um, np.transpose(thresholds_mA), strict=True):
    axes.semilogy(distances_mm, curve, "o-", label=f"{diameter:g} µm")
axes.set(xlabel="distance, mm", ylabel="threshold, mA")
axes.legend()

assert np.all(np.diff(thresholds_mA, axis=0) > 0) and np.all(np.diff(thresholds_mA, axis=1) < 0)
