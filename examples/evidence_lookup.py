"""
Look evidence up
================

Where do the numbers come from? Every one has a source and an evidence grade, and most of what
decides an outcome was never measured in people.
"""

from collections import Counter

import matplotlib.pyplot as plt

import tinel as tn

parameters = tn.parameters()
number = parameters.number("course.growth.rate")
print(number.value, number.unit, number.evidence_grade)
print(number.source)

# %%
# Evidence grades of all numbers that decide a course.

keys = [key for key in parameters if key.startswith("course.")]
counts = Counter(parameters.number(key).evidence_grade for key in keys)

figure, axes = plt.subplots(layout="constrained")
axes.barh(list(counts), list(counts.values()))
axes.set(xlabel="numbers of the course", ylabel="evidence grade")

assert number.value == 1.4
