"""The command ``tinel forecast``: a patient's forecast as text or as data."""
