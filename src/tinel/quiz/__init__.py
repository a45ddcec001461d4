"""The command ``tinel quiz``: blind studies drawn from cases, with questions and the truth."""
