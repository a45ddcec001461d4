"""
Block by a drug
===============

Lidocaine around six nodes. Sodium channels that are inactivated at rest bind the drug; the spike
falls in the bath, and above some concentration no impulse leaves it.
"""

import matplotlib.pyplot as plt
import numpy as np

import tinel as tn

concentrations = np.array([0.0, 10.0, 20.0, 40.0, 80.0, 160.0])
fibre = tn.models.mrg(diameter_um=np.full(6, 10.0), nodes=31)
bathed = fibre.bathe("lidocaine", concentration_uM=concentrations, nodes=slice(12, 18))
run = tn.simulate(bathed, tn.pulse(node=1, amplitude_nA=5, width_ms=0.1), duration_ms=4)

figure, axes = plt.subplots(layout="constrained")
axes.plot(concentrations, run.peak_mV[:, 15], "o-", label="in the bath")
axes.plot(concentrations, run.peak_mV[:, 28], "o-", label="beyond it")
axes.set(xlabel="lidocaine, µM", ylabel="peak of the potential, mV")
axes.legend()

assert np.isfinite(run.spike_ms[0, 28]) and np.isnan(run.spike_ms[-1, 28])
