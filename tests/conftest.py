"""What holds for every test."""

from __future__ import annotations

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """An expected failure is a missed value: any other error, such as a misspelt name, fails."""
    for item in items:
        for mark in list(item.iter_markers("xfail")):
            if "raises" not in mark.kwargs:
                kept = pytest.mark.xfail(*mark.args, **mark.kwargs, raises=AssertionError)
                item.add_marker(kept, append=False)
