"""Checks of the installation: one per thing that a run needs."""

from __future__ import annotations

import os
import platform
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from tempfile import NamedTemporaryFile

from tinel.errors import TinelError
from tinel.writing import check_target

REINSTALL = "run `make venv`, or install tinel again"


@dataclass(frozen=True)
class Check:
    """One thing looked at: its name, whether it is fine, what was found, and the fix if not."""

    name: str
    fine: bool
    found: str
    fix: str = ""


def examine() -> list[Check]:
    """Look at everything a run needs; never raises, leaves nothing behind."""
    checks = [_python(), *_dependencies()]
    for name, look in (
        ("jax devices", _jax),
        ("fonts", _fonts),
        ("evidence", _evidence),
        ("compilation cache", _cache),
    ):
        checks.append(_guarded(name, look))
    checks.append(_folder("results", Path("out"), "run from another folder, or use --out"))
    return checks


def _python() -> Check:
    found = f"{platform.python_version()} on {platform.system()} {platform.machine()}"
    return Check("python", sys.version_info >= (3, 11), found, "install Python 3.11 or later")


def _dependencies() -> Iterator[Check]:
    try:
        wanted = metadata.requires("tinel") or []
    except metadata.PackageNotFoundError:
        yield Check("tinel", False, "not installed as a package", REINSTALL)
        return
    yield Check("tinel", True, metadata.version("tinel"))
    for requirement in wanted:
        match = re.match(r"[A-Za-z0-9._-]+", requirement)
        if match is None or "extra ==" in requirement:
            continue
        try:
            yield Check(match[0], True, metadata.version(match[0]))
        except metadata.PackageNotFoundError:
            yield Check(match[0], False, "missing", REINSTALL)


def _jax() -> Check:
    try:
        import jax
    except ImportError:
        found = "not installed; only gradients and graphics cards need it (pip install tinel[jax])"
        return Check("jax devices", True, found)
    devices = jax.devices()
    found = f"{len(devices)} {jax.default_backend()} device(s), {os.cpu_count()} cores"
    return Check("jax devices", bool(devices), found, REINSTALL)


def _fonts() -> Check:
    from matplotlib.font_manager import findfont

    found = findfont("DejaVu Sans", fallback_to_default=False)
    return Check("fonts", True, Path(found).name)


def _evidence() -> Check:
    from tinel.evidence import Parameters

    count = len(Parameters.of_evidence())
    return Check("evidence", count > 0, f"{count} numbers", REINSTALL)


def _cache() -> Check:
    from tinel.cable.solvers.compile_cache import cache_folder

    return _folder("compilation cache", cache_folder(), "set TINEL_CACHE to another folder")


def _guarded(name: str, look: Callable[[], Check]) -> Check:
    try:
        return look()
    except Exception as problem:
        # A broken installation can fail in any way; doctor is there to say so, not to join in.
        told = str(problem).splitlines()[:1]
        return Check(name, False, f"{type(problem).__name__}: {''.join(told)}", REINSTALL)


def _folder(name: str, folder: Path, fix: str) -> Check:
    try:
        there = folder.is_dir()
        if not there:
            folder = check_target(folder)
        above = folder if there else next(p for p in folder.parents if p.is_dir())
        # permissions show little: an administrator has them all, even where no disk can be written
        with NamedTemporaryFile(dir=above, prefix=".tinel-"):
            pass
    except TinelError as problem:
        return Check(name, False, str(problem), fix)
    except OSError as problem:
        return Check(name, False, f"{folder}: {problem.strerror or problem}", fix)
    return Check(name, True, f"{folder}" if there else f"{folder} (made when first needed)")
