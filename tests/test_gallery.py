"""Every script of the gallery runs as it stands, is short, and checks a number."""

from __future__ import annotations

import ast
import runpy
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[1] / "examples"
SCRIPTS = sorted(EXAMPLES.glob("*.py"))


def test_there_are_enough() -> None:
    assert len(SCRIPTS) >= 12


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_script_is_short_and_asserts(script: Path) -> None:
    text = script.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 40
    tree = ast.parse(text)
    title = (ast.get_docstring(tree) or "").splitlines()
    assert len(title) > 2 and set(title[1]) == {"="} and len(title[1]) >= len(title[0])
    assert any(isinstance(node, ast.Assert) for node in tree.body)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_script_runs(script: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import matplotlib
    from matplotlib import pyplot

    matplotlib.use("Agg")
    monkeypatch.chdir(EXAMPLES)  # where the gallery runs them
    runpy.run_path(str(script))
    assert pyplot.get_fignums(), "no picture"
    pyplot.close("all")
