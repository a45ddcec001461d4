"""Tinel: a digital peripheral nerve, from lesion through time to examination.

Research and teaching software; no medical device and no advice for a person.
"""

__version__ = "0.1.0"
