"""Checks of the installation: one per thing that a run needs."""

from __future__ import annotations

import os
import platform
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module, metadata
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
        ("nerves", _nerves),
        ("compilation", _compilation),
        ("units", _units),
        ("report", _report),
        ("compilation cache", _cache),
    ):
        checks.append(_guarded(name, look))
    checks.append(_results(Path("out")))
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
        name = match[0]
        yield _guarded(name, lambda name=name: _imported(name))  # type: ignore[misc]


_MODULES = {"salib": "SALib"}  # where the name of the package is not that of the module


def _imported(name: str) -> Check:
    # a version on record says nothing about what is there: only using it does
    try:
        found = metadata.version(name)
    except metadata.PackageNotFoundError:
        return Check(name, False, "missing", REINSTALL)
    if name != "matplotlib":  # tried with the report, where nothing of a notebook disturbs it
        import_module(_MODULES.get(name.lower(), name.replace("-", "_")))
    return Check(name, True, found)


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
    from tinel.report.drawing import style

    with style():
        from matplotlib.font_manager import findfont

        found = findfont("DejaVu Sans", fallback_to_default=False)
    return Check("fonts", True, Path(found).name)


def _evidence() -> Check:
    from tinel.evidence import Parameters

    count = len(Parameters.of_evidence())
    return Check("evidence", count > 0, f"{count} numbers", REINSTALL)


def _nerves() -> Check:
    from tinel.nerve.build import build
    from tinel.nerve.library import names
    from tinel.twins import Patient, Twins

    found, patient = names(), Patient(age=40, sex="female", height_cm=170)
    for name in found:
        build(name, side="right", twins=Twins(patient, range(1), 1))
    return Check("nerves", bool(found), ", ".join(found), REINSTALL)


def _compilation() -> Check:
    import numba
    import numpy as np
    from scipy.interpolate import RegularGridInterpolator

    total = numba.njit(lambda x: x.sum() + 1.0)(np.ones(3))
    middle = RegularGridInterpolator((np.arange(2.0),), np.arange(2.0))([[0.5]])
    fine = total == 4.0 and middle[0] == 0.5
    return Check("compilation", bool(fine), "compiled code computes", REINSTALL)


def _units() -> Check:
    from tinel.declare.quantity import number

    fine = abs(number("2 cm", "mm", 0.0, 100.0) - 20.0) < 1e-9
    return Check("units", fine, "2 cm is 20 mm", REINSTALL)


def _report() -> Check:
    from jinja2 import Environment

    from tinel.report.drawing import draw, style

    with style():
        drawn = draw(200, 100, lambda axes: axes.plot([0, 1], [0, 1]), "a line")
    page = Environment(autoescape=True).from_string("{{ drawing }}").render(drawing=drawn)
    return Check("report", "<path" in page, "a figure and a page were made", REINSTALL)


def _cache() -> Check:
    from tinel.cable.solvers.compile_cache import cache_folder, torn

    folder = cache_folder()
    fix = "set TINEL_CACHE to a folder that can be written to; without one, runs are slower"
    check = _folder("compilation cache", folder, fix)
    if check.fine and (count := len(torn())):
        found = f"{folder}: {count} damaged file(s), which the next run makes anew"
        return Check("compilation cache", True, found)
    return check


def _results(folder: Path) -> Check:
    fix = "run from another folder, or use --out"
    try:
        check_target(folder / "trial")
    except TinelError as problem:
        return Check("results", False, f"{problem.where}: {problem.message}", fix)
    return _folder("results", folder, fix)


def _guarded(name: str, look: Callable[[], Check]) -> Check:
    try:
        return look()
    except Exception as problem:
        # A broken installation can fail in any way; doctor is there to say so, not to join in.
        told = str(problem).splitlines()[:1]
        return Check(name, False, f"{type(problem).__name__}: {''.join(told)}", REINSTALL)


def _folder(name: str, folder: Path, fix: str) -> Check:
    there = folder.is_dir()
    above = folder
    try:
        while not above.is_dir():
            if os.path.lexists(above) and not above.is_dir():
                return Check(name, False, f"{above} is a file, not a folder", fix)
            above = above.parent
        # permissions show little: an administrator has them all, even where no disk can be written
        with NamedTemporaryFile(dir=above, prefix=".tinel-") as file:
            file.write(bytes(4096))  # a full disk makes the file, and takes nothing into it
            file.flush()
    except OSError as problem:
        return Check(name, False, f"{folder}: {problem.strerror or problem}", fix)
    return Check(name, True, f"{folder}" if there else f"{folder} (made when first needed)")
