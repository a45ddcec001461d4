"""
Threshold and distance
======================

A point electrode in homogeneous tissue: thresholds grow with distance, and thick fibres need less
current than thin ones.
"""

import matplotlib.pyplot as plt
import numpy as np

import tinel as tn

distances = np.array([0.25, 0.5, 1.0, 2.0, 3.0])
figure, axes = plt.subplots()
for diameter in (5.7, 10.0, 16.0):
    fibre = tn.models.mrg(diameter_um=diameter, nodes=21)
    currents = [
        tn.threshold(fibre, tn.point_electrode(distance_mm=d), width_ms=0.1).amplitude[0]
        for d in distances
    ]
    axes.loglog(distances, currents, "o-", label=f"{diameter:g} µm")
axes.set(xlabel="distance, mm", ylabel="threshold, mA")
axes.legend()

assert np.all(np.diff(currents) > 0)
