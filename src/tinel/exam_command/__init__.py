"""The command ``tinel exam``: one case on one day in one arm, as a laboratory reports it."""
