"""What holds for every test, and what spares them time.

The seven thousand tests and what they import stay until the end, yet every full look for garbage
goes through them: a third of the time of collecting tests, a twentieth of that of compiling a loop.
"""

from __future__ import annotations

import gc

import pytest


def pytest_configure() -> None:
    gc.disable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """An expected failure is a missed value: any other error, such as a misspelt name, fails."""
    for item in items:
        for mark in list(item.iter_markers("xfail")):
            if "raises" not in mark.kwargs:
                kept = pytest.mark.xfail(*mark.args, **mark.kwargs, raises=AssertionError)
                item.add_marker(kept, append=False)


def pytest_collection_finish() -> None:
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    gc.enable()
