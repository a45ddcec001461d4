"""Spare the tests most of what Python spends looking for unreachable objects.

The seven thousand tests and what they import stay until the end, yet every full look for garbage
goes through them: a third of the time of collecting tests, a twentieth of that of compiling a loop.
"""

from __future__ import annotations

import gc


def pytest_configure() -> None:
    gc.disable()


def pytest_collection_finish() -> None:
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    gc.enable()
