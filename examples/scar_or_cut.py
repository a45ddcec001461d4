"""
A scar or a cut
===============

The same ulnar nerve after two injuries at one place: a scar that presses for months, and a
laceration that is never joined.
"""

import matplotlib.pyplot as plt
import numpy as np

import tinel as tn

person = tn.Patient(age=40, sex="female", height_cm=170)
nerve = tn.build("ulnar", side="left", twins=tn.Twins(person, range(10), seed=1))
site = nerve.landmark("wrist").position_mm
where = {"branch": "ulnar trunk", "site_mm": site - 60.0}
injuries = {
    "scar": tn.constriction(nerve, **where, length_mm=30, pressure_mmHg=80, onset_d=14),
    "cut": tn.laceration(nerve, **where, fraction=1.0),
}
wait = tn.plan("wait", [])
days = np.linspace(0, 365, 40)

figure, axes = plt.subplots(layout="constrained")
intact = {}
for name, lesion in injuries.items():
    course = tn.follow(nerve, lesion, wait)
    standing = [tn.state_at(course, day).intact[:, lesion.present].mean() for day in days]
    axes.plot(days, 100 * np.array(standing), label=name)
    intact[name] = standing[-1]
axes.set(xlabel="day", ylabel="axons that stand at the injury, %", ylim=(0, 105))
axes.legend()

assert intact["cut"] == 0 and intact["scar"] > 0
