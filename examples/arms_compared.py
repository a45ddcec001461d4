"""
Arms compared
=============

An ulnar nerve cut through at the wrist: never joined, sutured on the first day, or grafted after
six months. The arms share all random draws, so they differ only by what was done.
"""

import matplotlib.pyplot as plt

import tinel as tn

result = tn.run(tn.load("cut.toml"), twins=8)
table = result.to_dataframe()
curves = table[(table.test == "") & (table.bound == "")]
force = curves[(curves.quantity == "force") & (curves.target == "abductor digiti minimi")]

figure, axes = plt.subplots(layout="constrained")
for arm, rows in force.groupby("arm"):
    by_day = rows.groupby("day").value
    axes.plot(by_day.median(), label=arm)
    axes.fill_between(
        by_day.median().index, by_day.quantile(0.05), by_day.quantile(0.95), alpha=0.2
    )
axes.set(xlabel="day", ylabel="force, % of healthy")
axes.legend()

# %%
# Without a suture nothing comes back; an early suture does better than a late graft.

last = force[force.day == 730].groupby("arm").value.median()
assert last["wait"] == 0 and last["suture on day 1"] > last["graft at 6 months"]
