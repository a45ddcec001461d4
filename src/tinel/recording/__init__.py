"""Recordings as files: read from what laboratories store, and written for other programs."""
