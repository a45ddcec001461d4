"""What must not be cut in two by a signal."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager

_NAMES = ("SIGINT", "SIGTERM", "SIGHUP")
STOPPING = frozenset(getattr(signal, name) for name in _NAMES if hasattr(signal, name))


@contextmanager
def undisturbed() -> Iterator[None]:
    """Hold back what stops a command until the block ends; where the system cannot, do nothing.

    Example:
        >>> with undisturbed():
        ...     signal.SIGTERM in signal.pthread_sigmask(signal.SIG_BLOCK, [])
        True
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, STOPPING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
