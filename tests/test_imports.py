"""Imports go one way: each room imports only those that stand before it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

SOURCE = Path(__file__).parents[1] / "src" / "tinel"

# Each room may import itself and those before it; what stands on one line does not import each
# other. Files are named without ``.py``.
ROOMS = [
    {"errors"},
    {"arguments", "terminal", "writing"},
    {"progress"},
    {"declare"},
    {"evidence"},
    {"twins"},
    {"cable"},
    {"nerve"},
    {"risk"},
    {"lesion"},
    {"treatment"},
    {"course"},
    {"imaging"},
    {"symptom"},
    {"lookup"},
    {"exam"},
    {"recording"},
    {"case"},
    {"lab_table"},
    {"referral"},
    {"electrodes", "media", "models", "own", "protocols"},
    {"cohort"},
    {"claims"},
    {"infer"},
    {"result"},
    {"flow"},
    {"forecast"},
    {"ask"},
    {"report"},
    {"calibration"},
    {"options", "vocabulary"},
    {"checks"},
    {"exam_command", "forecast_command", "quiz", "read_command"},
    {"doctor"},
    {"commands"},
    {"cli"},
    {"__main__"},
]
CABLE = [
    {"membranes"},
    {"drugs"},
    {"fibres"},
    {"models", "stimulation"},
    {"solvers"},
    {"simulate"},
    {"protocols"},
    {"conduction"},
]
JAX = {
    "cable/solvers/condensed/jax_loop.py",
    "cable/solvers/condensed/gradient.py",
    "doctor.py",  # says whether it is there
}


def imports(folder: Path, package: str) -> Iterator[tuple[str, str, str]]:
    """File, room it lies in, room it imports; within a package, imports for type checks too."""
    for file in sorted(folder.rglob("*.py")):
        inside = file.relative_to(folder)
        room = inside.parts[0].removesuffix(".py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module:
                names = [node.module]
                if node.module == package:
                    names = [f"{package}.{a.name}" for a in node.names]
            elif isinstance(node, ast.Import):
                names = [a.name for a in node.names]
            else:
                continue
            for name in names:
                if name.startswith(f"{package}."):
                    yield str(inside), room, name.split(".")[package.count(".") + 1]


def backward(folder: Path, package: str, rooms: list[set[str]]) -> dict[str, set[str]]:
    """Files that import a room after their own, with these rooms."""
    place = {name: k for k, each in enumerate(rooms) for name in each}
    found: dict[str, set[str]] = {}
    for file, room, other in imports(folder, package):
        assert room == "__init__" or room in place, f"{file} has no place in this test's list"
        if other in place and room not in (other, "__init__") and place[room] <= place[other]:
            found.setdefault(file, set()).add(other)
    return found


def test_no_room_imports_a_later_one() -> None:
    assert not backward(SOURCE, "tinel", ROOMS)


def test_no_part_of_the_engine_imports_a_later_one() -> None:
    assert not backward(SOURCE / "cable", "tinel.cable", CABLE)


def test_only_two_files_import_jax() -> None:
    found = {
        str(file.relative_to(SOURCE))
        for file in SOURCE.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Import) and any(a.name.split(".")[0] == "jax" for a in node.names)
    }
    assert found <= JAX
