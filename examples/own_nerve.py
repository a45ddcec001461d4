"""
A nerve of your own
===================

A nerve is one TOML file: branches, landmarks, targets, studies and fibre diameters, each number
with source and evidence grade. ``examples/own/musculocutaneous.toml`` is one that Tinel does not
have.
"""

import matplotlib.pyplot as plt

import tinel as tn

person = tn.Patient(age=40, sex="female", height_cm=170)
twins = tn.Twins(person, range(20), seed=1)
nerve = tn.build("own/musculocutaneous.toml", side="left", twins=twins)

# %%
# Twins share the nerve's lengths and differ in their fibres.

figure, axes = plt.subplots(layout="constrained")
for kind, name in ((0, "to muscle"), (1, "to skin")):
    diameters = nerve.fibres.diameter_um[:, nerve.fibres.kind == kind]
    axes.hist(diameters.ravel(), bins=40, histtype="step", density=True, label=name)
axes.set(xlabel="diameter of the fibre, µm", ylabel="density", title=nerve.title)
axes.legend()

assert [target.name for target in nerve.targets] == ["biceps", "lateral forearm skin"]
