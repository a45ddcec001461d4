"""
A treatment of your own
=======================

``examples/own/stimulation.py`` declares a treatment: its name, fields, effect and source. Named in
the call, it may stand in a case file like those that Tinel has.
"""

import matplotlib.pyplot as plt

import tinel as tn

case = tn.load("own/stimulated.toml", files=["own/stimulation.py"])
table = tn.run(case).to_dataframe()
curves = table[(table.test == "") & (table.bound == "") & (table.quantity == "joined axons")]

figure, axes = plt.subplots(layout="constrained")
for arm, rows in curves.groupby("arm"):
    axes.plot(rows.groupby("day").value.median(), label=arm)
axes.set(xlabel="day", ylabel="axons joined to their target, %")
axes.legend()

# %%
# The same on the command line: ``tinel run own/stimulated.toml --with own/stimulation.py``.

median = curves[curves.day == 180].groupby("arm").value.median()
assert median["suture and stimulation"] > median["suture"]
