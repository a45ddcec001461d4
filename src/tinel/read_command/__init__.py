"""The command ``tinel read``: a recording and what is measured on it, or a laboratory's table."""
