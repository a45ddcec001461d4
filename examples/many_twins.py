"""
Many twins as a table
=====================

A case and many virtual twins: every twin, arm, day, target, quantity, value and unit as a table, or
as labelled arrays.
"""

import matplotlib.pyplot as plt

import tinel as tn

case = tn.load("cut.toml")
result = tn.run(case, twins=12)
table = result.to_dataframe()
print(table.head())

# %%
# A column of the table says what a value is, so that pandas does the rest.

force = table[(table.quantity == "force") & (table.target == "abductor digiti minimi")]
median = force.groupby(["day", "arm"]).value.median().unstack()
axes = median.plot()
axes.set(xlabel="day", ylabel="force, % of healthy")
plt.tight_layout()

# %%
# The same with labelled axes.

print(result.to_xarray())
assert set(table.arm) == {arm.name for arm in case.arm}
assert table.twin.nunique() == 12
