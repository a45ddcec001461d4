"""
Change a parameter
==================

How much faster would a hand recover if axons grew at 2 mm a day? Every number has a key, and a run
takes other values for some of them.
"""

import matplotlib.pyplot as plt

import tinel as tn

case = tn.load("cut.toml")
figure, axes = plt.subplots()
strong = {}
for rate in (1.0, 1.4, 2.0):
    parameters = tn.parameters().replace({"course.growth.rate": rate})
    table = tn.run(case, twins=8, parameters=parameters).to_dataframe()
    rows = table[(table.arm == "suture on day 1") & (table.quantity == "force")]
    median = rows[rows.target == "abductor digiti minimi"].groupby("day").value.median()
    axes.plot(median, label=f"{rate:g} mm/day")
    strong[rate] = median[365]
axes.set(xlabel="day", ylabel="force, % of healthy")
axes.legend()

assert strong[1.0] <= strong[1.4] <= strong[2.0]
