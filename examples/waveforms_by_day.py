"""
Motor conduction by day
=======================

A Saturday-night palsy: most axons are blocked, some break. Stimulated above the injury, the
muscle's response is small at first and comes back as the block ends.
"""

import matplotlib.pyplot as plt

import tinel as tn

result = tn.run(tn.load("block.toml"), twins=3)
visits = result.visits[result.waiting]

figure, axes = plt.subplots(layout="constrained")
amplitude = []
for day, visit in visits.items():
    response = next(iter(visit.examination.responses.values()))
    highest = response.waveform[-1, 0]  # the most proximal site, the middle twin
    axes.plot(response.time_ms, highest, label=f"day {day:.0f}")
    amplitude.append(highest.max())
axes.set(xlabel="time after the stimulus, ms", ylabel="response, mV", title=response.study.name)
axes.legend()

assert amplitude[0] < amplitude[-1]
