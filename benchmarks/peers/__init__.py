"""Other simulators, each asked in a process and with an interpreter of its own.

Their packages pin versions that this project does not want, print what they like and may crash; so
a peer's script reads one JSON request, answers with one line of JSON, and imports nothing of ours.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from tinel.cable.solvers.compile_cache import cache_folder

NEURON, JAXON = "TINEL_BENCH_NEURON", "TINEL_BENCH_JAXON"
_PACKAGES = {NEURON: ("neuron", "pyfibers"), JAXON: ("jaxon",)}
_SCRIPTS = {NEURON: "neuron_tasks.py", JAXON: "jaxon_mrg.py"}


def interpreter(peer: str) -> str | None:
    """The Python that has the peer: named by the environment variable, or this one if it has it."""
    if named := os.environ.get(peer):
        return named
    return sys.executable if all(find_spec(name) for name in _PACKAGES[peer]) else None


def missing(peer: str) -> str:
    """What to do when there is none."""
    return f"not measured: {peer} names no Python with {' and '.join(_PACKAGES[peer])}"


def ask(peer: str, request: dict[str, Any]) -> Any:
    """Send one request.

    Raises:
        RuntimeError: no interpreter has the peer, or its script failed; with what it said.
    """
    python = _program(peer)
    script = Path(__file__).parent / _SCRIPTS[peer]
    # a peer must not find our sources, nor our sources' folder, on its path
    clean = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [python, str(script)], input=json.dumps(request), capture_output=True, text=True, env=clean
    )
    if done.returncode:
        raise RuntimeError(f"{python} {script.name} failed:\n{done.stderr[-2000:]}")
    return json.loads(done.stdout.splitlines()[-1])


def compiled(folder: str) -> str:
    """NEURON mechanisms of a folder beside this file, compiled once into the cache folder.

    Returns:
        The library that NEURON loads.

    Raises:
        RuntimeError: there is no NEURON, or its compiler failed; with what it said.
    """
    path = f"{Path(_program(NEURON)).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    compiler = shutil.which("nrnivmodl", path=path)
    if compiler is None:
        raise RuntimeError(f"no nrnivmodl beside {interpreter(NEURON)}; pip install neuron there")
    sources = sorted((Path(__file__).parent / folder).glob("*.mod"))
    said = [compiler, str(Path(compiler).stat().st_mtime), *(one.read_text() for one in sources)]
    home = cache_folder() / "neuron" / hashlib.sha256("".join(said).encode()).hexdigest()[:16]
    if not home.is_dir():
        home.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=home.parent) as place:
            for one in sources:
                shutil.copy(one, place)
            done = subprocess.run(
                [compiler, "."], cwd=place, capture_output=True, text=True,
                env={**os.environ, "PATH": path},
            )  # fmt: skip
            if done.returncode:
                raise RuntimeError(f"{compiler} failed on {folder}:\n{done.stderr[-2000:]}")
            shutil.copytree(place, home, dirs_exist_ok=True)
    return str(next(home.glob("*/libnrnmech.*")))


def _program(peer: str) -> str:
    python = interpreter(peer)
    if python is None:
        raise RuntimeError(missing(peer))
    found = shutil.which(python)
    if found is None:
        raise RuntimeError(f"{peer} names {python}, which is no program; name a Python")
    return found
