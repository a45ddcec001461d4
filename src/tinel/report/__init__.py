"""The report of a run: one page for people, two tables for programs, and a manifest."""

from tinel.report.table import write_table
from tinel.report.write import write

__all__ = ["write", "write_table"]
