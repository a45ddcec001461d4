"""The packages of the extra ``imaging``: one place that imports them or says what to do."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

from tinel.errors import TinelError

ADVICE = "pip install 'tinel[imaging]'"
PACKAGES = ("dipy", "highdicom", "PIL", "pydicom", "pymust", "skimage")


def need(name: str) -> ModuleType:
    """Import a module of one of the packages for pictures.

    Args:
        name: of the module, e.g. ``skimage.measure``.

    Raises:
        TinelError: its package is not installed.

    Example:
        >>> need("no_such_package.inner")
        Traceback (most recent call last):
        tinel.errors.TinelError: pictures need the package no_such_package, which is not ...
    """
    try:
        return import_module(name)
    except ImportError as problem:
        raise _missing(problem.name or name) from None


def check_installed() -> None:
    """Refuse before anything is computed, where a package is missing.

    Raises:
        TinelError: says which, and what to install.
    """
    for name in PACKAGES:
        if not _there(name):
            raise _missing(name)


def _there(name: str) -> bool:
    try:
        return find_spec(name) is not None
    except (ImportError, ValueError):
        return False


def _missing(name: str) -> TinelError:
    package = name.partition(".")[0]
    told = f"pictures need the package {package}, which is not installed"
    return TinelError(told, advice=ADVICE)
