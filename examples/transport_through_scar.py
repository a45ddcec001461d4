"""
Transport through a scar
========================

Fast cargo along 80 mm of an axon after six hours, without scar and under one that presses 15 mm of
it. Below 20 mmHg nothing happens; above, cargo piles up in the scar and less arrives beyond.
"""

import matplotlib.pyplot as plt
import numpy as np

import tinel as tn
from tinel.course.cargo import cargo, on_rate_left
from tinel.course.stretch import Stretch
from tinel.course.transport import at_rest, carry

parameters = tn.parameters()
fast, cells = cargo("fast", parameters), 320
place_mm = (np.arange(cells) + 0.5) * 80.0 / cells
in_scar = (place_mm > 30.0) & (place_mm < 45.0)
free = at_rest(fast, Stretch(80.0, np.ones(cells)))

figure, axes = plt.subplots(layout="constrained")
beyond = {}
for pressure_mmHg in (0, 20, 30, 60):
    left = on_rate_left(np.where(in_scar, pressure_mmHg, 0.0), parameters)
    after = carry(fast, Stretch(80.0, left), [0.25], start=free)
    here = (after.moving[0] + after.waiting[0]) / (free[0] + free[1])
    axes.semilogy(place_mm, here, label=f"{pressure_mmHg} mmHg")
    beyond[pressure_mmHg] = here[-40:].mean()
axes.axvspan(30.0, 45.0, color="0.9")
axes.set(xlabel="mm along the axon, scar in grey", ylabel="cargo, times that without scar")
axes.legend()

assert beyond[20] == beyond[0] and beyond[60] < 0.5
