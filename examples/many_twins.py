"""
Many twins as a table
=====================

A case and many virtual twins: every twin, arm, day, target, quantity, value and unit as a table, or
as labelled arrays.
"""

import matplotlib.pyplot as plt

import tinel as tn

case = tn.load("cut.toml")
result = tn.run(case, twins=6)
table = result.to_dataframe()
print(table.head())

# %%
# Columns say what a value is; rows without a test are the course, day by day, and rows without a
# bound are the plan itself, not the ends of its range.

curves = table[(table.test == "") & (table.bound == "")]
force = curves[(curves.quantity == "force") & (curves.target == "abductor digiti minimi")]
median = force.groupby(["day", "arm"]).value.median().unstack()
figure, axes = plt.subplots(layout="constrained")
median.plot(ax=axes)
axes.set(xlabel="day", ylabel="force, % of healthy")

# %%
# The same with labelled axes.

print(result.to_xarray())
assert table.twin.nunique() == 6
