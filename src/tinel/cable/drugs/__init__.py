"""Drugs as changes of channels: one file per drug, and how a fibre is bathed in one."""
