"""Drugs as changes of channels: one file per drug."""
