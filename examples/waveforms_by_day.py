"""
Motor conduction by day
=======================

A Saturday-night palsy: most axons are blocked, some break. Below the injury the response falls as
the broken axons die over a week; above it the block ends within weeks.
"""

import matplotlib.pyplot as plt

import tinel as tn

result = tn.run(tn.load("block.toml"), twins=4)
visits = result.visits["wait"]

figure, axes = plt.subplots()
for day, visit in visits.items():
    response = next(iter(visit.responses.values()))
    axes.plot(response.time_ms, response.signal[-1, 0], label=f"day {day:g}")
axes.set(xlabel="time after the stimulus, ms", ylabel="response, mV")
axes.legend()
