"""
Change a parameter
==================

How much earlier would axons be back if they grew at 2 mm a day? Every number has a key, and a
computation takes other values for some of them.
"""

import matplotlib.pyplot as plt
import numpy as np

import tinel as tn

person = tn.Patient(age=40, sex="female", height_cm=170)
steps = [{"treatment": "repair", "day": 1}]
days = np.arange(0, 500, 20)

figure, axes = plt.subplots(layout="constrained")
first_back = {}  # the day on which 5 % of the axons are back: few of a divided nerve ever are
for rate in ("1 mm/day", "1.4 mm/day", "2 mm/day"):
    parameters = tn.parameters().replace({"course.growth.rate": rate})
    twins = tn.Twins(person, range(8), seed=1, parameters=parameters)
    nerve = tn.build("ulnar", side="left", twins=twins)
    site = nerve.landmark("wrist").position_mm - 150.0
    cut = tn.laceration(nerve, "ulnar trunk", site_mm=site, fraction=1.0)
    course = tn.follow(nerve, cut, tn.plan("suture", steps, parameters))
    back = [100 * tn.state_at(course, day).reached[:, cut.present].mean() for day in days]
    axes.plot(days, back, label=rate)
    first_back[rate] = np.interp(5, back, days)
axes.set(xlabel="day", ylabel="axons back at their target, %")
axes.legend()

assert first_back["2 mm/day"] < first_back["1.4 mm/day"] < first_back["1 mm/day"]
