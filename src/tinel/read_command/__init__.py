"""The command ``tinel read``: what a file of a recording holds, and what is measured on it."""
